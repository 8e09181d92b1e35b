"""The listening door: stored first, acknowledged after, nothing told of our troubles."""

import asyncio
import smtplib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.mail.listener import MAX_MAIL_BYTES, Door, MailListener
from helpdesk.testing import FrozenNow
from helpdesk.usecases.store_inbound_mail import PartlyStored
from tests.mail.mails import a_mail

T = TypeVar("T")
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SUPPORT = "support@agence.example"
MAIL = a_mail().replace(b"\n", b"\r\n")


class Shelf:
    """Keeps what the listener hands over, or fails as a database would."""

    def __init__(self) -> None:
        self.mails: list[ReceivedMail] = []
        self.failure: Exception | None = None
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def store(self, mail: ReceivedMail) -> None:
        await self.may_end.wait()
        if self.failure:
            raise self.failure
        self.mails.append(mail)


async def accepts(address: str) -> bool:
    if address.startswith("panne@"):
        raise RuntimeError("password=hunter2")
    return address.endswith("@agence.example")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def a_door(shelf: Shelf) -> Door:
    return Door(store=shelf.store, accepts=accepts, now=FrozenNow(NINE))


async def opened(door: Door, transport: Transport) -> MailListener:
    listener = MailListener(door, transport=transport)
    await listener.start()
    return listener


@pytest.fixture
async def smtp(shelf: Shelf) -> AsyncIterator[MailListener]:
    listener = await opened(a_door(shelf), Transport.SMTP)
    yield listener
    await listener.close()


@pytest.fixture
async def lmtp(shelf: Shelf) -> AsyncIterator[MailListener]:
    listener = await opened(a_door(shelf), Transport.LMTP)
    yield listener
    await listener.close()


async def talk(door: MailListener, say: Callable[[smtplib.SMTP], T]) -> T:
    """Say something to the door from a thread, as a real mail server would."""

    def conversation() -> T:
        kind = smtplib.LMTP if door.transport is Transport.LMTP else smtplib.SMTP
        with kind("127.0.0.1", door.port, local_hostname="client", timeout=30) as client:
            client.ehlo_or_helo_if_needed()
            return say(client)

    return await asyncio.to_thread(conversation)


async def until_storing(door: MailListener) -> None:
    """Wait until the door holds a mail that it stores."""
    while not door.is_storing:  # noqa: ASYNC110 - a sender in a thread makes it happen
        await asyncio.sleep(0.01)


def as_sent(mail: ReceivedMail) -> bytes:
    """Return the mail without the line that the door writes on top of it."""
    ours, _, sent = mail.raw.partition(b"\r\n")
    assert ours.startswith(b"Received: from client ([127.0.0.1]) by helpdesk with ")
    return sent


