"""Estimated minutes are held, work draws on them first, and time follows what is decided."""

import asyncio

from helpdesk.domain.classification import Funding, RequestNature
from helpdesk.domain.quote import ConversionKind
from helpdesk.domain.retainer_entry import EntryKind, LotSource
from helpdesk.domain.retainer_terms import FreeCause, OveragePolicy, OverageTerms
from helpdesk.domain.retainer_use import InsufficientAllowance
from helpdesk.domain.work_log import WorkNumber
from helpdesk.usecases.correct_work_log import CorrectWorkLog, correct_work_log
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from tests.usecases.classifications import classify, confirm
from tests.usecases.funded_tickets import covered, kinds, shown, step, work_of, worked
from tests.usecases.quotes import accept, convert, sent
from tests.usecases.retainers import BILLED, PACK, RUN, balance, entries, opened, proved
from tests.usecases.world import World

LIGHT = RequestNature.SMALL_UX


async def test_an_estimate_is_held_and_work_draws_on_it_first(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    ticket = await covered(world, LIGHT, estimate_minutes=45)
    assert await shown(world, RUN) == (75, 45, 0)

    await worked(world, ticket, 20)
    assert await shown(world, RUN) == (75, 15, 30)
    await worked(world, ticket, 40)
    assert await shown(world, RUN) == (60, 0, 60)
    await proved(world, RUN)


async def test_what_is_left_of_an_estimate_is_given_back_when_the_ticket_is_resolved(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    ticket = await covered(world, LIGHT, estimate_minutes=45)
    await worked(world, ticket, 15)

    await step(world, ticket, "resolveTicket")

    assert await shown(world, RUN) == (105, 0, 15)
    await step(world, ticket, "reopenTicket")
    assert await shown(world, RUN) == (105, 0, 15)
    await proved(world, RUN)


async def test_an_estimate_that_does_not_fit_is_refused_and_nothing_is_held(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, RUN, 30, overage=OverageTerms(OveragePolicy.BLOCK))
    ticket = await world.ticket()
    await classify(world, ticket, LIGHT, estimate_minutes=45)

    async with world.refused(InsufficientAllowance):
        await confirm(world, ticket)


async def test_what_is_estimated_over_the_allowance_is_drawn_anew_as_it_is_worked(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, RUN, 30, overage=BILLED)
    ticket = await covered(world, LIGHT, estimate_minutes=45)
    assert await shown(world, RUN) == (0, 45, 0)

    await worked(world, ticket, 45)

    assert [(one.kind.value, one.quantity) for one in (await entries(world, RUN))[3:]] == [
        ("consume", 30),
        ("release", 15),
        ("overage", 15),
    ]
    await proved(world, RUN)


async def test_another_estimate_holds_what_is_still_to_come(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    ticket = await covered(world, LIGHT, estimate_minutes=45)
    await worked(world, ticket, 15)

    for estimate, held in ((55, 40), (20, 5), (20, 5), (10, 0), (None, 0)):
        await classify(world, ticket, LIGHT, estimate_minutes=estimate)
        await confirm(world, ticket)
        assert (await balance(world, RUN)).held == held
    await proved(world, RUN)


async def test_a_resolved_ticket_holds_no_estimate(world: World) -> None:
    await opened(world, RUN, 120)
    ticket = await world.ticket()
    await step(world, ticket, "resolveTicket")
    await classify(world, ticket, LIGHT, estimate_minutes=45)

    await confirm(world, ticket)

    assert await kinds(world, RUN) == []


async def test_time_counts_against_what_pays_for_the_ticket(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    await opened(world, PACK, 120)
    on_quota, unclassified = await covered(world), await world.ticket()
    on_run, on_pack = await covered(world, LIGHT), await world.ticket()
    await classify(world, on_pack)
    await confirm(world, on_pack, funding=Funding.TIME_CREDIT, reason="The pack pays")

    logged = [
        await worked(world, ticket, 15) for ticket in (on_quota, unclassified, on_run, on_pack)
    ]
    free = await worked(world, on_run, 15, is_billable=False)

    assert [one.charged_to for one in logged] == [None, None, RUN, PACK]
    assert all(one.follows_funding for one in logged)
    assert (free.charged_to, free.follows_funding) == (None, False)
    assert (await shown(world, RUN))[2] == (await shown(world, PACK))[2] == 15


async def test_time_on_a_ticket_without_a_contract_is_kept_and_takes_nothing(
    world: World,
) -> None:
    client = await create_client(world.desk, viewer=world.alice, request=CreateClient("Dora"))
    asked = OpenTicket("The form", "Is silent.", client_id=client.id)
    ticket = await open_ticket(world.desk, viewer=world.alice, request=asked)
    await step(world, ticket, "resolveTicket")

    logged = [await worked(world, ticket, 15), await worked(world, ticket, 15, unit=RUN)]

    assert [one.charged_to for one in logged] == [None, RUN]
    assert await work_of(world, ticket) == tuple(logged)


async def test_work_before_the_decision_goes_along_with_it(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    await opened(world, PACK, 120)
    ticket = await world.ticket()
    await worked(world, ticket, 20)
    await worked(world, ticket, 15, unit=PACK)
    await classify(world, ticket, LIGHT, estimate_minutes=50)
    assert (await shown(world, RUN))[2] == 0

    await confirm(world, ticket)

    assert await shown(world, RUN) == (70, 20, 30)
    assert (await shown(world, PACK))[2] == 15
    moved = (await work_of(world, ticket))[-1]
    assert (moved.charged_to, moved.entry.corrects, moved.entry.minutes) == (RUN, 1, 20)
    assert moved.entry.reason == "RUN_MINUTES"
    await confirm(world, ticket)
    assert len(await work_of(world, ticket)) == 3
    await proved(world, RUN)


async def test_work_moves_from_one_book_to_another(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    await opened(world, PACK, 120)
    ticket = await covered(world, LIGHT, estimate_minutes=30)
    await worked(world, ticket, 15)
    await classify(world, ticket, estimate_minutes=30)

    await confirm(world, ticket, funding=Funding.TIME_CREDIT, reason="It was a bug")

    assert await shown(world, RUN) == (120, 0, 0)
    assert await shown(world, PACK) == (90, 15, 15)
    request = CorrectWorkLog(ticket.id, WorkNumber(2), 45, "Mistyped")
    await correct_work_log(world.desk, viewer=world.alice, request=request)
    assert await shown(world, PACK) == (75, 0, 45)
    await proved(world, RUN)
    await proved(world, PACK)


async def test_a_regression_of_the_agency_gives_all_its_time_back(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    ticket = await covered(world, LIGHT, estimate_minutes=30)
    await worked(world, ticket, 15)
    await worked(world, ticket, 15, unit=RUN)
    await classify(world, ticket, is_regression=True)

    await confirm(world, ticket)

    assert await shown(world, RUN) == (120, 0, 0)
    assert [one.charged_to for one in await work_of(world, ticket)] == [RUN, RUN, None, None]
    last = (await entries(world, RUN))[-1]
    assert (last.kind, last.posting.reason) == (EntryKind.REVERSE, "agency_regression")
    await worked(world, ticket, 15)
    assert (await shown(world, RUN))[2] == 0
    await proved(world, RUN)


async def test_spam_gives_its_time_back_and_a_cancelled_ticket_keeps_its_work(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    for verb, consumed in (("markSpam", 0), ("cancelTicket", 15)):
        ticket = await covered(world, LIGHT, estimate_minutes=30)
        await worked(world, ticket, 15)
        await step(world, ticket, verb)
        assert await shown(world, RUN) == (120 - consumed, 0, consumed)
    await proved(world, RUN)


async def test_the_estimate_of_a_ticket_given_up_is_released_with_its_cause(world: World) -> None:
    await opened(world, RUN, 120)
    ticket = await covered(world, LIGHT, estimate_minutes=30)

    await step(world, ticket, "cancelTicket")

    last = (await entries(world, RUN))[-1]
    assert (last.kind, last.posting.cause) == (
        EntryKind.RELEASE,
        FreeCause.CANCELLED_BEFORE_WORK,
    )


async def test_minutes_that_a_quote_bought_are_held_on_their_own_lot_and_drawn_on_first(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    ticket = await covered(world, RequestNature.NEW_PAGE)
    quote = await accept(world, await sent(world, ticket))
    await convert(world, quote, ConversionKind.RUN_HOLD, minutes=90)
    [lot] = [
        one.lot
        for one in await entries(world, RUN)
        if one.move.opens is not None and one.move.opens.source is LotSource.PURCHASE
    ]
    assert await shown(world, RUN) == (120, 90, 0)

    work = await worked(world, ticket, 60)

    assert work.charged_to is RUN
    used = (await entries(world, RUN))[-1]
    assert (used.kind, used.lot, used.quantity) == (EntryKind.CONSUME, lot, 60)
    await confirm(world, ticket)
    assert await shown(world, RUN) == (120, 30, 60)
    await step(world, ticket, "resolveTicket")
    assert await shown(world, RUN) == (150, 0, 60)
    await proved(world, RUN)


async def test_minutes_that_are_bought_for_a_finished_request_are_held_for_nobody(
    world: World,
) -> None:
    await opened(world, RUN)
    ticket = await world.ticket()
    quote = await accept(world, await sent(world, ticket))
    await step(world, ticket, "resolveTicket")

    await convert(world, quote, ConversionKind.RUN_HOLD, minutes=90)

    assert await shown(world, RUN) == (90, 0, 0)


async def test_two_who_decide_about_several_books_at_once_never_wait_for_each_other(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, RUN, 240)
    await opened(world, granted=8)
    tickets = [await covered(world, LIGHT, estimate_minutes=30) for _ in range(4)]
    tickets += [await covered(world) for _ in range(4)]
    for ticket in tickets[:4]:
        await classify(world, ticket)
    for ticket in tickets[4:]:
        await classify(world, ticket, LIGHT, estimate_minutes=30)

    await asyncio.gather(*(confirm(world, ticket) for ticket in tickets))

    assert await shown(world, RUN) == (120, 120, 0)
    assert await shown(world) == (4, 4, 0)
    await proved(world, RUN)
    await proved(world)
