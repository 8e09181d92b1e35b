"""What every refusal of the engine has in common: a stable code and a sentence in two languages."""

from enum import StrEnum
from typing import ClassVar, Self

from typing_extensions import override


class Locale(StrEnum):
    """The languages of the interface and of the mails."""

    FR = "fr"
    EN = "en"


class ErrorCode(StrEnum):
    """The stable name of a refusal, the same in the API, in mails and on the command line."""

    BAD_INPUT = "BAD_INPUT"
    NOT_FOUND = "NOT_FOUND"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    REQUIRED = "REQUIRED"
    TOO_LONG = "TOO_LONG"
    NAIVE_DATETIME = "NAIVE_DATETIME"
    TRANSITION_REFUSED = "TRANSITION_REFUSED"
    REASON_REQUIRED = "REASON_REQUIRED"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    CALENDAR_INVALID = "CALENDAR_INVALID"
    CALENDAR_NEVER_OPEN = "CALENDAR_NEVER_OPEN"
    CALENDAR_HORIZON = "CALENDAR_HORIZON"
    VERSION_IN_PAST = "VERSION_IN_PAST"
    CONTRACT_INCOMPLETE = "CONTRACT_INCOMPLETE"
    CONTRACT_OVERLAP = "CONTRACT_OVERLAP"
    CONTRACT_WITHOUT_TARGETS = "CONTRACT_WITHOUT_TARGETS"
    CONTRACT_WITHOUT_CALENDAR = "CONTRACT_WITHOUT_CALENDAR"
    TARGET_INVALID = "TARGET_INVALID"
    ESCALATION_INVALID = "ESCALATION_INVALID"
    RESPONSE_PAUSED = "RESPONSE_PAUSED"
    MATRIX_INCOMPLETE = "MATRIX_INCOMPLETE"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    CORRECTION_OUT_OF_ORDER = "CORRECTION_OUT_OF_ORDER"
    SAME_TICKET = "SAME_TICKET"
    OTHER_CLIENT = "OTHER_CLIENT"
    ALREADY_IN_BATCH = "ALREADY_IN_BATCH"
    BATCH_UNFINISHED = "BATCH_UNFINISHED"
    NOT_POSTPONABLE = "NOT_POSTPONABLE"
    WEBHOOK_DISABLED = "WEBHOOK_DISABLED"
    RETAINER_TERMS_INVALID = "RETAINER_TERMS_INVALID"
    INSUFFICIENT_ALLOWANCE = "INSUFFICIENT_ALLOWANCE"
    NOT_HELD = "NOT_HELD"
    ALREADY_REVERSED = "ALREADY_REVERSED"
    PERIOD_CLOSED = "PERIOD_CLOSED"
    PERIOD_OPEN = "PERIOD_OPEN"
    TIMER_STATE = "TIMER_STATE"
    EXCLUSION_REFUSED = "EXCLUSION_REFUSED"
    NOTICE_TOO_LATE = "NOTICE_TOO_LATE"
    PLAN_INVALID = "PLAN_INVALID"
    QUOTE_EXPIRED = "QUOTE_EXPIRED"
    PARTY_INVALID = "PARTY_INVALID"
    PROFILE_RULE_BROKEN = "PROFILE_RULE_BROKEN"
    CREDIT_ABOVE_INVOICE = "CREDIT_ABOVE_INVOICE"
    IMMUTABLE_DOCUMENT = "IMMUTABLE_DOCUMENT"
    NUMBERING_INVALID = "NUMBERING_INVALID"
    INCIDENT_OVERLAP = "INCIDENT_OVERLAP"
    INCIDENT_CLOSED = "INCIDENT_CLOSED"
    SIGNAL_REPLAYED = "SIGNAL_REPLAYED"
    SECRET_REFUSED = "SECRET_REFUSED"  # noqa: S105 - the name of a refusal
    SECOND_PERSON_REQUIRED = "SECOND_PERSON_REQUIRED"


class HelpdeskError(Exception):
    """An expected refusal: nothing was changed, and the message says what to do.

    A subclass stands beside its rule, names itself as a statement and gives `code` and the two
    sentences. The values of the sentences are keyword arguments, so that each door (API, mail,
    command line) can say it in the language of its reader. `path` names the input at fault.
    """

    code: ClassVar[ErrorCode]
    english: ClassVar[str]
    french: ClassVar[str]

    def __init__(self, *, path: tuple[str, ...] = (), **values: object) -> None:
        super().__init__()
        self.path = path
        self.values = values

    def below(self, *path: str) -> Self:
        """Return the same refusal, of an input that lies below another one."""
        self.path = (*path, *self.path)
        return self

    def message(self, locale: Locale) -> str:
        """Return the sentence in the reader's language."""
        sentence = self.french if locale is Locale.FR else self.english
        return sentence.format(**self.values)

    @override
    def __str__(self) -> str:
        return self.message(Locale.EN)
