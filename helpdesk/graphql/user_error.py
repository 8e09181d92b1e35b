"""Refusals that a mutation answers with: what is wrong, where, and what to do."""

import strawberry
from strawberry.utils.str_converters import to_camel_case

from helpdesk.domain.access import NotFound
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.graphql.fields import attribute, described_enum
from helpdesk.graphql.global_ids import NODES, global_id
from helpdesk.usecases.read_models import Noun

described_enum(
    ErrorCode,
    "UserErrorCode",
    "The stable name of a refusal, the same in this API, in mails and on the command line.",
    {
        ErrorCode.BAD_INPUT: "A value is not what it should be.",
        ErrorCode.NOT_FOUND: "The thing does not exist, or not for you.",
        ErrorCode.UNAUTHENTICATED: "The token is missing, unknown, expired or revoked.",
        ErrorCode.FORBIDDEN: "The token may not do this.",
        ErrorCode.REQUIRED: "A text is missing.",
        ErrorCode.TOO_LONG: "A text is too long.",
        ErrorCode.NAIVE_DATETIME: "A date and time has no offset.",
        ErrorCode.TRANSITION_REFUSED: "The step makes no sense where the ticket or batch stands.",
        ErrorCode.REASON_REQUIRED: "The step needs a reason.",
        ErrorCode.VERSION_CONFLICT: "Somebody else changed the ticket: read it again.",
        ErrorCode.IDEMPOTENCY_KEY_REUSED: "The key belongs to another request.",
        ErrorCode.CALENDAR_INVALID: "A calendar cannot be what was given.",
        ErrorCode.CALENDAR_NEVER_OPEN: "A calendar never opens.",
        ErrorCode.VERSION_IN_PAST: "A version would change what was counted already.",
        ErrorCode.CALENDAR_HORIZON: "An instant is outside what the calendar was compiled for.",
        ErrorCode.CONTRACT_WITHOUT_TARGETS: "A contract promises nothing.",
        ErrorCode.CONTRACT_WITHOUT_CALENDAR: "A promise counts on a calendar that is not named.",
        ErrorCode.TARGET_INVALID: "A promise cannot be measured.",
        ErrorCode.MATRIX_INCOMPLETE: "A matrix of priorities has a hole.",
        ErrorCode.ESCALATION_INVALID: "An escalation cannot be climbed.",
        ErrorCode.RESPONSE_PAUSED: "A wait would excuse a missing answer.",
        ErrorCode.CORRECTION_OUT_OF_ORDER: "A corrected instant would change the order of events.",
        ErrorCode.ALREADY_IN_BATCH: "The ticket is in a batch already.",
        ErrorCode.BATCH_UNFINISHED: "The batch has tickets that are not delivered.",
        ErrorCode.NOT_POSTPONABLE: "The ticket has no delivery that can be put off.",
        ErrorCode.CONTRACT_INCOMPLETE: "A contract lacks what it needs to be active.",
        ErrorCode.CONTRACT_OVERLAP: "Another contract covers the site at the same time.",
        ErrorCode.RETAINER_TERMS_INVALID: "The terms of an allowance make no sense.",
        ErrorCode.INSUFFICIENT_ALLOWANCE: "The allowance does not suffice.",
        ErrorCode.NOT_HELD: "What was to be released or consumed is not held.",
        ErrorCode.ALREADY_REVERSED: "The entry was reversed before.",
        ErrorCode.PERIOD_CLOSED: "The period is closed.",
        ErrorCode.PERIOD_OPEN: "The period is still open.",
        ErrorCode.TIMER_STATE: "The timer runs already, or does not run.",
        ErrorCode.EXCLUSION_REFUSED: "This can never be excluded from the contract.",
        ErrorCode.NOTICE_TOO_LATE: "The last day of the notice is over.",
        ErrorCode.PLAN_INVALID: "A plan makes no sense.",
        ErrorCode.QUOTE_EXPIRED: "The quote can no longer be answered.",
        ErrorCode.INCIDENT_OVERLAP: "The same source told of an incident at the same time.",
        ErrorCode.INCIDENT_CLOSED: "The incident is over, or was withdrawn.",
        ErrorCode.SIGNAL_REPLAYED: "The very same signal was received before.",
        ErrorCode.ALREADY_EXISTS: "There is such a thing already.",
        ErrorCode.ALREADY_IN_BATCH: "The ticket is in a batch already.",
        ErrorCode.BATCH_UNFINISHED: "A batch holds what is neither delivered nor finished.",
        ErrorCode.NOT_POSTPONABLE: "There is no delivery to put off.",
        ErrorCode.SAME_TICKET: "A ticket cannot be merged with or linked to itself.",
        ErrorCode.OTHER_CLIENT: "The tickets belong to two clients.",
        ErrorCode.SECRET_REFUSED: "The text looks like a password or a key.",
        ErrorCode.SECOND_PERSON_REQUIRED: "Another person of the agency must agree.",
        ErrorCode.WEBHOOK_DISABLED: "The webhook is called no more.",
        ErrorCode.PARTY_INVALID: "A seller or a buyer is not named as documents must name him.",
        ErrorCode.PROFILE_RULE_BROKEN: "A rule of electronic invoices would be broken; no number "
        "was taken.",
        ErrorCode.CREDIT_ABOVE_INVOICE: "Credits would come to more than was invoiced or is left.",
        ErrorCode.IMMUTABLE_DOCUMENT: "An issued document never changes: another one corrects it.",
        ErrorCode.NUMBERING_INVALID: "A number or a series of numbers cannot be used.",
    },
)


@strawberry.type(description="Why a mutation was refused; nothing was changed.")
class UserError:
    """Why a mutation was refused."""

    code: ErrorCode = attribute("The stable name of the refusal.")
    message: str = attribute("What is wrong and what to do, in the language of the viewer.")
    path: list[str] | None = attribute(
        "The input at fault, from `input` down; absent when it is no single one."
    )


def user_error(error: HelpdeskError, locale: Locale) -> UserError:
    """Return a refusal as a mutation answers with it."""
    return UserError(
        code=error.code,
        message=message_of(error, locale),
        path=["input", *map(to_camel_case, error.path)] if error.path else None,
    )


def message_of(error: HelpdeskError, locale: Locale) -> str:
    """Return the sentence of a refusal; an identity in it is the one that the API knows."""
    if isinstance(error, NotFound):
        what, thing_id = error.values.get("what"), error.values.get("id")
        if thing_id is not None and what in {noun.value for noun in NODES}:
            shown = global_id(Noun(str(what)), str(thing_id))
            return NotFound(what=what, id=shown).message(locale)
    return error.message(locale)
