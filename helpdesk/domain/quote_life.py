"""The steps of a quote's life: each checks that it makes sense, then returns the quote."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import QuoteId
from helpdesk.domain.priority import Priority
from helpdesk.domain.quote import (
    Acceptance,
    Conversion,
    ConversionKind,
    Quote,
    QuoteLine,
    QuoteStatus,
    QuoteStep,
    QuoteWithoutLines,
    Refusal,
)


class QuoteExpired(HelpdeskError):
    """A price holds for the days that were promised; afterwards nobody offered it."""

    code: ClassVar[ErrorCode] = ErrorCode.QUOTE_EXPIRED
    english: ClassVar[str] = "Quote {number} held until {expires_at}: ask for a new one."
    french: ClassVar[str] = "Le devis {number} valait jusqu'au {expires_at} : demandez-en un autre."


class QuoteStillHolds(HelpdeskError):
    """A quote that holds is not let go early: the client may still accept it."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "Quote {number} holds until {expires_at}: cancel or revise it instead."
    french: ClassVar[str] = (
        "Le devis {number} vaut jusqu'au {expires_at} : annulez-le ou révisez-le plutôt."
    )


class OtherDocumentAccepted(HelpdeskError):
    """A client agrees to what he read, so the document he saw is the one that binds."""

    code: ClassVar[ErrorCode] = ErrorCode.VERSION_CONFLICT
    english: ClassVar[str] = "Quote {number} is not the document that was read: read it again."
    french: ClassVar[str] = "Le devis {number} n'est pas le document qui a été lu : relisez-le."


class AcceptanceNameless(HelpdeskError):
    """An acceptance is evidence: it names the person who gave it and where to reach him."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Say who accepts quote {number}: a name and a mail address."
    french: ClassVar[str] = "Dites qui accepte le devis {number} : un nom et une adresse."


class RefusalReasonRequired(HelpdeskError):
    """The request is closed or goes back with the reason, so there is one (R-QUO)."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "Say in `reason` why quote {number} is refused."
    french: ClassVar[str] = "Dites dans `reason` pourquoi le devis {number} est refusé."


@dataclass(frozen=True, slots=True)
class AnswerWait:
    """The wait for a client's answer: `[start, end)` in UTC, the end None while it lasts."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Revision:
    """Both sides of a revision: the version that was replaced, and the draft that follows it."""

    superseded: Quote
    draft: Quote


def edited(quote: Quote, lines: Sequence[QuoteLine], *, title: str) -> Quote:
    """Return the draft with other lines. Raises QuoteStepRefused once it was sent."""
    return replace(quote, status=quote.after(QuoteStep.EDIT), lines=tuple(lines), title=title)


def sent(quote: Quote, *, at: datetime) -> Quote:
    """Return the quote in the client's hands. Raises QuoteStepRefused and QuoteWithoutLines."""
    status = quote.after(QuoteStep.SEND)
    if not quote.lines:
        raise QuoteWithoutLines(path=("lines",), number=quote.number)
    return replace(quote, status=status, sent_at=at)


def accepted(quote: Quote, acceptance: Acceptance) -> Quote:
    """Return the quote that a person of the client accepted, with the evidence.

    Raises QuoteStepRefused, QuoteExpired from the end of its last local day on, AcceptanceNameless
    and OtherDocumentAccepted.
    """
    status = quote.after(QuoteStep.ACCEPT)
    _require_held(quote, acceptance.at)
    if not (acceptance.name.strip() and acceptance.email.strip()):
        raise AcceptanceNameless(number=quote.number)
    if not hmac.compare_digest(acceptance.document_hash, quote.document_hash):
        raise OtherDocumentAccepted(path=("documentHash",), number=quote.number)
    return replace(quote, status=status, acceptance=acceptance)


def refused(quote: Quote, refusal: Refusal) -> Quote:
    """Return the quote that the client refused, with his reason.

    Raises QuoteStepRefused, QuoteExpired and RefusalReasonRequired.
    """
    status = quote.after(QuoteStep.REFUSE)
    _require_held(quote, refusal.at)
    if not refusal.reason.strip():
        raise RefusalReasonRequired(path=("reason",), number=quote.number)
    return replace(quote, status=status, refusal=refusal)


def is_expired(quote: Quote, *, at: datetime) -> bool:
    """Return whether a quote that nobody answered holds no more, recorded as such or not."""
    return _lapsed_at(quote, at) is not None


def expired(quote: Quote, *, at: datetime) -> Quote:
    """Return the quote whose last day is over, dated by that and not by when it was noticed.

    Raises QuoteStepRefused, and QuoteStillHolds before.
    """
    status = quote.after(QuoteStep.EXPIRE)
    lapsed_at = _lapsed_at(quote, at)
    if lapsed_at is None:
        raise QuoteStillHolds(number=quote.number, expires_at=_local(quote, quote.expires_at))
    return replace(quote, status=status, ended_at=lapsed_at)


def cancelled(quote: Quote, *, at: datetime) -> Quote:
    """Return the quote that the agency withdrew. Raises QuoteStepRefused."""
    return replace(quote, status=quote.after(QuoteStep.CANCEL), ended_at=at)


def revised(quote: Quote, lines: Sequence[QuoteLine], *, new_id: QuoteId, at: datetime) -> Revision:
    """Return the version that is replaced and the draft of the next one. Raises QuoteStepRefused.

    Nothing of the old version changes but its status: what the client read stays readable.
    """
    superseded = replace(quote, status=quote.after(QuoteStep.REVISE), ended_at=at)
    draft = replace(
        quote,
        id=new_id,
        version=quote.version + 1,
        lines=tuple(lines),
        created_at=at,
        status=QuoteStatus.DRAFT,
        sent_at=None,
    )
    return Revision(superseded, draft)


def converted(quote: Quote, key: str, kind: ConversionKind, *, at: datetime) -> Quote:
    """Return the accepted quote turned into work, once.

    The same key again gives the same quote unchanged; another key is refused with QuoteStepRefused.
    """
    if quote.conversion is not None and quote.conversion.key == key:
        return quote
    status = quote.after(QuoteStep.CONVERT)
    return replace(quote, status=status, conversion=Conversion(key, kind, at))


def answer_wait(quote: Quote, priority: Priority) -> AnswerWait | None:
    """Return the wait that stops the clocks of the quote's ticket, None where none does.

    From sending to the answer, whichever it is. A P0 waits for no quote (R-P0).
    """
    if quote.sent_at is None or priority is Priority.P0:
        return None
    return AnswerWait(quote.sent_at, quote.answered_at)


def ip_hash(address: str, *, secret: bytes) -> str:
    """Return a keyed hash of an IP address: it can be compared, and not be read back.

    Without a secret the four billion addresses of IPv4 could simply be tried.
    """
    return hmac.new(secret, address.strip().lower().encode(), hashlib.sha256).hexdigest()


def _require_held(quote: Quote, at: datetime) -> None:
    lapsed_at = _lapsed_at(quote, at)
    if lapsed_at is not None:
        raise QuoteExpired(number=quote.number, expires_at=_local(quote, lapsed_at))


def _lapsed_at(quote: Quote, at: datetime) -> datetime | None:
    expires_at = quote.expires_at
    if quote.status is not QuoteStatus.SENT or expires_at is None or at < expires_at:
        return None
    return expires_at


def _local(quote: Quote, instant: datetime | None) -> str:
    return "—" if instant is None else instant.astimezone(quote.zone).isoformat()
