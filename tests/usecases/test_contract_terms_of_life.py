"""Terms of a contract come and go: renewal, notice, end, and the reminders before it."""

import asyncio
from datetime import date

import pytest

from helpdesk.domain.access import AgencyOnly
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.contract_facts import ContractFactKind, recorded_terms
from helpdesk.domain.contract_life import ContractStepRefused
from helpdesk.domain.contract_term import RenewalNotAgreed, Term
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.contract_step import ContractNeverSold
from helpdesk.usecases.contract_terms_wanted import TermLength
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.end_contract import ContractStillRuns, end_contract
from helpdesk.usecases.give_notice import GiveNotice, give_notice
from helpdesk.usecases.renew_contract import renew_contract
from helpdesk.usecases.suspend_contract import SuspendContract, suspend_contract
from tests.domain.business_calendars import paris
from tests.usecases.contracts import active, drafted, facts, kept, tended
from tests.usecases.world import World

FIRST = Term(1, date(2026, 7, 6), date(2027, 7, 6))
SECOND = Term(2, date(2027, 7, 6), date(2028, 7, 6))
THIRD = Term(3, date(2028, 7, 6), date(2029, 7, 6))


async def terms(world: World, contract: Contract) -> tuple[Term, ...]:
    return recorded_terms(await facts(world, contract.id))


async def renewed(world: World, contract: Contract) -> Contract:
    return await renew_contract(world.desk, viewer=world.alice, contract_id=contract.id)


async def noticed(world: World, contract: Contract) -> Contract:
    request = GiveNotice(contract.id, " A letter of Bruno. ")
    return await give_notice(world.desk, viewer=world.alice, request=request)


async def ended(world: World, contract: Contract) -> Contract:
    return await end_contract(world.desk, viewer=world.alice, contract_id=contract.id)


async def test_a_renewal_records_each_term_once(both_worlds: World) -> None:
    world = both_worlds
    contract = await active(world)
    assert await renewed(world, contract) == contract
    assert await terms(world, contract) == (FIRST,)
    world.now.instant = paris("2028-07-06 09:00")

    await asyncio.gather(renewed(world, contract), renewed(world, contract))
    await renewed(world, contract)

    assert await terms(world, contract) == (FIRST, SECOND, THIRD)
    assert (await kept(world, contract.id)).status is ContractStatus.ACTIVE


async def test_a_contract_without_renewal_is_not_renewed(world: World) -> None:
    contract = await active(world, length=TermLength(12))
    world.now.instant = paris("2027-07-06 09:00")

    async with world.refused(RenewalNotAgreed):
        await renewed(world, contract)
    draft = await drafted(world, reference="TMA-3")
    async with world.refused(ContractStepRefused):
        await renewed(world, draft)


@pytest.mark.parametrize(
    ("today", "ends_on"),
    [
        ("2027-04-05 23:30", date(2027, 7, 6)),
        ("2027-04-06 00:30", date(2028, 7, 6)),
        ("2027-08-01 09:00", date(2028, 7, 6)),
    ],
)
async def test_notice_after_its_last_day_ends_the_next_term(
    both_worlds: World, today: str, ends_on: date
) -> None:
    world = both_worlds
    contract = await active(world)
    world.now.instant = paris(today)

    ending = await noticed(world, contract)

    assert ending == await kept(world, contract.id)
    assert (ending.status, ending.ends_on) == (ContractStatus.ENDING, ends_on)
    fact = (await facts(world, contract.id))[-1]
    assert (fact.kind, fact.until, fact.reason) == (
        ContractFactKind.NOTICE_GIVEN,
        ends_on,
        "A letter of Bruno.",
    )
    async with world.refused(ContractStepRefused):
        await noticed(world, contract)
    async with world.refused(ContractStepRefused):
        await renewed(world, contract)


async def test_a_contract_without_renewal_ends_with_its_term_whenever_notice_comes(
    world: World,
) -> None:
    contract = await active(world, length=TermLength(12))
    world.now.instant = paris("2027-07-01 09:00")

    ending = await noticed(world, contract)

    assert ending.ends_on == date(2027, 7, 6)


