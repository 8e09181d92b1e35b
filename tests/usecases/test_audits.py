"""A site is audited: what the data answer, what people answer, and the verdict."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing, Viewer
from helpdesk.domain.audit import (
    AnswerEvidenceRequired,
    AnswerExpired,
    AnswerReasonRequired,
    Audit,
    AuditDone,
    AuditKind,
    SecondPersonRequired,
)
from helpdesk.domain.checklist import PointStatus, PointUnknown
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import AgentId, AuditId, SiteId
from helpdesk.domain.secret_text import SecretRefused
from helpdesk.presets.diagnostics import checklist
from helpdesk.usecases.answer_audit_point import (
    AnswerAuditPoint,
    answer_audit_point,
    complete_audit,
)
from helpdesk.usecases.open_points import open_points
from helpdesk.usecases.start_audit import StartAudit, start_audit
from tests.factories import a_viewer
from tests.usecases.diagnostics import CHLOES_SITE, SITE, described, kept_audit, started
from tests.usecases.world import World

GREEN, RED = PointStatus.GREEN, PointStatus.RED
ASIDE, UNKNOWN = PointStatus.NOT_APPLICABLE, PointStatus.UNKNOWN
TODAY = date(2026, 7, 6)
ADAM = a_viewer(name="Adam", agent_id=AgentId("adam"))


async def answer(
    world: World, audit: Audit, point: str, status: PointStatus, **given: Any
) -> Audit:
    """Return an audit with Alice's answer. Any: the other fields of the request."""
    viewer = given.pop("viewer", world.alice)
    evidence = "" if status in {ASIDE, UNKNOWN} else "seen"
    request = AnswerAuditPoint(audit.id, point, status, **{"evidence": evidence, **given})
    return await answer_audit_point(world.desk, viewer=viewer, request=request)


async def test_an_audit_begins_with_what_the_data_answer(both_worlds: World) -> None:
    world = both_worlds
    await described(world, has_staging=False, has_waf=True)

    audit = await started(world, AuditKind.TAKEOVER)

    assert await kept_audit(world, audit.id) == audit
    statuses = audit.statuses(TODAY)
    assert (statuses["D1"], statuses["A5"], statuses["E6"]) == (RED, GREEN, UNKNOWN)
    assert {one.is_derived for one in audit.answers} == {True}
    derived = {one.point: one.evidence for one in audit.answers}
    assert derived["D1"] == "sans environnement de staging"
    assert audit.checklist == checklist()
    assert (audit.kind, audit.started_on) == (AuditKind.TAKEOVER, TODAY)


async def test_an_answer_is_added_and_holds_as_long_as_the_checklist_says(
    both_worlds: World,
) -> None:
    world = both_worlds
    begun = await started(world)

    audit = await answer(world, begun, "C3", GREEN, evidence="restored on staging on 2 July")
    sooner = await answer(world, begun, "A3", GREEN, expires_on=date(2026, 8, 1))

    assert await kept_audit(world, audit.id) == sooner
    (restored, certificate) = sooner.answers[-2:]
    assert (restored.point, restored.expires_on) == ("C3", date(2026, 10, 6))
    assert certificate.expires_on == date(2026, 8, 1)
    assert restored.by == world.alice.actor


async def test_an_audit_is_completed_with_a_verdict_that_stays(both_worlds: World) -> None:
    world = both_worlds
    audit = await started(world)
    for point in audit.checklist.points:
        await answer(world, audit, point.code, RED if point.code in {"A3", "E8"} else GREEN)

    done = await complete_audit(world.desk, viewer=world.alice, audit_id=audit.id)

    assert await kept_audit(world, audit.id) == done
    assert done.verdict is not None
    assert done.verdict.is_sufficient
    assert done.verdict.high_due == {"A3": date(2026, 8, 5)}
    assert done.verdict.good_practice == ("E8",)
    world.now.advance(days=31)
    assert done.result(today=date(2026, 8, 6)).high_overdue == ("A3",)
    repaired = await answer(world, audit, "A3", GREEN)
    assert repaired.result(today=date(2026, 8, 6)).high_due == {}
    assert (await kept_audit(world, audit.id)).verdict == done.verdict


