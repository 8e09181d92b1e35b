"""The statement of a period: every movement with what is left after it, and the sums (R-LED 2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import Locale
from helpdesk.domain.gauge import Gauge, gauge_of
from helpdesk.domain.money import Money
from helpdesk.domain.period import Period
from helpdesk.domain.retainer_close import PeriodStatement, statement_of
from helpdesk.domain.retainer_correction import correction_title
from helpdesk.domain.retainer_entry import Entry, EntryKind
from helpdesk.domain.retainer_terms import RetainerTerms

_MOVEMENTS: Mapping[Locale, Mapping[EntryKind, str]] = {
    Locale.FR: {
        EntryKind.GRANT: "Dotation",
        EntryKind.PURCHASE: "Achat de crédit-temps",
        EntryKind.GESTURE: "Geste commercial",
        EntryKind.HOLD: "Réservation",
        EntryKind.RELEASE: "Fin de réservation",
        EntryKind.CONSUME: "Consommation",
        EntryKind.REVERSE: "Annulation d'une consommation",
        EntryKind.ROLLOVER_OUT: "Report sur la période suivante",
        EntryKind.ROLLOVER_IN: "Report de la période précédente",
        EntryKind.EXPIRE: "Expiration",
        EntryKind.ADJUST: "Ajustement",
        EntryKind.EXTEND: "Prolongation",
        EntryKind.OVERAGE: "Dépassement",
    },
    Locale.EN: {
        EntryKind.GRANT: "Allowance",
        EntryKind.PURCHASE: "Time pack bought",
        EntryKind.GESTURE: "Gesture",
        EntryKind.HOLD: "Reserved",
        EntryKind.RELEASE: "No longer reserved",
        EntryKind.CONSUME: "Used",
        EntryKind.REVERSE: "Use taken back",
        EntryKind.ROLLOVER_OUT: "Carried over to the next period",
        EntryKind.ROLLOVER_IN: "Carried over from the period before",
        EntryKind.EXPIRE: "Expired",
        EntryKind.ADJUST: "Adjusted",
        EntryKind.EXTEND: "Prolonged",
        EntryKind.OVERAGE: "Over the allowance",
    },
}


def movement_title(entry: Entry, zone: ZoneInfo, locale: Locale) -> str:
    """Return what a reader calls a movement; a correction names the period that it puts right."""
    corrected = entry.posting.corrects
    if corrected is not None:
        return correction_title(corrected, zone, locale)
    return _MOVEMENTS[locale][entry.kind]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A movement, and what is left in all after it; what is held is left, too."""

    entry: Entry
    left: int


@dataclass(frozen=True, slots=True)
class RetainerStatement:
    """What happened to a book in a period: the sums, each movement in order, and the gauge."""

    terms: RetainerTerms
    sums: PeriodStatement
    lines: tuple[StatementLine, ...]

    @property
    def period(self) -> Period:
        """The period."""
        return self.sums.period

    @property
    def gauge(self) -> Gauge:
        """How much of what there was has been used."""
        return gauge_of(self.sums, self.terms.unit, is_unlimited=self.terms.is_unlimited)

    @property
    def amounts(self) -> tuple[Money, ...]:
        """What the work over the allowance comes to before tax, at the prices agreed.

        One amount for each currency; none where nothing is billed.
        """
        cents: dict[str, int] = {}
        for line in self.lines:
            amount = None if (claim := line.entry.move.claim) is None else claim.amount
            if amount is not None:
                cents[amount.currency] = cents.get(amount.currency, 0) + amount.cents
        return tuple(Money(cents[currency], currency) for currency in sorted(cents))


def retainer_statement(
    terms: RetainerTerms, opening: int, entries: Iterable[Entry], period: Period
) -> RetainerStatement:
    """Return the statement of a period from what was left as it began and its own entries.

    `opening` is the sum of what every earlier entry changed. Source: R-LED 2 and 10.
    """
    posted = tuple(entries)
    lines, left = [], opening
    for entry in posted:
        left += entry.left_change
        lines.append(StatementLine(entry, left))
    return RetainerStatement(terms, statement_of(posted, period, opening=opening), tuple(lines))
