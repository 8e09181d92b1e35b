"""A reader chooses when he is told about what; a manager may choose for others."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import ActorKind, NotFound, Scope, Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgentId, ContactId
from helpdesk.domain.notification import (
    TOPICS,
    Delivery,
    NotificationTopic,
    ReaderKind,
    require_offered,
    topics_of,
)
from helpdesk.domain.unsubscribe import Reader
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.notification_ports import Preference, Preferences, PreferenceWay, told_when
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager


class ReaderRequired(HelpdeskError):
    """A program reads no mail, so it says whose preferences it means."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Say whose preferences: give `readerId`, an agent or a contact."
    french: ClassVar[str] = (
        "Dites de qui sont les préférences : donnez `readerId`, un agent ou un interlocuteur."
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """When a reader wants to be told about a topic."""

    topic: NotificationTopic
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class SetPreferences:
    """Who chooses what; `reader` is None for the viewer himself."""

    choices: tuple[Choice, ...]
    reader: Reader | None = None


@dataclass(frozen=True, slots=True)
class ShownPreference:
    """When a reader is told about a topic; who said so, None while nobody has."""

    topic: NotificationTopic
    delivery: Delivery
    choices: tuple[Delivery, ...]
    is_mandatory: bool
    set_at: datetime | None
    set_by: str | None


async def set_notification_preferences(
    desk: Desk, *, viewer: Viewer, request: SetPreferences
) -> tuple[ShownPreference, ...]:
    """Write what a reader chose and return all of his preferences; what is left out stays.

    Raises ReaderRequired, NotFound, ScopeMissing, AgencyOnly, ManagersOnly, and what a topic
    refuses: TopicOfOthers, DeliveryNotOffered.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        reader = await _reader(records, viewer, request.reader)
        if reader == own_reader(viewer):
            viewer.require(Scope.TICKETS_WRITE)
        else:
            await require_manager(records, viewer)
        for choice in request.choices:
            require_offered(choice.topic, choice.delivery, to=reader.kind)
        for choice in request.choices:
            await records.notifications.set_preference(
                Preference(
                    reader,
                    choice.topic,
                    choice.delivery,
                    desk.now(),
                    viewer.name,
                    PreferenceWay.API,
                )
            )
        return await _shown(records, reader)


async def notification_preferences(
    desk: Desk, *, viewer: Viewer, reader: Reader | None = None
) -> tuple[ShownPreference, ...]:
    """Return when a reader is told about what, topic by topic; the viewer himself unless said.

    Raises ReaderRequired, NotFound, ScopeMissing, and AgencyOnly for who is another reader.
    """
    async with desk.store.reading(viewer.agency_id) as records:
        asked = await _reader(records, viewer, reader)
        if asked == own_reader(viewer):
            viewer.require(Scope.TICKETS_READ)
        else:
            viewer.require_agency(Scope.AGENCY_READ)
        return await _shown(records, asked)


def own_reader(viewer: Viewer) -> Reader | None:
    """Return whose mails the viewer reads; None for a program."""
    if viewer.kind is ActorKind.AGENT and viewer.agent_id is not None:
        return Reader(ReaderKind.AGENT, viewer.agent_id)
    if viewer.kind is ActorKind.CONTACT and viewer.contact_id is not None:
        return Reader(ReaderKind.CONTACT, viewer.contact_id)
    return None


async def _reader(records: Records, viewer: Viewer, wanted: Reader | None) -> Reader:
    reader = wanted or own_reader(viewer)
    if reader is None:
        raise ReaderRequired(path=("readerId",))
    if not await _exists(records, viewer, reader):
        what = "Agent" if reader.kind is ReaderKind.AGENT else "Contact"
        raise NotFound(path=("readerId",), what=what, id=reader.id)
    return reader


async def _exists(records: Records, viewer: Viewer, reader: Reader) -> bool:
    """Return whether there is such a reader for the viewer; a client knows its own people."""
    if reader.kind is ReaderKind.AGENT:
        agent = await records.agencies.agent(AgentId(reader.id))
        return agent is not None and viewer.is_of_agency
    contact = await records.clients.contact(ContactId(reader.id))
    return contact is not None and viewer.sees_client(contact.client_id)


async def _shown(records: Records, reader: Reader) -> tuple[ShownPreference, ...]:
    chosen = await records.notifications.preferences([str(reader.id)])
    return tuple(_one(chosen, reader, topic) for topic in topics_of(reader.kind))


def _one(chosen: Preferences, reader: Reader, topic: NotificationTopic) -> ShownPreference:
    terms, said = TOPICS[topic], chosen.get((str(reader.id), topic))
    return ShownPreference(
        topic=topic,
        delivery=told_when(chosen, str(reader.id), topic),
        choices=terms.choices,
        is_mandatory=terms.is_mandatory,
        set_at=None if said is None else said.set_at,
        set_by=None if said is None else said.set_by,
    )