async def test_two_people_set_a_critical_point_aside(world: World) -> None:
    begun = await started(world)

    alone = await answer(world, begun, "D1", ASIDE, reason="a static site")
    both = await answer(world, begun, "D1", ASIDE, reason="I agree", viewer=ADAM)

    assert alone.statuses(TODAY)["D1"] is UNKNOWN
    assert both.statuses(TODAY)["D1"] is ASIDE


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (AnswerAuditPoint(AuditId("x"), "A5", ASIDE), AnswerReasonRequired),
        (AnswerAuditPoint(AuditId("x"), "A5", ASIDE, reason="  "), AnswerReasonRequired),
        (AnswerAuditPoint(AuditId("x"), "A5", GREEN), AnswerEvidenceRequired),
        (AnswerAuditPoint(AuditId("x"), "Z1", GREEN, "seen"), PointUnknown),
        (AnswerAuditPoint(AuditId("x"), "A5", GREEN, "password: Soleil42"), SecretRefused),
        (AnswerAuditPoint(AuditId("x"), "A5", ASIDE, reason="mdp = Soleil42"), SecretRefused),
        (
            AnswerAuditPoint(AuditId("x"), "A5", GREEN, "seen", expires_on=TODAY),
            AnswerExpired,
        ),
    ],
)
async def test_an_answer_that_says_nothing_is_refused(
    both_worlds: World, given: AnswerAuditPoint, refusal: type[HelpdeskError]
) -> None:
    world = both_worlds
    audit = await started(world)

    async with world.refused(refusal):
        await answer_audit_point(
            world.desk, viewer=world.alice, request=replace(given, audit_id=audit.id)
        )


async def test_nobody_seconds_himself(world: World) -> None:
    audit = await started(world)
    await answer(world, audit, "D1", ASIDE, reason="a static site")

    async with world.refused(SecondPersonRequired):
        await answer(world, audit, "D1", ASIDE, reason="a static site")


async def test_the_last_audit_for_the_client_says_which_points_are_open(
    both_worlds: World,
) -> None:
    world = both_worlds
    audits = []
    for failing in ("A3", "E7"):
        audit = await started(world)
        audits.append(audit)
        for point in audit.checklist.points:
            await answer(world, audit, point.code, RED if point.code == failing else GREEN)
        await complete_audit(world.desk, viewer=world.alice, audit_id=audit.id)
        world.now.advance(days=1)
    for kind in (AuditKind.TAKEOVER, AuditKind.CLIENT_AUDIT):  # one is not his, one is still open
        await started(world, kind)

    async with world.desk.store.reading(world.alice.agency_id) as records:
        before = await open_points(records, [SITE, CHLOES_SITE], today=date(2026, 7, 8))
    await answer(world, audits[-1], "E7", GREEN)
    async with world.desk.store.reading(world.alice.agency_id) as records:
        after = await open_points(records, [SITE, CHLOES_SITE], today=date(2026, 7, 8))

    assert before == {SITE: {"E7": date(2026, 8, 6)}}
    assert after == {}


async def test_an_audit_is_completed_once(world: World) -> None:
    audit = await started(world)
    await complete_audit(world.desk, viewer=world.alice, audit_id=audit.id)

    async with world.refused(AuditDone):
        await complete_audit(world.desk, viewer=world.alice, audit_id=audit.id)


Attempt = Callable[[World, Viewer, AuditId], Awaitable[object]]
ATTEMPTS: dict[str, Attempt] = {
    "start": lambda world, viewer, _: start_audit(
        world.desk, viewer=viewer, request=StartAudit(SITE, AuditKind.CLIENT_AUDIT)
    ),
    "answer": lambda world, viewer, audit_id: answer_audit_point(
        world.desk, viewer=viewer, request=AnswerAuditPoint(audit_id, "A5", GREEN, "seen")
    ),
    "complete": lambda world, viewer, audit_id: complete_audit(
        world.desk, viewer=viewer, audit_id=audit_id
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
async def test_only_the_agency_of_the_site_audits_it(world: World, attempt: Attempt) -> None:
    audit = await started(world)

    async with world.refused(AgencyOnly):
        await attempt(world, world.bruno, audit.id)
    async with world.refused(NotFound):
        await attempt(world, world.zoe, audit.id)
    async with world.refused(ScopeMissing):
        await attempt(world, replace(world.alice, scopes=frozenset({Scope.CLIENTS_READ})), audit.id)


async def test_there_is_no_audit_of_no_site(world: World) -> None:
    async with world.refused(NotFound):
        await start_audit(
            world.desk,
            viewer=world.alice,
            request=StartAudit(SiteId("nowhere"), AuditKind.SELF_DIAGNOSIS),
        )
