"""A confirmed ticket holds one of the quota, a resolved one has taken it, a free one gives back."""

import asyncio

import pytest

from helpdesk.domain.classification import Coverage, Funding, RequestNature
from helpdesk.domain.classification_decision import RegressionNotCharged
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.retainer_terms import FreeCause, OveragePolicy, OverageTerms
from helpdesk.domain.retainer_use import InsufficientAllowance
from helpdesk.usecases.give_gesture import GiveGesture, give_gesture
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from tests.factories import at
from tests.usecases.classifications import classify, confirm, contest, exclude
from tests.usecases.funded_tickets import covered, kinds, merge, shown, step, worked
from tests.usecases.retainers import BILLED, CONTRACT, TICKETS, balance, entries, opened, proved
from tests.usecases.test_ticket_retainer import closed
from tests.usecases.world import World

BLOCKED = OverageTerms(OveragePolicy.BLOCK)
RACERS = 16
FREE_NATURES = [
    (RequestNature.UPDATE, False, FreeCause.PREVENTIVE),
    (RequestNature.SECURITY, False, FreeCause.SECURITY),
    (RequestNature.MONITORING, False, FreeCause.SUPERVISION),
    (RequestNature.QUESTION, False, FreeCause.QUESTION),
    (RequestNature.BUG, True, FreeCause.AGENCY_REGRESSION),
]


async def test_a_confirmed_ticket_holds_and_a_resolved_one_has_taken(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=2)
    ticket = await world.ticket()
    await classify(world, ticket)
    assert await shown(world) == (2, 0, 0)

    await confirm(world, ticket)
    assert await shown(world) == (1, 1, 0)
    await step(world, ticket, "deliverTicket")
    assert await shown(world) == (1, 1, 0)
    await step(world, ticket, "resolveTicket", "closeTicket")

    assert await shown(world) == (1, 0, 1)
    hold, consumed = (await entries(world))[1:]
    assert hold.posting.source == consumed.posting.source == f"ticket:{ticket.id}"
    assert hold.posting.actor == world.alice.actor
    await proved(world)


async def test_a_reopened_ticket_takes_nothing_twice_and_gives_nothing_back(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, granted=2)
    ticket = await covered(world)
    await step(world, ticket, "resolveTicket", "reopenTicket")
    await confirm(world, ticket)
    assert await shown(world) == (1, 0, 1)

    await step(world, ticket, "resolveTicket")

    assert await kinds(world) == ["hold", "consume"]
    await proved(world)


async def test_a_client_who_writes_again_reopens_and_takes_nothing_twice(world: World) -> None:
    await opened(world, granted=2)
    ticket = await covered(world)
    await step(world, ticket, "resolveTicket")

    request = ReplyToTicket(ticket.id, "It is back.")
    await reply_to_ticket(world.desk, viewer=world.bruno, request=request)

    assert await kinds(world) == ["hold", "consume"]


async def test_a_resolved_ticket_that_is_confirmed_takes_at_once(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=2)
    ticket = await world.ticket()
    await step(world, ticket, "resolveTicket")
    assert await kinds(world) == []
    await classify(world, ticket)

    await confirm(world, ticket)

    assert await kinds(world) == ["consume"]
    await proved(world)


async def test_the_period_of_the_opening_pays(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=1)
    ticket = await world.ticket()
    world.now.set(at("07-30 09:00"))
    await classify(world, ticket)
    await confirm(world, ticket)
    world.now.set(at("08-03 09:00"))
    await closed(world)

    await step(world, ticket, "resolveTicket")

    hold, consumed = (await entries(world))[1:]
    assert (hold.period.start, hold.lot) == (at("07-01 00:00"), consumed.lot)
    await proved(world)


@pytest.mark.parametrize("overage", [OverageTerms(OveragePolicy.QUOTE), BLOCKED])
async def test_when_nothing_is_left_a_confirmation_is_refused_and_says_what_is_possible(
    both_worlds: World, overage: OverageTerms
) -> None:
    world = both_worlds
    await opened(world, granted=1, overage=overage)
    await covered(world)
    ticket = await world.ticket()
    await classify(world, ticket)

    async with world.refused(InsufficientAllowance) as refusal:
        await confirm(world, ticket)

    assert "sell a pack, offer a gesture, or confirm the request as a quote" in str(refusal.value)
    await confirm(world, ticket, coverage=Coverage.QUOTE, reason="Nothing is left")
    assert await shown(world) == (0, 1, 0)
    gesture = GiveGesture(CONTRACT, TICKETS, 1, "Sorry")
    await give_gesture(world.desk, viewer=world.alice, request=gesture)
    await classify(world, ticket)
    await confirm(world, ticket)
    assert (await shown(world))[:2] == (0, 2)
    await proved(world)


async def test_where_the_excess_is_billed_it_is_held_and_taken_over_the_allowance(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, overage=BILLED)

    ticket = await covered(world)
    assert (await balance(world)).held == 1
    await step(world, ticket, "resolveTicket")

    assert (await balance(world)).over == 1
    claim = (await entries(world))[-1].move.claim
    assert claim is not None
    assert str(claim.amount) == "90.00 EUR"
    await proved(world)


