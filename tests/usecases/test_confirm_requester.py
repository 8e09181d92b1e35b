"""Somebody says whose request it is."""

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound
from helpdesk.domain.classification import RequestNature
from helpdesk.domain.ids import ContactId
from helpdesk.domain.priority import Impact
from helpdesk.domain.ticket import Ticket, TicketChangedMeanwhile
from helpdesk.usecases.classify_ticket import ClassifyTicket, classify_ticket
from helpdesk.usecases.confirm_requester import (
    ConfirmRequester,
    RequesterRequired,
    TicketStaysWithClient,
    confirm_requester,
)
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import ALICE as ALICE_AGENT
from tests.factories import BRUNO, BRUNOS_CLIENT, CHLOES_CLIENT, MONDAY
from tests.usecases.escalations import work
from tests.usecases.mails import ALICE, STRANGER, a_mail
from tests.usecases.quotes import drafted
from tests.usecases.test_doctor import examined
from tests.usecases.trusted import VouchingDoor, vouching
from tests.usecases.world import World

CHLOE_ID = ContactId("chloe")
assert BRUNO.contact_id is not None
BRUNO_ID = BRUNO.contact_id


@pytest.fixture
def door(both_worlds: World) -> VouchingDoor:
    return vouching(both_worlds)


@pytest.fixture
async def ticket(door: VouchingDoor) -> Ticket:
    """What Alice wrote to her own mailbox: nobody asked for it yet."""
    outcome = await door.vouched(a_mail("Someone called.", sender=ALICE), "dmarc=pass")
    ticket = await door.ticket_of(outcome)
    door.world.now.advance(hours=1)
    return ticket


async def _confirm(door: VouchingDoor, ticket: Ticket, who: ContactId | None = None) -> Ticket:
    request = ConfirmRequester(ticket.id, who)
    return await confirm_requester(door.world.desk, viewer=door.world.alice, request=request)


async def test_a_ticket_of_nobody_becomes_a_clients_under_his_contract(
    door: VouchingDoor, ticket: Ticket
) -> None:
    after = await _confirm(door, ticket, BRUNO_ID)

    assert (after.requester_id, after.client_id) == (BRUNO_ID, BRUNOS_CLIENT)
    assert (after.contract_id, after.is_requester_unconfirmed) == ("contract-of-bruno", False)
    assert await door.world.kept(ticket.id) == after
    clocks = await door.world.clocks(ticket.id)
    assert {clock["started_at"] for clock in clocks.values()} == {MONDAY}
    event = (await door.world.history(ticket.id))[-1]
    assert (event.kind.value, event.actor) == ("REQUESTER_SET", ALICE_AGENT)
    assert event.after["client_id"] == BRUNOS_CLIENT
    assert not event.is_visible_to_client
    (mail,) = await door.world.outbox()
    assert mail.mail.recipient.email == "bruno@bruno.example"
    assert mail.idempotency_key == f"acknowledgement:{ticket.id}"
    assert (await examined(door.world))[0] == []


async def test_nobody_is_confirmed_where_nobody_stands(door: VouchingDoor, ticket: Ticket) -> None:
    async with door.world.refused(RequesterRequired):
        await _confirm(door, ticket)


async def test_a_stranger_who_turns_out_to_be_a_client_is_not_acknowledged_twice(
    door: VouchingDoor,
) -> None:
    outcome = await door.vouched(a_mail(sender=STRANGER), "dmarc=pass")
    ticket = await door.ticket_of(outcome)
    promised = await door.world.outbox()

    after = await _confirm(door, ticket, CHLOE_ID)

    assert after.client_id == CHLOES_CLIENT
    assert await door.world.outbox() == promised


async def test_a_critical_request_is_acknowledged_as_one(
    door: VouchingDoor, ticket: Ticket
) -> None:
    weight = SetPriority(ticket.id, impact=Impact.CRITICAL)
    await set_priority(door.world.desk, viewer=door.world.alice, request=weight)

    await _confirm(door, ticket, BRUNO_ID)

    (mail,) = await door.world.outbox()
    assert mail.idempotency_key == f"acknowledgement:{ticket.id}"
    assert "critique" in mail.mail.text


async def test_who_was_answered_already_is_not_acknowledged(
    door: VouchingDoor, ticket: Ticket
) -> None:
    request = ReplyToTicket(ticket.id, "We look into it.")
    await reply_to_ticket(door.world.desk, viewer=door.world.alice, request=request)

    await _confirm(door, ticket, BRUNO_ID)

    assert await door.world.outbox() == ()


async def test_a_person_of_the_same_client_takes_over_at_any_time(door: VouchingDoor) -> None:
    ticket = await door.world.ticket()
    await mark_spam(door.world.desk, viewer=door.world.alice, request=TicketStepRequest(ticket.id))

    after = await _confirm(door, ticket)

    assert (after.requester_id, after.contract_id) == (BRUNO_ID, ticket.contract_id)


@pytest.mark.parametrize("why", ["site", "classified", "worked", "quoted", "alerted", "ended"])
async def test_what_was_done_for_one_client_does_not_move_to_another(
    door: VouchingDoor, why: str
) -> None:
    desk, alice = door.world.desk, door.world.alice
    place = {"site_id": "bruno.example"} if why == "site" else {}
    asked = OpenTicket("Silent", "Nobody answers.", **place)  # type: ignore[arg-type]  # an id
    ticket = await open_ticket(desk, viewer=door.world.bruno, request=asked)
    if why == "classified":
        await classify_ticket(
            desk, viewer=alice, request=ClassifyTicket(ticket.id, RequestNature.BUG)
        )
    if why == "worked":
        await log_work(desk, viewer=alice, request=LogWork(ticket.id, 15))
    if why == "quoted":
        await drafted(door.world, ticket)
    if why == "alerted":
        await work(door.world, "07-31 09:00")
    if why == "ended":
        await mark_spam(desk, viewer=alice, request=TicketStepRequest(ticket.id))

    async with door.world.refused(TicketStaysWithClient):
        await _confirm(door, ticket, CHLOE_ID)


async def test_nobody_else_says_whose_request_it_is(door: VouchingDoor, ticket: Ticket) -> None:
    world, request = door.world, ConfirmRequester(ticket.id, BRUNO_ID)
    for viewer in (world.bruno, world.zoe):
        async with world.refused(NotFound):
            await confirm_requester(world.desk, viewer=viewer, request=request)
    own = await world.ticket()
    async with world.refused(AgencyOnly):
        await confirm_requester(
            world.desk, viewer=world.bruno, request=ConfirmRequester(own.id, BRUNO_ID)
        )


async def test_a_person_of_another_agency_does_not_exist(
    door: VouchingDoor, ticket: Ticket
) -> None:
    async with door.world.refused(NotFound):
        await _confirm(door, ticket, ContactId("yves"))


async def test_two_people_do_not_decide_at_once(door: VouchingDoor, ticket: Ticket) -> None:
    request = ConfirmRequester(ticket.id, BRUNO_ID, expected_version=0)
    async with door.world.refused(TicketChangedMeanwhile):
        await confirm_requester(door.world.desk, viewer=door.world.alice, request=request)
