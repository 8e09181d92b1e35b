"""The client of a critical incident is informed at once, by whatever door it came in."""

from dataclasses import replace
from typing import Any

import pytest

from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.sla import SlaMetric, TargetUnit
from helpdesk.domain.ticket import Channel
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from tests.factories import BRUNOS_CLIENT, a_policy, a_target, at
from tests.usecases.escalations import agree_policy, mails
from tests.usecases.world import World

CRITICAL: dict[str, Any] = {"impact": Impact.CRITICAL, "urgency": Urgency.HIGH}


@pytest.mark.parametrize("channel", [Channel.API, Channel.PORTAL])
async def test_a_critical_request_is_acknowledged_whatever_door_it_came_by(
    both_worlds: World, channel: Channel
) -> None:
    world = both_worlds

    ticket = await world.ticket(channel=channel, **CRITICAL)

    assert ticket.priority is Priority.P0
    (promised,) = await world.outbox()
    assert promised.idempotency_key == f"acknowledgement:{ticket.id}"
    assert promised.mail.recipient.email == "bruno@bruno.example"
    assert promised.mail.auto_submitted is AutoSubmitted.AUTO_REPLIED
    text = promised.mail.text
    assert "Elle porte le numéro 1 et nous la traitons comme critique." in text
    assert "vous répondra au plus tard le lundi 6 juillet à 13 h 00" in text
    assert "au moins toutes les 1 h (heures ouvrées)" in text


async def test_the_acknowledgement_of_a_critical_request_is_no_first_response(
    world: World,
) -> None:
    ticket = await world.ticket(**CRITICAL)

    assert ticket.first_responded_at is None
    assert (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]["stopped_at"] is None


async def test_other_requests_by_the_api_are_not_acknowledged(world: World) -> None:
    await world.ticket()

    assert await world.outbox() == ()


async def test_a_critical_request_of_nobody_tells_nobody(world: World) -> None:
    request = OpenTicket("It is down", "The probe saw it.", client_id=BRUNOS_CLIENT, **CRITICAL)

    await open_ticket(world.desk, viewer=world.alice, request=request)

    assert await world.outbox() == ()


async def test_a_contract_that_promises_no_news_says_nothing_of_them(world: World) -> None:
    await agree_policy(world, a_policy(a_target()))

    await world.ticket(**CRITICAL)

    ((_, text),) = await mails(world, "acknowledgement:")
    assert "toutes les" not in text


async def test_news_in_days_have_no_rhythm_to_tell(world: World) -> None:
    news = a_target(SlaMetric.UPDATE, amount=1, unit=TargetUnit.BUSINESS_DAYS_SAME_TIME)
    await agree_policy(world, a_policy(news))

    await world.ticket(**CRITICAL)

    ((_, text),) = await mails(world, "acknowledgement:")
    assert "Vous aurez de nos nouvelles au plus tard le mardi 7 juillet à 9 h 00" in text
    assert "toutes les" not in text


async def test_news_around_the_clock_are_not_in_opening_hours(world: World) -> None:
    news = a_target(SlaMetric.UPDATE, unit=TargetUnit.CALENDAR_MINUTES, calendar_id=None)
    await agree_policy(world, a_policy(a_target(), replace(news, amount=90)))

    await world.ticket(**CRITICAL)

    ((_, text),) = await mails(world, "acknowledgement:")
    assert "au moins toutes les 1 h 30 min, jusqu'à" in text


async def test_a_request_that_becomes_critical_informs_the_client_then(world: World) -> None:
    ticket = await world.ticket()
    world.now.set(at("07-06 10:00"))

    await set_priority(world.desk, viewer=world.alice, request=SetPriority(ticket.id, **CRITICAL))

    ((recipient, text),) = await mails(world, "critical:")
    assert recipient == "bruno@bruno.example"
    assert "Nous traitons désormais comme critique votre demande" in text


async def test_who_was_answered_is_told_when_the_next_news_come(world: World) -> None:
    ticket = await world.ticket()
    await reply_to_ticket(
        world.desk, viewer=world.alice, request=ReplyToTicket(ticket.id, "We are looking.")
    )

    await set_priority(world.desk, viewer=world.alice, request=SetPriority(ticket.id, **CRITICAL))

    ((_, text),) = await mails(world, "critical:")
    assert "vous répondra" not in text
    assert "Vous aurez de nos nouvelles au plus tard le lundi 6 juillet à 10 h 00" in text


async def test_a_request_that_stays_critical_is_not_told_again(world: World) -> None:
    ticket = await world.ticket(**CRITICAL)

    await set_priority(world.desk, viewer=world.alice, request=SetPriority(ticket.id, **CRITICAL))

    assert await mails(world, "critical:") == []
    assert len(await world.outbox()) == 1
