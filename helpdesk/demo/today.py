"""The tickets that live on the day of the demo, one for each situation that people ask to see."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from helpdesk.demo import deeds, trade
from helpdesk.demo.cast import CONTINUOUS, Cast
from helpdesk.demo.life import Life
from helpdesk.demo.script import Beat, Thread, minutes_before
from helpdesk.demo.story import document, first_name, stories
from helpdesk.demo.year import Year
from helpdesk.domain.ticket import (
    Channel,
)
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.create_batch import CreateBatch
from helpdesk.usecases.mail_sender import contact_viewer

_PROSPECT_WROTE = 70

_Told = Mapping[str, Any]  # a ticket or a step as it is written, known by its reader


@dataclass
class Today:
    """What happened lately, as seen from `now`."""

    cast: Cast
    year: Year
    now: datetime
    batches: dict[str, deeds.HeldBatch] = field(default_factory=dict)

    def threads(self) -> Iterator[Thread]:
        """Return what happened on each of the living tickets."""
        for told in document("batches.yaml"):
            yield self._batch(told)
        for told in document("today.yaml"):
            yield self._ticket(told)
        yield self._prospect()

    def _ticket(self, told: _Told) -> Thread:
        house = self.cast.houses[told["client"]]
        place, channel = house.places[told["site"]], Channel(told["by"])
        request = self.year.request_of(house, place, stories()[told["story"]], channel)
        life = Life(self.cast, request, self.year.chance, self.year.lengths)
        timeline = self.cast.always if told.get("clock") == CONTINUOUS else house.working
        opened_at = minutes_before(self.now, told["opened"], timeline)
        if channel is Channel.MAIL:
            sender = f"{request.contact.name} <{request.contact.email}>"
            letter = deeds.Letter(sender, request.tale.subject, request.tale.request)
            mail = deeds.mailing(life.case, self.cast.agency, letter)
            life.thread.add(opened_at, mail)
        else:
            life.open(opened_at)
        for step in told["steps"]:
            at = minutes_before(self.now, step["at"], timeline)
            for deed in _STEPS[step["do"]](self, life, step):
                life.thread.add(at, deed)
        return life.thread

    def _batch(self, told: _Told) -> Thread:
        house, viewer = self.cast.houses[told["client"]], self.cast.colleagues["alice"].viewer
        held = self.batches.setdefault(told["code"], deeds.HeldBatch())
        opens_in = told.get("opens_in")
        planned_on = None if opens_in is None else (self.now + timedelta(days=opens_in)).date()
        request = CreateBatch(house.client.id, told["name"], planned_on)
        at = minutes_before(self.now, told["planned"], house.working)
        beats = [Beat(at, deeds.planning(held, viewer, request))]
        if "opened" in told:
            at = minutes_before(self.now, told["opened"], house.working)
            beats.append(Beat(at, deeds.opening_batch(held, viewer)))
        return Thread(deeds.Case(), beats)

    def _prospect(self) -> Thread:
        thread = Thread(deeds.Case())
        working = next(iter(self.cast.houses.values())).working
        letter = deeds.Letter(**document("unasked.yaml")["prospect"])
        at = minutes_before(self.now, _PROSPECT_WROTE, working)
        thread.add(at, deeds.mailing(thread.case, self.cast.agency, letter))
        return thread

    def assign(self, life: Life, step: _Told) -> deeds.Deed:
        """Give the ticket to the agent that the step names."""
        colleague = self.cast.colleagues[step["agent"]]
        return deeds.assigning(life.case, life.agent, colleague.agent.id, colleague.team_id)


_Deeds = list[deeds.Deed]


def _solve(life: Life) -> _Deeds:
    reply = deeds.replying(life.case, life.agent, life.request.tale.solution)
    return [reply, deeds.resolving(life.case, life.agent)]


def _client(life: Life, text: str) -> _Deeds:
    viewer = contact_viewer(life.request.contact)
    return [deeds.replying(life.case, viewer, text)]


def _reply(life: Life, text: str, *, asks: bool = False) -> _Deeds:
    words = text.format(contact=first_name(life.request.contact))
    return [deeds.replying(life.case, life.agent, words, asks=asks)]


def _wait(life: Life, step: _Told, waiting_on: WaitingOn) -> _Deeds:
    return [deeds.waiting(life.case, life.agent, waiting_on, step["text"])]


def _contested(life: Life, reason: str) -> deeds.Deed:
    return trade.contesting(life.case, contact_viewer(life.request.contact), reason)


def _quoted(_: Today, life: Life, step: _Told) -> _Deeds:
    quote = trade.HeldQuote()
    return [trade.quoting(quote, life.case, life.agent, step["text"], life.effort)]


def _worked(_: Today, life: Life, step: _Told) -> _Deeds:
    return [trade.working(life.case, life.agent, step["minutes"], step["text"])]


def _call(life: Life, text: str) -> _Deeds:
    return [deeds.calling(life.case, life.agent, text)]


def _batched(today: Today, life: Life, step: _Told) -> _Deeds:
    return [deeds.batching(life.case, today.batches[step["batch"]], life.agent)]


def _postponed(today: Today, life: Life, step: _Told) -> _Deeds:
    new_due = life.request.house.working.after(today.now, step["to"] * 60)
    return [deeds.postponing(life.case, life.agent, new_due, step["text"])]


_STEPS: Mapping[str, Callable[[Today, Life, _Told], _Deeds]] = {
    "triage": lambda _, life, __: [
        deeds.triaging(life.case, life.agent, life.request.story.triage)
    ],
    "assign": lambda today, life, step: [today.assign(life, step)],
    "note": lambda _, life, step: [deeds.noting(life.case, life.agent, step["text"])],
    "answer": lambda _, life, __: _reply(life, life.request.tale.answer),
    "reply": lambda _, life, step: _reply(life, step["text"]),
    "ask": lambda _, life, __: _reply(life, life.request.tale.question or "", asks=True),
    "detail": lambda _, life, __: _client(life, life.request.tale.detail or ""),
    "client": lambda _, life, step: _client(life, step["text"]),
    "wait_for_third_party": lambda _, life, step: _wait(life, step, WaitingOn.THIRD_PARTY),
    "classify": lambda _, life, __: [trade.classifying(life.case, life.agent, life.effort)],
    "contest": lambda _, life, step: [_contested(life, step["text"])],
    "quote": _quoted,
    "work": _worked,
    "call": lambda _, life, step: _call(life, step["text"]),
    "batch": _batched,
    "postpone": _postponed,
    "deliver": lambda _, life, __: [deeds.delivering(life.case, life.agent)],
    "solve": lambda _, life, __: _solve(life),
}
