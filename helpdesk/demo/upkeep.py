"""What is done on the sites of the demo's year: watched, updated, saved, and down now and then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from helpdesk.demo.cast import Cast, Place
from helpdesk.demo.deeds import Deed
from helpdesk.demo.script import Beat
from helpdesk.demo.story import document
from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import SiteId
from helpdesk.domain.site_record import (
    Backup,
    BackupKind,
    Certificate,
    Environment,
    Performance,
    RestoreTest,
    SiteFact,
    Update,
)
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.usecases.change_incident import CorrectIncident, correct_incident
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.plan_maintenance import AnnounceMaintenance, announce_maintenance
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from helpdesk.usecases.record_on_site import RecordOnSite, record_on_site
from helpdesk.usecases.record_watch import RecordWatch, record_watch

PROBE = "UptimeRobot"
_MONTH = timedelta(days=30)
_OUTAGES_A_YEAR = 3
_HOUR = timedelta(hours=1)
_A_FORTNIGHT = timedelta(days=14)
_NOTICE = timedelta(days=40)
"""How long before it is done work is announced, so that the report of the month before tells it."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A year of care for every site under contract, from `start` to `end`.

    It draws lots of its own, so that the tickets of a year stay what they were without it.
    """

    cast: Cast
    lots: Random
    start: datetime
    end: datetime

    def beats(self) -> Iterator[Beat]:
        """Give what is done, site by site."""
        for house in self.cast.houses.values():
            if house.terms is not None:
                for place in house.places:
                    yield from self._of(place)

    def _of(self, place: Place) -> Iterator[Beat]:
        site_id, viewer = place.site.id, self._carer(place)
        yield Beat(self.start, _watched(viewer, site_id, self.start))
        at, version = self.start + self.lots.random() * _MONTH, 1
        while at < self.end:
            yield from self._month(place, viewer, at, version)
            at, version = at + _MONTH, version + 1
        for number in range(_OUTAGES_A_YEAR):
            yield self._outage(viewer, site_id, number)
        for months_ago, what in enumerate(_told()["maintenance"]):
            start = self.end + _A_FORTNIGHT - months_ago * _MONTH
            yield Beat(start - _NOTICE, _announced(viewer, site_id, start, what))

    def _month(self, place: Place, viewer: Viewer, at: datetime, version: int) -> Iterator[Beat]:
        site_id = place.site.id
        component = self.lots.choice(_told()["components"][place.platform])
        published = at - self.lots.randint(6, 90) * _HOUR if version % 3 == 0 else None
        facts: list[SiteFact] = [
            Update(
                component,
                f"{version}.0",
                f"{version}.1",
                Environment.PRODUCTION,
                published,
                is_tested_on_staging=True,
            ),
            Backup(BackupKind.FULL, is_off_site=True, is_verified=True, retention_days=30),
            Performance(
                place.site.url,
                "lighthouse",
                {"largest-contentful-paint": Decimal(self.lots.randint(1400, 3900))},
                "mobile",
            ),
        ]
        if version % 3 == 1:
            host = place.site.url.partition("//")[2]
            facts.append(RestoreTest(has_succeeded=True, minutes_taken=self.lots.randint(8, 40)))
            facts.append(Certificate(host, at + 3 * _MONTH, "Let's Encrypt"))
        for later, fact in enumerate(facts):
            moment = at + later * _HOUR
            if moment < self.end:
                yield Beat(moment, _noted(viewer, site_id, moment, fact))

    def _outage(self, viewer: Viewer, site_id: SiteId, number: int) -> Beat:
        told = self.lots.choice(_told()["outages"])
        part = (self.end - self.start) / _OUTAGES_A_YEAR
        # Each in a part of its own: one probe tells of an instant once.
        began_at = self.start + (number + 0.9 * self.lots.random()) * part
        ended_at = began_at + timedelta(minutes=told["minutes"])
        return Beat(ended_at, down(viewer, site_id, began_at, told))

    def _carer(self, place: Place) -> Viewer:
        experts = self.cast.expert(place.platform) or tuple(self.cast.colleagues.values())
        return experts[0].viewer


@cache
def _told() -> Any:  # Any: decoded YAML
    return document("upkeep.yaml")


def _watched(viewer: Viewer, site_id: SiteId, since: datetime) -> Deed:
    request = RecordWatch(site_id, PROBE, since)
    return lambda desk: record_watch(desk, viewer=viewer, request=request)


def _noted(viewer: Viewer, site_id: SiteId, at: datetime, fact: SiteFact) -> Deed:
    request = RecordOnSite(site_id, at, fact)
    return lambda desk: record_on_site(desk, viewer=viewer, request=request)


def _announced(viewer: Viewer, site_id: SiteId, start: datetime, what: str) -> Deed:
    request = AnnounceMaintenance(site_id, start, start + _HOUR, what)
    return lambda desk: announce_maintenance(desk, viewer=viewer, request=request)


def down(viewer: Viewer, site_id: SiteId, began_at: datetime, told: Mapping[str, Any]) -> Deed:
    """Write down an outage that is over, then why it was; the probe noticed it unless told else."""

    # Any: decoded YAML.
    async def deed(desk: Desk) -> None:
        source = told.get("source", PROBE)
        request = RecordIncident(site_id, began_at, told["title"], desk.now(), source=source)
        incident = await record_incident(desk, viewer=viewer, request=request)
        reason = OutageReason(told["reason"])
        why = told.get("explanation", "Journaux de l'application.")
        await correct_incident(
            desk, viewer=viewer, request=CorrectIncident(incident.id, why, reason=reason)
        )

    return deed
