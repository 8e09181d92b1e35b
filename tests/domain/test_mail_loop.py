"""How two machines that answer each other are told from people."""

import pytest

from helpdesk.domain.access import ActorKind
from helpdesk.domain.mail_loop import LOOP_EXCHANGES, Utterance, is_ping_pong
from helpdesk.domain.ticket import Channel

MAIL = Utterance(ActorKind.CONTACT, Channel.MAIL, is_automatic=False)
ABSENCE = Utterance(ActorKind.CONTACT, Channel.MAIL, is_automatic=True)
PORTAL = Utterance(ActorKind.CONTACT, Channel.API, is_automatic=False)
ROBOT = Utterance(ActorKind.SERVICE_ACCOUNT, Channel.API, is_automatic=True)
ENGINE = Utterance(ActorKind.SYSTEM, Channel.API, is_automatic=False)
AGENT = Utterance(ActorKind.AGENT, Channel.API, is_automatic=False)
AUTOMATIC = Utterance(ActorKind.AGENT, Channel.API, is_automatic=True)


@pytest.mark.parametrize("answer", [ROBOT, ENGINE, AUTOMATIC])
@pytest.mark.parametrize("mail", [MAIL, ABSENCE])
def test_five_answers_of_a_machine_to_five_mails_are_a_loop(
    mail: Utterance, answer: Utterance
) -> None:
    assert is_ping_pong([mail, answer] * LOOP_EXCHANGES)
    assert not is_ping_pong([mail, answer] * (LOOP_EXCHANGES - 1) + [mail])


@pytest.mark.parametrize("person", [AGENT, PORTAL])
def test_a_person_who_writes_begins_the_count_anew(person: Utterance) -> None:
    assert not is_ping_pong([MAIL, ROBOT] * 4 + [person] + [MAIL, ROBOT] * 4)
    assert is_ping_pong([person] + [MAIL, ROBOT] * 5)


def test_many_mails_without_an_answer_are_no_loop() -> None:
    assert not is_ping_pong([MAIL] * 20)
    assert not is_ping_pong([ROBOT] * 20)
