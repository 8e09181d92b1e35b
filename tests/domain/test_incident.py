"""Incidents: what can be said of them, in which order, and what is refused."""

from dataclasses import replace

import pytest

from helpdesk.domain.ids import IncidentId, SiteId
from helpdesk.domain.incident import (
    IncidentCorrection,
    IncidentEnded,
    IncidentExplanationRequired,
    IncidentFactKind,
    IncidentReversed,
    IncidentsOverlap,
    IncidentToCome,
    IncidentWithdrawn,
    corrected,
    ended,
    recorded,
    require_apart,
    withdrawn,
)
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.domain.utc_seconds import NaiveDatetime
from tests.domain.uptime import ALICE, an_incident, utc

NOON = utc("07-06 12:00")
AN_HOUR = an_incident("07-06 10:00", "07-06 11:00")
OPEN = an_incident("07-06 10:00", None)


def _correction(
    start: str, end: str | None, explanation: str = "The log says so."
) -> IncidentCorrection:
    return IncidentCorrection(
        utc(start),
        None if end is None else utc(end),
        OutageReason.HOSTING_FAILURE,
        explanation,
    )


def test_an_incident_is_told_of_in_facts() -> None:
    first = recorded(OPEN, at=NOON, actor=ALICE)
    over = ended(first.incident, utc("07-06 11:00"), at=NOON, actor=ALICE)
    right = corrected(
        over.incident, _correction("07-06 10:05", "07-06 10:55"), at=NOON, actor=ALICE
    )
    never = withdrawn(right.incident, " A test of the probe. ", at=NOON, actor=ALICE)

    facts = [first.fact, over.fact, right.fact, never.fact]
    assert [(fact.sequence, fact.kind) for fact in facts] == list(
        enumerate(IncidentFactKind, start=1)
    )
    assert (right.incident.began_at, right.incident.reason) == (
        utc("07-06 10:05"),
        OutageReason.HOSTING_FAILURE,
    )
    assert (never.incident.is_withdrawn, never.fact.explanation) == (True, "A test of the probe.")
    assert OPEN.is_open
    assert not over.incident.is_open


@pytest.mark.parametrize("end", ["07-06 09:59", "07-05 11:00"])
def test_an_incident_that_ends_before_it_starts_is_refused(end: str) -> None:
    with pytest.raises(IncidentReversed):
        recorded(an_incident("07-06 10:00", end), at=NOON, actor=ALICE)
    with pytest.raises(IncidentReversed):
        ended(OPEN, utc(end), at=NOON, actor=ALICE)
    with pytest.raises(IncidentReversed):
        corrected(AN_HOUR, _correction("07-06 10:00", end), at=NOON, actor=ALICE)


def test_an_incident_may_last_no_time_at_all() -> None:
    over = ended(OPEN, OPEN.began_at, at=NOON, actor=ALICE).incident

    assert over.outage(until=NOON) is None


def test_what_has_not_happened_is_no_incident() -> None:
    with pytest.raises(IncidentToCome) as start:
        recorded(an_incident("07-06 12:01", None), at=NOON, actor=ALICE)
    with pytest.raises(IncidentToCome) as end:
        ended(OPEN, utc("07-06 12:01"), at=NOON, actor=ALICE)

    assert (start.value.path, end.value.path) == (("beganAt",), ("endedAt",))


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(NaiveDatetime):
        recorded(replace(OPEN, began_at=NOON.replace(tzinfo=None)), at=NOON, actor=ALICE)


def test_an_end_that_was_told_is_corrected_and_not_moved() -> None:
    with pytest.raises(IncidentEnded):
        ended(AN_HOUR, utc("07-06 11:30"), at=NOON, actor=ALICE)


def test_a_correction_says_why() -> None:
    with pytest.raises(IncidentExplanationRequired):
        corrected(AN_HOUR, _correction("07-06 10:00", None, "  "), at=NOON, actor=ALICE)
    with pytest.raises(IncidentExplanationRequired):
        withdrawn(AN_HOUR, "", at=NOON, actor=ALICE)


def test_nothing_is_said_of_an_incident_that_never_was() -> None:
    never = replace(OPEN, is_withdrawn=True)

    with pytest.raises(IncidentWithdrawn):
        ended(never, NOON, at=NOON, actor=ALICE)
    with pytest.raises(IncidentWithdrawn):
        corrected(never, _correction("07-06 10:00", None), at=NOON, actor=ALICE)
    with pytest.raises(IncidentWithdrawn):
        withdrawn(never, "Twice.", at=NOON, actor=ALICE)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("07-06 10:30", "07-06 10:45"),
        ("07-06 10:59", None),
        ("07-06 09:00", "07-06 10:01"),
        ("07-06 09:00", None),
    ],
)
def test_one_source_tells_of_an_instant_once(start: str, end: str | None) -> None:
    with pytest.raises(IncidentsOverlap):
        require_apart(an_incident(start, end), [AN_HOUR])


@pytest.mark.parametrize(("start", "end"), [("07-06 11:00", None), ("07-06 09:00", "07-06 10:00")])
def test_incidents_may_touch(start: str, end: str | None) -> None:
    require_apart(an_incident(start, end), [AN_HOUR])


def test_an_open_incident_lasts_until_it_is_told_otherwise() -> None:
    with pytest.raises(IncidentsOverlap) as refusal:
        require_apart(an_incident("07-07 10:00", "07-07 11:00"), [OPEN])

    assert "…" in str(refusal.value)


def test_other_sources_other_sites_and_false_alarms_are_no_overlap() -> None:
    told_again = an_incident("07-06 10:30", None)

    require_apart(
        told_again,
        [
            told_again,
            replace(AN_HOUR, source="another probe"),
            replace(AN_HOUR, site_id=SiteId("shop.example")),
            replace(AN_HOUR, id=IncidentId("false"), is_withdrawn=True),
        ],
    )
