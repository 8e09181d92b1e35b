"""What a broken promise is worth until the parties agree on something else."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from helpdesk.domain.compensation_clause import (
    ApprovalClause,
    CompensationCap,
    CompensationTerms,
    ResolutionCredit,
    ResolutionMode,
    SameIncident,
    UptimeCredit,
    UptimeMode,
    UptimeTier,
)
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.plan import Origin, Sourced
from helpdesk.presets.files import read_document

T = TypeVar("T")
_Document = Mapping[str, Any]  # a YAML document, as far as its reader below knows it


@cache
def compensation_terms() -> CompensationTerms:
    """Return the amounts that are proposed, each with where it comes from."""
    document = read_document("compensation.yaml")
    return CompensationTerms(
        resolution=_sourced(document["resolution"], _resolution),
        uptime=_sourced(document["uptime"], _uptime),
        same_incident=_sourced(document["same_incident"], SameIncident),
        cap=_sourced(document["cap"], _cap),
        approval=_sourced(document["approval"], lambda each: ApprovalClause(**each)),
    )


@cache
def proposed_nature() -> Sourced[CompensationNature]:
    """Return the nature that is proposed; the parties choose before a contract starts (X-35)."""
    return _sourced(read_document("compensation.yaml")["nature"], CompensationNature)


def _sourced(document: _Document, read: Callable[[Any], T]) -> Sourced[T]:
    return Sourced(read(document["value"]), Origin(document["origin"]), document["source"])


def _resolution(document: _Document) -> ResolutionCredit:
    percent = Decimal(document["percent_per_hour"])
    return ResolutionCredit(ResolutionMode(document["mode"]), percent)


def _uptime(document: _Document) -> UptimeCredit:
    tiers = tuple(
        UptimeTier(Decimal(tier["floor"]), Decimal(tier["credit"])) for tier in document["tiers"]
    )
    return UptimeCredit(UptimeMode(document["mode"]), tiers)


def _cap(document: _Document) -> CompensationCap:
    return CompensationCap(Decimal(document["monthly"]), None, document["may_terminate"])
