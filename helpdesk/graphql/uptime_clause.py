"""What a contract says of availability, as the API gives and takes it."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import ClassVar

import strawberry

from helpdesk.domain import uptime_clause as rules
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.plan import Origin
from helpdesk.domain.uptime_clause import OutageReason, SitesTogether
from helpdesk.graphql import availability  # noqa: F401 - it describes the enumerations
from helpdesk.graphql.fields import attribute, optional


class PercentUnreadable(HelpdeskError):
    """A share that is no number promises nothing that could be counted."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "“{given}” is no percentage: write it as 99.5."
    french: ClassVar[str] = "« {given} » n'est pas un pourcentage : écrivez 99.5."


@strawberry.type(description="What is promised of the availability of a month.")
class UptimeClause:
    """What is promised of the availability of a month."""

    target: str | None = attribute("The least share, in percent; absent without a promise.")
    origin: Origin | None = attribute("Who promised it; absent without a promise.")
    source: str | None = attribute("Where the plan promises it; absent where the parties agreed.")
    least_coverage: str = attribute(
        "The share of a month that must be watched for it to be measured, in percent."
    )
    maintenance_notice_minutes: int = attribute(
        "How long before it begins work is announced, to be left out."
    )
    is_hosting_sold: bool = attribute("Whether the agency answers for the host.")
    excluded: list[OutageReason] = attribute("The causes that are outside the promise.")
    sites: SitesTogether = attribute("How several sites are taken together.")


@strawberry.input(
    description="What is promised of the availability of a month; what is left out is as proposed."
)
class UptimeClauseInput:
    """What is promised of the availability of a month."""

    target: str | None = optional(
        "The least share, in percent; if left out nothing is promised, and a month only counted."
    )
    least_coverage: str | None = optional(
        "The share of a month that must be watched for it to be measured; 95 if left out."
    )
    maintenance_notice_minutes: int | None = optional(
        "How long before it begins work is announced, to be left out; two days if left out."
    )
    is_hosting_sold: bool = optional("Whether the agency answers for the host.", default=False)
    excluded: list[OutageReason] | None = optional(
        "The causes that are outside the promise; host, client, others and force majeure if left "
        "out."
    )
    sites: SitesTogether = optional(
        "How several sites are taken together.", default=SitesTogether.WORST
    )


def uptime_given(given: UptimeClauseInput | None) -> rules.UptimeClause | None:
    """Return the clause that was given; None for none.

    Raises PercentUnreadable, UptimePercentImpossible, UptimeExclusionImpossible and
    MaintenanceNoticeNegative.
    """
    if given is None:
        return None
    proposed = rules.UptimeClause()
    target, coverage = (
        _percent("target", given.target),
        _percent("leastCoverage", given.least_coverage),
    )
    notice = given.maintenance_notice_minutes
    try:
        return rules.UptimeClause(
            target=target,
            least_coverage=proposed.least_coverage if coverage is None else coverage,
            maintenance_notice=proposed.maintenance_notice
            if notice is None
            else timedelta(minutes=notice),
            is_hosting_sold=given.is_hosting_sold,
            excluded=proposed.excluded if given.excluded is None else frozenset(given.excluded),
            sites=given.sites,
        )
    except HelpdeskError as refusal:
        raise refusal.below("uptime") from None


def _percent(name: str, given: str | None) -> Decimal | None:
    if given is None:
        return None
    try:
        percent = Decimal(given)
    except InvalidOperation:
        percent = Decimal("NaN")
    if not percent.is_finite():
        raise PercentUnreadable(path=("uptime", name), given=given[:50])
    return percent
