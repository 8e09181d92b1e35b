"""A mail that arrived: what it says, which ticket it answers, whether a machine sent it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from helpdesk.domain.automatic_mail import AutomaticReason
from helpdesk.domain.errors import Locale
from helpdesk.domain.mail_trust import AuthFinding
from helpdesk.domain.undelivered import RecipientReport

MAX_THREAD_CANDIDATES = 50
OWN_MARK = "X-Helpdesk-Ref"
"""The header that every mail of ours carries: one that comes in with it went round in a circle."""

SUBJECT_WORDS = 8
SUBJECT_LENGTH = 80

_TICKET_NUMBER = re.compile(r"\[#(\d{1,9})\]")
_NO_REPLY = re.compile(
    r"(?:[^@]{0,64}[._+-])?(?:(?:no|not?|do[._-]?not|dont)[._-]?(?:reply|respond|answer)"
    r"|ne[._-]?pas[._-]?repondre|(?:nicht|keine)[._-]?antwort(?:en)?|no[._-]?responder"
    r"|non[._-]?rispondere|nao[._-]?responda)(?:[._+-][^@]{0,64})?@"
)
_FILENAMES = {
    "message/rfc822": "message.eml",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "read-receipt.txt",
    "message/global-delivery-status": "delivery-status.txt",
    "text/plain": "text.txt",
    "text/calendar": "invitation.ics",
    "text/rfc822-headers": "headers.txt",
    "application/octet-stream": "file.bin",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "version.txt",
    "application/ms-tnef": "winmail.dat",
    "application/vnd.ms-tnef": "winmail.dat",
}
_EXTENSIONS = {
    "jpeg": "jpg",
    "pjpeg": "jpg",
    "tiff": "tif",
    "quicktime": "mov",
    "html": "html",
    "msword": "doc",
    "vnd.ms-excel": "xls",
    "vnd.ms-powerpoint": "ppt",
    "vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "vnd.oasis.opendocument.text": "odt",
    "vnd.oasis.opendocument.spreadsheet": "ods",
    "zip-compressed": "zip",
    "vcard": "vcf",
    "pkcs7-signature": "p7s",
    "pkcs7-mime": "p7m",
    "pgp-keys": "asc",
    "octet-stream": "bin",
}
_NO_SUBJECT = {Locale.FR: "(sans objet)", Locale.EN: "(no subject)"}


class Transport(StrEnum):
    """The way a mail came in."""

    SMTP = "smtp"
    LMTP = "lmtp"
    PIPE = "pipe"
    HTTP = "http"
    IMAP = "imap"


@dataclass(frozen=True, kw_only=True)
class ReceivedMail:
    """The bytes of a mail with its envelope, as a transport hands them over to be stored.

    An empty `envelope_from` is the null sender of bounces and automatic replies. `peer` is the
    address of the machine that handed it over by SMTP, None for other transports.
    """

    transport: Transport
    envelope_from: str
    recipients: tuple[str, ...]
    raw: bytes
    received_at: datetime
    peer: str | None = None


@dataclass(frozen=True)
class Address:
    """A name, which may be empty, and an e-mail address; the sender chose both."""

    name: str
    email: str

    @property
    def local_part(self) -> str:
        """Return what stands before the last @, in lower case; all of it without one."""
        return (self.email.rpartition("@")[0] or self.email).lower()

    def is_same_as(self, other: "Address") -> bool:
        """Return whether both name the same box; upper and lower case are one."""
        return self.email.lower() == other.email.lower()


@dataclass(frozen=True, kw_only=True)
class InboundAttachment:
    """A file of a mail; `filename` is a label for people, ours when the sender gave no name."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    sha256: str
    is_named: bool = True
    is_inline: bool = False
    content_id: str | None = None

    @property
    def size(self) -> int:
        """Return the number of bytes once decoded."""
        return len(self.content)


