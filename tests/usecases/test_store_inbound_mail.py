"""A message is stored before it is acknowledged, once for each agency that it is written to."""

from hashlib import sha256

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.inbound_email import Transport
from helpdesk.domain.inbox import InboundMailState
from helpdesk.storage.tables.mail import INBOUND_MAIL
from helpdesk.storage.tables.ticket import BLOB
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.store_inbound_mail import MailboxUnknown
from tests.factories import AGENCY_ID, MONDAY
from tests.usecases.mails import ZOES_MAILBOX, Door, a_mail
from tests.usecases.world import MAILBOX, ZOES_AGENCY, World


@pytest.fixture
def door(both_worlds: World) -> Door:
    return Door(both_worlds)


async def test_a_message_is_kept_to_the_byte_with_its_envelope(door: Door) -> None:
    raw = bytes(a_mail())

    (stored,) = await door.store_all(raw)

    assert stored.is_new is True
    assert stored.mail == await door.kept(stored.mail.id)
    assert stored.mail.agency_id == AGENCY_ID
    assert stored.mail.mailbox == MAILBOX
    assert stored.mail.transport is Transport.SMTP
    assert stored.mail.envelope_from == "bruno@bruno.example"
    assert stored.mail.envelope_to == (MAILBOX,)
    assert stored.mail.received_at == MONDAY
    assert stored.mail.raw_sha256 == sha256(raw).hexdigest()
    assert stored.mail.size == len(raw)
    assert stored.mail.state is InboundMailState.STORED
    assert stored.mail.reason is None
    assert [row["content"] for row in await door.world.rows(BLOB)] == [raw]
    assert await door.tickets() == []


async def test_the_same_bytes_twice_are_one_message(door: Door) -> None:
    await door.store(a_mail())
    before = await door.world.everything()

    (again,) = await door.store_all(a_mail())

    assert again.is_new is False
    assert await door.world.everything() == before


async def test_the_same_message_with_other_trace_headers_is_one(door: Door) -> None:
    traces = b"Return-Path: <bruno@bruno.example>\r\nReceived: from mx1\r\n by mx2; Monday\r\n"
    await door.store(b"Received: from mx9; Sunday\r\n" + bytes(a_mail()))

    (again,) = await door.store_all(traces + bytes(a_mail()))

    assert again.is_new is False
    assert len(await door.world.rows(INBOUND_MAIL)) == 1
    assert len(await door.world.rows(BLOB)) == 1


async def test_a_message_of_nothing_but_trace_headers_is_kept(door: Door) -> None:
    (stored,) = await door.store_all(b"Received: from mx1\r\n")

    assert stored.is_new is True
    assert (await door.kept(stored.mail.id)).size == 20


async def test_another_message_is_kept_beside_it(door: Door) -> None:
    await door.store(a_mail())

    (other,) = await door.store_all(a_mail("Now the shop is silent, too."))

    assert other.is_new is True
    assert len(await door.world.rows(INBOUND_MAIL)) == 2


async def test_a_mailbox_is_found_whatever_the_case_and_counts_once(door: Door) -> None:
    (stored,) = await door.store_all(
        a_mail(), recipients=("Support@ALICE.example", MAILBOX, "nobody@alice.example")
    )

    assert stored.mail.mailbox == MAILBOX
    assert stored.mail.envelope_to == ("Support@ALICE.example", MAILBOX, "nobody@alice.example")
    assert len(await door.world.rows(INBOUND_MAIL)) == 1


async def test_an_envelope_that_no_database_keeps_does_not_refuse_the_message(door: Door) -> None:
    (stored,) = await door.store_all(a_mail(), envelope_from="bru\x00no\udc80@bruno.example")

    kept = await door.kept(stored.mail.id)
    assert kept.envelope_from == "bru\ufffdno\ufffd@bruno.example"


async def test_a_message_for_nobody_is_refused(door: Door) -> None:
    async with door.world.refused(MailboxUnknown) as refusal:
        await door.store_all(a_mail(), recipients=("sales@alice.example", "it@zoe.example"))

    assert refusal.value.message(Locale.FR) == (
        "Aucune agence ne lit sales@alice.example, it@zoe.example : "
        "indiquez sa boîte (--mailbox ADRESSE)."
    )


async def test_a_mail_to_two_agencies_becomes_a_ticket_in_each(door: Door) -> None:
    stored = await door.store_all(a_mail(), recipients=(MAILBOX, ZOES_MAILBOX))

    outcomes = [
        await receive_email(door.world.desk, each.mail.agency_id, each.mail.id) for each in stored
    ]

    assert [each.is_new for each in stored] == [True, True]
    assert [each.mail.agency_id for each in stored] == [AGENCY_ID, ZOES_AGENCY]
    assert [each.mailbox for each in outcomes] == [MAILBOX, ZOES_MAILBOX]
    of_alice, of_zoe = [await door.ticket_of(outcome) for outcome in outcomes]
    assert (of_alice.agency_id, of_alice.client_id) == (AGENCY_ID, door.world.bruno.client_id)
    assert (of_zoe.agency_id, of_zoe.number) == (ZOES_AGENCY, "1")
    assert of_zoe.contract_id is None
    assert len(await door.tickets()) == 2
