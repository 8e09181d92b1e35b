"""Credits are approved or rejected by managers, seen by the client in time, and reproduced."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import NotFound, ScopeMissing
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.breach import Breach, ConsequenceKind, Promise
from helpdesk.domain.compensation import CreditId
from helpdesk.domain.compensation_clause import ApprovalClause
from helpdesk.domain.compensation_life import (
    ApproverWorkedOnTicket,
    Credit,
    CreditRejectionReason,
    CreditState,
    CreditStepRefused,
    SecondApproverRequired,
)
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ContractId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.storage.tables.compensation import CREDIT, CREDIT_FACT
from helpdesk.usecases import examine_credits as examining
from helpdesk.usecases.approve_credit import ApproveCredit, approve_credit
from helpdesk.usecases.breach_register import RegisteredBreach, breach_register
from helpdesk.usecases.examine_credits import CreditFinding, examine_credits
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from helpdesk.usecases.reject_credit import RejectCredit, reject_credit
from helpdesk.usecases.require_manager import ManagersOnly
from tests.domain.compensations import agreed
from tests.factories import AGENCY_ID, at
from tests.usecases.compensations import (
    CAROL,
    JULY,
    PRESET,
    compensating,
    credits_of,
    hire_carol,
    late_p0,
    settle,
)
from tests.usecases.world import World


async def proposed(world: World, approval: ApprovalClause | None = None) -> Credit:
    """Return the credit of a late P0, proposed under this clause of approval."""
    terms = PRESET if approval is None else agreed(approval=approval)
    contract = await compensating(world, terms)
    await late_p0(world)
    (credit,) = (await settle(world, contract)).added
    return credit


async def approved(world: World, credit: Credit) -> Credit:
    request = ApproveCredit(credit.id)
    return await approve_credit(world.desk, viewer=world.alice, request=request)


async def register(
    world: World, contract_id: ContractId, *, is_client: bool = False, month: Month = JULY
) -> tuple[RegisteredBreach, ...]:
    viewer = world.bruno if is_client else world.alice
    return await breach_register(world.desk, viewer=viewer, contract_id=contract_id, month=month)


def the_p0(rows: tuple[RegisteredBreach, ...]) -> RegisteredBreach:
    """Return the late resolution of the P0 among the breaches of a month."""
    (found,) = (row for row in rows if row.consequence.promise is Promise.P0_RESOLUTION)
    return found


async def test_an_approval_is_kept_as_a_fact(both_worlds: World) -> None:
    world = both_worlds
    credit = await proposed(world)

    done = await approved(world, credit)

    assert done.state is CreditState.APPROVED
    assert await credits_of(world, credit.calculation.key.contract_id) == (done,)
    (row,) = await world.rows(CREDIT)
    assert row["state"] == "APPROVED"
    facts = await world.rows(CREDIT_FACT)
    assert [fact["step"] for fact in facts] == [None, "APPROVE"]
    async with world.refused(CreditStepRefused):
        await approved(world, credit)


async def test_above_the_amount_of_the_contract_two_managers_approve(both_worlds: World) -> None:
    world = both_worlds
    credit = await proposed(world, ApprovalClause(second_above=Money(20_00)))
    await hire_carol(world)

    assert (await approved(world, credit)).state is CreditState.PROPOSED
    async with world.refused(SecondApproverRequired):
        await approved(world, credit)
    done = await approve_credit(world.desk, viewer=CAROL, request=ApproveCredit(credit.id))

    assert done.state is CreditState.APPROVED
    assert [one.name for one in done.approvals] == ["Alice", "Carol"]


async def test_who_worked_on_the_ticket_leaves_the_decision_to_others(world: World) -> None:
    clause = ApprovalClause(excludes_agent=True)
    contract = await compensating(world, agreed(approval=clause))
    await late_p0(world, is_hers=True)
    (credit,) = (await settle(world, contract)).added

    async with world.refused(ApproverWorkedOnTicket):
        await approved(world, credit)


async def test_below_the_amount_of_the_contract_the_engine_approves(world: World) -> None:
    credit = await proposed(world, ApprovalClause(automatic_below=Money(30_00)))

    assert credit.state is CreditState.APPROVED
    assert await credits_of(world, credit.calculation.key.contract_id) == (credit,)


async def test_a_rejection_says_why(both_worlds: World) -> None:
    world = both_worlds
    credit = await proposed(world)

    async with world.refused(CreditRejectionReason):
        await reject_credit(world.desk, viewer=world.alice, request=RejectCredit(credit.id, " "))
    request = RejectCredit(credit.id, " Paid otherwise ")
    done = await reject_credit(world.desk, viewer=world.alice, request=request)

    assert (done.state, done.facts[-1].reason) == (CreditState.REJECTED, "Paid otherwise")
    async with world.refused(CreditStepRefused):
        await approved(world, credit)


async def test_a_credit_is_decided_by_managers_of_its_agency(world: World) -> None:
    credit = await proposed(world)
    asked = ApproveCredit(credit.id)

    for viewer in (world.zoe, world.chloe, world.bruno):
        async with world.refused(NotFound):
            await approve_credit(world.desk, viewer=viewer, request=asked)
    async with world.refused(NotFound):
        unknown = ApproveCredit(CreditId("0" * 32))
        await approve_credit(world.desk, viewer=world.alice, request=unknown)
    await hire_carol(world, AgentRole.AGENT)
    async with world.refused(ManagersOnly):
        await approve_credit(world.desk, viewer=CAROL, request=asked)


async def test_a_client_sees_the_breach_at_once_and_the_amount_once_it_is_approved(
    both_worlds: World,
) -> None:
    world = both_worlds
    credit = await proposed(world)
    contract_id = credit.calculation.key.contract_id

    at_once = the_p0(await register(world, contract_id, is_client=True))
    for_agency = the_p0(await register(world, contract_id))
    await approved(world, credit)
    afterwards = the_p0(await register(world, contract_id, is_client=True))

    assert at_once.credits == ()
    assert for_agency.credits == (credit,)
    assert [one.net for one in afterwards.credits] == [Money(29_85)]


async def test_a_breach_is_in_the_register_while_it_lasts_and_with_what_follows(
    world: World,
) -> None:
    contract = await compensating(world)
    ticket = await late_p0(world, resolved="07-06 09:00")
    answered_late = await world.ticket(site_id=ticket.site_id)
    world.now.set(at("07-31 17:00"))

    rows = await register(world, contract.id)

    assert {row.consequence.kind for row in rows} <= set(ConsequenceKind)
    assert [row.consequence.kind for row in rows if row.credits] == []
    breaches = [row.consequence.breach for row in rows]
    assert answered_late.id in {one.ticket.id for one in breaches if isinstance(one, Breach)}


async def test_the_register_shows_a_month_below_its_availability(world: World) -> None:
    contract = await compensating(world)
    await _down(world, contract)

    (row,) = await register(world, contract.id)

    assert row.consequence.promise is Promise.UPTIME
    assert [one.net for one in row.credits] == [Money(49_75)]


async def _down(world: World, contract: Contract) -> None:
    world.now.set(at("07-20 09:00"))
    (site_id,) = contract.site_ids
    request = RecordIncident(site_id, at("07-19 00:00"), "Down", ended_at=at("07-19 10:00"))
    await record_incident(world.desk, viewer=world.alice, request=request)
    world.now.set(at("08-01 09:00"))
    await settle(world, contract)


async def test_the_register_of_others_does_not_exist(world: World) -> None:
    contract = await compensating(world)

    for viewer in (world.chloe, world.zoe):
        with pytest.raises(NotFound):
            await breach_register(world.desk, viewer=viewer, contract_id=contract.id, month=JULY)
    unable = replace(world.alice, scopes=frozenset())
    with pytest.raises(ScopeMissing):
        await breach_register(world.desk, viewer=unable, contract_id=contract.id, month=JULY)


async def findings(world: World) -> list[CreditFinding]:
    return [one async for one in examine_credits(world.desk, viewer=world.alice)]


async def test_every_credit_is_what_it_cites(
    both_worlds: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = both_worlds
    monkeypatch.setattr(examining, "BATCH", 1)
    credit = await proposed(world)

    assert await findings(world) == []

    forged = replace(
        credit,
        id=CreditId("f" * 32),
        revision=2,
        calculation=replace(credit.calculation, net=Money(99_00)),
    )
    baseless = replace(
        forged,
        id=CreditId("e" * 32),
        revision=3,
        calculation=replace(
            credit.calculation,
            key=replace(credit.calculation.key, contract_id=ContractId("contract-of-bruno")),
        ),
    )
    async with world.desk.store.transaction(AGENCY_ID) as records:
        for one in (forged, baseless):
            assert world.bruno.client_id is not None
            await records.credits.add_credit(one, world.bruno.client_id)

    assert [(one.credit.id, one.kept, one.told) for one in await findings(world)] == [
        (baseless.id, Money(29_85), None),
        (forged.id, Money(99_00), Money(29_85)),
    ]
