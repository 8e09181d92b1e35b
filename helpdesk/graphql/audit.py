"""Audits: the checklist of a site, answered point by point, and its verdict."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.audit import AuditKind
from helpdesk.domain.checklist import CheckBlock, DiagnosticLevel, PointStatus
from helpdesk.graphql import diagnostic_enums  # noqa: F401 - declares the enumerations
from helpdesk.graphql.client import Client
from helpdesk.graphql.fields import attribute, computed
from helpdesk.graphql.node import Node

if TYPE_CHECKING:
    from helpdesk.graphql.site import Site


@strawberry.type(description="What was said of a point, by whom, and until when it holds.")
class AuditAnswer:
    """What was said of a point."""

    status: PointStatus = attribute("What was said.")
    on: date = attribute("The local day on which it was said.")
    expires_on: date = attribute("The day from which on it holds no more.")
    by_name: str = attribute("Who said it, by the name of that day.")
    evidence: str | None = attribute("What shows it; absent for what nobody knows.")
    reason: str | None = attribute("Why the point does not apply; absent where it does.")
    is_derived: bool = attribute("Whether the engine said it from its own data.")


@strawberry.type(description="A point of the checklist, as it was when the audit began.")
class AuditPoint:
    """A point of the checklist."""

    code: str = attribute("The code of the guide, `A1` to `E9`.")
    block: CheckBlock = attribute("The block that it belongs to.")
    level: DiagnosticLevel = attribute("How much it weighs.")
    text: str = computed(
        "What it says, in the viewer's language.",
        lambda point, request: request.desk.diagnostics.point_text(point.code)[
            request.viewer.locale
        ],
        needs=("code",),
    )
    status: PointStatus = attribute("What it counts for today.")
    awaits_second_person: bool = attribute(
        "Whether one person set the critical point aside, and another must say so too."
    )
    is_uncovered_by_plan: bool = attribute(
        "Whether the plan of the site leaves it uncovered by construction."
    )
    answer: AuditAnswer | None = attribute("The last answer; absent while nobody gave one.")


@strawberry.type(description="A failing point of level HIGH, and by when it is covered.")
class HighPoint:
    """A failing point of level HIGH."""

    point: str = attribute("Its code.")
    due_on: date = attribute("The last day to cover it: 30 days after the audit.")
    is_overdue: bool = attribute("Whether that day is over.")


@strawberry.type(description="What the answers of an audit come to, with the failing points.")
class AuditResult:
    """What the answers of an audit come to."""

    is_sufficient: bool = attribute(
        "Whether the maintenance is sufficient: no critical point is red or unknown."
    )
    critical_failed: list[str] = attribute("The critical points that are red or unknown.")
    high_due: list[HighPoint] = attribute("The failing points of level HIGH.", points=2)
    good_practice: list[str] = attribute("The failing points that are advice.")


@strawberry.type(description="An audit of a site by the checklist of 28 points.")
class Audit(Node):
    """An audit of a site."""

    kind: AuditKind = attribute("What it is for.")
    client: Client = attribute("Whose site it is.")
    site: Annotated["Site", strawberry.lazy("helpdesk.graphql.site")] = attribute("The site.")
    started_on: date = attribute("The local day on which it began.")
    started_at: datetime = attribute("When it began.")
    started_by_name: str = attribute("Who began it.")
    completed_on: date | None = attribute(
        "The local day on which it was completed; absent while it is open."
    )
    completed_by_name: str | None = attribute("Who completed it; absent while it is open.")
    points: list[AuditPoint] = attribute("Every point with its last answer.", points=28)
    verdict: AuditResult | None = attribute(
        "What it came to on the day it was completed; absent while it is open.", points=3
    )
    result: AuditResult = attribute(
        "What it comes to today: of a completed one, what is left of its verdict.", points=3
    )