async def test_notice_of_a_contract_that_rests_lets_its_tickets_go_on(world: World) -> None:
    contract = await active(world)
    ticket = await world.ticket(site_id=SiteId("bruno.example"))
    request = SuspendContract(contract.id, "Unpaid.")
    await suspend_contract(world.desk, viewer=world.alice, request=request)
    assert (await world.kept(ticket.id)).waiting_on is WaitingOn.CONTRACT_SUSPENDED

    await noticed(world, contract)

    assert (await world.kept(ticket.id)).waiting_on is None
    assert [one.kind for one in await facts(world, contract.id)][2:] == [
        ContractFactKind.NOTICE_GIVEN,
        ContractFactKind.RESUMED,
    ]


async def test_a_contract_ends_on_its_last_day_and_not_before(both_worlds: World) -> None:
    world = both_worlds
    contract = await active(world)
    async with world.refused(ContractStepRefused):
        await ended(world, contract)
    await noticed(world, contract)
    world.now.instant = paris("2027-07-05 23:59")
    async with world.refused(ContractStillRuns):
        await ended(world, contract)
    world.now.instant = paris("2027-07-06 00:00")

    assert (await ended(world, contract)).status is ContractStatus.ENDED
    ticket = await world.ticket(site_id=SiteId("bruno.example"))
    assert ticket.contract_id == "contract-of-bruno"


async def test_a_client_neither_gives_notice_nor_renews_here(world: World) -> None:
    contract = await active(world)

    for act in (
        give_notice(world.desk, viewer=world.bruno, request=GiveNotice(contract.id)),
        renew_contract(world.desk, viewer=world.bruno, contract_id=contract.id),
        end_contract(world.desk, viewer=world.bruno, contract_id=contract.id),
    ):
        async with world.refused(AgencyOnly):
            await act


async def test_a_contract_older_than_these_clauses_has_no_term_to_renew(world: World) -> None:
    old = await kept(world, ContractId("contract-of-bruno"))

    async with world.refused(ContractNeverSold):
        await renewed(world, old)


async def test_what_comes_of_itself_comes_once(both_worlds: World) -> None:
    world = both_worlds
    contract = await active(world)
    world.now.instant = paris("2027-07-06 00:30")

    await asyncio.gather(*(tended(world) for _ in range(2)))

    assert await terms(world, contract) == (FIRST, SECOND)
    assert (await facts(world, contract.id))[-1].actor.name == "helpdesk"


async def test_managers_are_reminded_of_the_notice_day_once_for_each_distance(
    both_worlds: World,
) -> None:
    world = both_worlds
    await create_agent(
        world.desk,
        viewer=world.alice,
        request=CreateAgent("Ada", "ada@alice.example", AgentRole.AGENT),
    )
    await active(world)
    sent: list[int] = []
    for day in ("01-04", "01-05", "01-06", "02-04", "03-06", "04-05", "04-06"):
        world.now.instant = paris(f"2027-{day} 09:00")
        for _ in range(2):
            await tended(world)
        sent.append(len(await world.outbox()))

    assert sent == [0, 1, 1, 2, 3, 3, 3]
    mail = (await world.outbox())[0].mail
    assert mail.recipient.email == "alice@alice.example"
    assert mail.subject == "Contrat TMA-2 : préavis jusqu'au 2027-04-05"
    assert "Bruno SA" in mail.text
    assert "2027-07-06" in mail.text


async def test_nobody_is_reminded_of_a_contract_that_ends_anyway(world: World) -> None:
    await active(world, length=TermLength(12))
    world.now.instant = paris("2027-04-01 09:00")

    await tended(world)

    assert await world.outbox() == ()


@pytest.mark.parametrize("is_renewed", [True, False])
async def test_what_is_over_is_ended(both_worlds: World, *, is_renewed: bool) -> None:
    world = both_worlds
    contract = await active(world, length=TermLength(12, 12 if is_renewed else None))
    if is_renewed:
        await noticed(world, contract)
    await tended(world)
    assert (await kept(world, contract.id)).status is not ContractStatus.ENDED
    world.now.instant = paris("2027-07-06 00:00")

    for _ in range(2):
        await tended(world)

    assert (await kept(world, contract.id)).status is ContractStatus.ENDED
    kinds = [one.kind for one in await facts(world, contract.id)]
    assert kinds == [
        ContractFactKind.ACTIVATED,
        ContractFactKind.NOTICE_GIVEN,
        ContractFactKind.ENDED,
        ContractFactKind.BALANCE_LOST,
    ]
