"""The demo settles in an empty database: an agency, its clients and a year of their tickets."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import ClassVar

from helpdesk.demo.accounts import Accounts
from helpdesk.demo.care import Care
from helpdesk.demo.cast import Cast, HolidaysOf, Settlement
from helpdesk.demo.deals import deals
from helpdesk.demo.missed import Missed
from helpdesk.demo.months import Months
from helpdesk.demo.one_transaction import OneTransaction
from helpdesk.demo.publishing import Publishing
from helpdesk.demo.remembered import remembered
from helpdesk.demo.routines import Routines
from helpdesk.demo.script import Beat
from helpdesk.demo.story import document
from helpdesk.demo.today import Today
from helpdesk.demo.turns import Turn, turns
from helpdesk.demo.upkeep import Upkeep
from helpdesk.demo.year import REQUESTS, Year
from helpdesk.domain.access import CLIENT_SCOPES, Viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, TokenId
from helpdesk.domain.notification import Delivery, NotificationTopic, ReaderKind
from helpdesk.domain.unsubscribe import Reader
from helpdesk.usecases.authenticate import secret_hash
from helpdesk.usecases.carry_out_firing import carry_out_firing
from helpdesk.usecases.deadline_ports import ComingSteps
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_sender import contact_viewer
from helpdesk.usecases.notification_ports import Preference, PreferenceWay
from helpdesk.usecases.ports import Records, Token
from helpdesk.usecases.tell_news import tell_news

LOT = 2026
MAILS_LEFT = 6
"""How many promised mails the demo leaves to be sent, so that its start shows a few."""

_YEAR = timedelta(days=365)
_SETTLING = timedelta(days=10)
_LATELY = timedelta(days=2)
_NEWS = timedelta(hours=26)
"""How far back the readers of the demo are told what happened: since yesterday morning."""

_DIGESTS = {
    "alice": (NotificationTopic.NEW_TICKETS, NotificationTopic.CLIENT_NEWS),
    "lea": (NotificationTopic.NOTES,),
}
"""Who of the demo reads of what in the morning."""

_BATCH = 200


class DemoNeedsEmptyDatabase(HelpdeskError):
    """Invented tickets among real ones could not be told apart, so the demo comes first or not."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_EXISTS
    english: ClassVar[str] = (
        "This database already holds the agency {agency}: nothing was changed. Give the demo an "
        "empty database."
    )
    french: ClassVar[str] = (
        "Cette base contient déjà l'agence {agency} : rien n'a été modifié. Donnez à la "
        "démonstration une base vide."
    )


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to be in the demo; `secret` is the token that says so."""

    name: str
    email: str
    organisation: str
    secret: str


@dataclass(frozen=True, slots=True)
class DemoAccess:
    """How to come in: the agency, a manager, a client's contact; and how much there is to see."""

    agency: Agency
    manager: DemoPerson
    contact: DemoPerson
    tickets: int
    mails_left: int


