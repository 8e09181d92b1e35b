"""Incidents and months for tests: a probe watches Bruno's site from January on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.availability import CountedMonth, ProbeWatch
from helpdesk.domain.ids import AgencyId, AgentId, IncidentId, SiteId
from helpdesk.domain.incident import Incident
from helpdesk.domain.month import Month
from helpdesk.domain.period import Period
from helpdesk.domain.uptime_clause import OutageReason

PARIS = ZoneInfo("Europe/Paris")
BRUNOS_SITE = SiteId("bruno.example")
ALICE = Actor(ActorKind.AGENT, "Alice Martin", AgentId("alice"))
JULY = Month(2026, 7)


def utc(text: str) -> datetime:
    """Return an instant of 2026, written as month-day hour:minute in UTC."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def period(start: str, end: str) -> Period:
    """Return a period of 2026."""
    return Period(utc(start), utc(end))


def an_incident(start: str, end: str | None, **changes: Any) -> Incident:
    """Return an outage of Bruno's site. Any: the other fields of an incident."""
    given: dict[str, Any] = {
        "id": IncidentId(f"incident of {start}"),
        "agency_id": AgencyId("agency"),
        "site_id": BRUNOS_SITE,
        "source": "probe",
        "began_at": utc(start),
        "ended_at": None if end is None else utc(end),
        "reason": OutageReason.APPLICATION,
    }
    return Incident(**{**given, **changes})


def a_watch(start: str, end: str | None = None, **changes: Any) -> ProbeWatch:
    """Return a watch over Bruno's site. Any: the other fields of a watch."""
    given: dict[str, Any] = {
        "site_id": BRUNOS_SITE,
        "source": "probe",
        "began_at": utc(start),
        "ended_at": None if end is None else utc(end),
    }
    return ProbeWatch(**{**given, **changes})


def a_month(month: Month = JULY, **changes: Any) -> CountedMonth:
    """Return a month that is over. Any: the other fields of a counted month."""
    whole = Period(month.starts_at(PARIS), month.following.starts_at(PARIS))
    given: dict[str, Any] = {"active": whole, "until": whole.end + timedelta(days=1)}
    return CountedMonth(**{**given, **changes})


def a_day(text: str) -> date:
    """Return a day of 2026, written as month-day."""
    return date.fromisoformat(f"2026-{text}")
