"""Signs of a machine behind a mail, as its headers show them (RFC 3834 and what is really sent)."""

import re
from dataclasses import dataclass
from enum import StrEnum

_SUPPRESS_WORDS = frozenset({"all", "dr", "oof", "autoreply"})
_ANSWER_PRECEDENCES = frozenset({"auto_reply", "auto-reply"})
_BULK_PRECEDENCES = frozenset({"bulk", "junk", "list"})
_HANDED_ON = "auto-forwarded"
"""What a machine passed on, a person wrote."""

_MACHINE_LOCAL_PARTS = frozenset({"mailer-daemon", "postmaster"})
_AWAY_SUBJECT = re.compile(
    r"^\W{0,3}(réponse automatique|absen(ce|t)\b|message d.absence|automatic reply|auto.?reply"
    r"|out of (the )?office|away from)",
    re.IGNORECASE,
)


class AutomaticReason(StrEnum):
    """Why a mail gets no automatic answer (RFC 3834 and what mail programs really send)."""

    AUTO_SUBMITTED = "auto_submitted"
    EMPTY_ENVELOPE_SENDER = "empty_envelope_sender"
    MACHINE_SENDER = "machine_sender"
    PRECEDENCE = "precedence"
    MAILING_LIST = "mailing_list"
    RESPONSE_SUPPRESSED = "response_suppressed"
    AUTORESPONDER = "autoresponder"
    FEEDBACK_ID = "feedback_id"
    BOUNCE = "bounce"
    CALENDAR_REPLY = "calendar_reply"
    AUTO_FORWARDED = "auto_forwarded"
    NO_SENDER = "no_sender"
    NOT_ADDRESSED_TO_US = "not_addressed_to_us"
    OWN_MAILBOX = "own_mailbox"
    NO_REPLY_ADDRESS = "no_reply_address"


@dataclass(frozen=True, kw_only=True)
class AutomaticSigns:
    """What the headers of a mail tell about a machine behind it."""

    auto_submitted: str = ""
    has_empty_return_path: bool = False
    sender_local_parts: tuple[str, ...] = ()
    precedence: str = ""
    response_suppress: str = ""
    has_list_header: bool = False
    has_autoresponder_header: bool = False
    has_feedback_id: bool = False
    is_bounce: bool = False
    is_calendar_reply: bool = False


def automatic_reasons(signs: AutomaticSigns) -> tuple[AutomaticReason, ...]:
    """Return every reason to send no automatic answer, in the order of the enum.

    >>> automatic_reasons(AutomaticSigns(auto_submitted="auto-replied (vacation)"))
    (<AutomaticReason.AUTO_SUBMITTED: 'auto_submitted'>,)
    >>> automatic_reasons(AutomaticSigns(auto_submitted="no"))
    ()
    """
    suppressed = {word.strip().lower() for word in signs.response_suppress.split(",")}
    machines = _MACHINE_LOCAL_PARTS.intersection(signs.sender_local_parts)
    submitted, precedence = _keyword(signs.auto_submitted), _keyword(signs.precedence)
    found = {
        AutomaticReason.AUTO_SUBMITTED: submitted not in {"", "no", _HANDED_ON},
        AutomaticReason.EMPTY_ENVELOPE_SENDER: signs.has_empty_return_path,
        AutomaticReason.MACHINE_SENDER: bool(machines),
        AutomaticReason.PRECEDENCE: precedence in _BULK_PRECEDENCES,
        AutomaticReason.MAILING_LIST: signs.has_list_header,
        AutomaticReason.RESPONSE_SUPPRESSED: bool(_SUPPRESS_WORDS & suppressed),
        AutomaticReason.AUTORESPONDER: signs.has_autoresponder_header
        or precedence in _ANSWER_PRECEDENCES,
        AutomaticReason.FEEDBACK_ID: signs.has_feedback_id,
        AutomaticReason.BOUNCE: signs.is_bounce,
        AutomaticReason.CALENDAR_REPLY: signs.is_calendar_reply,
        AutomaticReason.AUTO_FORWARDED: submitted == _HANDED_ON,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def is_out_of_office(signs: AutomaticSigns, *, subject: str) -> bool:
    """Return whether the mail is an absence notice: a machine's sign, never the subject alone."""
    if signs.is_bounce:
        return False
    if _keyword(signs.auto_submitted) == "auto-replied" or signs.has_autoresponder_header:
        return True
    reasons = automatic_reasons(signs)
    return bool(reasons) and _AWAY_SUBJECT.match(subject) is not None


def _keyword(value: str) -> str:
    """Return the first word of a header value, without its parameters and comments."""
    return re.split(r"[;(\s]", value.strip(), maxsplit=1)[0].lower()
