"""Mails on their way out: written as MIME, sent by SMTP or kept in a folder."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiosmtplib
from typing_extensions import override

from helpdesk.domain.inbound_email import OWN_MARK, Address
from helpdesk.domain.outgoing_mail import (
    AutoSubmitted,
    DeliveryFailed,
    DeliveryPostponed,
    DeliveryRefused,
    OutgoingMail,
    RecipientRefused,
)
from helpdesk.mail.dkim_signing import Sign
from helpdesk.mail.letter_layout import LOGO_ID, html_of, with_reference

MAX_HEADER_CHARACTERS = 900
MAX_REFERENCES = 20

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+")
_TEXT_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MESSAGE_ID = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_URI_UNSAFE = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_TEMPORARY_CODES = range(400, 500)
_LOGIN_REFUSED = 535


class _Identifiers(UnstructuredHeader, BaseHeader):
    """Message-IDs or addresses, one a line: the library would write a long one as encoded words.

    No mail program recognises it then (RFC 5322 section 3.6.4).
    """

    @override
    def fold(self, *, policy: "Policy[Any]") -> str:
        """Return the field with a line for each identifier."""
        return f"{self.name}: {(policy.linesep + ' ').join(self.split())}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    registry = HeaderRegistry()
    for name in ("in-reply-to", "references", "list-unsubscribe"):
        registry.map_to_type(name, _Identifiers)
    return SMTP.clone(header_factory=registry)


SMTP_POLICY = _policy()


@dataclass(frozen=True, kw_only=True)
class SmtpSettings:
    """Where mails leave: a relay, with STARTTLS and a login when it asks for them."""

    host: str
    port: int
    use_starttls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_seconds: float = 30.0


class SmtpSender:
    """Hands each mail to a relay, in a connection of its own, signed where it was asked for."""

    def __init__(self, settings: SmtpSettings, *, sign: Sign | None = None) -> None:
        self._settings = settings
        self._sign = sign

    async def send(self, mail: OutgoingMail) -> None:
        """Return once the relay took the mail; DeliveryPostponed or DeliveryRefused otherwise."""
        settings = self._settings
        relay = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            local_hostname="helpdesk",
            start_tls=settings.use_starttls,
            username=settings.username,
            password=settings.password,
            timeout=settings.timeout_seconds,
        )
        content, recipient = written(mail), ascii_address(mail.envelope_recipient)
        if self._sign is not None:
            content = await asyncio.to_thread(self._sign, content, mail.sent_at)
        with _as_delivery_failures():
            async with relay:
                await relay.sendmail(mail.envelope_sender, [recipient], content)


class FolderCatcher:
    """Keeps each mail as an .eml file in a folder and sends nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, mail: OutgoingMail) -> None:
        """Write the file whole: a reader never sees half of one, and a repeat replaces it."""
        await asyncio.to_thread(self._write, mail)

    def _write(self, mail: OutgoingMail) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w.@-]", "_", one_line(mail.message_id), flags=re.ASCII)[:150]
        stamp = mail.sent_at.strftime("%Y%m%dT%H%M%S")
        unfinished = self._folder / f".{stamp}-{name}.part"
        unfinished.write_bytes(written(mail))
        unfinished.replace(self._folder / f"{stamp}-{name}.eml")


def written(mail: OutgoingMail) -> bytes:
    """Return the bytes of a mail: plain text, the same as simple HTML, threading headers."""
    return message_of(mail).as_bytes(policy=SMTP_POLICY)