class Defect(StrEnum):
    """What was wrong with a mail, or which limit cut it; the raw mail keeps everything."""

    NO_SENDER = "no_sender"
    SEVERAL_SENDERS = "several_senders"
    MALFORMED_SENDER = "malformed_sender"
    BAD_DATE = "bad_date"
    BROKEN_HEADERS = "broken_headers"
    HEADER_CUT = "header_cut"
    MISSING_BOUNDARY = "missing_boundary"
    BROKEN_ENCODING = "broken_encoding"
    UNKNOWN_CHARSET = "unknown_charset"
    UNSTORABLE_TEXT = "unstorable_text"
    MAIL_TOO_LARGE = "mail_too_large"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_DEEP = "too_deep"
    TEXT_CUT = "text_cut"
    HTML_CUT = "html_cut"
    ENCRYPTED = "encrypted"
    SIGNATURE_UNOPENED = "signature_unopened"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class ForwardedMail:
    """The mail that somebody passed on, as he shows it: nobody signed it, anybody can write it.

    `sender` is None when no address can be read; a date without a time zone is taken to be in the
    forwarder's. `text` is what the original said, `own_words` what the forwarder wrote above it.
    `is_attached` tells an original that came whole, as a file, from one retold in the text.
    """

    sender: Address | None
    sent_at: datetime | None = None
    subject: str = ""
    text: str = ""
    own_words: str = ""
    is_attached: bool = False


@dataclass(frozen=True, kw_only=True)
class InboundEmail:
    """A parsed mail: strings that any database stores, and facts that the rules read.

    Identifiers carry no angle brackets. `own_marks` are the values of the header that only our
    own mails have. `text` is everything the person sent, `reply_text` the
    part of it that is new; a view, so nothing is lost when it guesses wrong. `list_address` is the
    mailing list that put its own address into From; `from_` is then the author that it names.
    """

    from_: Address | None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    sent_at: datetime | None = None
    text: str = ""
    reply_text: str = ""
    html: str | None = None
    attachments: tuple[InboundAttachment, ...] = ()
    automatic_reasons: tuple[AutomaticReason, ...] = ()
    is_out_of_office: bool = False
    is_bounce: bool = False
    bounce_recipients: tuple[str, ...] = ()
    is_bounce_permanent: bool = False
    reports: tuple[RecipientReport, ...] = ()
    returned_ids: tuple[str, ...] = ()
    forwarded: ForwardedMail | None = None
    list_address: Address | None = None
    received_count: int = 0
    authentication: tuple[AuthFinding, ...] = ()
    own_marks: tuple[str, ...] = ()
    defects: tuple[Defect, ...] = ()

    @property
    def forwarded_from(self) -> Address | None:
        """Return who wrote the mail that was passed on, None when none was or nobody is named."""
        return self.forwarded.sender if self.forwarded else None

    @property
    def is_automatic(self) -> bool:
        """Return whether no automatic answer may be sent to this mail."""
        return bool(self.automatic_reasons)

    @property
    def is_answer(self) -> bool:
        """Return whether it answers another mail."""
        return bool(self.in_reply_to or self.references)

    @property
    def may_reopen(self) -> bool:
        """Return whether a person wrote it; an absence notice or a bounce reopens nothing."""
        is_calendar_reply = AutomaticReason.CALENDAR_REPLY in self.automatic_reasons
        return not (self.is_bounce or self.is_out_of_office or is_calendar_reply)

    @property
    def has_doubtful_sender(self) -> bool:
        """Return whether From is absent, double or malformed, so that it grants nothing."""
        doubts = {Defect.NO_SENDER, Defect.SEVERAL_SENDERS, Defect.MALFORMED_SENDER}
        return bool(doubts.intersection(self.defects))


