"""What a contract says of availability, as the JSON document that is kept in its terms."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from helpdesk.domain.uptime_clause import OutageReason, SitesTogether, UptimeClause

Document = dict[str, Any]  # JSON, read back only by the function below


def uptime_document(clause: UptimeClause) -> Document:
    """Return a clause as a document."""
    return {
        "target": None if clause.target is None else str(clause.target),
        "least_coverage": str(clause.least_coverage),
        "maintenance_notice_minutes": clause.maintenance_notice // timedelta(minutes=1),
        "is_hosting_sold": clause.is_hosting_sold,
        "excluded": sorted(reason.value for reason in clause.excluded),
        "sites": clause.sites.value,
    }


def uptime_clause_of(document: Mapping[str, Any] | None) -> UptimeClause | None:
    """Return the clause that a document stands for; None where the parties agreed on none."""
    if document is None:
        return None
    target = document["target"]
    return UptimeClause(
        target=None if target is None else Decimal(target),
        least_coverage=Decimal(document["least_coverage"]),
        maintenance_notice=timedelta(minutes=document["maintenance_notice_minutes"]),
        is_hosting_sold=document["is_hosting_sold"],
        excluded=frozenset(map(OutageReason, document["excluded"])),
        sites=SitesTogether(document["sites"]),
    )
