"""A year of requests: who asks for what when, drawn by lot, the same for the same lot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from helpdesk.demo import deeds
from helpdesk.demo.cast import Cast, Colleague, House, Place
from helpdesk.demo.life import Fate, Life, Request, drawn_channel
from helpdesk.demo.script import Thread
from helpdesk.demo.story import Story, document, stories, told
from helpdesk.domain.priority import PriorityMatrix, decided_priority
from helpdesk.domain.ticket import Channel, LinkKind

REQUESTS = 328
_FATES = {
    Fate.REPEATED: 7,
    Fate.CANCELLED: 8,
    Fate.OVERRIDDEN: 9,
    Fate.RETURNED: 13,
    Fate.REOPENED: 4,
}
_OUT_OF_HOURS = 0.12
_LONGEST_EVENING = 11
_SECOND_SITE = 0.3
_UPDATE = "minor_update"
_AFTER_UPDATE = frozenset(
    {"form_after_update", "mobile_menu", "cookie_banner", "editor_crash", "analytics_lost"}
)
_BLAMED_FOR = timedelta(days=30)


@dataclass
class Year:
    """The requests between two instants.

    `chance` draws the stories, `calendar` the instants and `lengths` how long the work takes, so
    that the same lot tells the same stories whatever the day of the demo.
    """

    cast: Cast
    chance: Random
    calendar: Random
    lengths: Random
    default_matrix: PriorityMatrix
    start: datetime
    end: datetime
    requests: int = REQUESTS
    _updates: dict[str, Life] = field(default_factory=dict, init=False)

    def threads(self) -> Iterator[Thread]:
        """Return what happens in the year, ticket by ticket."""
        fates = self._fates()
        for opened_at, fate in zip(self._openings(), fates, strict=True):
            life = Life(self.cast, self._request(self._house()), self.chance, self.lengths)
            life.tell(opened_at, fate)
            self._linked(life)
            yield life.thread
            if fate is Fate.REPEATED:
                again = Life(self.cast, life.request, self.chance, self.lengths)
                again.repeat(life)
                yield again.thread
        yield from self._spam()

    def request_of(self, house: House, place: Place, story: Story, channel: Channel) -> Request:
        """Return a request for this story about this site, told in its own words."""
        contact = self.chance.choice(house.contacts)
        return Request(
            house=house,
            place=place,
            contact=contact,
            story=story,
            tale=told(
                story,
                self.chance,
                place.site,
                place.platform,
                contact=contact,
                channel=channel,
            ),
            colleague=self._colleague(place),
            priority=decided_priority(house.matrix(self.default_matrix), story.triage).priority,
            channel=channel,
        )

    def _openings(self) -> Sequence[datetime]:
        working = next(iter(self.cast.houses.values())).working
        seconds = working.elapsed(self.start, self.end)
        instants = []
        for _ in range(self.requests):
            instant = working.after(self.start, self.calendar.randrange(seconds))
            if self.calendar.random() < _OUT_OF_HOURS:
                instant += timedelta(minutes=self.calendar.randint(180, _LONGEST_EVENING * 60))
            instants.append(min(instant, self.end))
        return sorted(instants)

    def _fates(self) -> Sequence[Fate]:
        special = [fate for fate, count in _FATES.items() for _ in range(count)]
        fates = special + [Fate.PLAIN] * (self.requests - len(special))
        self.chance.shuffle(fates)
        return fates

    def _house(self) -> House:
        houses = list(self.cast.houses.values())
        return self.chance.choices(houses, weights=[house.share for house in houses])[0]

    def _request(self, house: House) -> Request:
        is_second = len(house.places) > 1 and self.chance.random() < _SECOND_SITE
        place = house.places[1 if is_second else 0]
        possible = [story for story in stories().values() if place.platform in story.platforms]
        [story] = self.chance.choices(possible, weights=[story.weight for story in possible])
        return self.request_of(house, place, story, drawn_channel(self.chance, story))

    def _colleague(self, place: Place) -> Colleague:
        return self.chance.choice(self.cast.expert(place.platform))

    def _linked(self, life: Life) -> None:
        """Link what broke soon after an update to the update of the same site."""
        site_id = life.request.place.site.id
        update = self._updates.get(site_id)
        if life.request.story.code == _UPDATE:
            self._updates[site_id] = life
        elif update is not None and life.request.story.code in _AFTER_UPDATE:
            opened_at = life.thread.beats[0].at
            if opened_at - update.thread.beats[0].at < _BLAMED_FOR:
                deed = deeds.linking(life.case, update.case, LinkKind.CAUSED_BY, life.agent)
                life.thread.soon(deed)

    def _spam(self) -> Iterator[Thread]:
        house, ines = next(iter(self.cast.houses.values())), self.cast.colleagues["ines"].viewer
        seconds = house.working.elapsed(self.start, self.end)
        for letter in document("unasked.yaml")["spam"]:
            thread = Thread(deeds.Case())
            arrived_at = house.working.after(self.start, self.calendar.randrange(seconds))
            mail = deeds.mailing(thread.case, self.cast.agency, deeds.Letter(**letter))
            thread.add(arrived_at, mail)
            seen_at = house.working.after(arrived_at, self.calendar.randint(300, 5400))
            thread.add(seen_at, deeds.discarding(thread.case, ines))
            yield thread
