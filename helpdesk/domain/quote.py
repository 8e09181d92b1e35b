"""A quote (devis): what it says, how long it holds, and the states it passes through."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, ClientId, ContractId, QuoteId, TicketId
from helpdesk.domain.money import BASIS_POINTS, EURO, Money, NetLine, Totals, totals_of
from helpdesk.domain.period import midnight

USUAL_VALIDITY_DAYS = 30
_A_DAY = timedelta(days=1)


class QuoteStatus(StrEnum):
    """Where a quote stands."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    EXPIRED = "EXPIRED"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    CONVERTED = "CONVERTED"


class QuoteStep(StrEnum):
    """The acts that the status of a quote allows or refuses, named as the API's mutations."""

    EDIT = "editQuote"
    SEND = "sendQuote"
    ACCEPT = "acceptQuote"
    REFUSE = "refuseQuote"
    EXPIRE = "expireQuote"
    REVISE = "reviseQuote"
    CANCEL = "cancelQuote"
    CONVERT = "convertQuote"


QUOTE_STEPS: Mapping[QuoteStep, Mapping[QuoteStatus, QuoteStatus]] = {
    QuoteStep.EDIT: {QuoteStatus.DRAFT: QuoteStatus.DRAFT},
    QuoteStep.SEND: {QuoteStatus.DRAFT: QuoteStatus.SENT},
    QuoteStep.ACCEPT: {QuoteStatus.SENT: QuoteStatus.ACCEPTED},
    QuoteStep.REFUSE: {QuoteStatus.SENT: QuoteStatus.REFUSED},
    QuoteStep.EXPIRE: {QuoteStatus.SENT: QuoteStatus.EXPIRED},
    QuoteStep.REVISE: {QuoteStatus.SENT: QuoteStatus.SUPERSEDED},
    QuoteStep.CANCEL: {
        QuoteStatus.DRAFT: QuoteStatus.CANCELLED,
        QuoteStatus.SENT: QuoteStatus.CANCELLED,
    },
    QuoteStep.CONVERT: {QuoteStatus.ACCEPTED: QuoteStatus.CONVERTED},
}
"""From which status each step leads to which: the table is the rule (R-QUO).

A draft is edited, what was sent is revised: the client can then tell the two versions apart.
"""


class QuoteStepRefused(HelpdeskError):
    """A client relies on what he was offered, so a quote moves by known steps only."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = (
        "Quote {number} is {status}: {step} is not possible. Possible now: {possible}."
    )
    french: ClassVar[str] = (
        "Le devis {number} est {status} : {step} n'est pas possible. Possible : {possible}."
    )


class QuoteWithoutLines(HelpdeskError):
    """A quote of nothing leaves the client nothing to agree to."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Quote {number} has no line: add one before it is sent."
    french: ClassVar[str] = "Le devis {number} n'a pas de ligne : ajoutez-en une avant l'envoi."


class QuoteLineInvalid(HelpdeskError):
    """A line is invoiced as it stands, so it says what, how many, at which price and rate."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "The line “{description}” cannot be invoiced: it takes a description, a quantity of 1 at"
        " least (given: {quantity}) and a VAT rate below 100 % (given: {vat_rate} basis points)."
    )
    french: ClassVar[str] = (
        "La ligne « {description} » n'est pas facturable : il lui faut une description, une"
        " quantité d'au moins 1 (donnée : {quantity}) et un taux de TVA inférieur à 100 % (donné :"
        " {vat_rate} points de base)."
    )


class QuoteCurrencyMixed(HelpdeskError):
    """Nobody agreed on a rate of exchange, so a quote is in one currency."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The line “{description}” is in {given}, the quote in {currency}."
    french: ClassVar[str] = "La ligne « {description} » est en {given}, le devis en {currency}."


class QuoteValidityInvalid(HelpdeskError):
    """A client needs a day at least to make up his mind."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "A quote holds for a day at least, not for {days}."
    french: ClassVar[str] = "Un devis vaut au moins un jour, et non {days}."


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line: what, how many, the price of one before VAT, and the rate in basis points.

    Raises QuoteLineInvalid. A discount is a line with a negative price; nothing costs 0.
    """

    description: str
    quantity: int
    unit_price: Money
    vat_rate: int

    def __post_init__(self) -> None:
        """Refuse a line that no invoice could take."""
        is_possible = self.quantity >= 1 and 0 <= self.vat_rate < BASIS_POINTS
        if not (is_possible and self.description.strip()):
            raise QuoteLineInvalid(
                path=("lines",),
                description=self.description,
                quantity=self.quantity,
                vat_rate=self.vat_rate,
            )

    @property
    def net(self) -> Money:
        """What the line comes to before VAT."""
        return Money(self.quantity * self.unit_price.cents, self.unit_price.currency)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepted a quote, when (UTC), from where, and exactly which document.

    `ip_hash` stands for the address without telling it; see `ip_hash`.
    """

    name: str
    email: str
    at: datetime
    ip_hash: str
    document_hash: str


class AfterRefusal(StrEnum):
    """What becomes of the request when its quote is refused (R-QUO)."""

    CLOSE = "CLOSE"
    RETURN_TO_CLIENT = "RETURN_TO_CLIENT"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who refused a quote, when (UTC), why, and what becomes of the request."""

    name: str
    at: datetime
    reason: str
    then: AfterRefusal


