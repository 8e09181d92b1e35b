"""The forfait of a contract: what is left of it, and every movement of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.domain.retainer_terms import FreeCause, OverageStatus, RetainerUnit
from helpdesk.graphql import commercial_enums  # noqa: F401 - it describes RetainerUnit
from helpdesk.graphql.fields import attribute, condition, described_enum
from helpdesk.graphql.message import Actor
from helpdesk.graphql.money import Money

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket

described_enum(
    EntryKind,
    "RetainerEntryKind",
    "What a movement does.",
    {
        EntryKind.GRANT: "The plan gives the allowance of a period.",
        EntryKind.PURCHASE: "A pack was bought.",
        EntryKind.GESTURE: "The agency offers something.",
        EntryKind.HOLD: "A part is reserved for an open ticket.",
        EntryKind.RELEASE: "What was reserved is free again.",
        EntryKind.CONSUME: "A part was used.",
        EntryKind.REVERSE: "What was used is given back.",
        EntryKind.ROLLOVER_OUT: "What was not used leaves its period to be carried over.",
        EntryKind.ROLLOVER_IN: "What was not used comes into the next period.",
        EntryKind.EXPIRE: "What was not used in time is lost.",
        EntryKind.ADJUST: "The agency put a lot right by hand.",
        EntryKind.EXTEND: "A lot can be used for longer.",
        EntryKind.OVERAGE: "Work was done over the allowance.",
    },
)
described_enum(
    FreeCause,
    "FreeCause",
    "Why a ticket takes nothing from the forfait.",
    {
        FreeCause.SPAM: "It was no request.",
        FreeCause.MERGED_DUPLICATE: "It went on in another ticket.",
        FreeCause.CANCELLED_BEFORE_WORK: "It was cancelled before anybody worked on it.",
        FreeCause.AGENCY_REGRESSION: "The agency had broken it.",
        FreeCause.PREVENTIVE: "It is preventive work.",
        FreeCause.SECURITY: "It is security work.",
        FreeCause.SUPERVISION: "It is supervision.",
        FreeCause.QUESTION: "It was a question.",
    },
)
described_enum(
    OverageStatus,
    "OverageStatus",
    "What becomes of work over the allowance.",
    {
        OverageStatus.BILLABLE: "It is billed at the price of the contract.",
        OverageStatus.PENDING_QUOTE: "It waits for a quote to be accepted.",
        OverageStatus.UNBILLABLE: "Nobody pays for it.",
    },
)


@strawberry.type(description="What is left of a unit of the forfait, at the instant of the query.")
class RetainerBalance:
    """What is left of a unit of the forfait."""

    unit: RetainerUnit = attribute("What is counted.")
    is_unlimited: bool = attribute("Whether it is counted without a limit.")
    granted: int = attribute("What can be used now: granted, bought, offered, carried over.")
    held: int = attribute("What is reserved for open tickets.")
    consumed: int = attribute("What was used of it, with what went over it in the period of today.")
    over: int = attribute("What was used over the allowance in the period of today.")
    left: int | None = attribute("What is free for new work; absent without a limit.")
    percent: int | None = attribute(
        "How much of what was granted is used, in percent; absent when nothing was."
    )
    expires_at: datetime | None = attribute(
        "When the first part of what is left expires; absent when none does."
    )


@strawberry.type(description="A movement of a forfait; movements are never edited or removed.")
class RetainerEntry:
    """A movement of a forfait."""

    unit: RetainerUnit = attribute("What is counted.")
    number: int = attribute("The number of the movement in its unit; the numbers have no hole.")
    kind: EntryKind = attribute("What it does.")
    quantity: int = attribute("How much it moves; below 0 for an adjustment that takes away.")
    left_change: int = attribute("How much more is left of its lot; below 0 when less is.")
    held_change: int = attribute("How much more is reserved of its lot; below 0 when less is.")
    lot: int | None = attribute(
        "The lot that it moves, by the number of the movement that opened it; absent when none "
        "gives it."
    )
    effective_at: datetime = attribute("When it counts.")
    written_at: datetime = attribute("When it was written.")
    period_start: datetime = attribute("The start of the period that it is reported in.")
    period_end: datetime = attribute("The end of that period, which is not in it.")
    corrects_from: datetime | None = attribute(
        "The start of the closed period that it puts right; absent when it corrects none."
    )
    expires_at: datetime | None = attribute(
        "Until when the lot that it opens or prolongs can be used; absent for anything else."
    )
    reason: str | None = attribute("Why; absent when no reason was given.")
    source: str = attribute("What is behind it, such as `plan`, `purchase`, `ticket` or `work`.")
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] | None = attribute(
        "The ticket that it is for; absent for anything else."
    )
    cause: FreeCause | None = attribute("Why the ticket takes nothing; absent unless it does not.")
    overage_status: OverageStatus | None = attribute(
        "What becomes of work over the allowance; absent for anything else."
    )
    amount: Money | None = attribute("What that comes to before tax; absent without a price.")
    approved_by: str | None = attribute("Who approved it; absent unless it is an adjustment.")
    actor: Actor = attribute("Who asked for it.")


@strawberry.input(description="Conditions on movements that all hold.")
class RetainerEntryFilter:
    """Conditions on movements that all hold."""

    unit: list[RetainerUnit] | None = condition("What is counted: any of these.", "units")
    reported_at: datetime | None = condition(
        "An instant of the period that they are reported in.", "reported_at"
    )


@strawberry.type(description="A part of some work, and what it counts for.")
class RatedTime:
    """A part of some work, and what it counts for."""

    percent: int = attribute("What it counts for, in percent: 100 in office hours.")
    seconds: int = attribute("How long it was, in seconds.")


@strawberry.type(description="Work that is summed before it is rounded, and what it comes to.")
class BilledPart:
    """Work that is summed before it is rounded."""

    unit: RetainerUnit = attribute("What of the forfait it counts against.")
    day: date | None = attribute("The local day; absent where the contract does not sum by day.")
    number: int | None = attribute("The entry; absent where the contract sums several.")
    real_minutes: int = attribute("The minutes that were really worked.")
    billed_minutes: int = attribute("The minutes that are charged.")
    rates: list[RatedTime] = attribute("What its parts count for, the lowest first.", points=2)


@strawberry.type(description="The time that was worked on a ticket, and what is charged of it.")
class WorkedTime:
    """The time that was worked on a ticket."""

    real_minutes: int = attribute("The minutes that were really worked, free ones too.")
    billed_minutes: int = attribute("The minutes that are charged, by the clauses of the contract.")
    parts: list[BilledPart] = attribute("What was summed before it was rounded.", points=5)


@strawberry.type(description="Time that was worked on a ticket; a correction replaces another one.")
class WorkLog:
    """Time that was worked on a ticket."""

    number: int = attribute("The number of the entry on its ticket; the numbers have no hole.")
    minutes: int = attribute("The minutes that were really worked.")
    started_at: datetime = attribute("When the work began.")
    written_at: datetime = attribute("When it was written down.")
    unit: RetainerUnit | None = attribute("What it counts against; absent when it is free.")
    rates: list[RatedTime] = attribute(
        "What its parts count for: it is split at closing time.", points=2
    )
    counts: bool = attribute("Whether it stands; if not, a correction took its place.")
    corrects: int | None = attribute("The entry that it replaces; absent when it is a first one.")
    note: str | None = attribute("What was done; absent when nothing was noted, and for a client.")
    reason: str | None = attribute("Why it was corrected; absent for a first one and a client.")
    actor: Actor = attribute("Who worked.")
