"""A mail the engine sends to one person, before it is written as bytes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.domain.errors import Locale
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.letter_kind import Passage
from helpdesk.domain.mail_look import MailLook


class DeliveryFailed(Exception):
    """A mail did not leave; `reply` is what the server said, for the people who run the engine."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


class DeliveryPostponed(DeliveryFailed):
    """The trouble may pass: the same mail is worth another try."""


class DeliveryRefused(DeliveryFailed):
    """The refusal is final: the same mail would be refused again."""


class RecipientRefused(DeliveryRefused):
    """The server takes our mails, and this recipient it refuses for good."""


class AutoSubmitted(StrEnum):
    """Who wrote a mail: a person, an automatic answer, or the engine by itself (RFC 3834)."""

    NO = "no"
    AUTO_REPLIED = "auto-replied"
    AUTO_GENERATED = "auto-generated"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that goes with a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class OutgoingMail:
    """A mail to one recipient; identifiers carry no angle brackets, `sent_at` becomes the Date.

    `token` marks it as ours; of a mail about a ticket it stands in the text too, so that an answer
    whose headers were lost finds its ticket. `bounces_to` is where reports about this mail go, None
    when they go to its sender. An automatic answer goes to the envelope of what it answers,
    `answers_to`, whatever its author calls himself (RFC 3834 section 4). `unsubscribe` are the
    addresses, https: and mailto:, by which its reader leaves what it is about (RFC 2369, RFC 8058).
    `passages` are the lines of the text that HTML shows otherwise; `look` is that of the agency,
    the usual one when None, and `logo` the picture itself.
    """

    sender: Address
    recipient: Address
    subject: str
    text: str
    message_id: str
    sent_at: datetime
    locale: Locale = Locale.FR
    ticket_number: int | None = None
    reply_to: Address | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto_submitted: AutoSubmitted = AutoSubmitted.NO
    files: tuple[AttachedFile, ...] = ()
    token: str | None = None
    unsubscribe: tuple[str, ...] = ()
    bounces_to: str | None = None
    answers_to: str | None = None
    passages: tuple[Passage, ...] = ()
    look: MailLook | None = None
    logo: bytes = b""

    @property
    def is_automatic(self) -> bool:
        """Return whether no person wrote it."""
        return self.auto_submitted is not AutoSubmitted.NO

    @property
    def envelope_sender(self) -> str:
        """Return where bounces go; nowhere for an automatic answer, so that it cannot loop."""
        if self.auto_submitted is AutoSubmitted.AUTO_REPLIED:
            return ""
        return self.bounces_to or self.sender.email

    @property
    def envelope_recipient(self) -> str:
        """Return whom the mail is handed to."""
        return self.answers_to or self.recipient.email
