"""A client who was breached twice in a month, from the clocks to the numbered document."""

from helpdesk.domain.compensation_life import CreditState
from helpdesk.domain.money import Money
from helpdesk.usecases.approve_credit import ApproveCredit, approve_credit
from tests.factories import at
from tests.usecases.compensations import JULY, compensating, credits_of, late_p0, settle
from tests.usecases.credit_notes import an_invoice, introduced, issued
from tests.usecases.world import World


async def test_two_breaches_and_a_cap_become_one_document(both_worlds: World) -> None:
    world = both_worlds
    contract = await compensating(world)
    await introduced(world)
    await late_p0(world, resolved="07-08 09:00")
    await late_p0(world, opened="07-08 09:00", resolved="07-09 17:00")
    await an_invoice(world, contract_id=contract.id)
    for credit in (await settle(world, contract)).added:
        await approve_credit(world.desk, viewer=world.alice, request=ApproveCredit(credit.id))

    world.now.set(at("08-03 09:00"))
    document = await issued(world, contract_id=contract.id)

    assert sorted(line.net.cents for line in document.note.lines) == [19_90, 79_60]
    assert document.note.net == Money(99_50)
    kept = await credits_of(world, contract.id, JULY)
    assert {one.state for one in kept} == {CreditState.ISSUED}
    assert {one.facts[-1].document for one in kept} == {document.note.number}
    assert (await settle(world, contract)).added == ()
