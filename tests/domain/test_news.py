"""What the facts of a step are told as."""

import pytest

from helpdesk.domain.access import ActorKind
from helpdesk.domain.ids import AgencyId, AgentId, ContactId, MessageId, NewsId, TeamId
from helpdesk.domain.news import News, Telling, telling_of
from helpdesk.domain.notification_catalogue import NotificationKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.suspended_ticket import laid_to_rest, woken
from helpdesk.domain.ticket import TicketChange, TicketEventKind, TicketStatus, changed, opened
from helpdesk.domain.ticket_life import (
    answered,
    assigned,
    cancelled,
    client_wrote,
    closed,
    delivered,
    marked_spam,
    noted,
    reopened,
    resolved,
    resumed,
    waiting,
)
from helpdesk.domain.waiting import WaitingOn
from tests.factories import AGENCY_ID, ALICE, BRUNO, MONDAY, a_ticket, on

WORDS = MessageId("words")


def told(change: TicketChange) -> list[NotificationKind]:
    telling = telling_of(change.events)
    return [] if telling is None else list(telling.kinds)


def the_telling(change: TicketChange) -> Telling:
    telling = telling_of(change.events)
    assert telling is not None
    return telling


def test_a_new_ticket_is_told_to_the_agency_and_to_who_asked() -> None:
    change = opened(a_ticket(), actor=ALICE, message_id=WORDS)

    assert told(change) == [NotificationKind.TICKET_OPENED, NotificationKind.REQUEST_OPENED]
    assert the_telling(change).message_id == WORDS


def test_a_ticket_that_is_critical_from_the_start_is_told_as_that_first() -> None:
    change = opened(a_ticket(priority=Priority.P0), actor=BRUNO)

    assert told(change)[0] is NotificationKind.TICKET_CRITICAL


def test_a_ticket_that_becomes_critical_is_told_and_one_that_stays_so_is_not() -> None:
    ticket = a_ticket(priority=Priority.P1)
    kind = TicketEventKind.PRIORITY_SET
    raised = changed(ticket, kind, at=MONDAY, actor=ALICE, priority=Priority.P0)
    again = changed(raised.ticket, kind, at=MONDAY, actor=ALICE, priority_reason="still")

    assert told(raised) == [NotificationKind.TICKET_CRITICAL]
    assert told(again) == []


def test_a_ticket_given_to_a_person_is_told_to_him_and_one_for_a_team_to_the_team() -> None:
    given = assigned(a_ticket(), AgentId("dora"), TeamId("care"), on=on())
    for_team = assigned(a_ticket(), None, TeamId("care"), on=on())
    given_back = assigned(given.ticket, None, None, on=on())

    assert told(given) == [NotificationKind.TICKET_ASSIGNED]
    assert told(for_team) == [NotificationKind.TEAM_ASSIGNED]
    assert told(given_back) == []


def test_a_question_without_an_answer_is_told_with_its_words() -> None:
    change = waiting(a_ticket(), WaitingOn.CLIENT, "Which browser?", on=on())

    assert told(change) == [NotificationKind.QUESTION_ASKED]
    assert the_telling(change).reason == "Which browser?"


def test_a_question_that_an_answer_asks_is_a_mail_already() -> None:
    answer = answered(a_ticket(), WORDS, on=on(), is_response=True)
    asked = answer.then(waiting(answer.ticket, WaitingOn.CLIENT, "question", on=on()))

    assert told(asked) == []


def test_a_wait_that_goes_on_after_a_suspension_asks_nothing_new() -> None:
    asked = waiting(a_ticket(), WaitingOn.CLIENT, "Which browser?", on=on())
    rested = laid_to_rest(asked.ticket, "Unpaid", on=on())
    history = (*asked.events, *rested.events)

    assert told(rested) == []
    assert told(woken(rested.ticket, history, on=on())) == []


def test_a_client_who_gives_a_request_back_to_his_side_asks_himself_nothing() -> None:
    change = waiting(a_ticket(), WaitingOn.CLIENT, "Too dear", on=on(actor=BRUNO))

    assert told(change) == []


def test_a_wait_for_somebody_else_is_told_to_nobody() -> None:
    assert told(waiting(a_ticket(), WaitingOn.THIRD_PARTY, "The host", on=on())) == []


def test_a_ticket_that_waits_from_the_start_tells_why_it_does() -> None:
    change = opened(a_ticket(), actor=ALICE)
    change = change.then(waiting(change.ticket, WaitingOn.CLIENT, "Your login?", on=on()))

    assert told(change) == [
        NotificationKind.TICKET_OPENED,
        NotificationKind.QUESTION_ASKED,
        NotificationKind.REQUEST_OPENED,
    ]
    assert the_telling(change).reason == "Your login?"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (delivered(a_ticket(), on=on()), NotificationKind.REQUEST_DELIVERED),
        (resolved(a_ticket(), on=on()), NotificationKind.REQUEST_RESOLVED),
        (closed(a_ticket(TicketStatus.RESOLVED), on=on()), NotificationKind.REQUEST_CLOSED),
        (cancelled(a_ticket(), "Twice", on=on()), NotificationKind.REQUEST_CANCELLED),
        (client_wrote(a_ticket(), WORDS, on=on(actor=BRUNO)), NotificationKind.CLIENT_WROTE),
    ],
)
def test_a_step_is_told_as_what_it_is(change: TicketChange, kind: NotificationKind) -> None:
    assert told(change) == [kind]


def test_a_ticket_in_work_again_is_told_to_both_sides() -> None:
    change = reopened(a_ticket(TicketStatus.RESOLVED), "It is back", on=on(actor=BRUNO))

    assert told(change) == [NotificationKind.TICKET_REOPENED, NotificationKind.REQUEST_REOPENED]
    assert the_telling(change).reason == "It is back"


def test_an_answer_that_reopens_is_told_as_that_with_its_words() -> None:
    change = client_wrote(a_ticket(TicketStatus.RESOLVED), WORDS, on=on(actor=BRUNO))

    assert told(change)[:2] == [NotificationKind.TICKET_REOPENED, NotificationKind.CLIENT_WROTE]
    assert the_telling(change).message_id == WORDS


def test_a_note_may_be_a_mail_to_judge() -> None:
    change = noted(a_ticket(), WORDS, on=on())

    assert told(change) == [NotificationKind.MAIL_UNVERIFIED, NotificationKind.NOTE_WRITTEN]


def test_what_a_machine_wrote_and_what_is_only_noted_is_told_to_nobody() -> None:
    automatic = changed(
        a_ticket(), TicketEventKind.AUTOMATIC_MESSAGE, at=MONDAY, actor=BRUNO, message_id=WORDS
    )

    assert told(automatic) == []
    assert told(marked_spam(a_ticket(), on=on())) == []
    waits = waiting(a_ticket(), WaitingOn.CLIENT, "?", on=on()).ticket
    assert told(resumed(waits, on=on())) == []
    assert told(answered(a_ticket(), WORDS, on=on(), is_response=True)) == []


def test_nobody_is_told_of_what_he_did_himself() -> None:
    news = News(
        id=NewsId("news"),
        agency_id=AgencyId(AGENCY_ID),
        kinds=(NotificationKind.REQUEST_RESOLVED,),
        at=MONDAY,
        actor_kind=ActorKind.AGENT,
        actor_name="Alice",
        tell_after=MONDAY,
        agent_id=AgentId("alice"),
    )

    assert news.is_by(AgentId("alice"))
    assert not news.is_by(ContactId("bruno"))
