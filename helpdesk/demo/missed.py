"""Promises of the demo that were broken on purpose: incidents that took too long, a long outage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from helpdesk.demo.life import Fate, Life
from helpdesk.demo.script import Beat, Thread
from helpdesk.demo.story import document, stories
from helpdesk.demo.turns import Turn
from helpdesk.demo.upkeep import down
from helpdesk.demo.year import Year
from helpdesk.domain.ticket import Channel

_DAY_OF_INCIDENT, _DAY_OF_OUTAGE = 8, 11

_Told = dict[str, Any]  # what was missed as it is written, known by its reader


@dataclass(frozen=True, slots=True)
class Missed:
    """What was missed in the last of these months; it draws lots of its own."""

    year: Year
    turns: Sequence[Turn]
    lots: Random

    def threads(self) -> Iterator[Thread]:
        """Return the incidents that were resolved later than promised."""
        year = replace(self.year, chance=self.lots, lengths=self.lots)
        for told in document("promises.yaml")["resolutions"]:
            house = year.cast.houses[told["client"]]
            request = year.request_of(
                house, house.places[told["site"]], stories()[told["story"]], Channel(told["by"])
            )
            life = Life(year.cast, request, self.lots, self.lots)
            life.tell(self._turn(told).within(_DAY_OF_INCIDENT), Fate.LATE)
            yield life.thread

    def beats(self) -> Iterator[Beat]:
        """Return the outages that broke the promise of a month."""
        for told in document("promises.yaml")["outages"]:
            house = self.year.cast.houses[told["client"]]
            place = house.places[told["site"]]
            began_at = self._turn(told).within(_DAY_OF_OUTAGE)
            viewer = self.year.cast.expert(place.platform)[0].viewer
            ended_at = began_at + timedelta(minutes=told["minutes"])
            yield Beat(ended_at, down(viewer, place.site.id, began_at, told))

    def _turn(self, told: _Told) -> Turn:
        months_ago: int = told["month"]
        return self.turns[-months_ago]
