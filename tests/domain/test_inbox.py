"""A message handed to the mail door: tried again, recognised, and not answered when a machine's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.domain.automatic_mail import (
    AutomaticReason,
)
from helpdesk.domain.inbound_email import (
    Address,
    InboundEmail,
)
from helpdesk.domain.inbox import (
    RETRY_LIMIT,
    meaning_hash,
    opens_nothing,
    retry_after,
    without_trace_headers,
)
from tests.factories import MONDAY

BRUNOS = InboundEmail(
    from_=Address("Bruno", "bruno@boulangerie.example"),
    subject="The form",
    message_id="1@boulangerie.example",
    sent_at=MONDAY,
    text="It is silent.",
)
MESSAGE = b"Subject: a\r\nReceived: kept\r\n\r\nReceived: body\r\n"


def test_a_failed_message_is_tried_less_and_less_often_then_no_more() -> None:
    waits = [retry_after(attempts, at=MONDAY) for attempts in range(1, RETRY_LIMIT + 2)]

    assert waits == [
        *(MONDAY + timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32, 64)),
        None,
        None,
    ]


@pytest.mark.parametrize(
    "trace",
    [
        b"",
        b"Received: from mx1\r\n",
        b"Return-Path: <bruno@boulangerie.example>\r\nDelivered-To: support@agency.example\r\n",
        b"RECEIVED: from mx1\r\n\tby mx2;\r\n today\r\nX-Original-To: support@agency.example\r\n",
    ],
)
def test_two_deliveries_differ_only_in_their_trace(trace: bytes) -> None:
    assert without_trace_headers(trace + MESSAGE) == MESSAGE


@pytest.mark.parametrize(
    ("raw", "rest"),
    [
        (b"", b""),
        (b"Received: only", b""),
        (b" folded: nothing above\r\nSubject: a", b" folded: nothing above\r\nSubject: a"),
        (b"Received: a\r\n\r\n body", b"\r\n body"),
        (b"Received: a\n\t\nbody", b"\t\nbody"),
    ],
)
def test_only_the_headers_on_top_are_trace(raw: bytes, rest: bytes) -> None:
    assert without_trace_headers(raw) == rest


@pytest.mark.parametrize(
    "reason",
    sorted(
        set(AutomaticReason)
        - {
            AutomaticReason.AUTO_FORWARDED,
            AutomaticReason.RESPONSE_SUPPRESSED,
            AutomaticReason.NOT_ADDRESSED_TO_US,
            AutomaticReason.NO_SENDER,
        }
    ),
)
def test_what_a_machine_sent_opens_nothing(reason: AutomaticReason) -> None:
    email = replace(BRUNOS, automatic_reasons=(reason,))

    assert opens_nothing(email, envelope_from="bruno@boulangerie.example") is True


@pytest.mark.parametrize(
    "reasons",
    [
        (),
        (AutomaticReason.AUTO_FORWARDED,),
        (AutomaticReason.RESPONSE_SUPPRESSED,),
        (AutomaticReason.NOT_ADDRESSED_TO_US,),
    ],
)
def test_a_wish_not_to_be_answered_is_no_machines_sign(
    reasons: tuple[AutomaticReason, ...],
) -> None:
    email = replace(BRUNOS, automatic_reasons=reasons)

    assert opens_nothing(email, envelope_from="bruno@boulangerie.example") is False


LISTS = (AutomaticReason.MAILING_LIST, AutomaticReason.PRECEDENCE)
BULK = (AutomaticReason.PRECEDENCE,)
MAILER = (AutomaticReason.FEEDBACK_ID,)
BOT = (*LISTS, AutomaticReason.AUTORESPONDER)


@pytest.mark.parametrize(
    ("reasons", "answers", "is_away", "is_machines"),
    [
        (LISTS, None, False, False),
        (LISTS, "a@alice.example", False, False),
        (MAILER, "a@alice.example", False, False),
        (BULK, None, False, False),
        (BULK, "a@alice.example", False, True),
        (LISTS, None, True, True),
        (BOT, None, False, True),
    ],
)
def test_what_lists_write_says_nothing_of_a_clients_person(
    reasons: tuple[AutomaticReason, ...], answers: str | None, *, is_away: bool, is_machines: bool
) -> None:
    email = replace(
        BRUNOS, automatic_reasons=reasons, in_reply_to=answers, is_out_of_office=is_away
    )
    sender = "bruno@boulangerie.example"

    assert opens_nothing(email, envelope_from=sender, is_clients=True) is is_machines
    assert opens_nothing(email, envelope_from=sender) is True
    assert opens_nothing(email, envelope_from="", is_clients=True) is True


def test_a_mail_from_nobody_opens_nothing() -> None:
    assert opens_nothing(BRUNOS, envelope_from="") is True


def test_the_same_mail_means_the_same_whatever_the_case_of_its_sender() -> None:
    shouted = replace(BRUNOS, from_=Address("B.", "BRUNO@boulangerie.example"), to=BRUNOS.cc)

    assert meaning_hash(shouted) == meaning_hash(BRUNOS)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "It is silent again."},
        {"subject": "The other form"},
        {"sent_at": MONDAY + timedelta(seconds=1)},
        {"from_": Address("Chloé", "chloe@cabinet.example")},
        {"from_": None},
        {"message_id": "2@boulangerie.example"},
    ],
)
def test_a_reused_message_id_with_another_content_means_something_else(
    change: dict[str, object],
) -> None:
    other = replace(BRUNOS, **change)  # type: ignore[arg-type] # the fields of a mail

    assert meaning_hash(other) != meaning_hash(BRUNOS)


@pytest.mark.parametrize("message_id", [None, ""])
def test_a_mail_without_an_identity_is_never_a_second_one(message_id: str | None) -> None:
    assert meaning_hash(replace(BRUNOS, message_id=message_id)) is None
