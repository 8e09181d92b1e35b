"""Who is to be told of news: everybody once, in the most important of his roles."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpdesk.domain.agency import Agent, Contact
from helpdesk.domain.mail_trust import SenderDoubt
from helpdesk.domain.message import Message
from helpdesk.domain.news import News
from helpdesk.domain.notification import NotificationTopic
from helpdesk.domain.notification_catalogue import CATALOGUE, Audience, NotificationKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import Ticket, TicketStatus
from helpdesk.domain.unsubscribe import Reader
from helpdesk.usecases.leaving import reader_of
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told, as what, and on which topic of his."""

    reader: Agent | Contact
    kind: NotificationKind
    topic: NotificationTopic

    @property
    def identity(self) -> Reader:
        """Who he is, as preferences name him."""
        return reader_of(self.reader)


@dataclass(frozen=True, slots=True)
class Scene:
    """News with the ticket and the message that they are about, as they are now."""

    news: News
    ticket: Ticket | None
    message: Message | None

    @property
    def is_critical(self) -> bool:
        """Whether it concerns a critical request."""
        return self.ticket is not None and self.ticket.priority is Priority.P0

    @property
    def is_doubtful(self) -> bool:
        """Whether it is a mail that may not be its author's, and that nobody has judged yet."""
        judged = {None, SenderDoubt.REJECTED}
        return self.message is not None and self.message.doubt not in judged

    @property
    def _is_automatic(self) -> bool:
        return self.message is not None and self.message.is_automatic

    def is_told_as(self, kind: NotificationKind) -> bool:
        """Return whether the news are still worth being told as this.

        Spam and what machines wrote are told to nobody. Who has been given the ticket since is told
        by later news.
        """
        if self.ticket is not None and self.ticket.status is TicketStatus.SPAM:
            return False
        if kind is NotificationKind.MAIL_UNVERIFIED:
            return self.is_doubtful and not self._is_automatic
        if kind is NotificationKind.NOTE_WRITTEN:
            is_sure = self.message is not None and self.message.doubt is None
            return is_sure and not self._is_automatic
        if self.ticket is not None and kind is NotificationKind.TICKET_ASSIGNED:
            return self.ticket.assignee_id == self.news.detail
        return True


async def readers_of(records: Records, scene: Scene) -> tuple[Told, ...]:
    """Return who is to be told of the news, never who did it.

    A mail that may be forged does not count as its author's: an agent whose name it bears should
    hear of it above all. Clients do not: they would be sent the words of whoever forged it.
    """
    found: dict[str, Told] = {}
    for kind in scene.news.kinds:
        if scene.is_told_as(kind):
            for told in await _told_of(records, scene, kind):
                found.setdefault(str(told.reader.id), told)
    return tuple(
        told for told in found.values() if scene.is_doubtful or not scene.news.is_by(told.reader.id)
    )


async def _told_of(records: Records, scene: Scene, kind: NotificationKind) -> Iterable[Told]:
    notification = CATALOGUE[kind]
    if notification.audience is Audience.REQUESTER and scene.is_doubtful:
        return ()
    people = await _AUDIENCES[notification.audience](records, scene)
    told = [Told(person, kind, notification.topic) for person in people]
    if notification.audience is not Audience.REQUESTER or scene.ticket is None:
        return told
    if kind is NotificationKind.REQUEST_OPENED and scene.is_critical:
        told = []  # he has had the mail that acknowledges a critical request
    others = await _followers(records, scene.ticket)
    return (*told, *(Told(one, kind, NotificationTopic.COLLEAGUES) for one in others))


async def _requester(records: Records, scene: Scene) -> Sequence[Agent | Contact]:
    """Return who asked, unless nobody has confirmed yet that it was he."""
    ticket = scene.ticket
    if ticket is None or ticket.requester_id is None or ticket.is_requester_unconfirmed:
        return ()
    contact = await records.clients.contact(ticket.requester_id)
    return () if contact is None or contact.client_id != ticket.client_id else (contact,)


async def _followers(records: Records, ticket: Ticket) -> Sequence[Contact]:
    """Return who else of the client wants to hear; unknown senders have nothing in common."""
    ids = await records.notifications.followers(ticket.client_id)
    client = await records.clients.client(ticket.client_id) if ids else None
    if client is None or client.is_unknown_sender_pool:
        return ()
    others = [one for one in ids if one != ticket.requester_id]
    found = [await records.clients.contact(one) for one in others]
    return [one for one in found if one is not None]


async def _assignee(records: Records, scene: Scene) -> Sequence[Agent | Contact]:
    agent_id = None if scene.ticket is None else scene.ticket.assignee_id
    agent = None if agent_id is None else await records.agencies.agent(agent_id)
    return () if agent is None else (agent,)


async def _team(records: Records, scene: Scene) -> Sequence[Agent | Contact]:
    team_id = None if scene.ticket is None else scene.ticket.team_id
    return () if team_id is None else await records.agencies.team_members(team_id)


async def _managers(records: Records, _: Scene) -> Sequence[Agent | Contact]:
    return await records.agencies.managers()


async def _responsible(records: Records, scene: Scene) -> Sequence[Agent | Contact]:
    """Return who is assigned, else the team, else the managers: somebody always hears."""
    for audience in (_assignee, _team):
        people = await audience(records, scene)
        if people:
            return people
    return await _managers(records, scene)


_Audience = Callable[[Records, Scene], Awaitable[Sequence[Agent | Contact]]]

_AUDIENCES: Mapping[Audience, _Audience] = {
    Audience.REQUESTER: _requester,
    Audience.RESPONSIBLE: _responsible,
    Audience.ASSIGNEE: _assignee,
    Audience.TEAM: _team,
    Audience.MANAGERS: _managers,
}