class ConversionKind(StrEnum):
    """What an accepted quote becomes."""

    PROJECT_TICKET = "PROJECT_TICKET"
    RUN_HOLD = "RUN_HOLD"
    INVOICE_LINE = "INVOICE_LINE"


@dataclass(frozen=True, slots=True)
class Conversion:
    """What an accepted quote became, once: the key tells a repeated request from another one.

    RUN_HOLD buys a lot of hours and holds them for the ticket.
    """

    key: str
    kind: ConversionKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote in one version. A revision is another quote, with the next version of its number.

    `zone` is the contract's: the validity ends with a local day. What happened is kept beside the
    status, each instant in UTC and set once.
    """

    id: QuoteId
    agency_id: AgencyId
    client_id: ClientId
    number: str
    version: int
    title: str
    lines: tuple[QuoteLine, ...]
    zone: ZoneInfo
    created_at: datetime
    ticket_id: TicketId | None = None
    contract_id: ContractId | None = None
    validity_days: int = USUAL_VALIDITY_DAYS
    currency: str = EURO
    status: QuoteStatus = QuoteStatus.DRAFT
    sent_at: datetime | None = None
    acceptance: Acceptance | None = None
    refusal: Refusal | None = None
    ended_at: datetime | None = None
    conversion: Conversion | None = None

    def __post_init__(self) -> None:
        """Refuse a validity without a day, and a line in another currency."""
        if self.validity_days < 1:
            raise QuoteValidityInvalid(path=("validityDays",), days=self.validity_days)
        for line in self.lines:
            if line.unit_price.currency != self.currency:
                raise QuoteCurrencyMixed(
                    path=("lines",),
                    description=line.description,
                    given=line.unit_price.currency,
                    currency=self.currency,
                )

    @property
    def totals(self) -> Totals:
        """What the lines come to: VAT on the sum of each rate, half-up once."""
        return totals_of(
            (NetLine(line.net, line.vat_rate) for line in self.lines), currency=self.currency
        )

    @property
    def expires_at(self) -> datetime | None:
        """The instant (UTC) at which it holds no more, None before it was sent.

        It holds to the end of its last local day: sent on 1 July for 30 days, through 31 July.
        """
        if self.sent_at is None:
            return None
        last_day = self.sent_at.astimezone(self.zone).date() + timedelta(days=self.validity_days)
        return midnight(last_day + _A_DAY, self.zone)

    @property
    def answered_at(self) -> datetime | None:
        """The instant at which the wait for an answer ended, whichever way; None while it lasts."""
        if self.acceptance is not None:
            return self.acceptance.at
        return self.refusal.at if self.refusal is not None else self.ended_at

    def possible_steps(self) -> tuple[QuoteStep, ...]:
        """Return the steps that the status allows."""
        return tuple(step for step, moves in QUOTE_STEPS.items() if self.status in moves)

    def after(self, step: QuoteStep) -> QuoteStatus:
        """Return the status after a step. Raises QuoteStepRefused."""
        moves = QUOTE_STEPS[step]
        if self.status not in moves:
            raise QuoteStepRefused(
                number=self.number,
                status=self.status,
                step=step,
                possible=", ".join(self.possible_steps()) or "—",
            )
        return moves[self.status]

    def document(self) -> bytes:
        """Return what the client reads and accepts, as canonical JSON in UTF-8.

        Keys in order, no spaces, amounts in cents: the same quote gives the same bytes for ever.
        """
        totals = self.totals
        content = {
            "number": self.number,
            "version": self.version,
            "title": self.title,
            "client": self.client_id,
            "currency": self.currency,
            "created_at": _written(self.created_at),
            "validity_days": self.validity_days,
            "lines": [
                {
                    "description": line.description,
                    "quantity": line.quantity,
                    "unit_cents": line.unit_price.cents,
                    "vat_basis_points": line.vat_rate,
                }
                for line in self.lines
            ],
            "net_cents": totals.net.cents,
            "vat_cents": totals.vat.cents,
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    @property
    def document_hash(self) -> str:
        """The SHA-256 of the document, in hexadecimal: what the acceptance binds."""
        return hashlib.sha256(self.document()).hexdigest()


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
