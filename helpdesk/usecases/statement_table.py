"""The statement of a forfait's month for an accountant: a line for each movement, and the sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.access import NotFound, Scope
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.gauge import unit_named
from helpdesk.domain.month import Month
from helpdesk.domain.retainer_terms import OverageStatus, RetainerUnit
from helpdesk.usecases.read_models import (
    Branch,
    Noun,
    Order,
    OrderField,
    PageAsk,
    Reader,
    Thing,
    Wanted,
)
from helpdesk.usecases.text_table import Cell, aligned_lines, csv_bytes, hundredths

_HEADERS: Mapping[Locale, tuple[str, ...]] = {
    Locale.EN: (
        *("contract", "unit", "period", "date", "number", "movement", "ticket", "who", "reason"),
        *("quantity", "change", "balance", "amount_before_tax", "currency", "status"),
    ),
    Locale.FR: (
        *("contrat", "unité", "période", "date", "numéro", "mouvement", "ticket", "intervenant"),
        *("motif", "quantité", "variation", "solde", "montant_ht", "devise", "statut"),
    ),
}
_FIGURES = frozenset({4, 9, 10, 11, 12})
_OPENING = {Locale.EN: "Opening balance", Locale.FR: "Solde d'ouverture"}
_CLOSING = {Locale.EN: "Closing balance", Locale.FR: "Solde de clôture"}
_STATUSES = {
    Locale.EN: {
        OverageStatus.BILLABLE: "to be billed",
        OverageStatus.PENDING_QUOTE: "waits for a quote",
        OverageStatus.UNBILLABLE: "not billed",
    },
    Locale.FR: {
        OverageStatus.BILLABLE: "à facturer",
        OverageStatus.PENDING_QUOTE: "en attente de devis",
        OverageStatus.UNBILLABLE: "non facturé",
    },
}
_THE_MOMENT_BEFORE = timedelta(microseconds=1)
_ENTRY = Wanted(
    leaves={
        *("number", "quantity", "left_change", "effective_at", "reason", "overage_status"),
        "amount",
    },
    branches={Branch("ticket"): Wanted(leaves={"number"}), Branch("actor"): Wanted({"name"})},
)


class UnitUnknown(HelpdeskError):
    """Another unit in the place of the one that was meant would give other figures."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "There is no unit “{given}”: give one of {known}."
    french: ClassVar[str] = "Il n'y a pas d'unité « {given} » : donnez l'une de {known}."


@dataclass(frozen=True, slots=True)
class StatementQuestion:
    """Of which contract, in which month, of which unit; None for each that it counts."""

    reference: str
    month: Month
    unit: RetainerUnit | None = None


@dataclass(frozen=True, slots=True)
class StatementTable:
    """The lines of the statements in a language, and the gauge of each unit in words."""

    locale: Locale
    lines: tuple[tuple[Cell, ...], ...]
    gauges: tuple[str, ...]

    @property
    def csv(self) -> bytes:
        """The lines as CSV."""
        return csv_bytes(self.lines, locale=self.locale)

    @property
    def text(self) -> str:
        """The lines for a terminal, and the gauges below."""
        aligned = aligned_lines(self.lines, figures=_FIGURES)
        return "\n".join((*aligned, "", *self.gauges, ""))


def statement_question(reference: str, month: str, unit: str | None) -> StatementQuestion:
    """Return the question of a table. Raises MonthInvalid and UnitUnknown."""
    asked = Month.parsed(month, path=("month",))
    if unit is None:
        return StatementQuestion(reference, asked)
    known = {one.name: one for one in RetainerUnit}
    if unit.upper() not in known:
        raise UnitUnknown(path=("unit",), given=unit[:50], known=", ".join(known))
    return StatementQuestion(reference, asked, known[unit.upper()])


async def statement_table(
    reader: Reader, question: StatementQuestion, *, locale: Locale
) -> StatementTable:
    """Return what happened to the forfait of a contract that the reader may see.

    A unit begins with what was left and ends with what is; the period is the one that begins in
    the month. Raises NotFound and ScopeMissing.
    """
    for scope in (Scope.CONTRACTS_READ, Scope.TICKETS_READ):
        reader.viewer.require(scope)
    asked: dict[str, object] = {"month": question.month}
    if question.unit is not None:
        asked["unit"] = question.unit
    branch = Branch("statements", tuple(asked.items()))
    lines = Wanted(branches={Branch("entry"): _ENTRY})
    wanted = Wanted(
        leaves={"reference"},
        branches={branch: Wanted(branches={Branch("lines"): lines})},
        has_rows=True,
    )
    order, name = Order(OrderField.REFERENCE), question.reference
    page = await reader.page(
        Noun.CONTRACT, PageAsk(order, 1, conditions=(("reference", name),)), wanted
    )
    if not page.nodes:
        raise NotFound(path=("contract",), what="Contract", id=name[:50])
    statements = page.nodes[0].along(branch)
    return StatementTable(
        locale,
        (
            _HEADERS[locale],
            *(line for one in statements for line in _lines(name, one, locale)),
        ),
        tuple(one.gauge.text for one in statements),
    )


def _lines(reference: str, statement: Thing, locale: Locale) -> list[tuple[Cell, ...]]:
    first = (reference, unit_named(statement.unit, locale), statement.name)
    zone = ZoneInfo(statement.zone)
    opened = statement.period_start.astimezone(zone).date().isoformat()
    last = (statement.period_end - _THE_MOMENT_BEFORE).astimezone(zone).date().isoformat()
    return [
        (*first, opened, *_balance(_OPENING[locale], statement.opening)),
        *((*first, *_movement(line, zone, last, locale)) for line in statement.lines),
        (*first, last, *_balance(_CLOSING[locale], statement.closing)),
    ]


def _balance(title: str, balance: int) -> Sequence[Cell]:
    return (None, title, None, None, None, None, None, balance, None, None, None)


def _movement(line: Thing, zone: ZoneInfo, last: str, locale: Locale) -> Sequence[Cell]:
    entry = line.entry
    day = entry.effective_at.astimezone(zone).date().isoformat()
    amount, status = entry.amount, entry.overage_status
    return (
        min(day, last),  # what ends with the period counts from the first moment after it
        entry.number,
        line.title,
        None if entry.ticket is None else entry.ticket.number,
        entry.actor.name,
        entry.reason,
        entry.quantity,
        entry.left_change,
        line.left,
        None if amount is None else hundredths(amount.cents, locale=locale),
        None if amount is None else amount.currency,
        None if status is None else _STATUSES[locale][status],
    )
