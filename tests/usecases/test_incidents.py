"""People tell of incidents, of work to come and of who watched; what is said is kept."""

from datetime import timedelta

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, ScopeMissing
from helpdesk.domain.availability import MaintenanceBegun, MaintenanceReversed
from helpdesk.domain.ids import IncidentId, MaintenanceId, SiteId
from helpdesk.domain.incident import (
    Incident,
    IncidentEnded,
    IncidentExplanationRequired,
    IncidentReversed,
    IncidentsOverlap,
    IncidentToCome,
    IncidentWithdrawn,
)
from helpdesk.domain.message import TextRequired
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.storage.tables.availability import (
    INCIDENT,
    INCIDENT_FACT,
    MAINTENANCE,
    PROBE_WATCH,
)
from helpdesk.usecases.change_incident import (
    CorrectIncident,
    EndIncident,
    WithdrawIncident,
    correct_incident,
    end_incident,
    withdraw_incident,
)
from helpdesk.usecases.idempotency import IdempotencyKeyReused
from helpdesk.usecases.plan_maintenance import (
    AnnounceMaintenance,
    CancelMaintenance,
    announce_maintenance,
    cancel_maintenance,
)
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from helpdesk.usecases.record_watch import (
    RecordWatch,
    WatchReversed,
    WatchToCome,
    record_watch,
)
from tests.factories import AGENCY_ID, a_viewer, at
from tests.usecases.monitoring import BRUNOS_SITE, a_hook, an_event, called
from tests.usecases.world import World

DOWN = "The shop was down"


async def told(
    world: World, start: str, end: str | None = None, source: str = "agency"
) -> Incident:
    """Return an incident of Bruno's site that Alice tells of."""
    request = RecordIncident(
        BRUNOS_SITE, at(start), DOWN, None if end is None else at(end), source=source
    )
    return await record_incident(world.desk, viewer=world.alice, request=request)


async def test_an_incident_is_told_ended_corrected_and_taken_back(both_worlds: World) -> None:
    world = both_worlds
    alice = world.alice

    incident = await told(world, "07-06 08:00")
    over = await end_incident(world.desk, viewer=alice, request=EndIncident(incident.id))
    right = await correct_incident(
        world.desk,
        viewer=alice,
        request=CorrectIncident(
            incident.id,
            "The host's status page says so.",
            began_at=at("07-06 08:10"),
            reason=OutageReason.HOSTING_FAILURE,
        ),
    )
    open_again = await correct_incident(
        world.desk, viewer=alice, request=CorrectIncident(incident.id, "Still.", is_open=True)
    )
    await withdraw_incident(
        world.desk, viewer=alice, request=WithdrawIncident(incident.id, "It was the probe.")
    )

    assert (over.ended_at, right.began_at, right.reason, open_again.ended_at) == (
        world.now(),
        at("07-06 08:10"),
        OutageReason.HOSTING_FAILURE,
        None,
    )
    [row] = await world.rows(INCIDENT)
    assert (row["is_withdrawn"], row["sequence"]) == (True, 5)
    async with world.desk.store.reading(AGENCY_ID) as records:
        facts = await records.incidents.facts(incident.id)
    assert [(fact.kind.value, fact.explanation) for fact in facts] == [
        ("RECORDED", ""),
        ("ENDED", ""),
        ("CORRECTED", "The host's status page says so."),
        ("CORRECTED", "Still."),
        ("WITHDRAWN", "It was the probe."),
    ]
    assert {fact.actor for fact in facts} == {alice.actor}


async def test_overlapping_words_of_one_source_are_refused(both_worlds: World) -> None:
    world = both_worlds
    await told(world, "07-06 07:00", "07-06 08:00")
    second = await told(world, "07-06 08:00", "07-06 08:30")

    for start, end in (("07-06 07:59", "07-06 08:01"), ("07-06 06:00", None)):
        async with world.refused(IncidentsOverlap):
            await told(world, start, end)
    async with world.refused(IncidentsOverlap):
        await correct_incident(
            world.desk,
            viewer=world.alice,
            request=CorrectIncident(second.id, "Earlier.", began_at=at("07-06 07:30")),
        )
    other = await told(world, "07-06 07:30", "07-06 08:10", source="probe")

    assert other.source == "probe"


