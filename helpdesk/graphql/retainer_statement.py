"""The statement of a forfait's period, its gauge, and the alerts that are due."""

from datetime import datetime

import strawberry

from helpdesk.domain.gauge import GaugeState
from helpdesk.domain.retainer_alert import AlertKind
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.graphql.fields import attribute, described_enum
from helpdesk.graphql.money import Money
from helpdesk.graphql.retainer import RetainerEntry

described_enum(
    GaugeState,
    "RetainerGaugeState",
    "How full a gauge is, by the percentage that is shown.",
    {
        GaugeState.OK: "Less than 75 % was used.",
        GaugeState.WARNING: "75 % or more was used.",
        GaugeState.FULL: "All of it was used.",
        GaugeState.OVER: "More was used than there was.",
        GaugeState.UNLIMITED: "There is no limit, so there is no percentage.",
        GaugeState.NONE: "There is no percentage: nothing was granted.",
    },
)
described_enum(
    AlertKind,
    "RetainerAlertKind",
    "What an alert is about.",
    {
        AlertKind.USAGE: "A share of the allowance was used.",
        AlertKind.EXPIRY: "A pack is about to expire.",
    },
)


@strawberry.type(description="How much of what there was has been used in a period.")
class RetainerGauge:
    """How much of what there was has been used."""

    total: int | None = attribute(
        "What there was: what the period began with, and what was granted, carried over, bought, "
        "offered and adjusted in it; absent without a limit."
    )
    used: int = attribute("What was used, with what went over it.")
    over: int = attribute("What went over it.")
    left: int | None = attribute("What was not used, 0 at least; absent without a limit.")
    percent: int | None = attribute(
        "The share that was used, rounded half-up; absent without a limit and without a total."
    )
    state: GaugeState = attribute("How full it is.")
    text: str = attribute("The gauge in words, for whoever does not see it.")


@strawberry.type(description="What all movements of one kind came to in a period.")
class RetainerSum:
    """What all movements of one kind came to."""

    kind: EntryKind = attribute("The kind.")
    quantity: int = attribute("How much they moved.")


@strawberry.type(description="A movement in a statement, with what was left after it.")
class StatementLine:
    """A movement in a statement."""

    title: str = attribute(
        "What people call it; a correction of a closed period names that period."
    )
    left: int = attribute("What was left in all after it, what was reserved included.")
    entry: RetainerEntry = attribute("The movement.")


@strawberry.type(description="Everything that happened to a unit of a forfait in a period.")
class RetainerStatement:
    """Everything that happened to a unit of a forfait in a period."""

    unit: RetainerUnit = attribute("What is counted.")
    name: str = attribute("What people call the period, such as `July 2026`.")
    period_start: datetime = attribute("When the period begins.")
    period_end: datetime = attribute("When it ends, which is not in it.")
    opening: int = attribute("What was left when it began.")
    closing: int = attribute("What was left when it ended, or is left now.")
    lines: list[StatementLine] = attribute("Every movement, in order.", points=20)
    sums: list[RetainerSum] = attribute(
        "What each kind of movement of a lot came to. Opening, what came in (GRANT, PURCHASE, "
        "GESTURE, ROLLOVER_IN, ADJUST) and REVERSE are together as much as CONSUME, ROLLOVER_OUT, "
        "EXPIRE and closing.",
        points=5,
    )
    over: int = attribute("What no lot gave, without what was taken back.")
    uncounted: int = attribute("What was used without a limit, without what was taken back.")
    is_balanced: bool = attribute("Whether what came in is what went out and what is left.")
    amounts: list[Money] = attribute(
        "What the work over the allowance comes to before tax at the price agreed, for each "
        "currency; empty where nothing is billed."
    )
    gauge: RetainerGauge = attribute("How much of what there was has been used.")


@strawberry.type(description="That a forfait is nearly used up, or a pack nearly over.")
class RetainerAlert:
    """That a forfait is nearly used up, or a pack nearly over."""

    kind: AlertKind = attribute("What it is about.")
    unit: RetainerUnit = attribute("What is counted.")
    threshold: int = attribute("The share that was reached, in percent, or the days of the notice.")
    percent: int | None = attribute("How much was used by now; absent when nothing was granted.")
    lot: int | None = attribute(
        "The pack that expires, by the number of the movement that opened it; absent for a share."
    )
    left: int | None = attribute("What is left: of the pack that expires, else of all there is.")
    expires_at: datetime | None = attribute("When the pack expires; absent for a share.")
