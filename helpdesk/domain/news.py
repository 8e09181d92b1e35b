"""What happened that somebody wants to hear of, as it is kept until everybody was told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import ActorKind
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    ClientId,
    ContactId,
    MessageId,
    NewsId,
    TicketId,
)
from helpdesk.domain.notification_catalogue import NotificationKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import TicketEvent, TicketEventKind
from helpdesk.domain.waiting import WaitingOn


@dataclass(frozen=True, slots=True)
class News:
    """What happened, for those who are to be told; it is forgotten once they were.

    `kinds` are what it may be told as, the most important first. `detail` is what it is about
    beside a ticket: the number of a quote, the name of a webhook, who a ticket was given to.
    `client_id` is set where it is about a client without a ticket. It is told from `tell_after` on;
    `attempts` failed.
    """

    id: NewsId
    agency_id: AgencyId
    kinds: tuple[NotificationKind, ...]
    at: datetime
    actor_kind: ActorKind
    actor_name: str
    tell_after: datetime
    agent_id: AgentId | None = None
    contact_id: ContactId | None = None
    ticket_id: TicketId | None = None
    message_id: MessageId | None = None
    related_ticket_id: TicketId | None = None
    client_id: ClientId | None = None
    reason: str | None = None
    detail: str | None = None
    attempts: int = 0
    last_error: str | None = None

    def is_by(self, reader_id: AgentId | ContactId) -> bool:
        """Return whether this reader did it himself: he is told of nothing that he did."""
        return reader_id in {self.agent_id, self.contact_id}


@dataclass(frozen=True, slots=True)
class Telling:
    """What the facts of one step are told as, and the fact that says most of it.

    `reason` and `message_id` are the first ones among the facts.
    """

    kinds: tuple[NotificationKind, ...]
    fact: TicketEvent
    reason: str | None
    message_id: MessageId | None


def telling_of(facts: tuple[TicketEvent, ...]) -> Telling | None:
    """Return what the facts of one step are told as; None when nobody waits for such news.

    What a machine wrote, and what the engine notes for itself, is told to nobody. An answer that
    also puts the question is a mail already, and a wait that merely goes on asks nothing new.
    """
    found = [(kind, fact) for fact in facts for kind in _kinds_of(fact)]
    if any(fact.kind in _ASK_NOTHING_NEW for fact in facts):
        found = [one for one in found if one[0] is not NotificationKind.QUESTION_ASKED]
    if not found:
        return None
    kinds = {kind for kind, _ in found}
    ordered = tuple(kind for kind in NotificationKind if kind in kinds)
    fact = next(fact for kind, fact in found if kind is ordered[0])
    reasons = (one.reason for _, one in found if one.reason)
    messages = (one.message_id for one in facts if one.message_id is not None)
    return Telling(ordered, fact, next(reasons, None), next(messages, None))


def _kinds_of(fact: TicketEvent) -> tuple[NotificationKind, ...]:
    rule = _RULES.get(fact.kind)
    kinds = () if rule is None else rule(fact)
    is_raised = fact.after.get("priority") == Priority.P0 != fact.before.get("priority")
    return (NotificationKind.TICKET_CRITICAL, *kinds) if is_raised else kinds


def _always(*kinds: NotificationKind) -> Callable[[TicketEvent], tuple[NotificationKind, ...]]:
    return lambda _: kinds


def _assigned(fact: TicketEvent) -> tuple[NotificationKind, ...]:
    if fact.after.get("assignee_id") is not None:
        return (NotificationKind.TICKET_ASSIGNED,)
    is_for_team = fact.after.get("team_id") is not None
    return (NotificationKind.TEAM_ASSIGNED,) if is_for_team else ()


def _waiting(fact: TicketEvent) -> tuple[NotificationKind, ...]:
    is_asked = fact.actor.kind is not ActorKind.CONTACT
    is_clients_turn = is_asked and fact.after.get("waiting_on") == WaitingOn.CLIENT
    return (NotificationKind.QUESTION_ASKED,) if is_clients_turn else ()


_ASK_NOTHING_NEW = frozenset({TicketEventKind.AGENT_REPLIED, TicketEventKind.RESUMED})
_RULES: Mapping[TicketEventKind, Callable[[TicketEvent], tuple[NotificationKind, ...]]] = {
    TicketEventKind.OPENED: _always(
        NotificationKind.TICKET_OPENED, NotificationKind.REQUEST_OPENED
    ),
    TicketEventKind.CLIENT_REPLIED: _always(NotificationKind.CLIENT_WROTE),
    TicketEventKind.NOTE_ADDED: _always(
        NotificationKind.MAIL_UNVERIFIED, NotificationKind.NOTE_WRITTEN
    ),
    TicketEventKind.ASSIGNED: _assigned,
    TicketEventKind.WAITING: _waiting,
    TicketEventKind.DELIVERED: _always(NotificationKind.REQUEST_DELIVERED),
    TicketEventKind.RESOLVED: _always(NotificationKind.REQUEST_RESOLVED),
    TicketEventKind.CLOSED: _always(NotificationKind.REQUEST_CLOSED),
    TicketEventKind.REOPENED: _always(
        NotificationKind.TICKET_REOPENED, NotificationKind.REQUEST_REOPENED
    ),
    TicketEventKind.CANCELLED: _always(NotificationKind.REQUEST_CANCELLED),
    TicketEventKind.MERGED: _always(NotificationKind.REQUEST_MERGED),
    TicketEventKind.CLASSIFICATION_CONTESTED: _always(NotificationKind.CLASSIFICATION_CONTESTED),
}
