"""A delivery is put off, and the client is told in the same transaction."""

from datetime import datetime

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, ScopeMissing
from helpdesk.domain.business_time import BeyondHorizon
from helpdesk.domain.ids import TicketId
from helpdesk.domain.postponement import (
    ClientNotTold,
    NothingToPostpone,
    PostponedIntoThePast,
    PostponedToEarlier,
)
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.ticket import (
    StepReasonRequired,
    Ticket,
    TicketChangedMeanwhile,
    TicketEventKind,
    TransitionRefused,
)
from helpdesk.usecases.deliver_ticket import deliver_ticket
from helpdesk.usecases.idempotency import IdempotencyKeyReused
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.postpone_ticket import PostponeTicket, postpone_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import BRUNOS_CLIENT, a_viewer, at
from tests.usecases.world import World

DUE = at("07-13 09:00")
LATER = at("07-16 11:00")
WHY = "The host is late"


async def normal(world: World) -> Ticket:
    """Return a P2 of Bruno's, to be delivered within five working days."""
    ticket = await world.ticket(impact=Impact.MINOR)
    assert ticket.priority is Priority.P2
    return ticket


async def put_off(
    world: World, ticket: Ticket, new_due: datetime = LATER, **asked: object
) -> Ticket:
    request = PostponeTicket(ticket.id, new_due, **{"reason": WHY, **asked})  # type: ignore[arg-type]  # the fields of the request
    return await postpone_ticket(world.desk, viewer=world.alice, request=request)


async def test_a_delivery_is_due_on_its_new_date(both_worlds: World) -> None:
    world = both_worlds
    ticket = await normal(world)
    assert (await world.clocks(ticket.id))["DELIVERY", 1]["deadline_at"] == DUE
    world.now.set(at("07-08 10:00"))

    after = await put_off(world, ticket)

    assert after == await world.kept(ticket.id)
    assert after.postponed_to == LATER
    clock = (await world.clocks(ticket.id))["DELIVERY", 1]
    assert (clock["deadline_at"], clock["postponed_to"]) == (LATER, LATER)
    event = (await world.history(ticket.id))[-1]
    assert (event.kind, event.at, event.reason) == (
        TicketEventKind.POSTPONED,
        at("07-08 10:00"),
        WHY,
    )
    assert event.after == {
        "postponed_to": LATER.isoformat(),
        "delivery_due": LATER.isoformat(),
        "client_notified_at": at("07-08 10:00").isoformat(),
        "client_told_by": "mail",
    }
    assert event.before["delivery_due"] == DUE.isoformat()


async def test_the_requester_reads_both_dates_and_the_reason(both_worlds: World) -> None:
    world = both_worlds
    ticket = await normal(world)

    await put_off(world, ticket)

    (promised,) = await world.outbox()
    assert promised.ticket_id == ticket.id
    assert promised.mail.recipient.email == "bruno@bruno.example"
    assert promised.mail.subject == f"[#{ticket.number}] The contact form is silent"
    assert promised.mail.is_automatic
    assert (
        "Elle était prévue pour le lundi 13 juillet à 9 h 00 ; elle l'est maintenant pour le"
        " jeudi 16 juillet à 11 h 00.\n\nMotif : The host is late\n" in promised.mail.text
    )


async def test_a_date_outside_opening_hours_becomes_the_next_opening(world: World) -> None:
    ticket = await normal(world)

    after = await put_off(world, ticket, at("07-18 11:00"))

    assert after.postponed_to == at("07-20 09:00")


async def test_a_client_without_a_mail_is_told_another_way(world: World) -> None:
    request = OpenTicket("The form", "Is silent.", client_id=BRUNOS_CLIENT, impact=Impact.MINOR)
    ticket = await open_ticket(world.desk, viewer=world.alice, request=request)
    for told_by in (None, " "):
        async with world.refused(ClientNotTold) as refusal:
            await put_off(world, ticket, told_by=told_by)
        assert refusal.value.path == ("toldBy",)

    await put_off(world, ticket, told_by=" by telephone ")

    assert (await world.history(ticket.id))[-1].after["client_told_by"] == "by telephone"
    assert await world.outbox() == ()


