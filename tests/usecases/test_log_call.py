"""A call with the client is noted, and counts as an answer where the contract says so."""

from dataclasses import replace
from datetime import datetime

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, ScopeMissing
from helpdesk.domain.ids import ContractId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.sla_policy import AnswerClause
from helpdesk.domain.ticket import Channel, Ticket, TicketChangedMeanwhile, TicketStatus
from helpdesk.domain.ticket_life import CallByProgram
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.idempotency import IdempotencyKeyReused
from helpdesk.usecases.log_call import (
    CallBeforeLastEvent,
    CallInTheFuture,
    CallTooOld,
    LogCall,
    log_call,
)
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.reply_to_ticket import Reply, ReplyToTicket, reply_to_ticket
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, a_viewer, at
from tests.usecases.world import World

NOW = at("07-06 11:00")
ANOTHER = a_viewer(name="Ada")


async def answers_are(world: World, clause: AnswerClause) -> None:
    """Let Bruno's contract say from now on what counts as an answer."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(ContractId("contract-of-bruno"))
        assert contract is not None
        first = contract.terms[0]
        since, sla = at("07-06 08:00"), replace(first.sla, answers=clause)
        terms = replace(first, version=2, effective_from=since, sla=sla)
        await records.contracts.add_terms(contract.id, terms)


async def called(
    world: World, ticket: Ticket, called_at: datetime | None = None, **asked: object
) -> Reply:
    """Return what a call that Alice notes at eleven made of a ticket."""
    world.now.set(NOW)
    request = LogCall(ticket.id, " He uses Firefox. ", called_at, **asked)  # type: ignore[arg-type]  # the fields of the request
    return await log_call(world.desk, viewer=world.alice, request=request)


async def stopped_at(world: World, ticket: Ticket) -> datetime | None:
    clock = (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]
    stopped: datetime | None = clock["stopped_at"]
    return stopped


async def test_a_call_is_an_answer_that_the_client_reads(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()

    reply = await called(world, ticket)

    assert reply.ticket == await world.kept(ticket.id)
    assert reply.ticket.status is TicketStatus.IN_PROGRESS
    assert reply.ticket.first_responded_at == await stopped_at(world, ticket) == NOW
    assert (reply.message.channel, reply.message.body) == (Channel.PHONE, "He uses Firefox.")
    assert (reply.message.is_internal, reply.message.sent_at) == (False, NOW)
    (_, kept) = await world.messages(ticket.id)
    assert (kept["channel"], kept["is_internal"]) == ("PHONE", False)
    assert (await world.history(ticket.id))[-1].message_id == reply.message.id
    assert await world.outbox() == ()


async def test_a_call_counts_from_when_it_was(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()

    reply = await called(world, ticket, at("07-06 10:00"))

    assert reply.message.sent_at == reply.ticket.first_responded_at == at("07-06 10:00")
    assert await stopped_at(world, ticket) == at("07-06 10:00")


async def test_a_call_that_the_contract_does_not_count_answers_nothing(world: World) -> None:
    await answers_are(world, AnswerClause(calls=False))
    ticket = await world.ticket()

    reply = await called(world, ticket)

    assert reply.ticket.first_responded_at is None
    assert reply.ticket.status is TicketStatus.IN_PROGRESS
    assert await stopped_at(world, ticket) is None


@pytest.mark.parametrize(
    ("called_at", "refusal"),
    [
        (at("07-06 11:01"), CallInTheFuture),
        (at("06-29 10:59"), CallTooOld),
        (at("07-06 08:59"), CallBeforeLastEvent),
    ],
)
async def test_a_call_was_neither_long_ago_nor_before_what_was_noted_last(
    world: World, called_at: datetime, refusal: type[CallTooOld]
) -> None:
    ticket = await world.ticket()

    async with world.refused(refusal) as refused:
        await called(world, ticket, called_at)

    assert refused.value.path == ("calledAt",)


async def test_a_call_may_be_as_old_as_the_last_fact(world: World) -> None:
    ticket = await world.ticket()

    assert (await called(world, ticket, at("07-06 09:00"))).message.sent_at == at("07-06 09:00")


async def test_the_same_key_notes_one_call(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()

    first = await called(world, ticket, idempotency_key="key")
    again = await called(world, ticket, idempotency_key="key")

    assert again == first
    assert len(await world.messages(ticket.id)) == 2
    async with world.refused(IdempotencyKeyReused):
        await called(world, ticket, NOW, idempotency_key="key")


async def test_a_call_says_something(world: World) -> None:
    ticket = await world.ticket()

    async with world.refused(TextRequired) as refusal:
        await log_call(world.desk, viewer=world.alice, request=LogCall(ticket.id, " "))

    assert refusal.value.path == ("summaryMarkdown",)


async def test_who_decided_on_another_version_decides_again(world: World) -> None:
    ticket = await world.ticket()

    async with world.refused(TicketChangedMeanwhile):
        await called(world, ticket, expected_version=7)


async def test_only_people_of_the_agency_note_calls(world: World) -> None:
    ticket = await world.ticket()
    request = LogCall(ticket.id, "He uses Firefox.")
    for viewer, refusal in (
        (world.robot, CallByProgram),
        (world.bruno, AgencyOnly),
        (world.chloe, NotFound),
        (world.zoe, NotFound),
        (a_viewer(scopes=frozenset()), ScopeMissing),
    ):
        async with world.refused(refusal):
            await log_call(world.desk, viewer=viewer, request=request)


# Who answers: the ticket says what its first-response clock says.


async def _opened_by_alice(world: World) -> Ticket:
    request = OpenTicket("He called", "The form is silent.", client_id=BRUNOS_CLIENT)
    return await open_ticket(world.desk, viewer=world.alice, request=request)


async def _answered(world: World, ticket: Ticket) -> Ticket:
    world.now.set(NOW)
    request = ReplyToTicket(ticket.id, "We look into it.")
    return (await reply_to_ticket(world.desk, viewer=world.alice, request=request)).ticket


async def test_who_opened_a_ticket_does_not_answer_it(both_worlds: World) -> None:
    world = both_worlds
    ticket = await _opened_by_alice(world)

    answered = await _answered(world, ticket)

    assert answered.status is TicketStatus.IN_PROGRESS
    assert answered.first_responded_at is None
    assert await stopped_at(world, ticket) is None


async def test_who_opened_a_ticket_answers_it_where_the_contract_says_so(world: World) -> None:
    await answers_are(world, AnswerClause(by_opener=True))
    ticket = await _opened_by_alice(world)

    answered = await _answered(world, ticket)

    assert answered.first_responded_at == await stopped_at(world, ticket) == NOW


async def test_without_a_contract_anybody_of_the_agency_answers(world: World) -> None:
    client = await create_client(world.desk, viewer=world.alice, request=CreateClient("Dora SARL"))
    request = OpenTicket("Slow", "Since noon.", client_id=client.id)
    ticket = await open_ticket(world.desk, viewer=world.alice, request=request)

    assert (await _answered(world, ticket)).first_responded_at == NOW


async def test_the_first_response_is_the_first_one(world: World) -> None:
    ticket = await world.ticket()
    await called(world, ticket)
    world.now.set(at("07-06 12:00"))

    again = await reply_to_ticket(
        world.desk, viewer=world.alice, request=ReplyToTicket(ticket.id, "Fixed.")
    )

    assert again.ticket.first_responded_at == NOW
