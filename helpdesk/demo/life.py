"""The life of one request in the demo, from the day it comes in to the day it is closed."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from random import Random

from helpdesk.demo import deeds, trade
from helpdesk.demo.cast import Cast, Colleague, House, Place
from helpdesk.demo.script import Pace, Thread
from helpdesk.demo.story import Story, Tale, document, first_name
from helpdesk.demo.work import Effort, efforts
from helpdesk.domain.access import ActorKind, Scope, Viewer
from helpdesk.domain.agency import Agency, Contact
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import (
    Channel,
    TicketKind,
)
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.mail_sender import contact_viewer
from helpdesk.usecases.open_ticket import OpenTicket

_CHANNELS = {Channel.MAIL: 45, Channel.PORTAL: 38, Channel.PHONE: 14, Channel.CHAT: 3}
_OF_THE_AGENCY = frozenset({Channel.PHONE, Channel.API, Channel.MONITORING})
_TEXTS = "unasked.yaml"
_CLOSED_AFTER = 5 * 480


class Fate(StrEnum):
    """What a life has that most have not."""

    PLAIN = "PLAIN"
    REPEATED = "REPEATED"
    CANCELLED = "CANCELLED"
    OVERRIDDEN = "OVERRIDDEN"
    RETURNED = "RETURNED"
    REOPENED = "REOPENED"
    LATE = "LATE"


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what about which site, who takes care of it, and how it is weighed."""

    house: House
    place: Place
    contact: Contact
    story: Story
    tale: Tale
    colleague: Colleague
    priority: Priority
    channel: Channel

    @property
    def requester(self) -> Contact | None:
        """Return who is answered; a probe asks for nobody."""
        return None if self.channel is Channel.MONITORING else self.contact


def drawn_channel(chance: Random, story: Story) -> Channel:
    """Return by which door a story comes in."""
    if story.channel is not None:
        return story.channel
    return chance.choices(list(_CHANNELS), weights=list(_CHANNELS.values()))[0]


def probe(agency: Agency) -> Viewer:
    """Return the monitoring that opens tickets by itself."""
    return Viewer(
        kind=ActorKind.SERVICE_ACCOUNT,
        agency_id=agency.id,
        name="Sonde de disponibilité",
        locale=agency.locale,
        scopes=frozenset({Scope.TICKETS_READ, Scope.TICKETS_WRITE}),
    )


def asked(request: Request) -> OpenTicket:
    """Return the request as it is opened: the agency weighs at once what it opens itself."""
    triage = request.story.triage
    is_weighed = request.channel in _OF_THE_AGENCY
    return OpenTicket(
        subject=request.tale.subject,
        description=request.tale.request,
        client_id=request.house.client.id,
        requester_id=None if request.requester is None else request.requester.id,
        site_id=request.place.site.id,
        kind=request.story.kind,
        channel=request.channel,
        impact=triage.impact if is_weighed else None,
        urgency=triage.urgency if is_weighed else None,
        security_sign=triage.security_sign if is_weighed else None,
    )