def reply_to_data(client: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
    client.mail("bruno@client.example")
    client.rcpt(SUPPORT)
    return client.data(content)


async def test_a_mail_is_stored_with_its_envelope_before_it_is_acknowledged(
    smtp: MailListener, shelf: Shelf
) -> None:
    code, text = await talk(smtp, lambda client: reply_to_data(client, MAIL))

    assert (code, text) == (250, b"2.0.0 stored")
    assert [replace(mail, raw=as_sent(mail)) for mail in shelf.mails] == [
        ReceivedMail(
            transport=Transport.SMTP,
            envelope_from="bruno@client.example",
            recipients=(SUPPORT,),
            raw=MAIL,
            received_at=NINE,
            peer="127.0.0.1",
        )
    ]


async def test_the_sender_waits_for_the_store(smtp: MailListener, shelf: Shelf) -> None:
    shelf.may_end.clear()
    sending = asyncio.create_task(talk(smtp, lambda client: reply_to_data(client, MAIL)))
    await asyncio.sleep(0.1)

    assert not sending.done()

    shelf.may_end.set()
    assert (await sending)[0] == 250


async def test_a_store_that_fails_is_a_temporary_trouble_without_a_reason(
    smtp: MailListener, shelf: Shelf
) -> None:
    shelf.failure = RuntimeError("db down: password=hunter2")

    reply = await talk(smtp, lambda client: reply_to_data(client, MAIL))

    assert reply == (451, b"4.3.0 try again later")
    assert shelf.mails == []


async def test_trouble_with_the_recipients_is_temporary_too(smtp: MailListener) -> None:
    def say(client: smtplib.SMTP) -> tuple[int, bytes]:
        client.mail("bruno@client.example")
        return client.rcpt("panne@agence.example")

    assert await talk(smtp, say) == (451, b"4.3.0 try again later")


async def test_a_stranger_mailbox_is_refused(smtp: MailListener, shelf: Shelf) -> None:
    def say(client: smtplib.SMTP) -> tuple[int, bytes]:
        client.mail("bruno@client.example")
        return client.rcpt("someone@elsewhere.example")

    assert await talk(smtp, say) == (550, b"5.1.1 no such mailbox here")
    assert shelf.mails == []


async def test_the_null_sender_of_a_bounce_is_an_empty_envelope(
    smtp: MailListener, shelf: Shelf
) -> None:
    await talk(smtp, lambda client: client.sendmail("", [SUPPORT], MAIL))

    assert shelf.mails[0].envelope_from == ""


async def test_the_size_is_advertised_and_a_larger_mail_refused_at_once(
    smtp: MailListener,
) -> None:
    def say(client: smtplib.SMTP) -> tuple[str, int]:
        code, _ = client.mail("bruno@client.example", ["SIZE=40000000"])
        return client.esmtp_features["size"], code

    assert await talk(smtp, say) == (str(MAX_MAIL_BYTES), 552)


async def test_forty_megabytes_that_hid_their_size_are_refused(
    smtp: MailListener, shelf: Shelf
) -> None:
    line = b"x" * 998 + b"\r\n"

    code, _ = await talk(smtp, lambda client: reply_to_data(client, line * 40_000))
    after, _ = await talk(smtp, lambda client: reply_to_data(client, MAIL))

    assert code == 552
    assert after == 250
    assert len(shelf.mails) == 1


async def test_a_flood_beyond_twice_the_cap_is_hung_up_on(shelf: Shelf) -> None:
    smtp = await opened(replace(a_door(shelf), max_mail_bytes=10_000), Transport.SMTP)

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        await talk(smtp, lambda client: reply_to_data(client, b"x" * 10_000_000))

    assert shelf.mails == []
    await smtp.close()


async def test_lines_of_any_length_and_dots_arrive_as_they_were(
    smtp: MailListener, shelf: Shelf
) -> None:
    content = b"Subject: x\r\n\r\n" + b"y" * 200_000 + b"\r\n.\r\n..\r\n.end\r\nphrase.\r\n"

    await talk(smtp, lambda client: reply_to_data(client, content))

    assert as_sent(shelf.mails[0]) == content


async def test_a_bare_line_feed_smuggles_no_second_mail(smtp: MailListener, shelf: Shelf) -> None:
    wire = b"a\n.\nMAIL FROM:<evil@autre.example>\n\r\n.\r\nQUIT\r\n"

    def say(client: smtplib.SMTP) -> None:
        client.mail("bruno@client.example")
        client.rcpt(SUPPORT)
        client.docmd("DATA")
        client.send(wire)
        client.getreply()

    await talk(smtp, say)

    assert [as_sent(mail) for mail in shelf.mails] == [
        b"a\n.\nMAIL FROM:<evil@autre.example>\n\r\n"
    ]


async def test_pipelined_mails_are_two_mails(smtp: MailListener, shelf: Shelf) -> None:
    envelope = b"MAIL FROM:<b@client.example>\r\nRCPT TO:<support@agence.example>\r\nDATA\r\n"

    def say(client: smtplib.SMTP) -> None:
        client.send(envelope + b".un\r\n.\r\n" + envelope + b".\r\nQUIT\r\n")
        for _ in range(8):
            client.getreply()

    await talk(smtp, say)

    assert [as_sent(mail) for mail in shelf.mails] == [b"un\r\n", b""]


async def test_data_needs_a_recipient_and_takes_no_argument(smtp: MailListener) -> None:
    def say(client: smtplib.SMTP) -> list[int]:
        client.mail("bruno@client.example")
        early, _ = client.docmd("DATA")
        client.rcpt(SUPPORT)
        return [early, client.docmd("DATA", "now")[0]]

    assert await talk(smtp, say) == [503, 501]


async def test_data_before_hello_is_refused(smtp: MailListener) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", smtp.port)
    await reader.readline()

    writer.write(b"DATA\r\n")
    reply = await reader.readline()

    assert reply.startswith(b"503")
    writer.close()
    await writer.wait_closed()


async def test_lmtp_answers_once_for_each_recipient(lmtp: MailListener, shelf: Shelf) -> None:
    def say(client: smtplib.SMTP) -> list[tuple[int, bytes]]:
        client.mail("bruno@client.example")
        client.rcpt(SUPPORT)
        client.rcpt("urgence@agence.example")
        return [client.data(MAIL), client.getreply()]

    assert await talk(lmtp, say) == [(250, b"2.0.0 stored")] * 2
    assert [mail.recipients for mail in shelf.mails] == [(SUPPORT, "urgence@agence.example")]
    assert shelf.mails[0].transport is Transport.LMTP


async def test_lmtp_refuses_too_much_once_for_each_recipient(shelf: Shelf) -> None:
    lmtp = await opened(replace(a_door(shelf), max_mail_bytes=1_000), Transport.LMTP)

    def say(client: smtplib.SMTP) -> list[int]:
        client.mail("bruno@client.example")
        client.rcpt(SUPPORT)
        client.rcpt("urgence@agence.example")
        return [client.data(b"x" * 1_500)[0], client.getreply()[0]]

    assert await talk(lmtp, say) == [552, 552]
    await lmtp.close()


async def test_lmtp_says_for_each_recipient_whether_his_agency_has_the_mail(
    lmtp: MailListener, shelf: Shelf
) -> None:
    shelf.failure = PartlyStored(frozenset({SUPPORT}))

    def say(client: smtplib.SMTP) -> list[int]:
        client.mail("bruno@client.example")
        rcpts = [
            client.rcpt(one)[0]
            for one in (SUPPORT, "someone@elsewhere.example", "urgence@agence.example")
        ]
        return [*rcpts, client.data(MAIL)[0], client.getreply()[0]]

    assert await talk(lmtp, say) == [250, 550, 250, 250, 451]


async def test_in_smtp_one_agency_in_trouble_has_the_mail_sent_again(
    smtp: MailListener, shelf: Shelf
) -> None:
    shelf.failure = PartlyStored(frozenset({SUPPORT}))

    def say(client: smtplib.SMTP) -> int:
        client.mail("bruno@client.example")
        client.rcpt(SUPPORT)
        client.rcpt("urgence@agence.example")
        return client.data(MAIL)[0]

    assert await talk(smtp, say) == 451


async def test_recipients_beyond_the_limit_are_for_another_mail(shelf: Shelf) -> None:
    smtp = await opened(replace(a_door(shelf), max_recipients=2), Transport.SMTP)

    def say(client: smtplib.SMTP) -> list[int]:
        client.mail("bruno@client.example")
        rcpts = [client.rcpt(f"{name}@agence.example")[0] for name in "abc"]
        return [*rcpts, client.data(MAIL)[0]]

    assert await talk(smtp, say) == [250, 250, 452, 250]
    assert shelf.mails[0].recipients == ("a@agence.example", "b@agence.example")
    await smtp.close()


async def test_a_mail_that_there_is_no_room_for_is_asked_to_come_back(shelf: Shelf) -> None:
    smtp = await opened(replace(a_door(shelf), max_held_bytes=10_000), Transport.SMTP)
    shelf.may_end.clear()
    first = asyncio.create_task(
        talk(smtp, lambda client: reply_to_data(client, b"x" * 9_000 + b"\r\n"))
    )
    await until_storing(smtp)

    second, _ = await talk(smtp, lambda client: reply_to_data(client, b"y" * 9_000))
    shelf.may_end.set()
    third, _ = await talk(smtp, lambda client: reply_to_data(client, b"z" * 900))

    assert [(await first)[0], second, third] == [250, 452, 250]
    assert [mail.raw[-4:-2] for mail in shelf.mails] == [b"xx", b"zz"]
    await smtp.close()


async def test_lmtp_without_room_says_so_once_for_each_recipient(shelf: Shelf) -> None:
    lmtp = await opened(replace(a_door(shelf), max_held_bytes=10), Transport.LMTP)

    def say(client: smtplib.SMTP) -> list[int]:
        client.mail("bruno@client.example")
        client.rcpt(SUPPORT)
        client.rcpt("urgence@agence.example")
        return [client.data(MAIL)[0], client.getreply()[0]]

    assert await talk(lmtp, say) == [452, 452]
    await lmtp.close()


async def test_a_sender_that_drips_is_hung_up_on(shelf: Shelf) -> None:
    smtp = await opened(replace(a_door(shelf), data_seconds=0.3), Transport.SMTP)
    reader, writer = await asyncio.open_connection("127.0.0.1", smtp.port)
    writer.write(
        b"EHLO client\r\nMAIL FROM:<b@client.example>\r\nRCPT TO:<support@agence.example>\r\n"
        b"DATA\r\nMAIL FROM:<evil@client.example>\r\n"
    )
    await reader.readuntil(b"354 ")

    rest = await reader.read()

    assert b"250" not in rest
    assert shelf.mails == []
    writer.close()
    await smtp.close()


async def test_who_only_makes_noise_is_sent_away(smtp: MailListener) -> None:
    def say(client: smtplib.SMTP) -> list[int]:
        return [client.noop()[0] for _ in range(101)]

    codes = await talk(smtp, say)

    assert codes == [250] * 100 + [421]


async def test_what_the_door_can_do_is_told(smtp: MailListener) -> None:
    def say(client: smtplib.SMTP) -> set[str]:
        return set(client.esmtp_features)

    told = await talk(smtp, say)

    assert told >= {"size", "8bitmime", "smtputf8", "pipelining", "help"}
    assert "auth" not in told


async def test_addresses_in_any_script_arrive_as_they_are(smtp: MailListener, shelf: Shelf) -> None:
    def say(client: smtplib.SMTP) -> object:
        return client.sendmail(
            "zoé@client.example", ["équipe@agence.example"], MAIL, mail_options=["SMTPUTF8"]
        )

    assert await talk(smtp, say) == {}
    assert shelf.mails[0].envelope_from == "zoé@client.example"
    assert shelf.mails[0].recipients == ("équipe@agence.example",)


async def test_bytes_that_are_no_text_arrive_as_they_are(smtp: MailListener, shelf: Shelf) -> None:
    content = b"Subject: \xff\xfe\r\n\r\n\x00\x80 a \r b\r\n"

    await talk(smtp, lambda client: reply_to_data(client, content))

    assert shelf.mails[0].raw.endswith(content)


async def test_fifty_senders_at_once_are_all_served(smtp: MailListener, shelf: Shelf) -> None:
    codes = await asyncio.gather(
        *(talk(smtp, lambda client: reply_to_data(client, MAIL)[0]) for _ in range(50))
    )

    assert codes == [250] * 50
    assert len(shelf.mails) == 50


async def test_one_connection_too_many_is_asked_to_come_back(shelf: Shelf) -> None:
    smtp = await opened(replace(a_door(shelf), max_connections=0), Transport.SMTP)

    reader, writer = await asyncio.open_connection("127.0.0.1", smtp.port)

    assert (await reader.read()).startswith(b"421 4.3.2")
    writer.close()
    await writer.wait_closed()
    await smtp.close()


async def test_a_sender_who_hangs_up_does_not_undo_the_store(
    smtp: MailListener, shelf: Shelf
) -> None:
    shelf.may_end.clear()
    reader, writer = await asyncio.open_connection("127.0.0.1", smtp.port)
    writer.write(
        b"EHLO client\r\nMAIL FROM:<b@client.example>\r\nRCPT TO:<support@agence.example>\r\n"
        b"DATA\r\nbonjour\r\n.\r\n"
    )
    await reader.readuntil(b"354 ")
    await asyncio.sleep(0.1)

    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.1)
    shelf.may_end.set()
    await smtp.close()

    assert [as_sent(mail) for mail in shelf.mails] == [b"bonjour\r\n"]


async def test_a_sender_who_hangs_up_in_the_middle_leaves_nothing(
    smtp: MailListener, shelf: Shelf
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", smtp.port)
    writer.write(
        b"EHLO client\r\nMAIL FROM:<b@client.example>\r\nRCPT TO:<support@agence.example>\r\n"
        b"DATA\r\nbonjour"
    )
    await reader.readuntil(b"354 ")

    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.1)

    assert shelf.mails == []


async def test_a_closed_door_is_closed(shelf: Shelf) -> None:
    listener = await opened(a_door(shelf), Transport.SMTP)
    port = listener.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.readline()

    await listener.close()
    await listener.close()

    assert await reader.read() == b""
    with pytest.raises(OSError, match=r"."):
        await asyncio.to_thread(socket.create_connection, ("127.0.0.1", port), 1)
    writer.close()
    await writer.wait_closed()


def test_before_the_start_the_port_is_the_one_asked_for(shelf: Shelf) -> None:
    assert MailListener(a_door(shelf), port=2525).port == 2525