async def test_an_open_incident_overlaps_with_all_that_follows(world: World) -> None:
    await told(world, "07-06 07:00")
    world.now.advance(hours=24)

    async with world.refused(IncidentsOverlap):
        await told(world, "07-07 07:00", "07-07 08:00")


async def test_what_a_tool_told_is_corrected_though_two_probes_saw_it(world: World) -> None:
    hook = await a_hook(world)
    for incident in ("a", "b"):
        await called(world, hook, an_event(incident=incident))
    [first, _] = await world.rows(INCIDENT)

    after = await correct_incident(
        world.desk,
        viewer=world.alice,
        request=CorrectIncident(
            IncidentId(first["id"]), "Status page.", reason=OutageReason.FORCE_MAJEURE
        ),
    )

    assert after.reason is OutageReason.FORCE_MAJEURE


async def test_what_cannot_be_is_refused_and_changes_nothing(world: World) -> None:
    alice, desk = world.alice, world.desk
    incident = await told(world, "07-06 07:00", "07-06 08:00")
    withdrawn = await told(world, "07-05 07:00", "07-05 08:00")
    await withdraw_incident(desk, viewer=alice, request=WithdrawIncident(withdrawn.id, "Test."))

    async with world.refused(IncidentReversed):
        await told(world, "07-06 08:30", "07-06 08:00")
    async with world.refused(IncidentToCome):
        await told(world, "07-06 09:01")
    async with world.refused(TextRequired):
        await record_incident(
            desk, viewer=alice, request=RecordIncident(BRUNOS_SITE, at("07-06 08:00"), " ")
        )
    async with world.refused(NotFound):
        await record_incident(
            desk,
            viewer=alice,
            request=RecordIncident(SiteId("nowhere"), at("07-06 08:00"), DOWN),
        )
    async with world.refused(IncidentEnded):
        await end_incident(desk, viewer=alice, request=EndIncident(incident.id))
    async with world.refused(IncidentWithdrawn):
        await end_incident(desk, viewer=alice, request=EndIncident(withdrawn.id))
    async with world.refused(IncidentExplanationRequired):
        await correct_incident(desk, viewer=alice, request=CorrectIncident(incident.id, " "))
    async with world.refused(NotFound):
        await end_incident(desk, viewer=alice, request=EndIncident(IncidentId("none")))


async def test_clients_and_strangers_tell_of_nothing(both_worlds: World) -> None:
    world = both_worlds
    incident = await told(world, "07-06 07:00")
    request = RecordIncident(BRUNOS_SITE, at("07-05 08:00"), DOWN)

    async with world.refused(AgencyOnly):
        await record_incident(world.desk, viewer=world.bruno, request=request)
    async with world.refused(NotFound):
        await record_incident(world.desk, viewer=world.zoe, request=request)
    async with world.refused(ScopeMissing):
        await record_incident(world.desk, viewer=a_viewer(scopes=frozenset()), request=request)
    async with world.refused(AgencyOnly):
        await end_incident(world.desk, viewer=world.bruno, request=EndIncident(incident.id))
    async with world.refused(NotFound):
        await end_incident(world.desk, viewer=world.zoe, request=EndIncident(incident.id))


async def test_the_same_key_tells_once(world: World) -> None:
    request = RecordIncident(BRUNOS_SITE, at("07-06 08:00"), DOWN, idempotency_key="k")
    other = RecordIncident(BRUNOS_SITE, at("07-05 08:00"), DOWN, idempotency_key="k")

    first = await record_incident(world.desk, viewer=world.alice, request=request)
    again = await record_incident(world.desk, viewer=world.alice, request=request)

    assert again == first
    assert len(await world.rows(INCIDENT_FACT)) == 1
    async with world.refused(IdempotencyKeyReused):
        await record_incident(world.desk, viewer=world.alice, request=other)