async def test_a_p0_is_neither_refused_nor_delayed(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, overage=BLOCKED)
    ticket = await world.ticket()
    weighed = SetPriority(ticket.id, Impact.CRITICAL, Urgency.HIGH)
    await set_priority(world.desk, viewer=world.alice, request=weighed)
    await classify(world, ticket)

    await confirm(world, ticket)

    assert await shown(world) == (0, 1, 0)
    await proved(world)


async def test_of_sixteen_who_confirm_at_once_one_gets_the_last_of_the_quota(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, granted=1)
    tickets = [await world.ticket() for _ in range(RACERS)]
    for ticket in tickets:
        await classify(world, ticket)

    outcomes = await asyncio.gather(
        *(confirm(world, ticket) for ticket in tickets), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in outcomes) == [
        "ClassifiedTicket",
        *["InsufficientAllowance"] * (RACERS - 1),
    ]
    assert await kinds(world) == ["hold"]
    assert await shown(world) == (0, 1, 0)
    await proved(world)


@pytest.mark.parametrize(("nature", "is_regression", "cause"), FREE_NATURES)
@pytest.mark.parametrize("is_resolved", [False, True])
async def test_what_turns_out_to_be_free_gives_back_with_its_cause(
    both_worlds: World,
    nature: RequestNature,
    is_regression: bool,  # noqa: FBT001 - a parameter of the test
    cause: FreeCause,
    is_resolved: bool,  # noqa: FBT001 - likewise
) -> None:
    world = both_worlds
    await opened(world, granted=1)
    ticket = await covered(world)
    if is_resolved:
        await step(world, ticket, "resolveTicket")

    await classify(world, ticket, nature, is_regression=is_regression)
    assert (await shown(world))[0] == 0
    await confirm(world, ticket)

    assert await shown(world) == (1, 0, 0)
    last = (await entries(world))[-1]
    assert last.kind.value == ("reverse" if is_resolved else "release")
    assert last.posting.cause is cause
    await proved(world)


async def test_spam_and_what_is_given_up_before_work_are_free(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=2)
    for verb, cause in (
        ("markSpam", FreeCause.SPAM),
        ("cancelTicket", FreeCause.CANCELLED_BEFORE_WORK),
    ):
        ticket = await covered(world)
        await step(world, ticket, verb)
        last = (await entries(world))[-1]
        assert (last.kind.value, last.posting.cause) == ("release", cause)
    assert await shown(world) == (2, 0, 0)
    await proved(world)


async def test_a_merged_duplicate_is_free_and_its_survivor_pays(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=3)
    survivor, held, done = [await covered(world) for _ in range(3)]
    await step(world, done, "resolveTicket")

    for duplicate in (held, done):
        await merge(world, duplicate, survivor)
        assert (await entries(world))[-1].posting.cause is FreeCause.MERGED_DUPLICATE

    assert await shown(world) == (2, 1, 0)
    await proved(world)


async def test_what_is_cancelled_after_work_is_taken(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=3)
    logged, staged, resolved = [await covered(world) for _ in range(3)]
    await worked(world, logged, 30)
    await step(world, staged, "deliverTicket")
    await step(world, resolved, "resolveTicket", "reopenTicket")

    for ticket in (logged, staged, resolved):
        await step(world, ticket, "cancelTicket")

    assert await shown(world) == (0, 0, 3)
    await proved(world)


async def test_what_was_cancelled_and_goes_on_holds_again_if_it_can(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=1)
    ticket = await covered(world)
    await step(world, ticket, "cancelTicket", "reopenTicket")
    assert await kinds(world) == ["hold", "release", "hold"]
    await step(world, ticket, "cancelTicket")
    await covered(world)

    await step(world, ticket, "reopenTicket")
    assert await shown(world) == (0, 1, 0)
    await step(world, ticket, "resolveTicket")

    assert (await balance(world)).over == 1
    await proved(world)


async def test_an_exclusion_that_is_confirmed_gives_back(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=1)
    ticket = await covered(world)

    await exclude(world, ticket)
    assert await shown(world) == (0, 1, 0)
    await confirm(world, ticket, reason="The server was down.")

    last = (await entries(world))[-1]
    assert (last.kind.value, last.posting.cause) == ("release", None)
    assert last.posting.reason == "The server was down."
    await proved(world)


async def test_a_dispute_moves_nothing_before_it_is_answered(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=1)
    ticket = await covered(world)

    await contest(world, ticket)
    assert await shown(world) == (0, 1, 0)
    await confirm(world, ticket, funding=Funding.NONE, reason="A gesture")

    assert await shown(world) == (1, 0, 0)


async def test_nobody_decides_that_a_regression_is_paid_for(world: World) -> None:
    await opened(world, granted=1)
    ticket = await world.ticket()
    await classify(world, ticket, is_regression=True)

    async with world.refused(RegressionNotCharged):
        await confirm(world, ticket, funding=Funding.TICKET_QUOTA, reason="No")


async def test_a_ticket_that_nobody_classified_is_resolved_and_takes_nothing(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, granted=1)
    ticket = await world.ticket()

    await step(world, ticket, "resolveTicket", "closeTicket")

    assert await kinds(world) == []
