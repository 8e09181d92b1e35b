"""The sheet of a site, the reviews and the emergency procedure of a contract are written down."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Viewer
from helpdesk.domain.emergency import EmergencyContact, EmergencyProcedure
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.review import ReviewRhythm, ReviewToCome
from helpdesk.domain.secret_text import SecretRefused
from helpdesk.domain.signal import Signal
from helpdesk.domain.site_sheet import SiteSheet
from helpdesk.storage.tables.agency import AGENT
from helpdesk.storage.tables.diagnostics import (
    EMERGENCY_PROCEDURE,
    REVIEW_RHYTHM,
    SITE_SHEET,
)
from helpdesk.usecases.contract_care import (
    RecordReview,
    SetEmergencyProcedure,
    SetReviewRhythm,
    record_review,
    set_emergency_procedure,
    set_review_rhythm,
)
from helpdesk.usecases.derive_signals import derive_signals
from helpdesk.usecases.describe_site import DescribeSite, describe_site
from helpdesk.usecases.open_points import next_review_on
from helpdesk.usecases.require_manager import ManagersOnly
from tests.factories import AGENCY_ID, MONDAY, a_viewer
from tests.usecases.diagnostics import SITE, described, signals_of
from tests.usecases.world import World

CONTRACT = ContractId("contract-of-bruno")
ANNE = EmergencyContact("Anne", "on call", phone="+33 1 23 45 67 89", email="anne@alice.example")
PROCEDURE = EmergencyProcedure((ANNE,), "make rollback", "Then the host")
MEETING = RecordReview(CONTRACT, date(2026, 7, 6), "Alice, Bruno", "The shop gets faster.")


async def test_a_sheet_is_kept_version_by_version(both_worlds: World) -> None:
    world = both_worlds
    first = await described(world, cms="WordPress", php_supported_until=date(2026, 12, 31))
    second = await described(world, cms_version="6.8", plugin_count=12, has_staging=False)

    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.diagnostics.sheet(SITE) == second
    assert (first.version, second.version) == (1, 2)
    assert second.sheet == SiteSheet(
        cms="WordPress",
        cms_version="6.8",
        plugin_count=12,
        has_staging=False,
        php_supported_until=date(2026, 12, 31),
    )
    assert (second.by.name, second.at) == ("Alice", MONDAY)


async def test_what_says_nothing_new_is_no_version(world: World) -> None:
    first = await described(world, cms="WordPress", has_staging=True)

    assert await described(world, has_staging=True) == first
    assert len(await world.rows(SITE_SHEET)) == 1


async def test_a_procedure_is_kept_version_by_version(both_worlds: World) -> None:
    world = both_worlds
    request = SetEmergencyProcedure(CONTRACT, PROCEDURE)
    first = await set_emergency_procedure(world.desk, viewer=world.alice, request=request)
    again = await set_emergency_procedure(world.desk, viewer=world.alice, request=request)
    other = replace(request, procedure=replace(PROCEDURE, rollback="restore the backup"))
    second = await set_emergency_procedure(world.desk, viewer=world.alice, request=other)

    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.care.procedure(CONTRACT) == second
    assert again == first
    assert [row["version"] for row in await world.rows(EMERGENCY_PROCEDURE)] == [1, 2]


async def test_a_procedure_clears_its_signal(world: World) -> None:
    await derive_signals(world.desk, AGENCY_ID)
    assert Signal.NO_EMERGENCY_PROCEDURE in await signals_of(world)
    request = SetEmergencyProcedure(CONTRACT, PROCEDURE)
    await set_emergency_procedure(world.desk, viewer=world.alice, request=request)

    await derive_signals(world.desk, AGENCY_ID)

    assert Signal.NO_EMERGENCY_PROCEDURE not in await signals_of(world)


async def test_reviews_are_kept_in_order(both_worlds: World) -> None:
    world = both_worlds
    first = await record_review(world.desk, viewer=world.alice, request=MEETING)
    earlier = replace(MEETING, held_on=date(2026, 1, 6))
    second = await record_review(world.desk, viewer=world.alice, request=earlier)

    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.care.meetings(CONTRACT) == (first, second)
    assert (first.sequence, second.sequence) == (1, 2)


async def test_how_often_a_contract_is_reviewed_is_settled_by_managers(both_worlds: World) -> None:
    world = both_worlds
    request = SetReviewRhythm(CONTRACT, ReviewRhythm(3))
    first = await set_review_rhythm(world.desk, viewer=world.alice, request=request)
    again = await set_review_rhythm(world.desk, viewer=world.alice, request=request)
    monthly = replace(request, rhythm=ReviewRhythm(1))
    second = await set_review_rhythm(world.desk, viewer=world.alice, request=monthly)

    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.care.rhythm(CONTRACT) == second
    assert again == first
    assert [row["every_months"] for row in await world.rows(REVIEW_RHYTHM)] == [3, 1]
    assert len(await world.rows(AGENT)) > 0
    nobody = a_viewer(name="Adam", agent_id="adam")
    async with world.refused(ManagersOnly):
        await set_review_rhythm(world.desk, viewer=nobody, request=request)


async def test_the_next_review_counts_by_what_was_settled_and_held(world: World) -> None:
    async def next_on() -> date:
        async with world.desk.store.reading(AGENCY_ID) as records:
            contract = await records.contracts.contract(CONTRACT)
            assert contract is not None
            return await next_review_on(records, contract, at=MONDAY)

    assert await next_on() == date(2027, 1, 1)
    request = SetReviewRhythm(CONTRACT, ReviewRhythm(3))
    await set_review_rhythm(world.desk, viewer=world.alice, request=request)
    assert await next_on() == date(2026, 4, 1)
    await record_review(world.desk, viewer=world.alice, request=MEETING)
    assert await next_on() == date(2026, 10, 6)


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (replace(MEETING, held_on=date(2026, 7, 7)), ReviewToCome),
        (replace(MEETING, attendees=" "), TextRequired),
        (replace(MEETING, minutes=""), TextRequired),
        (replace(MEETING, minutes="password: Soleil42"), SecretRefused),
        (replace(MEETING, contract_id=ContractId("none")), NotFound),
    ],
)
async def test_a_review_that_is_none_is_refused(
    world: World, request_: RecordReview, refusal: type[HelpdeskError]
) -> None:
    async with world.refused(refusal):
        await record_review(world.desk, viewer=world.alice, request=request_)


Attempt = Callable[[World, Viewer], Awaitable[object]]
ATTEMPTS: dict[str, Attempt] = {
    "describe": lambda world, viewer: describe_site(
        world.desk, viewer=viewer, request=DescribeSite(SITE, SiteSheet(cms="WordPress"))
    ),
    "review": lambda world, viewer: record_review(world.desk, viewer=viewer, request=MEETING),
    "procedure": lambda world, viewer: set_emergency_procedure(
        world.desk, viewer=viewer, request=SetEmergencyProcedure(CONTRACT, PROCEDURE)
    ),
    "rhythm": lambda world, viewer: set_review_rhythm(
        world.desk, viewer=viewer, request=SetReviewRhythm(CONTRACT, ReviewRhythm(6))
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
async def test_only_the_agency_writes_about_its_sites_and_contracts(
    world: World, attempt: Attempt
) -> None:
    async with world.refused(AgencyOnly):
        await attempt(world, world.bruno)
    async with world.refused(NotFound):
        await attempt(world, world.zoe)


async def test_there_is_no_sheet_of_no_site(world: World) -> None:
    async with world.refused(NotFound):
        await describe_site(
            world.desk,
            viewer=world.alice,
            request=DescribeSite(SiteId("nowhere"), SiteSheet(cms="WordPress")),
        )
