"""Availability of sites: incidents, figures of a month, and announced work."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.incident import IncidentFactKind
from helpdesk.domain.month import Month
from helpdesk.domain.uptime_clause import OutageReason, SitesTogether
from helpdesk.graphql.fields import attribute, condition, described_enum
from helpdesk.graphql.node import Node

if TYPE_CHECKING:
    from helpdesk.graphql.site import Site
    from helpdesk.graphql.ticket import Ticket

described_enum(
    OutageReason,
    "OutageReason",
    "Why a site was not available, as far as it is known.",
    {
        OutageReason.UNKNOWN: "Nobody said yet.",
        OutageReason.APPLICATION: "The site itself failed.",
        OutageReason.HOSTING_FAILURE: "The host failed.",
        OutageReason.PLANNED_MAINTENANCE: "It was worked on; announcements say whether in time.",
        OutageReason.CLIENT_INTERVENTION: "The client changed something.",
        OutageReason.THIRD_PARTY_INTERVENTION: "Somebody else changed something.",
        OutageReason.FORCE_MAJEURE: "Nobody could have prevented it.",
    },
)
described_enum(
    IncidentFactKind,
    "IncidentFactKind",
    "What is said of an incident.",
    {
        IncidentFactKind.RECORDED: "It began; it may be over already.",
        IncidentFactKind.ENDED: "It is over.",
        IncidentFactKind.CORRECTED: "It was otherwise.",
        IncidentFactKind.WITHDRAWN: "It never was.",
    },
)
described_enum(
    SitesTogether,
    "SitesTogether",
    "How the figures of several sites become one.",
    {
        SitesTogether.WORST: "The lowest counts.",
        SitesTogether.AVERAGE: "Their average counts.",
    },
)

MONTH = Annotated[
    Month | None,
    strawberry.argument(description="Which month; the one that runs if left out."),
]
OF_MONTH = Annotated[
    Month | None,
    strawberry.argument(description="Only those of this month; of all months if left out."),
]


@strawberry.type(description="A statement about an incident; later ones replace earlier ones.")
class IncidentFact:
    """A statement about an incident."""

    sequence: int = attribute("Its number among the statements about the incident.")
    kind: IncidentFactKind = attribute("What it says.")
    at: datetime = attribute("When it was said.")
    began_at: datetime = attribute("When the incident began, as it says.")
    ended_at: datetime | None = attribute("When it ended; absent while it lasts.")
    reason: OutageReason = attribute("Why the site was not available, as it says.")
    said_by: str = attribute("Who said it: a person, or the hook of a tool.")
    explanation: str | None = attribute("What shows it; absent where nothing is to be shown.")


@strawberry.type(description="A site was not available, or a tool warned of it.")
class Incident(Node):
    """A site was not available, or a tool warned of it."""

    title: str = attribute("What was wrong, in a few words.")
    began_at: datetime = attribute("When it began.")
    ended_at: datetime | None = attribute("When it ended; absent while it lasts.")
    reason: OutageReason = attribute("Why, as far as it is known.")
    is_outage: bool = attribute(
        "Whether the site was not available; errors of a site that answers count nowhere."
    )
    is_withdrawn: bool = attribute("Whether it was taken back: it never was, and counts nowhere.")
    source: str | None = attribute("Who or what noticed it; absent for a client.")
    site: Annotated["Site", strawberry.lazy("helpdesk.graphql.site")] = attribute("Which site.")
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] | None = attribute(
        "The ticket that it opened; absent where it opened none."
    )
    facts: list[IncidentFact] = attribute("What was said of it, in order.", points=3)


@strawberry.input(description="Conditions on incidents that all hold.")
class IncidentFilter:
    """Conditions on incidents that all hold."""

    is_over: bool | None = condition("Whether it has ended.", "is_over")
    began_from: datetime | None = condition("It began then, or later.", "began_from")
    began_before: datetime | None = condition("It began earlier.", "began_before")


@strawberry.type(description="A stretch of time, its end not included.")
class TimeSpan:
    """A stretch of time."""

    from_: datetime = attribute("Its first instant.", name="from")
    to: datetime = attribute("The first instant after it.")


@strawberry.type(description="How long a site was available in a month.")
class SiteAvailability:
    """How long a site was available in a month."""

    month: Month = attribute("Which month.")
    from_: datetime = attribute("When the part of it begins that counts.", name="from")
    to: datetime = attribute("When that part ends.")
    is_final: bool = attribute(
        "Whether the month is over; until then this is what is known so far."
    )
    target: str | None = attribute("What is promised, in percent; absent without a promise.")
    is_measured: bool = attribute("Whether enough of it was watched to give a figure.")
    measured: str | None = attribute(
        "The share without any outage in percent, cut after two decimals; absent when the month "
        "was not measured."
    )
    contractual: str | None = attribute(
        "The same without what the contract leaves out: work announced in time, causes outside the "
        "promise, and days of rest. The promise is compared with the exact share."
    )
    coverage: str = attribute("The share of what is over of it that was watched, in percent.")
    is_met: bool | None = attribute("Whether the promise was kept; absent where that is unknown.")
    total_minutes: int = attribute("How many minutes it has, clock changes included.")
    down_minutes: int = attribute("How many of them the site was down.")
    counted_minutes: int = attribute("How many of those the contract counts.")
    allowed_minutes: int | None = attribute(
        "How many minutes of outage the promise leaves; absent without a promise."
    )
    gaps: list[TimeSpan] = attribute("When nobody watched.", points=3)


@strawberry.type(description="The availability of a site, among those of a contract.")
class AvailabilityOfSite(SiteAvailability):
    """The availability of a site, among those of a contract."""

    site: Annotated["Site", strawberry.lazy("helpdesk.graphql.site")] | None = attribute(
        "Which site; absent when it does not exist for the viewer."
    )


@strawberry.type(description="How long the sites of a contract were available in a month.")
class ContractAvailability:
    """How long the sites of a contract were available in a month."""

    month: Month = attribute("Which month.")
    from_: datetime = attribute("When the part of it begins that counts.", name="from")
    to: datetime = attribute("When that part ends.")
    is_final: bool = attribute(
        "Whether the month is over; until then this is what is known so far."
    )
    target: str | None = attribute("What is promised, in percent; absent without a promise.")
    together: SitesTogether = attribute("How the sites are taken together.")
    is_measured: bool = attribute("Whether every site was measured.")
    measured: str | None = attribute("The share without any outage, in percent; absent likewise.")
    contractual: str | None = attribute("The share that the contract is held to; absent likewise.")
    is_met: bool | None = attribute("Whether the promise was kept; absent where that is unknown.")
    sites: list[AvailabilityOfSite] = attribute("The figures of each site.", points=5)


@strawberry.type(description="Work on a site that was announced.")
class PlannedMaintenance:
    """Work on a site that was announced."""

    id: strawberry.ID = attribute("How `cancelMaintenance` names it.")
    starts_at: datetime = attribute("When it begins.")
    ends_at: datetime = attribute("When it ends.")
    what: str = attribute("What is done.")
    announced_at: datetime = attribute("When it was announced.")
    announced_by: str = attribute("Who announced it.")
    cancelled_at: datetime | None = attribute("When it was called off; absent while it stands.")
