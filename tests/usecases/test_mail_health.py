"""How the ways in and out of the mails do: what waits, since when, and what stands in the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.domain.access import AgencyOnly, Scope, ScopeMissing
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.inbox import InboundMailReason, InboundMailState, MailboxPosition
from helpdesk.domain.mail_health import (
    LATE_AFTER,
    TOLD_AFTER,
    MailboxState,
    MailHealth,
    is_office_time,
)
from helpdesk.usecases.inbound_mail_trouble import record_inbound_trouble
from helpdesk.usecases.mail_health import agency_mail_health, mail_health, shown_mail_health
from helpdesk.usecases.mail_metrics import mail_detail, mail_metrics
from helpdesk.usecases.read_mailbox import MailboxShelf
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from tests.factories import AGENCY_ID, MONDAY, a_viewer
from tests.usecases.mails import ZOES_MAILBOX, Door, a_mail
from tests.usecases.world import MAILBOX, World

ACCOUNT = "imap://support@imap.example/INBOX"
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def door(both_worlds: World) -> Door:
    return Door(both_worlds)


async def looked(door: Door, error: str | None = None) -> None:
    """The mailbox elsewhere was read now, or could not be."""
    shelf = MailboxShelf(door.world.desk, MAILBOX)
    kept = await shelf.position(ACCOUNT)
    before = None if kept is None else kept.looked_at
    looked_at = door.world.now() if error is None else before
    await shelf.remember(MailboxPosition(ACCOUNT, 1, 7, looked_at, error))


async def health(door: Door) -> MailHealth:
    return await agency_mail_health(door.world.desk, AGENCY_ID)


def minutes(door: Door, count: float) -> None:
    door.world.now.advance(minutes=count)


async def test_an_agency_to_which_nothing_came_has_no_way_in_and_no_trouble(door: Door) -> None:
    found = await health(door)

    assert (found.mailboxes, found.state, found.reasons) == ((), MailboxState.OK, ())
    assert (found.quarantined, found.failed) == (0, 0)


async def test_a_door_is_told_with_the_last_message_that_came_by_it(door: Door) -> None:
    await door.receive(a_mail())
    minutes(door, 1)
    last = await door.receive(a_mail(message_id="2@bruno.example"))
    minutes(door, 60 * 24 * 9)

    [smtp] = (await health(door)).mailboxes

    assert (smtp.transport, smtp.address) == (Transport.SMTP, MAILBOX)
    assert smtp.last_success_at == last.received_at
    assert smtp.state(at=door.world.now()) is MailboxState.OK
    assert smtp.trouble_since(at=door.world.now()) is None


async def test_what_waits_is_counted_and_the_oldest_makes_the_door_late(door: Door) -> None:
    await door.store(a_mail())
    minutes(door, 10)
    await door.store(a_mail(message_id="2@bruno.example"))

    [smtp] = (await health(door)).mailboxes
    assert (smtp.waiting, smtp.oldest_at) == (2, MONDAY)
    assert smtp.state(at=MONDAY + LATE_AFTER) is MailboxState.OK
    assert smtp.state(at=MONDAY + LATE_AFTER + A_MINUTE) is MailboxState.LATE
    assert not smtp.is_to_be_told(at=MONDAY + 9 * TOLD_AFTER)


async def test_a_message_that_waits_for_its_next_try_makes_nothing_late(door: Door) -> None:
    stored = await door.store(a_mail())
    await record_inbound_trouble(door.world.desk, AGENCY_ID, stored.id, "no ink")
    minutes(door, 60)

    found = await health(door)

    assert (found.mailboxes[0].waiting, found.mailboxes[0].oldest_at) == (1, None)
    assert found.state is MailboxState.OK


async def test_what_waits_for_a_person_is_counted_but_not_the_mails_of_blocked_senders(
    door: Door,
) -> None:
    for number, reason in enumerate((InboundMailReason.TROUBLE, InboundMailReason.BLOCKED_SENDER)):
        stored = await door.store(a_mail(message_id=f"{number}@bruno.example"))
        aside = replace(stored, state=InboundMailState.QUARANTINED, reason=reason)
        async with door.world.desk.store.transaction(AGENCY_ID) as records:
            await records.mail.save_inbound(aside)

    found = await health(door)

    assert found.quarantined == 1
    assert found.reasons == ("1 messages wait in quarantine",)


async def test_a_mailbox_that_was_read_is_well_until_it_is_not_read_for_a_while(
    door: Door,
) -> None:
    await looked(door)

    [imap] = (await health(door)).mailboxes

    assert (imap.address, imap.last_success_at) == (ACCOUNT, MONDAY)
    assert imap.state(at=MONDAY + LATE_AFTER) is MailboxState.OK
    late = MONDAY + LATE_AFTER + A_MINUTE
    assert imap.state(at=late) is MailboxState.LATE
    assert imap.trouble_since(at=late) == MONDAY
    assert not imap.is_to_be_told(at=MONDAY + TOLD_AFTER - A_MINUTE)
    assert imap.is_to_be_told(at=MONDAY + TOLD_AFTER)


async def test_a_mailbox_fails_from_the_first_trouble_until_it_is_read_again(door: Door) -> None:
    await looked(door)
    minutes(door, 5)
    began_at = door.world.now()
    await looked(door, "login refused")
    minutes(door, 5)
    await looked(door, "server away")

    [imap] = (await health(door)).mailboxes
    assert (imap.failing_since, imap.last_error) == (began_at, "server away")
    assert imap.last_success_at == MONDAY
    assert imap.state(at=door.world.now()) is MailboxState.FAILING
    assert imap.is_to_be_told(at=began_at + TOLD_AFTER)

    await looked(door)
    [imap] = (await health(door)).mailboxes
    assert (imap.failing_since, imap.last_error) == (None, None)


async def test_a_mailbox_that_was_never_read_fails_at_its_first_trouble(door: Door) -> None:
    await looked(door, "login refused")

    [imap] = (await health(door)).mailboxes

    assert (imap.last_success_at, imap.failing_since) == (None, MONDAY)
    assert imap.state(at=MONDAY) is MailboxState.FAILING


async def test_mails_that_did_not_leave_are_counted(door: Door) -> None:
    for number in range(2):
        await door.receive(a_mail(message_id=f"{number}@bruno.example"))
    queue = door.world.desk.store.queue()
    [mail] = await queue.due_outbox(at=door.world.now(), limit=1)
    await queue.mark_failed(mail, "no such user", retry_at=None)

    [outgoing] = (await health(door)).outgoing

    assert (outgoing.waiting, outgoing.failed, outgoing.oldest_at) == (1, 1, MONDAY)
    assert (await health(door)).reasons == ("1 outgoing mails were given up",)


async def test_the_worst_way_in_says_how_all_do(door: Door) -> None:
    await door.store(a_mail())
    minutes(door, 16)
    assert (await health(door)).state is MailboxState.LATE
    assert (await health(door)).reasons == ("1 mailboxes are late",)

    await looked(door, "login refused")

    assert (await health(door)).state is MailboxState.FAILING
    assert (await health(door)).reasons == (
        "1 mailboxes cannot be read",
        "1 mailboxes are late",
    )


async def test_what_came_from_two_accounts_is_one_queue(door: Door) -> None:
    shelf = MailboxShelf(door.world.desk, MAILBOX)
    for account in ("a", "b"):
        await shelf.remember(MailboxPosition(account, 1, 1, MONDAY))
    received = ReceivedMail(
        transport=Transport.IMAP,
        envelope_from="bruno@bruno.example",
        recipients=(MAILBOX,),
        raw=bytes(a_mail()),
        received_at=MONDAY,
    )
    await store_inbound_mail(door.world.desk, received)

    first, second = (await health(door)).mailboxes

    assert (first.waiting, second.waiting) == (1, 0)


async def test_every_agency_is_told_to_who_runs_the_engine_and_its_own_to_an_agency(
    door: Door,
) -> None:
    await door.store_all(a_mail(), recipients=(MAILBOX, ZOES_MAILBOX))

    everybody = await mail_health(door.world.desk)
    own = await shown_mail_health(door.world.desk, viewer=door.world.zoe)

    assert {one.agency_id for one in everybody.mailboxes} == {
        AGENCY_ID,
        door.world.zoe.agency_id,
    }
    assert {one.agency_id for one in own.mailboxes} == {door.world.zoe.agency_id}
    assert [one.agency_id for one in own.outgoing] == [door.world.zoe.agency_id]


async def test_a_client_is_told_nothing_of_it(door: Door) -> None:
    async with door.world.refused(AgencyOnly):
        await shown_mail_health(door.world.desk, viewer=door.world.bruno)
    async with door.world.refused(ScopeMissing):
        viewer = a_viewer(scopes=frozenset({Scope.MAIL_WRITE}))
        await shown_mail_health(door.world.desk, viewer=viewer)


async def test_programs_read_the_figures_and_nobodys_name(door: Door) -> None:
    await door.store(a_mail())
    await looked(door)
    minutes(door, 5)
    await looked(door, "login of support@imap.example refused")
    minutes(door, 11)

    found = await mail_health(door.world.desk)
    text, detail = mail_metrics(found), mail_detail(found)

    of_imap = f'{{agency="{AGENCY_ID}",transport="imap",number="1"}}'
    of_smtp = f'{{agency="{AGENCY_ID}",transport="smtp",number="1"}}'
    for line in (
        f"helpdesk_mailbox_age_seconds{of_imap} 960",
        f"helpdesk_mailbox_failing_seconds{of_imap} 660",
        f"helpdesk_mailbox_is_well{of_imap} 0",
        f"helpdesk_mailbox_is_well{of_smtp} 0",
        f"helpdesk_mailbox_waiting{of_smtp} 1",
        f"helpdesk_mailbox_oldest_waiting_seconds{of_smtp} 960",
        f"helpdesk_mailbox_quarantined{of_smtp} 0",
        "helpdesk_outbox_mails_failed 0",
        "helpdesk_outbox_oldest_waiting_seconds 0",
    ):
        assert f"\n{line}\n" in text
    assert "support@" not in text
    assert (detail["state"], detail["outgoingFailed"]) == ("failing", 0)
    assert detail["mailboxes"] == [
        {
            "transport": "smtp",
            "state": "late",
            "ageSeconds": 960,
            "waiting": 1,
            "quarantined": 0,
            "lastError": None,
        },
        {
            "transport": "imap",
            "state": "failing",
            "ageSeconds": 960,
            "waiting": 0,
            "quarantined": 0,
            "lastError": "login of … refused",
        },
    ]


async def test_a_mailbox_that_was_never_read_has_no_age(door: Door) -> None:
    await looked(door, "login refused")

    detail = mail_detail(await mail_health(door.world.desk))

    assert "helpdesk_mailbox_age_seconds{" not in mail_metrics(await mail_health(door.world.desk))
    told: Any = detail["mailboxes"]  # a JSON document
    assert [mailbox["ageSeconds"] for mailbox in told] == [None]


@pytest.mark.parametrize(
    ("hours", "is_open"), [(0, True), (-1.1, False), (9.9, True), (12, False), (24 * 5, False)]
)
def test_people_read_their_mails_on_working_days(hours: float, is_open: bool) -> None:  # noqa: FBT001 - a case
    at = MONDAY + timedelta(hours=hours)

    assert is_office_time(at, zone="Europe/Paris") is is_open


async def test_a_message_understood_waits_no_more(door: Door) -> None:
    stored = await door.store(a_mail())
    await receive_email(door.world.desk, AGENCY_ID, stored.id)

    assert (await health(door)).mailboxes[0].waiting == 0