@dataclass
class Life:
    """A request whose life is being told; `thread` holds what happens when.

    `chance` draws what happens, `lengths` how long the work takes.
    """

    cast: Cast
    request: Request
    chance: Random
    lengths: Random
    thread: Thread = field(default_factory=lambda: Thread(deeds.Case()))

    @property
    def agent(self) -> Viewer:
        """Return who takes care of it."""
        return self.request.colleague.viewer

    @property
    def opener(self) -> Viewer:
        """Return who opens it."""
        if self.request.channel is Channel.MONITORING:
            return probe(self.cast.agency)
        if self.request.channel is Channel.PHONE:
            return self.cast.colleagues["ines"].viewer
        is_own_work = self.request.channel is Channel.API
        return self.agent if is_own_work else contact_viewer(self.request.contact)

    @property
    def case(self) -> deeds.Case:
        """Return the case of the thread."""
        return self.thread.case

    @property
    def effort(self) -> Effort:
        """Return what kind of work it is."""
        return efforts()[self.request.story.code]

    def worked(self) -> None:
        """Write down the time that the work took."""
        minutes = self.effort.drawn(self.lengths)
        note = self.request.tale.subject
        self.thread.soon(trade.working(self.case, self.agent, minutes, note))

    def quoted(self) -> trade.HeldQuote:
        """Send a quote for the work, and return it for its answer."""
        quote = trade.HeldQuote()
        title = self.request.tale.subject
        self.thread.soon(trade.quoting(quote, self.case, self.agent, title, self.effort))
        return quote

    def open(self, at: datetime) -> None:
        """Begin with the opening."""
        self.thread.add(at, deeds.opening(self.case, self.opener, asked(self.request)))

    def tell(self, opened_at: datetime, fate: Fate) -> None:
        """Tell the whole life."""
        self.open(opened_at)
        share = self._share(late=0.06)
        pace = self._taken_up(opened_at, share, fate)
        self._answered(pace, pace.due(SlaMetric.FIRST_RESPONSE, opened_at, share))
        if fate is Fate.CANCELLED:
            self._cancelled(pace)
            return
        self._held(pace)
        self._delivered(pace, opened_at)
        self._solved(pace, fate)
        if fate is Fate.RETURNED:
            self._returned(pace)
        self._closed(pace)
        if fate is Fate.REOPENED:
            self._reopened(pace)

    def repeat(self, survivor: "Life") -> None:
        """Tell how the client asks a second time, and how both requests become one."""
        pace = Pace(self.request.house, self.request.priority)
        opened_at = pace.worked(survivor.thread.beats[0].at, self.chance.uniform(15, 90))
        self.open(opened_at)
        self.thread.add(
            pace.worked(opened_at, self.chance.uniform(10, 60)),
            deeds.merging(self.case, survivor.case, self.agent),
        )

    def _taken_up(self, opened_at: datetime, share: float, fate: Fate) -> Pace:
        """Weigh and assign, and return the pace of the priority that was given."""
        story, colleague = self.request.story, self.request.colleague
        pace = Pace(self.request.house, self.request.priority)
        seen_at = pace.due(SlaMetric.FIRST_RESPONSE, opened_at, min(share, 0.8) * 0.3)
        if fate is Fate.OVERRIDDEN and pace.priority in {Priority.P2, Priority.P3}:
            wanted = list(Priority)[list(Priority).index(pace.priority) - 1]
            reason = self._words("overrides")
            triage = deeds.triaging(
                self.case, self.agent, story.triage, wanted=wanted, reason=reason
            )
            self.thread.add(seen_at, triage)
            pace = Pace(pace.house, wanted)
        elif self.request.channel not in _OF_THE_AGENCY:
            self.thread.add(seen_at, deeds.triaging(self.case, self.agent, story.triage))
        assignment = deeds.assigning(self.case, self.agent, colleague.agent.id, colleague.team_id)
        self.thread.add(seen_at, assignment)
        self.thread.soon(trade.classifying(self.case, self.agent, self.effort))
        return pace

    def _answered(self, pace: Pace, at: datetime) -> None:
        tale = self.request.tale
        if tale.question is None or tale.detail is None or self._seldom(0.5):
            self._reply(at, tale.answer)
        else:
            self._reply(at, f"{tale.answer}\n\n{tale.question}", asks=True)
            self._client_writes(self._later(pace, 40, 900), f"Bonjour,\n\n{tale.detail}")
            answered_at = pace.due(
                SlaMetric.NEXT_RESPONSE, self.thread.last, self._share(late=0.05)
            )
            self._reply(answered_at, self._words("thanks"))
        if self._seldom(0.3):
            note = deeds.noting(self.case, self.agent, self._words("notes"))
            self.thread.add(self._later(pace, 5, 120), note)

    def _cancelled(self, pace: Pace) -> None:
        deed = deeds.cancelling(self.case, self.agent, self._words("cancelled"))
        self.thread.add(self._later(pace, 60, 900), deed)

    def _held(self, pace: Pace) -> None:
        story = self.request.story
        if story.asks_quote:
            quote = self.quoted()
            client = contact_viewer(self.request.contact)
            self.thread.add(self._later(pace, 300, 1500), trade.accepting(quote, client))
        elif story.needs_third_party:
            reason = "Réponse d'un prestataire attendue."
            wait = deeds.waiting(self.case, self.agent, WaitingOn.THIRD_PARTY, reason)
            self.thread.soon(wait)
            self.thread.add(self._later(pace, 300, 1500), deeds.resuming(self.case, self.agent))

    def _delivered(self, pace: Pace, opened_at: datetime) -> None:
        is_batch_work = (
            pace.priority is Priority.P3 and self.request.story.kind is TicketKind.EVOLUTION
        )
        if pace.priority is not Priority.P2 and not is_batch_work:
            return
        at = pace.due(SlaMetric.DELIVERY, opened_at, self._share(late=0.05))
        self.thread.add(at, deeds.delivering(self.case, self.agent))
        if self.request.requester is not None and self._seldom(0.6):
            self._client_writes(self._later(pace, 30, 600), self._words("approved"))

    def _solved(self, pace: Pace, fate: Fate) -> None:
        if pace.priority is Priority.P0:
            share = self._share(late=1 if fate is Fate.LATE else 0.1)
            at = pace.due(SlaMetric.RESOLUTION, self.thread.last, share)
        elif pace.priority is Priority.P1:
            at = self._later(pace, 60, 700)
        else:
            at = self._later(pace, 10, 420)
        self._reply(at, self.request.tale.solution)
        self.worked()
        self.thread.soon(deeds.resolving(self.case, self.agent))

    def _returned(self, pace: Pace) -> None:
        self._client_writes(self._later(pace, 60, 900), self._words("returned"))
        answered_at = pace.due(SlaMetric.NEXT_RESPONSE, self.thread.last, self._share(late=0.1))
        self._reply(answered_at, self._words("looking_again"))
        self._solved_again(pace)

    def _reopened(self, pace: Pace) -> None:
        reason = document(_TEXTS)["closing_again"]
        self.thread.add(
            self._later(pace, 480, 1900), deeds.reopening(self.case, self.agent, reason)
        )
        self._reply(self._later(pace, 10, 120), self._words("looking_again"))
        self._solved_again(pace)
        self._closed(pace)

    def _solved_again(self, pace: Pace) -> None:
        self._reply(self._later(pace, 90, 700), document(_TEXTS)["solved_again"])
        self.thread.soon(deeds.resolving(self.case, self.agent))

    def _closed(self, pace: Pace) -> None:
        at = self._later(pace, _CLOSED_AFTER, _CLOSED_AFTER + 240)
        self.thread.add(at, deeds.closing(self.case, self.agent))

    def _reply(self, at: datetime, text: str, *, asks: bool = False) -> None:
        deed = deeds.replying(self.case, self.agent, text, asks=asks)
        self.thread.add(at, deed)

    def _client_writes(self, at: datetime, text: str) -> None:
        deed = deeds.replying(self.case, contact_viewer(self.request.contact), text)
        self.thread.add(at, deed)

    def _words(self, name: str) -> str:
        text: str = self.chance.choice(document(_TEXTS)[name])
        return text.format(contact=first_name(self.request.contact))

    def _later(self, pace: Pace, shortest: float, longest: float) -> datetime:
        return pace.worked(self.thread.last, self.chance.uniform(shortest, longest))

    def _share(self, *, late: float) -> float:
        """Return which share of a promised time is used; sometimes more than there is."""
        if self._seldom(late):
            return self.chance.uniform(1.05, 1.5)
        return self.chance.uniform(0.05, 0.8)

    def _seldom(self, probability: float) -> bool:
        return self.chance.random() < probability
