"""Two machines that answer each other: how it is seen, so that ours falls silent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from helpdesk.domain.access import ActorKind
from helpdesk.domain.ticket import Channel

LOOP_EXCHANGES = 5
LOOP_WINDOW = timedelta(minutes=10)
ACKNOWLEDGED = ((timedelta(days=1), 20), (timedelta(hours=1), 10), (LOOP_WINDOW, 5))
"""How many new tickets of one author are acknowledged at most, within how long.

A machine that answers each acknowledgement with a mail of its own speaks only when it is spoken
to: the shortest time ends a quick one, the longest a slow one.
"""

FEWEST = min(most for _, most in ACKNOWLEDGED)


class Voice(Enum):
    """Who may be behind a message, as far as loops are concerned."""

    PERSON = auto()
    OUR_MACHINE = auto()
    THEIR_MAIL = auto()


@dataclass(frozen=True, slots=True)
class Utterance:
    """A public message of a ticket: who wrote it, and by which door."""

    author: ActorKind
    channel: Channel
    is_automatic: bool

    @property
    def voice(self) -> Voice:
        """Who may be behind it: only mails of clients may be a machine's without saying so."""
        if self.author in {ActorKind.SERVICE_ACCOUNT, ActorKind.SYSTEM}:
            return Voice.OUR_MACHINE
        if self.author is ActorKind.CONTACT and self.channel is Channel.MAIL:
            return Voice.THEIR_MAIL
        return Voice.OUR_MACHINE if self.is_automatic else Voice.PERSON


def is_ping_pong(recent: Iterable[Utterance]) -> bool:
    """Return whether mails and automatic answers follow each other without a person.

    `recent` are the public messages of the last ten minutes (LOOP_WINDOW), oldest first. Five
    times an answer of ours that followed a mail is a loop; a person who writes begins it anew.

    >>> mail = Utterance(ActorKind.CONTACT, Channel.MAIL, is_automatic=False)
    >>> answer = Utterance(ActorKind.SERVICE_ACCOUNT, Channel.API, is_automatic=True)
    >>> is_ping_pong([mail, answer] * 4), is_ping_pong([mail, answer] * 5)
    (False, True)
    """
    exchanges, before = 0, Voice.PERSON
    for utterance in recent:
        voice = utterance.voice
        if voice is Voice.PERSON:
            exchanges = 0
        if (before, voice) == (Voice.THEIR_MAIL, Voice.OUR_MACHINE):
            exchanges += 1
        before = voice
    return exchanges >= LOOP_EXCHANGES
