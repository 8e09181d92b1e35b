"""The gauge of a forfait: how much of an allowance was used, as a figure, a colour and a sentence.

The monthly report and the statement show the same one. Source: R-REP, X-24 (one gauge a unit,
never converted), X-25 (without a limit there is no percentage).
"""

from dataclasses import dataclass
from enum import StrEnum

from helpdesk.domain.errors import Locale
from helpdesk.domain.retainer_close import CAME_IN, PeriodStatement
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.domain.retainer_terms import WHOLE_PERCENT, RetainerUnit, percent_used

WARNING_PERCENT = 75


class GaugeState(StrEnum):
    """How full a gauge is; UNLIMITED is counted only, NONE has nothing to measure (X-25)."""

    OK = "ok"
    WARNING = "warning"
    FULL = "full"
    OVER = "over"
    UNLIMITED = "unlimited"
    NONE = "none"


_USED = {
    Locale.FR: "{used} sur {total} {unit} ({percent} %)",
    Locale.EN: "{used} of {total} {unit} used ({percent}%)",
}
_UNLIMITED = {
    Locale.FR: "{used} {unit}, sans limite",
    Locale.EN: "{used} {unit} used, without a limit",
}
_NOTHING = {
    Locale.FR: "aucune dotation, {used} {unit}",
    Locale.EN: "no allowance, {used} {unit} used",
}
_OVER = {
    Locale.FR: ", dont {over} au-delà du forfait",
    Locale.EN: ", {over} of them over the allowance",
}
_UNITS = {
    Locale.FR: {
        RetainerUnit.CORRECTIVE_TICKETS: "tickets correctifs",
        RetainerUnit.RUN_MINUTES: "minutes de run évolutif",
        RetainerUnit.PACK_MINUTES: "minutes de crédit-temps",
    },
    Locale.EN: {
        RetainerUnit.CORRECTIVE_TICKETS: "corrective tickets",
        RetainerUnit.RUN_MINUTES: "minutes of small changes",
        RetainerUnit.PACK_MINUTES: "minutes of time packs",
    },
}


def unit_named(unit: RetainerUnit, locale: Locale) -> str:
    """Return what people call a unit.

    >>> unit_named(RetainerUnit.PACK_MINUTES, Locale.FR)
    'minutes de crédit-temps'
    """
    return _UNITS[locale][unit]


@dataclass(frozen=True, slots=True)
class Gauge:
    """What was used of what there was, in a unit; `over` is the part that no lot gave.

    Of an unlimited book `total` means nothing.
    """

    unit: RetainerUnit
    total: int
    used: int
    over: int = 0
    is_unlimited: bool = False

    @property
    def percent(self) -> int | None:
        """The share that was used, half-up; None without a limit and without an allowance.

        >>> Gauge(RetainerUnit.RUN_MINUTES, total=180, used=105).percent
        58
        """
        return None if self.is_unlimited else percent_used(self.used, self.total)

    @property
    def left(self) -> int | None:
        """What was not used of it, 0 at least; None without a limit."""
        return None if self.is_unlimited else max(0, self.total - self.used)

    @property
    def state(self) -> GaugeState:
        """How full it is, by the percentage that is shown.

        >>> Gauge(RetainerUnit.CORRECTIVE_TICKETS, total=5, used=5).state
        <GaugeState.FULL: 'full'>
        """
        return gauge_state(self.percent, over=self.over, is_unlimited=self.is_unlimited)

    def told(self, locale: Locale) -> str:
        """Return the gauge in words, for whoever does not see it.

        >>> Gauge(RetainerUnit.RUN_MINUTES, total=120, used=150, over=30).told(Locale.EN)
        '150 of 120 minutes of small changes used (125%), 30 of them over the allowance'
        """
        if self.is_unlimited:
            sentence = _UNLIMITED[locale]
        else:
            sentence = (_USED if self.total else _NOTHING)[locale]
        if self.over > 0:
            sentence += _OVER[locale]
        return sentence.format(
            used=self.used,
            total=self.total,
            percent=self.percent,
            over=self.over,
            unit=unit_named(self.unit, locale),
        )


def gauge_state(percent: int | None, *, over: int, is_unlimited: bool) -> GaugeState:
    """Return how full a gauge is: ok below 75 %, a warning below 100 %, then full.

    Over once anything was over. The percentage is the one that is printed, so that the colour never
    contradicts it. Source: R-REP.
    """
    if is_unlimited:
        return GaugeState.UNLIMITED
    if over > 0:
        return GaugeState.OVER
    if percent is None:
        return GaugeState.NONE
    if percent >= WHOLE_PERCENT:
        return GaugeState.FULL
    return GaugeState.WARNING if percent >= WARNING_PERCENT else GaugeState.OK


def gauge_of(
    statement: PeriodStatement, unit: RetainerUnit, *, is_unlimited: bool = False
) -> Gauge:
    """Return the gauge of a period.

    The total is what was granted, carried over, bought, offered and adjusted in it, with what a
    lot of an earlier period still had when it began: a pack that was bought in May is there in
    June. What was used is without what was taken back; what was taken back beyond it is of a period
    that was closed, and came in. Source: R-REP.
    """
    consumed = statement.of(EntryKind.CONSUME) - statement.of(EntryKind.REVERSE)
    came_in = sum(statement.of(kind) for kind in CAME_IN)
    over = max(0, statement.overage)
    return Gauge(
        unit=unit,
        total=statement.opening + came_in + max(0, -consumed),
        used=max(0, consumed) + max(0, statement.uncounted) + over,
        over=over,
        is_unlimited=is_unlimited,
    )
