"""How a reader leaves what a mail is about: the addresses that stand in it, signed."""

from collections.abc import Iterable
from urllib.parse import quote

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.ids import AgentId, ContactId
from helpdesk.domain.notification import (
    Delivery,
    NotificationTopic,
    ReaderKind,
    can_be_left,
)
from helpdesk.domain.unsubscribe import Reader, unsubscribe_word
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_keys import signing_key
from helpdesk.usecases.notification_ports import told_when
from helpdesk.usecases.ports import Records

UNSUBSCRIBE_PATH = "/mail/unsubscribe/"


def reader_of(person: Agent | Contact) -> Reader:
    """Return who somebody is, as preferences name him."""
    kind = ReaderKind.AGENT if isinstance(person, Agent) else ReaderKind.CONTACT
    return Reader(kind, person.id)


async def has_left(
    records: Records, reader_id: AgentId | ContactId, topic: NotificationTopic
) -> bool:
    """Return whether a reader does not want to be told about a topic."""
    chosen = await records.notifications.preferences([str(reader_id)])
    return told_when(chosen, str(reader_id), topic) is Delivery.OFF


async def ways_to_leave(
    desk: Desk,
    records: Records,
    agency: Agency,
    reader: Reader,
    topics: Iterable[NotificationTopic],
) -> tuple[str, ...]:
    """Return the addresses by which a reader leaves those of the topics that can be left.

    The one for a browser comes first, where readers reach the engine; then the one for a mail.
    None where there is nothing to leave.
    """
    left = [topic for topic in topics if can_be_left(topic)]
    if not left:
        return ()
    word = unsubscribe_word(await signing_key(desk, records), reader, left)
    by_mail = f"mailto:{quote(agency.mailbox, safe='@')}?subject=unsubscribe%20{word}"
    url = desk.mail_habits.public_url
    return (f"{url}{UNSUBSCRIBE_PATH}{word}", by_mail) if url else (by_mail,)
