"""A mailbox on another server: whose it is, what is kept of it, how far it was read."""

from dataclasses import replace

import pytest

from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.inbox import MailboxPosition
from helpdesk.storage.tables.mail import INBOUND_MAIL, MAILBOX
from helpdesk.usecases.read_mailbox import MailboxShelf
from helpdesk.usecases.store_inbound_mail import MailboxUnknown
from tests.factories import MONDAY
from tests.usecases.mails import ZOES_MAILBOX, a_mail
from tests.usecases.world import MAILBOX as ALICES_MAILBOX
from tests.usecases.world import World

ACCOUNT = "support@imap.example/INBOX"
FAR = MailboxPosition(ACCOUNT, uid_validity=2**32 - 1, last_uid=2**32 - 1, looked_at=MONDAY)


@pytest.fixture
def shelf(both_worlds: World) -> MailboxShelf:
    return MailboxShelf(both_worlds.desk, ALICES_MAILBOX)


async def test_a_mailbox_that_was_never_read_has_no_position(shelf: MailboxShelf) -> None:
    assert await shelf.position(ACCOUNT) is None


async def test_how_far_it_was_read_is_kept_with_the_last_trouble(shelf: MailboxShelf) -> None:
    await shelf.remember(FAR)
    assert await shelf.position(ACCOUNT) == FAR

    await shelf.remember(replace(FAR, last_uid=4, last_error="away\0 for a \ud800 while"))

    kept = await shelf.position(ACCOUNT)
    assert kept is not None
    assert kept.last_uid == 4
    assert kept.last_error is not None
    assert kept.last_error.startswith("away")


async def test_the_mailboxes_of_two_agencies_are_read_apart(
    shelf: MailboxShelf, both_worlds: World
) -> None:
    zoes = MailboxShelf(both_worlds.desk, ZOES_MAILBOX)
    await shelf.remember(FAR)

    assert await zoes.position(ACCOUNT) is None
    assert await zoes.recipient() == ZOES_MAILBOX


async def test_what_is_in_it_is_stored_for_its_agency(
    shelf: MailboxShelf, both_worlds: World
) -> None:
    mail = ReceivedMail(
        transport=Transport.IMAP,
        envelope_from="bruno@bruno.example",
        recipients=(await shelf.recipient(),),
        raw=bytes(a_mail()),
        received_at=shelf.now(),
    )

    await shelf.store(mail)
    await shelf.store(mail)

    (row,) = await both_worlds.rows(INBOUND_MAIL)
    assert (row["transport"], row["mailbox"]) == ("imap", ALICES_MAILBOX)


@pytest.mark.parametrize("address", ["nobody@nowhere.example", ""])
async def test_a_mailbox_of_no_agency_keeps_nothing(both_worlds: World, address: str) -> None:
    shelf = MailboxShelf(both_worlds.desk, address)

    with pytest.raises(MailboxUnknown):
        await shelf.remember(FAR)

    assert await both_worlds.rows(MAILBOX) == []
