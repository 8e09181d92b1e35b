"""What a failed mail says of its address."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.domain.undelivered import (
    FAILURE_WINDOW,
    FailureWeight,
    RecipientReport,
    ReportedAction,
    UndeliverableAddress,
    failure_of,
    failures_since,
    is_dead,
    refusal,
    status_in,
    weight_of,
)

BRUNO = "bruno@bruno.example"
NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
FAILED, DELAYED = ReportedAction.FAILED, ReportedAction.DELAYED


@pytest.mark.parametrize(
    ("status", "weight"),
    [
        ("5.1.1", FailureWeight.GONE),
        ("5.1.2", FailureWeight.GONE),
        ("5.1.10", FailureWeight.GONE),
        ("5.2.1", FailureWeight.GONE),
        ("5.4.1", FailureWeight.GONE),
        ("5.0.0", FailureWeight.MAY_PASS),
        ("5.2.2", FailureWeight.MAY_PASS),
        ("5.3.0", FailureWeight.MAY_PASS),
        ("4.4.7", FailureWeight.MAY_PASS),
        ("nothing", FailureWeight.MAY_PASS),
        ("5.1.8", FailureWeight.NOT_THE_ADDRESS),
        ("5.2.3", FailureWeight.NOT_THE_ADDRESS),
        ("5.3.4", FailureWeight.NOT_THE_ADDRESS),
        ("5.6.1", FailureWeight.NOT_THE_ADDRESS),
        ("5.7.26", FailureWeight.NOT_THE_ADDRESS),
    ],
)
def test_a_code_says_whether_the_address_is_at_fault(status: str, weight: FailureWeight) -> None:
    assert weight_of(status) is weight


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ("550 5.1.1 no such user", "5.1.1"),
        ("550-5.1.1 The email account does not exist", "5.1.1"),
        ("smtp;550 No Such User Here", "5.0.0"),
        ("552 5.2.2 mailbox full", "5.2.2"),
        ("Sorry, no mailbox here by that name. (#5.1.1)", "5.1.1"),
        ("refused by 10.5.1.1", None),
        ("version 5.1.1.4", None),
        ("call 5501234", None),
        ("250 2.0.0 stored", "2.0.0"),
        ("", None),
    ],
)
def test_a_code_is_read_out_of_the_words_of_a_server(reply: str, status: str | None) -> None:
    assert status_in(reply) == status


def test_what_is_said_of_the_reader_counts() -> None:
    reports = [
        RecipientReport("chloe@chloe.example", action=FAILED, status="5.1.1"),
        RecipientReport("BRUNO@bruno.example", action=ReportedAction.DELIVERED, status="2.0.0"),
    ]

    assert failure_of(reports, reader=BRUNO) is None
    failure = failure_of(reports, reader="Chloe@Chloe.example")
    assert failure is not None
    assert (failure.status, failure.weight) == ("5.1.1", FailureWeight.GONE)


def test_an_address_that_leads_elsewhere_is_known_by_what_was_written_to() -> None:
    report = RecipientReport("b.blanc@mail.example", BRUNO, FAILED, "5.1.1")

    assert failure_of([report], reader=BRUNO) is not None


def test_an_address_that_leads_to_several_failed_when_all_of_them_did() -> None:
    gone = RecipientReport("one@elsewhere.example", action=FAILED, status="5.1.1")
    full = RecipientReport("two@elsewhere.example", action=FAILED, status="5.2.2")
    there = RecipientReport("three@elsewhere.example", action=ReportedAction.RELAYED)

    failure = failure_of([full, gone], reader=BRUNO)

    assert failure is not None
    assert failure.status == "5.1.1"
    assert failure_of([gone, there], reader=BRUNO) is None


def test_a_delay_and_an_empty_report_are_no_failure() -> None:
    delayed = RecipientReport(BRUNO, action=DELAYED, status="4.4.1")

    assert failure_of([delayed], reader=BRUNO) is None
    assert failure_of([], reader=BRUNO) is None


def test_a_delay_that_became_a_failure_in_one_report_is_one() -> None:
    reports = [
        RecipientReport(BRUNO, action=DELAYED, status="4.4.1"),
        RecipientReport(BRUNO, action=FAILED, status="4.4.7"),
    ]

    failure = failure_of(reports, reader=BRUNO)

    assert failure is not None
    assert (failure.status, failure.weight) == ("4.4.7", FailureWeight.MAY_PASS)


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (
            RecipientReport(BRUNO, action=FAILED, status="5.0.0", diagnostic="550 5.1.1 who"),
            "5.1.1",
        ),
        (RecipientReport(BRUNO, action=FAILED, diagnostic="550 no such user"), "5.0.0"),
        (RecipientReport(BRUNO, action=FAILED, status="4.0.0"), "4.0.0"),
        (RecipientReport(BRUNO, action=FAILED), "5.0.0"),
        (RecipientReport(BRUNO, status="5.1.1"), "5.1.1"),
    ],
)
def test_a_code_without_a_cause_gives_way_to_the_words(
    report: RecipientReport, status: str
) -> None:
    failure = failure_of([report], reader=BRUNO)

    assert failure is not None
    assert failure.status == status


def test_a_report_without_a_known_action_goes_by_its_code() -> None:
    assert failure_of([RecipientReport(BRUNO, status="4.2.2")], reader=BRUNO) is None


def test_a_refusal_is_a_failure_with_the_words_of_the_server() -> None:
    failure = refusal("550 5.1.1 who is bruno")
    bare = refusal("no")

    assert (failure.status, failure.text) == ("5.1.1", "550 5.1.1 who is bruno")
    assert (bare.status, bare.weight) == ("5.0.0", FailureWeight.MAY_PASS)


def test_what_is_not_the_fault_of_an_address_never_marks_it() -> None:
    assert not is_dead(FailureWeight.NOT_THE_ADDRESS, failed_mails=1000)


def test_failures_from_before_an_address_was_cleared_are_forgotten() -> None:
    marked = UndeliverableAddress(BRUNO, NOON - timedelta(days=3), "5.2.2", "full")
    cleared = UndeliverableAddress(
        BRUNO, NOON - timedelta(days=3), "5.2.2", "full", cleared_at=NOON - timedelta(days=1)
    )
    long_ago = UndeliverableAddress(
        BRUNO, NOON - timedelta(days=99), "5.2.2", "full", cleared_at=NOON - timedelta(days=90)
    )

    assert failures_since(None, at=NOON) == NOON - FAILURE_WINDOW
    assert failures_since(marked, at=NOON) == NOON - FAILURE_WINDOW
    assert failures_since(cleared, at=NOON) == NOON - timedelta(days=1)
    assert failures_since(long_ago, at=NOON) == NOON - FAILURE_WINDOW
    assert (marked.is_marked, cleared.is_marked) == (True, False)