def filename_for(content_type: str) -> str:
    """Return what to call a file that came without a name.

    >>> filename_for("image/png"), filename_for("message/rfc822")
    ('image.png', 'message.eml')
    """
    kind, _, subtype = content_type.partition("/")
    plain = subtype.removeprefix("x-")
    extension = _EXTENSIONS.get(plain) or re.sub(r"[^a-z0-9].*$", "", plain)[:10] or "bin"
    return _FILENAMES.get(content_type, f"{kind or 'file'}.{extension}")


def reasons_not_to_answer(
    email: InboundEmail, *, envelope_from: str, own_addresses: frozenset[str]
) -> tuple[AutomaticReason, ...]:
    """Return why no automatic answer is sent, with what only the delivery knows.

    `own_addresses` are the mailboxes of the agency, in lower case; an empty `envelope_from` is
    the null sender. A mail that names none of our mailboxes was blind copied: it is kept, and
    not answered.
    """
    named = {_without_plus(address.email) for address in email.to + email.cc}
    senders = {envelope_from.lower(), "" if email.from_ is None else email.from_.email.lower()}
    mailboxes = {_without_plus(sender) for sender in senders}
    found = {
        AutomaticReason.EMPTY_ENVELOPE_SENDER: not envelope_from,
        AutomaticReason.NO_SENDER: email.from_ is None,
        AutomaticReason.NOT_ADDRESSED_TO_US: named.isdisjoint(own_addresses),
        AutomaticReason.OWN_MAILBOX: not mailboxes.isdisjoint(own_addresses),
        AutomaticReason.NO_REPLY_ADDRESS: any(_NO_REPLY.match(sender) for sender in senders),
    }
    added = (reason for reason, holds in found.items() if holds)
    return tuple(dict.fromkeys((*email.automatic_reasons, *added)))


def thread_candidates(email: InboundEmail) -> tuple[str, ...]:
    """Return the Message-IDs this mail may answer, best first, at most fifty.

    In-Reply-To stands first, then References from right to left: the nearest ancestor is the
    surest. A hit gives no right by itself, anybody can write an identifier.

    >>> email = InboundEmail(from_=None, in_reply_to="c@x", references=("a@x", "b@x", "c@x"))
    >>> thread_candidates(email)
    ('c@x', 'b@x', 'a@x')
    """
    unique = dict.fromkeys(_nearest_ancestors(email))
    return tuple(unique)[:MAX_THREAD_CANDIDATES]


def ticket_number_in(subject: str) -> int | None:
    """Return the ticket number a subject names, or None; numbers are guessable, so no proof.

    >>> ticket_number_in("Re: [#123] Le formulaire de contact est muet")
    123
    """
    found = _TICKET_NUMBER.search(subject)
    return int(found[1]) if found else None


def without_ticket_numbers(subject: str) -> str:
    """Return a subject without the tickets that it names: of one that begins a new ticket.

    >>> without_ticket_numbers("Re: [#123] Le formulaire est muet")
    'Re: Le formulaire est muet'
    """
    return " ".join(_TICKET_NUMBER.sub(" ", subject).split())


def subject_of(email: InboundEmail, *, locale: Locale) -> str:
    """Return the subject, else the first words of the text, else that there is none.

    >>> subject_of(InboundEmail(from_=None, text="Bonjour, le site est lent."), locale=Locale.FR)
    'Bonjour, le site est lent.'
    >>> subject_of(InboundEmail(from_=None), locale=Locale.FR)
    '(sans objet)'
    """
    if email.subject.strip():
        return email.subject.strip()
    words = (email.reply_text or email.text)[: SUBJECT_LENGTH * 4].split()
    shown = " ".join(words[:SUBJECT_WORDS])[:SUBJECT_LENGTH]
    if not shown:
        return _NO_SUBJECT[locale]
    return f"{shown}…" if len(words) > SUBJECT_WORDS else shown


def _without_plus(address: str) -> str:
    return re.sub(r"\+[^@]*(?=@)", "", address.lower())


def _nearest_ancestors(email: InboundEmail) -> Iterator[str]:
    if email.in_reply_to:
        yield email.in_reply_to
    yield from reversed(email.references)
