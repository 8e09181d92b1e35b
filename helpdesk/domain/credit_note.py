"""A credit note (avoir): what it gives back, on which invoices, and what may be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.compensation import CreditId
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import AgencyId, ClientId, ContractId, CreditNoteId, InvoiceId
from helpdesk.domain.money import EURO, Money, NetLine, VatRegime
from helpdesk.domain.party import Party
from helpdesk.domain.vat import VatShare, vat_shares


class CreditNoteKind(StrEnum):
    """What a document is before tax law; the first two are of the series of credit notes."""

    CREDIT_NOTE = "CREDIT_NOTE"
    YEARLY_CREDIT_NOTE = "YEARLY_CREDIT_NOTE"
    PENALTY_STATEMENT = "PENALTY_STATEMENT"

    @property
    def bears_vat(self) -> bool:
        """Whether it corrects invoices: a penalty is damages, outside VAT (BOI 3 B-1-06)."""
        return self is not CreditNoteKind.PENALTY_STATEMENT


class CreditNoteState(StrEnum):
    """Where a document stands: a draft has no number and binds nobody."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    APPLIED = "APPLIED"
    REFUNDED = "REFUNDED"


class CreditNoteStep(StrEnum):
    """The acts that the state of a document allows or refuses."""

    EDIT = "edit"
    DISCARD = "discard"
    ISSUE = "issue"
    APPLY = "apply"
    REFUND = "refund"


ALLOWED: Mapping[CreditNoteState, frozenset[CreditNoteStep]] = {
    CreditNoteState.DRAFT: frozenset(
        {CreditNoteStep.EDIT, CreditNoteStep.DISCARD, CreditNoteStep.ISSUE}
    ),
    CreditNoteState.ISSUED: frozenset({CreditNoteStep.APPLY, CreditNoteStep.REFUND}),
    CreditNoteState.APPLIED: frozenset(),
    CreditNoteState.REFUNDED: frozenset(),
}
"""What each state allows: an issued document is used up, never touched (R-CN, CGI art. 289)."""


class DocumentImmutable(HelpdeskError):
    """The client booked what he was sent, so a document is corrected by another one only."""

    code: ClassVar[ErrorCode] = ErrorCode.IMMUTABLE_DOCUMENT
    english: ClassVar[str] = (
        "The document {number} is issued, so {step} is not possible: correct it by another one."
    )
    french: ClassVar[str] = (
        "Le document {number} est émis, {step} n'est donc pas possible : corrigez-le par un autre."
    )


class StepNotPossible(HelpdeskError):
    """A draft is no claim yet, and what is used up is none any more."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "A document that is {state} does not allow to {step}."
    french: ClassVar[str] = "Un document {state} ne permet pas l'action {step}."


class NothingToCredit(HelpdeskError):
    """A document of nothing gives nothing back: a breach without money stays in the report."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = (
        "No approved credit from {first_day} to {last_day} waits for a document: approve one, or "
        "see `creditNotes` for those that stand on one already."
    )
    french: ClassVar[str] = (
        "Aucun crédit approuvé du {first_day} au {last_day} n'attend de document : approuvez-en "
        "un, ou voyez dans `creditNotes` ceux qui figurent déjà sur un avoir."
    )


class CreditLineNotPositive(HelpdeskError):
    """The type of the document carries the sign; a negative line would take money back."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The line “{label}” is of {amount}: credit more than nothing."
    french: ClassVar[str] = "La ligne « {label} » est de {amount} : créditez plus que rien."


@dataclass(frozen=True, slots=True)
class CreditNoteLine:
    """What one breach gives back, without tax, and what proves it, in the language of the document.

    `vat_rate` is the rate, in basis points, of the invoice that is reduced. Raises
    CreditLineNotPositive.
    """

    label: str
    net: Money
    vat_rate: int
    evidence: str = ""
    credit_id: CreditId | None = None

    def __post_init__(self) -> None:
        """Refuse what would turn a credit into a debt."""
        if self.net.cents <= 0:
            raise CreditLineNotPositive(path=("lines",), label=self.label[:80], amount=self.net)


@dataclass(frozen=True, slots=True)
class InvoiceShare:
    """How much of an invoice, at one of its rates and without tax, a document takes back."""

    invoice_id: InvoiceId
    number: str
    issued_on: date
    vat_rate: int
    net: Money


@dataclass(frozen=True, slots=True)
class Issuing:
    """What makes a draft a document: its number in its series, its date, its place in the chain.

    `hash` covers the content and `previous_hash`, the hash of the document before it.
    """

    series: str
    sequence: int
    number: str
    issued_on: date
    previous_hash: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the law has a seller write on every invoice, in the language of the document."""

    discount: str
    late_penalties: str
    recovery_fee: str
    is_vat_on_debits: bool = False


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A document that gives money back for a period under a contract, both days of it included.

    `shares` say which invoices it reduces and `lines` for which breaches; without `issuing` it is
    a draft. Everything stands in it as it was on its day: nothing is looked up again.
    """

    id: CreditNoteId
    agency_id: AgencyId
    client_id: ClientId
    contract_id: ContractId
    contract_reference: str
    kind: CreditNoteKind
    locale: Locale
    first_day: date
    last_day: date
    seller: Party
    buyer: Party
    regime: VatRegime
    mentions: Mentions
    lines: tuple[CreditNoteLine, ...]
    shares: tuple[InvoiceShare, ...] = ()
    currency: str = EURO
    issuing: Issuing | None = None

    @property
    def state(self) -> CreditNoteState:
        """Where it stands by itself: a draft, or issued."""
        return CreditNoteState.DRAFT if self.issuing is None else CreditNoteState.ISSUED

    @property
    def number(self) -> str:
        """Its number; empty for a draft."""
        return "" if self.issuing is None else self.issuing.number

    @property
    def taxed_as(self) -> VatRegime:
        """The rule of taxation: that of the invoices, and none at all for a penalty."""
        return self.regime if self.kind.bears_vat else VatRegime.NET_OF_TAX

    @property
    def vat_shares(self) -> tuple[VatShare, ...]:
        """What each rate comes to, the highest first."""
        return vat_shares((NetLine(one.net, one.vat_rate) for one in self.lines), self.taxed_as)

    @property
    def net(self) -> Money:
        """What it gives back without tax."""
        return sum((one.net for one in self.lines), Money(0, self.currency))

    @property
    def vat(self) -> Money:
        """The VAT that goes with it."""
        return sum((one.vat for one in self.vat_shares), Money(0, self.currency))

    @property
    def gross(self) -> Money:
        """What the client has in hand: applied to his next invoices, or refunded."""
        return self.net + self.vat


def require_step(state: CreditNoteState, step: CreditNoteStep, *, number: str = "") -> None:
    """Refuse what a state does not allow: DocumentImmutable once issued, else StepNotPossible."""
    if step in ALLOWED[state]:
        return
    if step in ALLOWED[CreditNoteState.DRAFT]:
        raise DocumentImmutable(number=number, step=step.value)
    raise StepNotPossible(state=state.value, step=step.value)


def state_after(gross: Money, *, applied: Money, refunded: Money) -> CreditNoteState:
    """Return where an issued document stands once parts of it were used.

    >>> state_after(Money(61_20), applied=Money(0), refunded=Money(61_20)).value
    'REFUNDED'
    """
    if gross.cents > applied.cents + refunded.cents:
        return CreditNoteState.ISSUED
    return CreditNoteState.REFUNDED if refunded.cents else CreditNoteState.APPLIED