async def test_work_is_announced_and_called_off_once(both_worlds: World) -> None:
    world = both_worlds
    request = AnnounceMaintenance(BRUNOS_SITE, at("07-10 22:00"), at("07-10 23:00"), "PHP 8.4")

    work = await announce_maintenance(world.desk, viewer=world.alice, request=request)
    world.now.advance(hours=1)
    cancel = CancelMaintenance(work.id)
    site_id = await cancel_maintenance(world.desk, viewer=world.alice, request=cancel)
    world.now.advance(hours=1)
    await cancel_maintenance(world.desk, viewer=world.alice, request=cancel)

    [row] = await world.rows(MAINTENANCE)
    assert (row["announced_at"], row["cancelled_at"]) == (
        at("07-06 09:00"),
        at("07-06 10:00"),
    )
    assert (site_id, row["cancelled_by"]["name"]) == (BRUNOS_SITE, world.alice.name)


async def test_work_that_cannot_be_announced_is_refused(world: World) -> None:
    for start, end, refusal in (
        ("07-10 23:00", "07-10 22:00", MaintenanceReversed),
        ("07-06 09:00", "07-06 10:00", MaintenanceBegun),
    ):
        request = AnnounceMaintenance(BRUNOS_SITE, at(start), at(end), "PHP 8.4")
        async with world.refused(refusal):
            await announce_maintenance(world.desk, viewer=world.alice, request=request)
    async with world.refused(NotFound):
        await cancel_maintenance(
            world.desk, viewer=world.alice, request=CancelMaintenance(MaintenanceId("none"))
        )
    async with world.refused(AgencyOnly):
        await cancel_maintenance(
            world.desk, viewer=world.bruno, request=CancelMaintenance(MaintenanceId("none"))
        )


async def test_a_watch_lasts_until_it_is_ended(both_worlds: World) -> None:
    world = both_worlds

    for start, end in (
        ("07-01 00:00", None),
        ("07-02 00:00", None),
        ("07-02 00:00", "07-05 00:00"),
    ):
        await record_watch(
            world.desk,
            viewer=world.alice,
            request=RecordWatch(BRUNOS_SITE, "probe", at(start), None if end is None else at(end)),
        )
    await record_watch(
        world.desk,
        viewer=world.alice,
        request=RecordWatch(
            BRUNOS_SITE, "probe", at("07-03 00:00"), at("07-03 01:00"), is_gap=True
        ),
    )

    rows = sorted(await world.rows(PROBE_WATCH), key=lambda row: row["began_at"])
    assert [(row["began_at"], row["ended_at"], row["is_gap"]) for row in rows] == [
        (at("07-01 00:00"), at("07-05 00:00"), False),
        (at("07-03 00:00"), at("07-03 01:00"), True),
    ]


async def test_a_watch_before_the_one_that_lasts_is_another(world: World) -> None:
    for start, end in (("07-05 00:00", None), ("06-01 00:00", "06-30 00:00")):
        request = RecordWatch(BRUNOS_SITE, "probe", at(start), None if end is None else at(end))
        await record_watch(world.desk, viewer=world.alice, request=request)

    assert sorted(row["ended_at"] is None for row in await world.rows(PROBE_WATCH)) == [False, True]


@pytest.mark.parametrize(
    ("start", "end", "refusal"),
    [
        (0, -1, WatchReversed),
        (-2, -2, WatchReversed),
        (1, None, WatchToCome),
        (-1, 1, WatchToCome),
    ],
)
async def test_a_watch_that_cannot_have_been_is_refused(
    world: World, start: int, end: int | None, refusal: type[WatchReversed | WatchToCome]
) -> None:
    now = world.now()
    request = RecordWatch(
        BRUNOS_SITE,
        "probe",
        now + timedelta(hours=start),
        None if end is None else now + timedelta(hours=end),
    )

    async with world.refused(refusal):
        await record_watch(world.desk, viewer=world.alice, request=request)
