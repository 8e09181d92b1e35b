"""Open points of audits and the next review stand in the report of the month."""

from dataclasses import replace
from datetime import date

from helpdesk.domain.checklist import PointStatus
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import SiteId
from helpdesk.domain.report_lines import AlertKind, AlertLine, ForecastKind, ForecastLine
from helpdesk.domain.review import ReviewRhythm
from helpdesk.usecases.answer_audit_point import (
    AnswerAuditPoint,
    answer_audit_point,
    complete_audit,
)
from helpdesk.usecases.contract_care import SetReviewRhythm, set_review_rhythm
from tests.factories import AGENCY_ID
from tests.usecases.diagnostics import started
from tests.usecases.reports import READY, preview
from tests.usecases.retainers import CONTRACT
from tests.usecases.world import World


async def audited(world: World, *failing: str) -> None:
    """Complete an audit of Bruno's site that finds fault with some points."""
    audit = await started(world)
    for point in audit.checklist.points:
        status = PointStatus.RED if point.code in failing else PointStatus.GREEN
        request = AnswerAuditPoint(audit.id, point.code, status, evidence="seen")
        await answer_audit_point(world.desk, viewer=world.alice, request=request)
    await complete_audit(world.desk, viewer=world.alice, audit_id=audit.id)


async def points(world: World) -> list[AlertLine]:
    """Return the open points of the report of July."""
    alerts = (await preview(world)).lines.alerts
    return [one for one in alerts if one.kind is AlertKind.OPEN_POINT]


async def meetings(world: World) -> list[ForecastLine]:
    """Return the reviews that the report of July names."""
    forecast = (await preview(world)).lines.forecast
    return [one for one in forecast if one.kind is ForecastKind.MEETING]


async def test_an_open_high_point_is_named_with_its_last_day(both_worlds: World) -> None:
    world = both_worlds
    await audited(world, "A3", "E7")
    world.now.set(READY)

    lines = await points(world)

    words = world.desk.diagnostics.point_text("E7")
    assert [(one.subject, one.words[Locale.FR]) for one in lines][-1] == (
        await site_name(world),
        words[Locale.FR],
    )
    assert all(one.on == date(2026, 8, 5) for one in lines)


async def test_without_an_open_point_none_is_named(world: World) -> None:
    await audited(world)
    world.now.set(READY)

    assert await points(world) == []


async def test_the_next_review_is_named_once_it_is_near(both_worlds: World) -> None:
    world = both_worlds
    world.now.set(READY)
    usual = await meetings(world)
    request = SetReviewRhythm(CONTRACT, ReviewRhythm(3))
    await set_review_rhythm(world.desk, viewer=world.alice, request=request)

    [late] = await meetings(world)

    assert [one.on for one in usual] == [date(2027, 1, 1)]
    assert (late.subject, late.on) == ("TMA-BRUNO", date(2026, 4, 1))


async def test_a_contract_that_ends_before_has_no_review(world: World) -> None:
    world.now.set(READY)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract_to_change(CONTRACT)
        assert contract is not None
        await records.contracts.save_contract(replace(contract, ends_on=date(2026, 12, 31)))

    assert await meetings(world) == []


async def site_name(world: World) -> str:
    """Return the name of Bruno's site."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        site = await records.clients.site(SiteId("bruno.example"))
    assert site is not None
    return site.name
