"""The stories of the demo, and how one is told about a site to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from helpdesk.domain.agency import Contact, Site
from helpdesk.domain.priority import Impact, SecuritySign, Triage, Urgency
from helpdesk.domain.ticket import Channel, TicketKind

_STORIES = ("stories_critical.yaml", "stories_faults.yaml", "stories_requests.yaml")
_WORDS = "words.yaml"
_EVERYWHERE = "all"


@dataclass(frozen=True, slots=True)
class Story:
    """A request that happens again and again, with blanks for the site and the words of the day.

    `channel` is set when it never comes from the client. `asks_quote` and `needs_third_party`
    say what the agency waits for.
    """

    code: str
    kind: TicketKind
    triage: Triage
    platforms: frozenset[str]
    weight: int
    channel: Channel | None
    subjects: Sequence[str]
    request: str
    answer: str
    question: str | None
    detail: str | None
    solution: str
    asks_quote: bool
    needs_third_party: bool


@dataclass(frozen=True, slots=True)
class Tale:
    """A story told once: every text with its blanks filled."""

    subject: str
    request: str
    answer: str
    question: str | None
    detail: str | None
    solution: str


@cache
def stories() -> Mapping[str, Story]:
    """Return the stories by code."""
    documents = [each for name in _STORIES for each in document(name)]
    return {each["code"]: _story(each) for each in documents}


def told(
    story: Story,
    chance: Random,
    site: Site,
    platform: str,
    *,
    contact: Contact,
    channel: Channel,
) -> Tale:
    """Return the story about this site, with words drawn for its platform."""
    words = {
        name: chance.choice(choices)
        for vocabulary in (document(_WORDS)[_EVERYWHERE], document(_WORDS)[platform])
        for name, choices in vocabulary.items()
    }
    words |= {"site": site.name, "contact": first_name(contact)}

    def filled(text: str) -> str:
        return text.format_map(words)

    return Tale(
        subject=filled(chance.choice(story.subjects)),
        request=_spoken(filled(story.request), contact, channel),
        answer=filled(story.answer),
        question=None if story.question is None else filled(story.question),
        detail=None if story.detail is None else filled(story.detail),
        solution=filled(story.solution),
    )


def first_name(contact: Contact) -> str:
    """Return how the agency calls a contact."""
    return contact.name.partition(" ")[0]


@cache
def document(name: str) -> Any:
    """Return a file of the demo. Any: each file has a shape of its own, known by its reader."""
    return yaml.safe_load(files("helpdesk.demo").joinpath(name).read_text("utf-8"))


def _spoken(request: str, contact: Contact, channel: Channel) -> str:
    """Return a request as it reaches the desk by this door."""
    if channel is Channel.PHONE:
        return f"Appel de {contact.name} : « {request} »"
    if channel in {Channel.API, Channel.MONITORING}:
        return request
    return f"Bonjour,\n\n{request}\n\nMerci d'avance,\n{contact.name}"


def _story(document: Mapping[str, Any]) -> Story:
    sign, channel = document.get("security"), document.get("channel")
    return Story(
        code=document["code"],
        kind=TicketKind(document["kind"]),
        triage=Triage(
            Impact(document["impact"]),
            Urgency(document["urgency"]),
            None if sign is None else SecuritySign(sign),
        ),
        platforms=frozenset(document["platforms"]),
        weight=document["weight"],
        channel=None if channel is None else Channel(channel),
        subjects=document["subjects"],
        request=document["request"],
        answer=document["answer"],
        question=document.get("question"),
        detail=document.get("detail"),
        solution=document["solution"],
        asks_quote=document.get("quote", False),
        needs_third_party=document.get("third_party", False),
    )