async def seed(
    desk_at: Callable[[datetime], Desk],
    *,
    now: datetime,
    holidays_of: HolidaysOf,
    lot: int = LOT,
    requests: int = REQUESTS,
) -> DemoAccess:
    """Fill an empty database and return how to come in; the same lot tells the same stories.

    `desk_at` gives a desk whose clock shows an instant. `requests` is how many are drawn for the
    year, beside the tickets of the day. Mails promised during the year are recorded as sent at
    their time, but for the latest few. Everything else is one transaction, so that a start cut
    short can be tried again. Raises DemoNeedsEmptyDatabase.
    """
    desk = desk_at(now)
    await _require_empty(desk)
    async with desk.store.transaction(AgencyId(desk.new_id())) as records:
        store = OneTransaction(desk.store, remembered(records))
        scene = _Scene(lambda at: replace(desk_at(at), store=store), records.agency_id, now)
        cast = await scene.settled(holidays_of)
        months = turns(cast, now - _YEAR - _SETTLING, now)
        routines = Routines(cast, months)
        lives = [*scene.asked(cast, months, lot, requests), *scene.cared_for(cast, months)]
        happened = scene.in_order([*lives, *routines.beats()])
        for beat in happened:
            await scene.keep_deadlines(records.steps, until=beat.at)
            await beat.deed(scene.desk_at(beat.at))
        await scene.keep_deadlines(records.steps, until=now)
        tickets = sum(beat.is_opening for beat in happened) + routines.opened
        access = await _access(scene.desk_at(now), cast, tickets)
        await _choose_digests(records, cast, now)
        await records.notifications.forget_news_before(now - _NEWS)
    await _tell_the_latest(desk_at, now)
    await _send_the_past(desk_at(now))
    return access


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where and when the demo is played."""

    desk_at: Callable[[datetime], Desk]
    agency_id: AgencyId
    now: datetime

    async def settled(self, holidays_of: HolidaysOf) -> Cast:
        """Return the agency and its clients, who settled a little more than a year ago."""
        at = self.now - _YEAR - _SETTLING
        return await Settlement(self.desk_at(at), self.agency_id, at, holidays_of).settle()

    async def keep_deadlines(self, steps: ComingSteps, *, until: datetime) -> None:
        """Do at its instant what each step of a clock sets off, as a worker would have done."""
        while (at := await steps.next_instant()) is not None and at <= until:
            await steps.fire(at=at)
            for key in await steps.to_act(at=at, limit=_BATCH):
                await carry_out_firing(self.desk_at(at), key)

    def asked(self, cast: Cast, months: Sequence[Turn], lot: int, requests: int) -> Iterator[Beat]:
        """Return what came of the requests of the clients, and of promises about them."""
        year = Year(
            cast=cast,
            chance=Random(lot),  # noqa: S311 - a story
            calendar=Random(lot),  # noqa: S311 - a story
            lengths=Random(LOT),  # noqa: S311 - a story
            default_matrix=self.desk_at(self.now).default_matrix,
            start=self.now - _YEAR,
            end=self.now - _LATELY,
            requests=requests,
        )
        missed = Missed(year, months, Random(LOT))  # noqa: S311 - a story
        threads = [
            *year.threads(),
            *Today(cast, year, self.now).threads(),
            *deals(cast, self.now),
            *missed.threads(),
        ]
        yield from (beat for thread in threads for beat in thread.beats)
        yield from missed.beats()

    def cared_for(self, cast: Cast, months: Sequence[Turn]) -> Iterator[Beat]:
        """Return what nobody asked for: forfaits that turn, upkeep, accounts, reports, audits."""
        yield from Months(cast, self.now).beats()
        yield from Upkeep(cast, Random(LOT), self.now - _YEAR, self.now).beats()  # noqa: S311 - a story
        yield from Accounts(cast, self.now - _YEAR - _SETTLING, months).beats()
        yield from Publishing(cast, months).beats()
        yield from Care(cast, months, self.now).beats()

    def in_order(self, beats: Iterable[Beat]) -> Sequence[Beat]:
        """Return every deed up to now in order; the rest of the lives is still to come."""
        return sorted((beat for beat in beats if beat.at <= self.now), key=lambda beat: beat.at)


async def _require_empty(desk: Desk) -> None:
    mailbox = document("cast.yaml")["agency"]["mailbox"]
    there = await desk.store.only_agency() or await desk.store.agency_of_mailbox(mailbox)
    if there is not None:
        raise DemoNeedsEmptyDatabase(agency=there.name)


async def _choose_digests(records: Records, cast: Cast, at: datetime) -> None:
    for name, topics in _DIGESTS.items():
        agent = cast.colleagues[name].agent
        for topic in topics:
            reader = Reader(ReaderKind.AGENT, agent.id)
            way = PreferenceWay.API
            preference = Preference(reader, topic, Delivery.DIGEST, at, agent.name, way)
            await records.notifications.set_preference(preference)


async def _tell_the_latest(desk_at: Callable[[datetime], Desk], now: datetime) -> None:
    """Tell the readers what happened lately, each thing at its instant, as a worker would have."""
    queue = desk_at(now).store.queue().notifications
    while due := await queue.due_news(at=now, limit=_BATCH):
        for agency_id, news_id in due:
            async with desk_at(now).store.transaction(agency_id) as records:
                news = await records.notifications.news(news_id)
            assert news is not None  # noqa: S101 - it was due, and nobody else works here
            await tell_news(desk_at(news.at), agency_id, news_id)


async def _send_the_past(desk: Desk) -> None:
    """Record the mails of the year as sent when they were promised, but for the latest few."""
    queue, now = desk.store.queue(), desk.now()
    left = (await queue.workers.backlog(at=now)).outbox_waiting - MAILS_LEFT
    while left > 0:
        for mail in await queue.due_outbox(at=now, limit=min(left, _BATCH)):
            await queue.mark_sent(mail, at=mail.created_at)
            left -= 1


async def _access(desk: Desk, cast: Cast, tickets: int) -> DemoAccess:
    alice = cast.colleagues["alice"]
    verdier = cast.houses["verdier"]
    bruno = verdier.contacts[0]
    secrets = [
        await _token(desk, alice.viewer),
        await _token(desk, replace(contact_viewer(bruno), scopes=CLIENT_SCOPES)),
    ]
    return DemoAccess(
        agency=cast.agency,
        manager=DemoPerson(alice.agent.name, alice.agent.email, cast.agency.name, secrets[0]),
        contact=DemoPerson(bruno.name, bruno.email, verdier.client.name, secrets[1]),
        tickets=tickets,
        mails_left=MAILS_LEFT,
    )


async def _token(desk: Desk, viewer: Viewer) -> str:
    secret, token_id = desk.new_secret(), TokenId(desk.new_id())
    token = Token(
        id=token_id,
        agency_id=viewer.agency_id,
        name=f"Démonstration – {viewer.name}",
        secret_hash=secret_hash(secret),
        viewer=replace(viewer, token_id=token_id),
        created_at=desk.now(),
    )
    async with desk.store.transaction(viewer.agency_id) as records:
        await records.agencies.add_token(token)
    return secret
