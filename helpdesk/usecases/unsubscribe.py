"""A reader leaves topics without logging in: by the link of a mail, or by a mail."""

from dataclasses import dataclass

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgentId, ContactId
from helpdesk.domain.notification import (
    TOPICS,
    Delivery,
    NotificationTopic,
    ReaderKind,
    can_be_left,
    switched_on,
)
from helpdesk.domain.unsubscribe import Reader, Unsubscription, claim_of, words_in
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.notification_ports import Preference, PreferenceWay, told_when
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class LeavingView:
    """What the page of a link shows: whose mails, about what, in which language.

    `chosen` says of each topic when the reader is told about it now.
    """

    agency_name: str
    locale: Locale
    chosen: dict[NotificationTopic, Delivery]
    is_of_agency: bool

    @property
    def is_left(self) -> bool:
        """Whether nothing of it is told any more."""
        return all(delivery is Delivery.OFF for delivery in self.chosen.values())

    @property
    def offers_digest(self) -> bool:
        """Whether all of it may be told in the morning instead."""
        return all(Delivery.DIGEST in TOPICS[topic].choices for topic in self.chosen)


async def show_leaving(desk: Desk, word: str) -> LeavingView | None:
    """Return what a link is about; None when we did not sign it. Nothing changes."""
    claim = claim_of(word)
    if claim is None:
        return None
    async with desk.store.reading(claim.unsubscription.agency_id) as records:
        said = await _signed(records, word)
        person = None if said is None else await _person(records, said.reader)
        if said is None or person is None:
            return None
        return await _view(records, await records.agencies.agency(), person, said)


async def leave(desk: Desk, word: str, wanted: Delivery | None) -> LeavingView | None:
    """Write what the reader of a link chose for its topics and return what holds then.

    `wanted` is None for who takes them up again as they were at first. What a topic does not offer
    is switched off instead. Returns None when we did not sign the link.
    """
    claim = claim_of(word)
    if claim is None:
        return None
    async with desk.store.transaction(claim.unsubscription.agency_id) as records:
        said = await _signed(records, word)
        person = None if said is None else await _person(records, said.reader)
        if said is None or person is None:
            return None
        await _write(desk, records, said, person.name, wanted, PreferenceWay.LINK)
        return await _view(records, await records.agencies.agency(), person, said)


async def unsubscribed_by_mail(desk: Desk, records: Records, subject: str) -> bool:
    """Leave what the words in the subject of a mail are about, and return whether there was any.

    They count in a subject alone: the text of an answer quotes the link of our mail.
    """
    found = [await _signed(records, word) for word in words_in([subject])]
    signed = [one for one in found if one is not None]
    for said in signed:
        person = await _person(records, said.reader)
        if person is not None:
            await _write(desk, records, said, person.name, Delivery.OFF, PreferenceWay.MAIL)
    return bool(signed)


async def _signed(records: Records, word: str) -> Unsubscription | None:
    """Return what a word lets its bearer choose, None when no key signed it that still counts."""
    claim = claim_of(word)
    if claim is None or claim.unsubscription.agency_id != records.agency_id:
        return None
    keys = {key.number: key for key in await records.mail.mail_keys()}
    key = keys.get(claim.key_number)
    if key is None or key.retired_at is not None or not claim.is_signed_by(key):
        return None
    return claim.unsubscription


async def _person(records: Records, reader: Reader) -> Agent | Contact | None:
    if reader.kind is ReaderKind.AGENT:
        return await records.agencies.agent(AgentId(reader.id))
    return await records.clients.contact(ContactId(reader.id))


async def _write(  # noqa: PLR0917 - private, what a choice is made of
    desk: Desk,
    records: Records,
    said: Unsubscription,
    name: str,
    wanted: Delivery | None,
    way: PreferenceWay,
) -> None:
    for topic in filter(can_be_left, said.topics):
        delivery = switched_on(topic) if wanted is None else wanted
        if delivery not in TOPICS[topic].choices:
            delivery = Delivery.OFF
        preference = Preference(said.reader, topic, delivery, desk.now(), name, way)
        await records.notifications.set_preference(preference)


async def _view(
    records: Records, agency: Agency, person: Agent | Contact, said: Unsubscription
) -> LeavingView:
    chosen = await records.notifications.preferences([str(said.reader.id)])
    shown = {topic: told_when(chosen, str(said.reader.id), topic) for topic in said.topics}
    return LeavingView(agency.name, person.locale, shown, isinstance(person, Agent))