def message_of(mail: OutgoingMail) -> EmailMessage:
    """Return the MIME message; no value can add a header or a recipient of its own."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = _header_address(mail.sender)
    message["To"] = _header_address(mail.recipient)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = mail.sent_at
    if mail.reply_to:
        message["Reply-To"] = _header_address(mail.reply_to)
    for name, value in _threading(mail) + _automatic(mail) + _leaving(mail):
        message[name] = value
    text = _TEXT_CONTROLS.sub("", with_reference(mail))
    message.set_content(text, cte="quoted-printable")
    html = _TEXT_CONTROLS.sub("", html_of(mail))
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    _enclose_logo(message, mail)
    for file in mail.files:
        main, _, sub = file.content_type.partition("/")
        name = one_line(file.name)
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=name)
    # the library draws lots for the boundary; a mail sent again must be the same mail
    lot = sha256(mail.message_id.encode("utf-8", "replace")).hexdigest()[:32]
    for depth, part in enumerate(one for one in message.walk() if one.is_multipart()):
        part.set_boundary(f"=_{lot}{depth or ''}")
    message["Content-Language"] = mail.locale.value
    return message


def _enclose_logo(message: EmailMessage, mail: OutgoingMail) -> None:
    if mail.look is None or mail.look.logo is None or not mail.logo:
        return
    *_, page = message.iter_parts()
    main, _, sub = mail.look.logo.content_type.partition("/")
    page.add_related(
        mail.logo,
        maintype=main,
        subtype=sub,
        cid=f"<{LOGO_ID}>",
        disposition="inline",
        filename=f"logo.{sub}",
    )


def one_line(value: str) -> str:
    """Return the value fit for a header: one line, no control character, of bounded length."""
    return _CONTROLS.sub(" ", value).strip()[:MAX_HEADER_CHARACTERS]


def ascii_address(email: str) -> str:
    """Return the address with its domain in the letters every server takes.

    >>> ascii_address("bruno@café.example")
    'bruno@xn--caf-dma.example'
    """
    local_part, at, domain = one_line(email).rpartition("@")
    return f"{local_part}{at}{domain.encode('idna').decode('ascii')}"


def _threading(mail: OutgoingMail) -> list[tuple[str, str]]:
    headers = [("Message-ID", _bracketed(mail.message_id))]
    parents = [*mail.references, *([mail.in_reply_to] if mail.in_reply_to else [])]
    known = [_bracketed(parent) for parent in dict.fromkeys(parents) if _is_message_id(parent)]
    if mail.in_reply_to and _is_message_id(mail.in_reply_to):
        headers.append(("In-Reply-To", _bracketed(mail.in_reply_to)))
    if known:
        # the first identifier is the root of the thread, the last ones are the nearest
        kept = known[:1] + known[1:][-(MAX_REFERENCES - 1) :]
        headers.append(("References", " ".join(kept)))
    if mail.ticket_number is not None:
        headers.append(("X-Helpdesk-Ticket", str(mail.ticket_number)))
    if mail.token is not None:
        headers.append((OWN_MARK, one_line(mail.token)))
    return headers


def _automatic(mail: OutgoingMail) -> list[tuple[str, str]]:
    if not mail.is_automatic:
        return []
    is_reply = mail.auto_submitted is AutoSubmitted.AUTO_REPLIED
    return [
        ("Auto-Submitted", mail.auto_submitted.value),
        ("Precedence", "auto_reply" if is_reply else "bulk"),
        ("X-Auto-Response-Suppress", "All"),
    ]


def _leaving(mail: OutgoingMail) -> list[tuple[str, str]]:
    """Return how a mail program lets its reader leave what the mail is about, with one click."""
    addresses = [f"<{_URI_UNSAFE.sub('', one)}>" for one in mail.unsubscribe]
    if not addresses:
        return []
    headers = [("List-Unsubscribe", ", ".join(addresses))]
    if any(one.startswith("https:") for one in mail.unsubscribe):
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _is_message_id(value: str) -> bool:
    return _MESSAGE_ID.fullmatch(one_line(value)) is not None


def _bracketed(message_id: str) -> str:
    return f"<{one_line(message_id)}>"


def _header_address(address: Address) -> HeaderAddress:
    try:
        return HeaderAddress(one_line(address.name), addr_spec=ascii_address(address.email))
    except (ValueError, IndexError, MessageError) as error:
        raise DeliveryRefused("malformed address") from error


@contextmanager
def _as_delivery_failures() -> Iterator[None]:
    """Turn what the library raises into the two answers a sender needs, here and nowhere else."""
    try:
        yield
    except aiosmtplib.SMTPRecipientsRefused as error:
        first = error.recipients[0]
        failure = _failure(first.code, first.message)
        if isinstance(failure, DeliveryRefused):
            raise RecipientRefused(failure.reply) from error
        raise failure from error
    except aiosmtplib.SMTPResponseException as error:
        raise _failure(error.code, error.message) from error
    except aiosmtplib.SMTPNotSupported as error:
        raise DeliveryRefused(error.message) from error
    except ValueError as error:
        raise DeliveryRefused(str(error)) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise DeliveryPostponed(f"{type(error).__name__}: {error}") from error


def _failure(code: int, message: str) -> DeliveryFailed:
    # a refused login is a wrong setting: the mail itself is good once somebody repairs it
    if code in _TEMPORARY_CODES or code == _LOGIN_REFUSED:
        return DeliveryPostponed(f"{code} {message}")
    return DeliveryRefused(f"{code} {message}")
