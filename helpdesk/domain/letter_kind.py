"""Every kind of letter that the engine writes, and how its text is divided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LetterValue = str | int | bool | Sequence[Mapping[str, str]]
"""What a variable of a letter stands for: words in the reader's language, a count, yes or no, or
the lines of a list."""


class LetterKind(StrEnum):
    """What a letter is about; each kind has a template in every language."""

    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    AGENT_REPLY = "AGENT_REPLY"
    BATCH_OPENED = "BATCH_OPENED"
    DELIVERY_POSTPONED = "DELIVERY_POSTPONED"
    QUOTE_SENT = "QUOTE_SENT"
    CRITICAL_INCIDENT = "CRITICAL_INCIDENT"
    ALERT_TO_CLIENT = "ALERT_TO_CLIENT"
    ALERT_TO_AGENT = "ALERT_TO_AGENT"
    MAIL_LOOP = "MAIL_LOOP"
    ORDERS_REFUSED = "ORDERS_REFUSED"
    ADDRESS_UNREACHED = "ADDRESS_UNREACHED"
    MAILBOX_UNREAD = "MAILBOX_UNREAD"
    MAILS_WAITING = "MAILS_WAITING"
    RETAINER_USED = "RETAINER_USED"
    PACK_EXPIRES = "PACK_EXPIRES"
    NOTICE_REMINDER = "NOTICE_REMINDER"
    RENEWAL_INFORMATION = "RENEWAL_INFORMATION"
    PRICE_ANNOUNCEMENT = "PRICE_ANNOUNCEMENT"
    CREDIT_NOTE_ISSUED = "CREDIT_NOTE_ISSUED"
    PENALTY_STATEMENT_ISSUED = "PENALTY_STATEMENT_ISSUED"
    CREDITS_WAITING = "CREDITS_WAITING"
    OWED_AT_END = "OWED_AT_END"
    REPORT_PUBLISHED = "REPORT_PUBLISHED"
    QUESTION_ASKED = "QUESTION_ASKED"
    REQUEST_DELIVERED = "REQUEST_DELIVERED"
    REQUEST_RESOLVED = "REQUEST_RESOLVED"
    REQUEST_CLOSED = "REQUEST_CLOSED"
    REQUEST_REOPENED = "REQUEST_REOPENED"
    REQUEST_CANCELLED = "REQUEST_CANCELLED"
    REQUEST_MERGED = "REQUEST_MERGED"
    REQUEST_OPENED = "REQUEST_OPENED"
    AGENT_NEWS = "AGENT_NEWS"
    DIGEST = "DIGEST"


class PassageKind(StrEnum):
    """What lines of a letter are, where HTML shows them otherwise than the text of the agency."""

    PROSE = "PROSE"
    LINK = "LINK"
    FOOTER = "FOOTER"


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines `[first, end)` of a letter's text, counted from 0.

    PROSE is what a person wrote, shown as it is; LINK a line of ours that ends with an address to
    follow; FOOTER is why the reader gets the letter.
    """

    kind: PassageKind
    first: int
    end: int
