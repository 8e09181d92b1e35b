"""What readers may choose, topic by topic, and what they are told by default."""

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.notification import (
    TOPICS,
    Delivery,
    DeliveryNotOffered,
    NotificationTopic,
    ReaderKind,
    TopicOfOthers,
    can_be_left,
    delivery_of,
    require_offered,
    switched_on,
    topics_of,
)
from helpdesk.domain.notification_catalogue import CATALOGUE, LETTERS, Audience, NotificationKind

CLIENTS = {Audience.REQUESTER, Audience.NOTICE_READERS}
MANDATORY = {topic for topic, terms in TOPICS.items() if terms.is_mandatory}


def test_every_topic_and_every_kind_is_in_the_catalogue() -> None:
    assert set(TOPICS) == set(NotificationTopic)
    assert set(CATALOGUE) == set(NotificationKind)


def test_what_a_default_says_can_be_chosen() -> None:
    assert all(terms.default in terms.choices for terms in TOPICS.values())


def test_what_a_contract_or_an_alert_tells_is_mandatory() -> None:
    assert {
        NotificationTopic.CONVERSATION,
        NotificationTopic.CONTRACT,
        NotificationTopic.ALERTS,
    } == MANDATORY
    assert not any(can_be_left(topic) for topic in MANDATORY)


def test_a_doubtful_mail_may_wait_and_cannot_be_left() -> None:
    assert not can_be_left(NotificationTopic.DOUBTFUL_MAIL)
    assert Delivery.DIGEST in TOPICS[NotificationTopic.DOUBTFUL_MAIL].choices


@pytest.mark.parametrize("kind", NotificationKind)
def test_a_kind_is_on_a_topic_of_those_who_are_told(kind: NotificationKind) -> None:
    notification = CATALOGUE[kind]
    expected = ReaderKind.CONTACT if notification.audience in CLIENTS else ReaderKind.AGENT
    assert TOPICS[notification.topic].reader is expected


def test_a_client_and_an_agent_have_no_topic_in_common() -> None:
    assert not set(topics_of(ReaderKind.AGENT)) & set(topics_of(ReaderKind.CONTACT))
    assert len(TOPICS) == sum(len(topics_of(kind)) for kind in ReaderKind)


def test_letters_that_are_promised_at_once_wait_for_no_digest() -> None:
    topics = {one.topic for one in LETTERS.values()}
    assert all(Delivery.DIGEST not in TOPICS[topic].choices for topic in topics)


@pytest.mark.parametrize(
    ("chosen", "is_critical", "told"),
    [
        (None, False, Delivery.NOW),
        (Delivery.DIGEST, False, Delivery.DIGEST),
        (Delivery.DIGEST, True, Delivery.NOW),
        (Delivery.WORKING_HOURS, True, Delivery.NOW),
        (Delivery.OFF, False, Delivery.OFF),
        (Delivery.OFF, True, Delivery.OFF),
    ],
)
def test_a_choice_decides_and_a_critical_request_waits_for_no_morning(
    chosen: Delivery | None, *, is_critical: bool, told: Delivery
) -> None:
    assert delivery_of(NotificationTopic.NOTES, chosen, is_critical=is_critical) is told


def test_a_choice_that_is_no_longer_offered_counts_as_none() -> None:
    told = delivery_of(NotificationTopic.ALERTS, Delivery.OFF, is_critical=False)
    assert told is Delivery.NOW


def test_a_mandatory_topic_cannot_be_switched_off() -> None:
    with pytest.raises(DeliveryNotOffered) as refusal:
        require_offered(NotificationTopic.CONTRACT, Delivery.OFF, to=ReaderKind.CONTACT)

    assert refusal.value.message(Locale.EN) == "CONTRACT cannot be OFF. Possible: NOW."
    assert refusal.value.path == ("preferences",)


def test_a_client_does_not_choose_for_the_topics_of_the_agency() -> None:
    with pytest.raises(TopicOfOthers) as refusal:
        require_offered(NotificationTopic.NOTES, Delivery.OFF, to=ReaderKind.CONTACT)

    assert "CONTACT is never told about NOTES" in refusal.value.message(Locale.EN)


def test_an_offered_choice_is_taken() -> None:
    require_offered(NotificationTopic.NOTES, Delivery.DIGEST, to=ReaderKind.AGENT)


def test_who_takes_up_a_topic_again_is_told_something() -> None:
    assert switched_on(NotificationTopic.COLLEAGUES) is Delivery.NOW
    assert switched_on(NotificationTopic.PROGRESS) is Delivery.NOW
