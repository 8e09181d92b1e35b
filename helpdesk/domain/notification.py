"""What a reader is told by mail about, topic by topic, and when: at once, in the morning, never."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError


class ReaderKind(StrEnum):
    """On which side a reader is."""

    AGENT = "AGENT"
    CONTACT = "CONTACT"


class Delivery(StrEnum):
    """When a reader is told."""

    NOW = "NOW"
    WORKING_HOURS = "WORKING_HOURS"
    DIGEST = "DIGEST"
    OFF = "OFF"


class NotificationTopic(StrEnum):
    """What mails are about: a reader chooses topic by topic."""

    CONVERSATION = "CONVERSATION"
    CONTRACT = "CONTRACT"
    RECEIPTS = "RECEIPTS"
    YOUR_TURN = "YOUR_TURN"
    PROGRESS = "PROGRESS"
    COLLEAGUES = "COLLEAGUES"
    ALERTS = "ALERTS"
    NEW_TICKETS = "NEW_TICKETS"
    ASSIGNMENTS = "ASSIGNMENTS"
    CLIENT_NEWS = "CLIENT_NEWS"
    NOTES = "NOTES"
    QUOTE_ANSWERS = "QUOTE_ANSWERS"
    DOUBTFUL_MAIL = "DOUBTFUL_MAIL"
    UPKEEP = "UPKEEP"


class DeliveryNotOffered(HelpdeskError):
    """What a contract promises to tell, and what is a reader's to do, cannot be switched off."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{topic} cannot be {wanted}. Possible: {possible}."
    french: ClassVar[str] = "{topic} ne peut pas être {wanted}. Possible : {possible}."


class TopicOfOthers(HelpdeskError):
    """The people of a client and those of the agency are told of different things."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{name} is never told about {topic}. Possible: {possible}."
    french: ClassVar[str] = "{name} n'est jamais informé de {topic}. Possible : {possible}."


@dataclass(frozen=True, slots=True)
class TopicTerms:
    """Who is told about a topic, when he is while he has said nothing, and what he may choose."""

    reader: ReaderKind
    default: Delivery
    choices: tuple[Delivery, ...]

    @property
    def is_mandatory(self) -> bool:
        """Whether there is nothing to choose."""
        return len(self.choices) == 1


_ALWAYS = (Delivery.NOW,)
_NOW_OR_NEVER = (Delivery.NOW, Delivery.OFF)
_FOR_CLIENTS = (Delivery.NOW, Delivery.DIGEST, Delivery.OFF)
_FREE = tuple(Delivery)
_HEARD_SOMEHOW = (Delivery.NOW, Delivery.WORKING_HOURS, Delivery.DIGEST)

TOPICS: Mapping[NotificationTopic, TopicTerms] = {
    NotificationTopic.CONVERSATION: TopicTerms(ReaderKind.CONTACT, Delivery.NOW, _ALWAYS),
    NotificationTopic.CONTRACT: TopicTerms(ReaderKind.CONTACT, Delivery.NOW, _ALWAYS),
    NotificationTopic.RECEIPTS: TopicTerms(ReaderKind.CONTACT, Delivery.NOW, _NOW_OR_NEVER),
    NotificationTopic.YOUR_TURN: TopicTerms(ReaderKind.CONTACT, Delivery.NOW, _FOR_CLIENTS),
    NotificationTopic.PROGRESS: TopicTerms(ReaderKind.CONTACT, Delivery.NOW, _FOR_CLIENTS),
    NotificationTopic.COLLEAGUES: TopicTerms(ReaderKind.CONTACT, Delivery.OFF, _FOR_CLIENTS),
    NotificationTopic.ALERTS: TopicTerms(ReaderKind.AGENT, Delivery.NOW, _ALWAYS),
    NotificationTopic.NEW_TICKETS: TopicTerms(ReaderKind.AGENT, Delivery.NOW, _FREE),
    NotificationTopic.ASSIGNMENTS: TopicTerms(ReaderKind.AGENT, Delivery.NOW, _FREE),
    NotificationTopic.CLIENT_NEWS: TopicTerms(ReaderKind.AGENT, Delivery.NOW, _FREE),
    NotificationTopic.NOTES: TopicTerms(ReaderKind.AGENT, Delivery.NOW, _FREE),
    NotificationTopic.QUOTE_ANSWERS: TopicTerms(ReaderKind.AGENT, Delivery.NOW, _FREE),
    NotificationTopic.DOUBTFUL_MAIL: TopicTerms(ReaderKind.AGENT, Delivery.NOW, _HEARD_SOMEHOW),
    NotificationTopic.UPKEEP: TopicTerms(ReaderKind.AGENT, Delivery.NOW, _FREE),
}


def topics_of(kind: ReaderKind) -> tuple[NotificationTopic, ...]:
    """Return what readers of a kind are told about."""
    return tuple(topic for topic, terms in TOPICS.items() if terms.reader is kind)


def require_offered(topic: NotificationTopic, wanted: Delivery, *, to: ReaderKind) -> None:
    """Refuse a choice that a reader of this kind does not have.

    Raises TopicOfOthers and DeliveryNotOffered.
    """
    terms = TOPICS[topic]
    if terms.reader is not to:
        possible = ", ".join(topics_of(to))
        raise TopicOfOthers(path=("preferences",), name=to, topic=topic, possible=possible)
    if wanted not in terms.choices:
        possible = ", ".join(terms.choices)
        raise DeliveryNotOffered(
            path=("preferences",), topic=topic, wanted=wanted, possible=possible
        )


def delivery_of(
    topic: NotificationTopic, chosen: Delivery | None, *, is_critical: bool
) -> Delivery:
    """Return when a reader is told about a topic; `chosen` is None while he has said nothing.

    What concerns a critical request waits for no morning. A choice that is no longer offered
    counts as none.

    >>> delivery_of(NotificationTopic.NOTES, Delivery.DIGEST, is_critical=True)
    <Delivery.NOW: 'NOW'>
    """
    terms = TOPICS[topic]
    delivery = chosen if chosen is not None and chosen in terms.choices else terms.default
    return Delivery.NOW if is_critical and delivery is not Delivery.OFF else delivery


def switched_on(topic: NotificationTopic) -> Delivery:
    """Return what a reader gets back who takes up a topic again after he had left it."""
    default = TOPICS[topic].default
    return Delivery.NOW if default is Delivery.OFF else default


def can_be_left(topic: NotificationTopic) -> bool:
    """Return whether a reader may switch the topic off, so that each mail of it says how."""
    return Delivery.OFF in TOPICS[topic].choices