async def test_what_the_author_says_stands_beside_the_mail(world: World) -> None:
    ticket = await normal(world)

    await put_off(world, ticket, told_by="by telephone")

    assert (await world.history(ticket.id))[-1].after["client_told_by"] == "mail, by telephone"


async def test_during_a_wait_the_mail_names_the_new_date_alone(world: World) -> None:
    ticket = await normal(world)
    await wait_for_client(world.desk, viewer=world.alice, request=WaitForClient(ticket.id, WHY))

    await put_off(world, ticket)

    (promised,) = await world.outbox()
    assert "\n\nElle est maintenant prévue pour le jeudi 16 juillet à 11 h 00.\n" in (
        promised.mail.text
    )


async def test_the_same_key_puts_off_once(both_worlds: World) -> None:
    world = both_worlds
    ticket = await normal(world)

    first = await put_off(world, ticket, idempotency_key="key")
    again = await put_off(world, ticket, idempotency_key="key")

    assert again == first
    assert len(await world.outbox()) == 1
    async with world.refused(IdempotencyKeyReused):
        await put_off(world, ticket, idempotency_key="key", reason="Another")


@pytest.mark.parametrize(
    ("new_due", "refusal"),
    [
        (at("07-06 09:00"), PostponedIntoThePast),
        (at("07-10 09:00"), PostponedToEarlier),
        (DUE, PostponedToEarlier),
        (at("07-06 09:00").replace(year=2090), BeyondHorizon),
    ],
)
async def test_a_date_that_puts_nothing_off_is_refused(
    world: World, new_due: datetime, refusal: type[PostponedToEarlier]
) -> None:
    ticket = await normal(world)

    async with world.refused(refusal) as refused:
        await put_off(world, ticket, new_due)

    assert refused.value.path == ("newDue",)


async def test_a_postponement_has_a_reason(world: World) -> None:
    ticket = await normal(world)

    async with world.refused(StepReasonRequired):
        await put_off(world, ticket, reason=" ")


async def test_a_ticket_without_a_delivery_is_not_put_off(world: World) -> None:
    ticket = await world.ticket(impact=Impact.CRITICAL)

    async with world.refused(NothingToPostpone):
        await put_off(world, ticket)


async def test_a_delivery_that_waits_for_its_batch_is_not_put_off(world: World) -> None:
    ticket = await world.ticket(impact=Impact.NONE, urgency=Urgency.LOW)

    async with world.refused(NothingToPostpone) as refusal:
        await put_off(world, ticket)

    assert refusal.value.values["state"] == "PENDING"


async def test_what_is_delivered_is_not_put_off(world: World) -> None:
    ticket = await normal(world)
    await deliver_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))

    async with world.refused(TransitionRefused):
        await put_off(world, ticket)


async def test_only_the_agency_puts_off_and_only_what_it_sees(world: World) -> None:
    ticket = await normal(world)
    request = PostponeTicket(ticket.id, LATER, WHY)
    for viewer, refusal in (
        (world.bruno, AgencyOnly),
        (world.chloe, NotFound),
        (world.zoe, NotFound),
        (a_viewer(scopes=frozenset()), ScopeMissing),
    ):
        async with world.refused(refusal):
            await postpone_ticket(world.desk, viewer=viewer, request=request)
    async with world.refused(NotFound):
        await postpone_ticket(
            world.desk,
            viewer=world.alice,
            request=PostponeTicket(TicketId("no-ticket"), LATER, WHY),
        )


async def test_who_decided_on_another_version_decides_again(world: World) -> None:
    ticket = await normal(world)

    async with world.refused(TicketChangedMeanwhile):
        await put_off(world, ticket, expected_version=7)
