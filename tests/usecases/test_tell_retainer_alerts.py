"""A forfait runs out, a pack is about to expire: who is told, when, and that it is once."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ContactId, ContractId, SiteId
from helpdesk.domain.retainer_alert import usage_alert
from helpdesk.domain.retainer_terms import OveragePolicy, OverageTerms, RetainerUnit
from helpdesk.storage.store import SqlStore
from helpdesk.storage.tables.mail import OUTBOX_MAIL
from helpdesk.usecases.contract_terms_wanted import WantedTerms, WantedUnit
from helpdesk.usecases.give_gesture import GiveGesture, give_gesture
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.purchase_pack import PurchasePack, purchase_pack
from helpdesk.usecases.suspend_contract import SuspendContract, suspend_contract
from helpdesk.usecases.tell_retainer_alerts import tell_retainer_alerts
from tests.domain.business_calendars import paris
from tests.factories import AGENCY_ID
from tests.graphql.rows import CountingDatabase
from tests.usecases.contracts import SETTLED, SITE, active
from tests.usecases.retainers import BILLED, PACK, RUN, opened
from tests.usecases.world import RowOf, World

BOTH = ["alice@alice.example", "bruno@bruno.example"]
ALICE_ALONE = BOTH[:1]


def two_hours(overage: OverageTerms = BILLED, **changes: Any) -> WantedTerms:  # Any: its clauses
    unit = WantedUnit(RUN, 120, overage=overage)
    return replace(SETTLED, units=(unit,), **changes)


async def two_hours_a_month(world: World, **changes: Any) -> Contract:  # Any: its clauses
    """Return a contract with two hours a month, on the first of July."""
    world.now.instant = paris("2026-07-01 09:00")
    return await active(
        world, starts_on=paris("2026-07-01 00:00").date(), terms=two_hours(**changes)
    )


async def worked(world: World, minutes: int, unit: RetainerUnit = RUN) -> None:
    request = OpenTicket("It is broken", "Quite.", site_id=SITE)
    ticket = await open_ticket(world.desk, viewer=world.bruno, request=request)
    logged = LogWork(ticket.id, minutes, unit=unit)
    await log_work(world.desk, viewer=world.alice, request=logged)


async def told(world: World) -> list[RowOf]:
    """Return the mails that an alert adds now, by the address."""
    before = {row["id"] for row in await world.rows(OUTBOX_MAIL)}
    await tell_retainer_alerts(world.desk, AGENCY_ID)
    new = [row for row in await world.rows(OUTBOX_MAIL) if row["id"] not in before]
    return sorted(new, key=lambda row: row["document"]["recipient"][-1])


def readers(mails: list[RowOf]) -> list[str]:
    return [row["document"]["recipient"][-1] for row in mails]


async def test_the_agency_is_told_at_80_percent_and_the_client_at_100(both_worlds: World) -> None:
    world = both_worlds
    contract = await two_hours_a_month(world)
    await worked(world, 90)
    assert await told(world) == []

    await worked(world, 15)
    at_80 = await told(world)
    await worked(world, 15)
    at_100 = await told(world)

    assert readers(at_80) == ALICE_ALONE
    assert readers(at_100) == BOTH
    month = "2026-06-30T22:00:00+00:00"
    key = f"retainer:{contract.id}:minutes.run:{month}"
    assert at_80[0]["idempotency_key"] == f"{key}:80:alice"
    assert at_100[1]["idempotency_key"] == f"{key}:100:bruno"


async def test_each_alert_comes_once_whoever_looks_how_often(both_worlds: World) -> None:
    world = both_worlds
    await two_hours_a_month(world)
    await worked(world, 120)

    await asyncio.gather(*(tell_retainer_alerts(world.desk, AGENCY_ID) for _ in range(4)))
    before = await world.everything()
    await tell_retainer_alerts(world.desk, AGENCY_ID)

    alerts = [one for one in await world.outbox() if one.idempotency_key.startswith("retainer:")]
    assert len(alerts) == len(BOTH)
    assert await world.everything() == before


async def test_a_look_takes_as_many_queries_whatever_the_number_of_contracts(
    world: World,
) -> None:
    async def looked_at() -> int:
        counting = CountingDatabase(world.database)
        desk = replace(world.desk, store=SqlStore(counting))
        await tell_retainer_alerts(desk, AGENCY_ID)
        assert len([text for text in counting.texts if "helpdesk_retainer_book" in text]) == 1
        return counting.statements

    await two_hours_a_month(world)
    await worked(world, 120)
    await tell_retainer_alerts(world.desk, AGENCY_ID)
    of_one = await looked_at()
    for number in range(3):
        site = SiteId(f"site-{number}")
        async with world.desk.store.transaction(AGENCY_ID) as records:
            known = await records.clients.site(SITE)
            assert known is not None
            await records.clients.add_site(replace(known, id=site))
        await active(world, reference=f"B-{number}", site_ids=frozenset({site}), terms=two_hours())

    assert await looked_at() == of_one


async def test_of_two_shares_at_once_the_larger_one_is_told(world: World) -> None:
    await two_hours_a_month(world)
    await worked(world, 180)

    mails = await told(world)

    assert readers(mails) == BOTH
    assert "150" in mails[0]["document"]["subject"]


async def test_what_was_told_is_not_told_again_after_a_gesture(world: World) -> None:
    contract = await two_hours_a_month(world)
    await worked(world, 120)
    await told(world)
    gesture = GiveGesture(contract.id, RUN, 30, "Sorry")
    await give_gesture(world.desk, viewer=world.alice, request=gesture)

    assert await told(world) == []


async def test_another_month_is_another_alert(world: World) -> None:
    contract = await two_hours_a_month(world)
    await worked(world, 120)
    await told(world)
    world.now.instant = paris("2026-08-03 09:00")
    gesture = GiveGesture(contract.id, RUN, 30, "Holidays")
    await give_gesture(world.desk, viewer=world.alice, request=gesture)
    assert await told(world) == []

    await worked(world, 30 + 120)  # the gesture, and what August was granted as it was needed

    assert readers(await told(world)) == BOTH


async def test_what_was_over_last_month_is_not_over_this_one(world: World) -> None:
    contract = await two_hours_a_month(world)
    await worked(world, 240)
    await told(world)
    world.now.instant = paris("2026-08-03 09:00")
    gesture = GiveGesture(contract.id, RUN, 30, "Holidays")
    await give_gesture(world.desk, viewer=world.alice, request=gesture)

    assert await told(world) == []


@pytest.mark.parametrize("granted", [0, None])
async def test_an_unlimited_and_an_empty_allowance_have_no_alert(
    world: World, granted: int | None
) -> None:
    unit = WantedUnit(RUN, granted, is_unlimited=granted is None, overage=BILLED)
    await active(world, terms=replace(SETTLED, units=(unit,)))
    await worked(world, 600)

    assert await told(world) == []


async def test_a_contract_that_is_no_longer_in_force_has_no_alert(world: World) -> None:
    await opened(world, RUN, 60)
    ticket = await world.ticket()
    logged = LogWork(ticket.id, 60, unit=RUN)
    await log_work(world.desk, viewer=world.alice, request=logged)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(ContractId("contract-of-bruno"))
        assert contract is not None
        await records.contracts.save_contract(replace(contract, status=ContractStatus.ENDED))

    assert await told(world) == []


async def test_a_pack_is_told_of_15_days_before_it_expires(both_worlds: World) -> None:
    world = both_worlds
    contract = await active(world)
    request = PurchasePack(contract.id, 600, months=1)
    await purchase_pack(world.desk, viewer=world.alice, request=request)
    world.now.instant = paris("2026-07-21 23:59")
    assert await told(world) == []

    world.now.instant = paris("2026-07-22 00:01")
    mails = await told(world)
    again = await told(world)

    assert readers(mails) == BOTH
    assert again == []
    french = mails[0]["document"]
    assert french["subject"] == "Contrat TMA-2 : crédit-temps utilisable jusqu'au 5 août 2026"
    assert "il reste 600 minutes de crédit-temps" in french["text"]


async def test_a_pack_is_used_up_once_not_each_month(world: World) -> None:
    contract = await active(world)
    pack = PurchasePack(contract.id, 600)
    await purchase_pack(world.desk, viewer=world.alice, request=pack)
    await worked(world, 600, PACK)
    assert readers(await told(world)) == BOTH

    world.now.instant = paris("2026-08-06 09:00")
    assert await told(world) == []

    await purchase_pack(world.desk, viewer=world.alice, request=pack)
    await worked(world, 540, PACK)
    assert readers(await told(world)) == ALICE_ALONE


async def test_a_pack_that_is_used_up_does_not_expire(world: World) -> None:
    contract = await active(world)
    request = PurchasePack(contract.id, 60, months=1)
    await purchase_pack(world.desk, viewer=world.alice, request=request)
    await worked(world, 60, PACK)
    await told(world)
    world.now.instant = paris("2026-07-30 09:00")

    assert await told(world) == []


async def test_a_contract_may_leave_the_client_alone(world: World) -> None:
    await two_hours_a_month(world, tells_client=False)
    await worked(world, 120)

    assert readers(await told(world)) == ALICE_ALONE


async def test_a_contract_without_commercial_clauses_says_nothing_to_the_client(
    world: World,
) -> None:
    await opened(world, RUN, 60)
    ticket = await world.ticket()
    logged = LogWork(ticket.id, 60, unit=RUN)
    await log_work(world.desk, viewer=world.alice, request=logged)

    assert readers(await told(world)) == ALICE_ALONE


async def test_who_reads_notices_is_told_in_place_of_everybody(world: World) -> None:
    async with world.desk.store.transaction(AGENCY_ID) as records:
        bruno = await records.clients.contact(ContactId("bruno"))
        assert bruno is not None
        clerk = replace(
            bruno,
            id=ContactId("clerk"),
            email="clerk@bruno.example",
            locale=Locale.EN,
            reads_notices=True,
        )
        await records.clients.add_contact(clerk)
    await two_hours_a_month(world)
    await worked(world, 150)

    mails = await told(world)

    assert readers(mails) == ["alice@alice.example", "clerk@bruno.example"]
    english = mails[1]["document"]
    assert english["subject"] == "Contract TMA-2: 125% of the allowance used"
    assert "150 of 120 minutes of small changes used (125%), 30 of them over" in english["text"]
    assert "Over it, an hour is billed at €90.00 before tax." in english["text"]


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (OveragePolicy.QUOTE, "attend un devis accepté"),
        (OveragePolicy.BLOCK, "attend la prochaine dotation"),
    ],
)
async def test_the_mail_says_what_comes_after_the_allowance(
    world: World, policy: OveragePolicy, words: str
) -> None:
    await two_hours_a_month(world, overage=OverageTerms(policy))
    await worked(world, 120)

    [mail, _] = await told(world)

    assert words in mail["document"]["text"]
    assert "P0" in mail["document"]["text"]


async def test_a_suspended_contract_is_still_told_of(world: World) -> None:
    contract = await two_hours_a_month(world)
    await worked(world, 120)
    rest = SuspendContract(contract.id, "Unpaid")
    await suspend_contract(world.desk, viewer=world.alice, request=rest)

    assert readers(await told(world)) == BOTH


@pytest.mark.parametrize(
    ("total", "used", "threshold"),
    [(600, 479, None), (600, 480, 80), (600, 600, 100), (0, 9, None)],
)
def test_the_largest_share_that_was_reached_is_due(
    total: int, used: int, threshold: int | None
) -> None:
    alert = usage_alert(used=used, total=total)

    assert (None if alert is None else alert.threshold) == threshold
