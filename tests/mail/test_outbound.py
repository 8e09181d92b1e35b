"""Mails on their way out, read back as the people who receive them would."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.inbound_email import Address, ReceivedMail
from helpdesk.domain.outgoing_mail import (
    AttachedFile,
    AutoSubmitted,
    DeliveryFailed,
    DeliveryPostponed,
    DeliveryRefused,
    OutgoingMail,
    RecipientRefused,
)
from helpdesk.mail.listener import Door, MailListener
from helpdesk.mail.outbound import FolderCatcher, SmtpSender, SmtpSettings, message_of, written
from helpdesk.mail.parse import parse_email
from helpdesk.storage.documents import mail_document, mail_of
from helpdesk.testing import FrozenNow

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=1)))
MAIL = OutgoingMail(
    sender=Address("Agence Éxemple, support", "support@agence.example"),
    recipient=Address("Bruno Lefèvre", "bruno@client.example"),
    subject="Re: [#12] Site cassé",
    text="Bonjour,\n\nC'est réparé : https://client.example/a?b=1&c=2.\n.\nÀ bientôt & merci <3",
    message_id="t12.m2@agence.example",
    sent_at=NINE,
    in_reply_to="m1@client.example",
    references=("m0@client.example", "m1@client.example"),
    ticket_number=12,
)


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_reply_is_threaded_and_says_the_same_twice() -> None:
    message = read(written(MAIL))

    assert message["From"] == '"Agence Éxemple, support" <support@agence.example>'
    assert message["To"] == "Bruno Lefèvre <bruno@client.example>"
    assert message["Subject"] == "Re: [#12] Site cassé"
    assert message["Date"] == "Mon, 02 Mar 2026 09:00:00 +0100"
    assert message["Message-ID"] == "<t12.m2@agence.example>"
    assert message["In-Reply-To"] == "<m1@client.example>"
    assert message["References"] == "<m0@client.example> <m1@client.example>"
    assert message["Content-Language"] == "fr"
    assert message["Auto-Submitted"] is None
    plain, page = message.iter_parts()
    assert plain.get_content().splitlines() == MAIL.text.splitlines()
    assert '<html lang="fr" dir="ltr"' in page.get_content()
    assert (
        'C&#x27;est réparé : <a href="https://client.example/a?b=1&amp;c=2">'
        "https://client.example/a?b=1&amp;c=2</a>." in page.get_content()
    )
    assert "À bientôt &amp; merci &lt;3" in page.get_content()


def test_our_own_parser_reads_it_back() -> None:
    email = parse_email(written(MAIL))

    assert email.from_ == MAIL.sender
    assert email.to == (MAIL.recipient,)
    assert email.subject == MAIL.subject
    assert email.text == MAIL.text
    assert email.message_id == MAIL.message_id
    assert email.references == MAIL.references
    assert not email.is_automatic
    assert email.defects == ()


@pytest.mark.parametrize(
    ("auto_submitted", "precedence", "envelope_sender"),
    [
        (AutoSubmitted.AUTO_REPLIED, "auto_reply", ""),
        (AutoSubmitted.AUTO_GENERATED, "bulk", "support@agence.example"),
    ],
)
def test_an_automatic_mail_says_so_in_every_way(
    auto_submitted: AutoSubmitted, precedence: str, envelope_sender: str
) -> None:
    mail = replace(MAIL, auto_submitted=auto_submitted)

    message = read(written(mail))

    assert message["Auto-Submitted"] == auto_submitted.value
    assert message["Precedence"] == precedence
    assert message["X-Auto-Response-Suppress"] == "All"
    assert mail.envelope_sender == envelope_sender
    assert parse_email(written(mail)).is_automatic


def test_no_value_can_add_a_header_or_a_recipient() -> None:
    evil = "x\r\nBcc: victim@autre.example\n\n<script>\x00\u2028"
    mail = replace(
        MAIL,
        subject=evil,
        sender=Address(evil, "support@agence.example"),
        reply_to=Address(evil, "support@agence.example"),
        message_id=f"a{evil}@b",
        in_reply_to=evil,
        references=(evil, "m0@client.example"),
    )

    message = read(written(mail))

    assert message["Bcc"] is None
    assert message["In-Reply-To"] is None
    assert message["References"] == "<m0@client.example>"
    assert message["Subject"] == "x Bcc: victim@autre.example <script>"
    assert message["Reply-To"].addresses[0].addr_spec == "support@agence.example"
    assert len(message["To"].addresses) == 1


def test_text_that_cannot_be_sent_is_left_out() -> None:
    message = read(written(replace(MAIL, text="a\x00b\ud800c")))

    assert next(message.iter_parts()).get_content().splitlines() == ["abc"]


def test_a_long_thread_keeps_its_root_and_its_nearest_parents() -> None:
    references = tuple(f"m{number}@client.example" for number in range(60))

    message = read(written(replace(MAIL, references=references, in_reply_to=references[-1])))

    kept = message["References"].split()
    assert kept[0] == "<m0@client.example>"
    assert kept[1:] == [f"<m{number}@client.example>" for number in range(41, 60)]


def test_a_first_mail_has_no_parent() -> None:
    message = read(written(replace(MAIL, in_reply_to=None, references=(), ticket_number=None)))

    assert message["In-Reply-To"] is None
    assert message["References"] is None


def test_a_domain_with_accents_is_written_in_ascii() -> None:
    mail = replace(MAIL, recipient=Address("", "bruno@café.example"))

    assert read(written(mail))["To"] == "bruno@xn--caf-dma.example"


@pytest.mark.parametrize("email", ["", "sans arobase", "a@b@c", "bru no@x", "é@x.example", "a@-.."])
def test_an_address_nobody_can_write_to_is_refused(email: str) -> None:
    with pytest.raises(DeliveryRefused, match="malformed address"):
        written(replace(MAIL, recipient=Address("", email)))


class Relay:
    """A real server that takes mails, or refuses them as it is told."""

    def __init__(self) -> None:
        self.mails: list[ReceivedMail] = []
        self.is_down = False

    async def store(self, mail: ReceivedMail) -> None:
        if self.is_down:
            raise OSError
        self.mails.append(mail)

    async def accepts(self, address: str) -> bool:
        return not address.startswith("inconnu@")


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
async def settings(relay: Relay) -> AsyncIterator[SmtpSettings]:
    door = Door(store=relay.store, accepts=relay.accepts, now=FrozenNow(NINE))
    listener = MailListener(door)
    await listener.start()
    yield SmtpSettings(host="127.0.0.1", port=listener.port, timeout_seconds=10)
    await listener.close()


async def test_a_mail_reaches_the_relay(relay: Relay, settings: SmtpSettings) -> None:
    await SmtpSender(settings).send(MAIL)

    assert relay.mails[0].envelope_from == "support@agence.example"
    assert relay.mails[0].recipients == ("bruno@client.example",)
    assert relay.mails[0].raw.partition(b"\r\n")[2] == written(MAIL)


@pytest.mark.parametrize("bounces_to", [None, "support+b.token@agence.example"])
async def test_an_acknowledgement_leaves_with_the_null_sender(
    relay: Relay, settings: SmtpSettings, bounces_to: str | None
) -> None:
    answer = replace(MAIL, auto_submitted=AutoSubmitted.AUTO_REPLIED, bounces_to=bounces_to)

    await SmtpSender(settings).send(answer)

    assert relay.mails[0].envelope_from == ""


@pytest.mark.parametrize("kind", [AutoSubmitted.NO, AutoSubmitted.AUTO_GENERATED])
async def test_reports_about_a_mail_come_back_to_an_address_of_its_own(
    relay: Relay, settings: SmtpSettings, kind: AutoSubmitted
) -> None:
    mail = replace(MAIL, auto_submitted=kind, bounces_to="support+b.token@agence.example")

    await SmtpSender(settings).send(mail)

    assert relay.mails[0].envelope_from == "support+b.token@agence.example"
    assert b"+b.token" not in relay.mails[0].raw


async def test_an_automatic_answer_goes_to_the_envelope_of_what_it_answers(
    relay: Relay, settings: SmtpSettings
) -> None:
    answer = replace(
        MAIL, auto_submitted=AutoSubmitted.AUTO_REPLIED, answers_to="srs0=x=bruno@relay.example"
    )

    await SmtpSender(settings).send(answer)

    assert relay.mails[0].recipients == ("srs0=x=bruno@relay.example",)
    assert b"To: Bruno" in relay.mails[0].raw or b"To: =?" in relay.mails[0].raw


async def test_a_signed_mail_reaches_the_relay_as_it_was_signed(
    relay: Relay, settings: SmtpSettings
) -> None:
    def sign(raw: bytes, at: datetime) -> bytes:
        return b"DKIM-Signature: by the hour %d\r\n" % at.hour + raw

    await SmtpSender(settings, sign=sign).send(MAIL)

    signed = b"DKIM-Signature: by the hour 9\r\n" + written(MAIL)
    assert relay.mails[0].raw.partition(b"\r\n")[2] == signed


async def failure_of(settings: SmtpSettings, mail: OutgoingMail = MAIL) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        await SmtpSender(settings).send(mail)
    return failed.value


async def test_an_unknown_recipient_is_a_final_refusal(
    relay: Relay, settings: SmtpSettings
) -> None:
    failure = await failure_of(
        settings, replace(MAIL, recipient=Address("", "inconnu@client.example"))
    )

    assert isinstance(failure, RecipientRefused)
    assert failure.reply == "550 5.1.1 no such mailbox here"
    assert relay.mails == []


async def test_a_relay_in_trouble_is_worth_another_try(
    relay: Relay, settings: SmtpSettings
) -> None:
    relay.is_down = True

    failure = await failure_of(settings)

    assert isinstance(failure, DeliveryPostponed)
    assert failure.reply == "451 4.3.0 try again later"


async def test_a_relay_that_is_not_there_is_worth_another_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    failure = await failure_of(SmtpSettings(host="127.0.0.1", port=port, timeout_seconds=5))

    assert isinstance(failure, DeliveryPostponed)


@pytest.mark.parametrize(
    "changed",
    [
        lambda settings: replace(settings, use_starttls=True),
        lambda settings: replace(settings, username="a", password="b"),
    ],
)
async def test_a_setting_the_relay_does_not_know_is_worth_another_try(
    settings: SmtpSettings, changed: Callable[[SmtpSettings], SmtpSettings]
) -> None:
    assert isinstance(await failure_of(changed(settings)), DeliveryPostponed)


@pytest.mark.parametrize(
    ("code", "kind"),
    [(535, DeliveryPostponed), (454, DeliveryPostponed), (554, DeliveryRefused)],
)
async def test_a_refused_login_never_condemns_the_mail(
    code: int, kind: type[DeliveryFailed]
) -> None:
    is_over = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay\r\n")
        await reader.readline()
        writer.write(b"250-relay\r\n250 AUTH PLAIN\r\n")
        while await reader.readline():
            writer.write(f"{code} no\r\n".encode())
        writer.close()
        is_over.set()

    async with await asyncio.start_server(answer, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        failure = await failure_of(
            SmtpSettings(host="127.0.0.1", port=port, username="a", password="b")
        )
        await is_over.wait()

    assert type(failure) is kind


def test_the_password_is_never_shown() -> None:
    assert "hunter2" not in repr(SmtpSettings(host="relay", port=25, password="hunter2"))


async def test_the_catcher_keeps_whole_mails_and_a_repeat_replaces(tmp_path: Path) -> None:
    catcher = FolderCatcher(tmp_path / "caught")
    mail = replace(MAIL, message_id="../../etc/passwd@agence.example", locale=Locale.EN)

    await catcher.send(mail)
    await catcher.send(replace(mail, sent_at=NINE.astimezone(UTC)))

    files = sorted(path.name for path in (tmp_path / "caught").iterdir())
    assert files == [
        "20260302T080000-.._.._etc_passwd@agence.example.eml",
        "20260302T090000-.._.._etc_passwd@agence.example.eml",
    ]
    assert (tmp_path / "caught" / files[1]).read_bytes() == written(mail)


def test_a_file_goes_with_the_mail_and_the_same_mail_is_the_same_bytes() -> None:
    file = AttachedFile(
        "rapport été.pdf\r\nBcc: eve@example.org", "application/pdf", b"%PDF\x00\xff"
    )
    mail = replace(MAIL, files=(file,))

    message = message_of(mail)

    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == "rapport été.pdf Bcc: eve@example.org"
    assert attached.get_payload(decode=True) == b"%PDF\x00\xff"
    assert message["Bcc"] is None
    body = message.get_body(("plain",))
    assert body is not None
    assert mail.text.strip() in body.get_content().replace("\r\n", "\n")
    assert written(mail) == written(mail)
    assert mail_of(mail_document(mail)) == mail


def test_a_long_message_id_is_written_as_it_is() -> None:
    parents = tuple(f"{'a' * 120}.{number}@mail.example" for number in range(3))

    raw = written(replace(MAIL, in_reply_to=parents[-1], references=parents)).decode()

    assert f"\r\nIn-Reply-To: <{parents[-1]}>\r\n" in raw
    listed = "\r\n ".join(f"<{parent}>" for parent in parents)
    assert f"\r\nReferences: {listed}\r\n" in raw
