"""A client hears of a higher price before the last day on which he may leave."""

from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import Locale
from helpdesk.domain.money import Money
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.usecases.amend_contract import TermsNotLater
from helpdesk.usecases.change_plan import ChangePlan, change_plan
from helpdesk.usecases.contract_terms_wanted import TermLength
from helpdesk.usecases.create_contact import CreateContact, create_contact
from helpdesk.usecases.give_notice import GiveNotice, give_notice
from helpdesk.usecases.update_client import UpdateClient, update_client
from tests.usecases.contracts import BRUNO
from tests.usecases.upkeep import CARRIED, carried, day
from tests.usecases.world import World

# The contract costs 199 euros and is renewed on 1 July 2027; notice is possible until 31 March.
NEXT_TERM = date(2027, 7, 1)
MORE = PlanPrice(Money(249_00), TaxBasis.HT)
LESS = PlanPrice(Money(99_00), TaxBasis.HT)


async def changed(
    world: World,
    contract: Contract,
    plan: str = "guide.business",
    price: PlanPrice = MORE,
    on: date | None = None,
) -> None:
    request = ChangePlan(contract.id, plan, on, price, {"continuous": "ouvre5"})
    await change_plan(world.desk, viewer=world.alice, request=request)


async def told(world: World) -> dict[str, OutgoingMail]:
    """Return the letters that are promised, by the name of who reads them."""
    return {one.mail.recipient.name: one.mail for one in await world.outbox()}


async def test_the_same_plan_at_a_higher_price_is_announced_once(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)

    await changed(world, contract)

    [letter] = (await told(world)).values()
    assert letter.recipient.email == "bruno@bruno.example"
    assert letter.subject == "Votre contrat TMA-2 : nouveau prix à partir du 1er juillet 2027"
    assert (
        "À partir du 1er juillet 2027, votre contrat TMA-2 avec Agency of Alice coûtera"
        " 249,00\xa0€ HT par mois, au lieu de 199,00\xa0€ HT."
    ) in letter.text
    assert "│ Dernier jour pour donner votre préavis : │\n│ 31 mars 2027 " in letter.text
    assert "support@alice.example" in letter.text
    async with world.refused(TermsNotLater):
        await changed(world, contract)
    assert len(await world.outbox()) == 1


async def test_another_plan_that_costs_more_from_the_next_term_on_is_announced_too(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await carried(world)
    beatrice = CreateContact(BRUNO, "Béatrice", "beatrice@bruno.example", Locale.EN)
    reader = await create_contact(world.desk, viewer=world.alice, request=beatrice)
    named = UpdateClient(BRUNO, notice_contact_ids=[reader.id])
    await update_client(world.desk, viewer=world.alice, request=named)
    price = replace(MORE, tax_basis=TaxBasis.TTC)

    await changed(world, contract, "guide.critique", price, NEXT_TERM)

    letters = await told(world)
    assert set(letters) == {"Béatrice"}
    letter = letters["Béatrice"]
    assert letter.subject == "Your contract TMA-2: new price from 1 July 2027"
    assert (
        "From 1 July 2027, your contract TMA-2 with Agency of Alice will cost €249.00, VAT"
        " included, a month instead of €199.00 before VAT."
    ) in letter.text
    assert "│ Last day to give notice: │\n│ 31 March 2027 " in letter.text


@pytest.mark.parametrize(
    ("plan", "price", "on"),
    [
        ("guide.critique", MORE, None),  # agreed for today
        ("guide.critique", MORE, date(2027, 6, 1)),
        ("guide.essentiel", LESS, NEXT_TERM),
        ("guide.business", CARRIED.price, NEXT_TERM),
    ],
)
async def test_what_is_no_dearer_next_term_is_not_announced(
    world: World, plan: str, price: PlanPrice, on: date | None
) -> None:
    contract = await carried(world)

    await changed(world, contract, plan, price, on)

    assert await told(world) == {}


async def test_who_can_no_longer_leave_has_agreed_already(world: World) -> None:
    contract = await carried(world)
    world.now.instant = day("2027-04-01")

    await changed(world, contract, "guide.critique", MORE, NEXT_TERM)

    assert await told(world) == {}


@pytest.mark.parametrize("why", ["never renewed", "notice given", "had no price"])
async def test_where_no_price_rises_with_a_renewal_nobody_is_told(world: World, why: str) -> None:
    length = TermLength(12) if why == "never renewed" else TermLength(12, 12)
    terms = replace(CARRIED, price=None) if why == "had no price" else CARRIED
    contract = await carried(world, terms, length=length)
    if why == "notice given":
        await give_notice(world.desk, viewer=world.alice, request=GiveNotice(contract.id))

    await changed(world, contract, "guide.critique", MORE, NEXT_TERM)

    assert await told(world) == {}
