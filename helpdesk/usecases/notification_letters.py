"""The letters that tell news, and the one that tells many of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.digest import DigestGroup
from helpdesk.domain.notification import NotificationTopic
from helpdesk.domain.notification_catalogue import NotificationKind
from helpdesk.usecases.letter_ports import Letter


@dataclass(frozen=True, slots=True)
class Why:
    """Why a reader gets a letter: its topics, and where he leaves them, empty where he cannot."""

    topics: tuple[NotificationTopic, ...]
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True)
class NewsToTell:
    """What a letter tells: what happened, who did it, and in which words.

    `words` are what was written, `reason` is why something was done, `detail` what it is about
    where that is no ticket. `goes_on_in` is the number of the ticket that a merged one goes on in.
    `is_own` when the reader asked for it himself. `client` is whose ticket it is, for the agency.
    """

    kind: NotificationKind
    actor: str
    words: str = ""
    reason: str = ""
    detail: str = ""
    goes_on_in: str = ""
    client: str = ""
    priority: str = ""
    is_own: bool = True


class NotificationLetters(Protocol):
    """The texts of these mails."""

    def told(
        self, news: NewsToTell, *, agency: Agency, reader: Agent | Contact, why: Why
    ) -> Letter:
        """Return what a reader is told of one thing that happened."""
        ...

    def digest(
        self,
        groups: Sequence[DigestGroup],
        *,
        agency: Agency,
        reader: Agent | Contact,
        why: Why,
        is_flood: bool,
    ) -> Letter:
        """Return what a reader is told of all that happened, in one letter.

        `is_flood` when it takes the place of many mails, not that of a morning.
        """
        ...
