"""What a consumer is told before a tacit renewal, and his right to leave when he was not."""

from datetime import date

import pytest

from helpdesk.domain.consumer_notice import (
    ClientKind,
    RenewedContract,
    Termination,
    information_window,
    prepaid_year,
)
from helpdesk.domain.money import Money

WINDOW = information_window(date(2026, 10, 14))
RENEWED_ON, REQUESTED_ON = date(2027, 1, 15), date(2027, 3, 1)
CONSUMER, PROFESSIONAL = ClientKind.CONSUMER, ClientKind.PROFESSIONAL


@pytest.mark.parametrize(
    ("sent_on", "is_in_time"),
    [
        (date(2026, 7, 13), False),
        (date(2026, 7, 14), True),
        (date(2026, 9, 14), True),
        (date(2026, 9, 15), False),
        (None, False),
    ],
)
def test_information_is_in_time_from_three_months_to_one_before_the_last_day_to_refuse(
    sent_on: date | None, *, is_in_time: bool
) -> None:
    assert WINDOW.holds(sent_on) is is_in_time


def test_a_window_of_the_end_of_a_month_is_clamped() -> None:
    window = information_window(date(2026, 5, 31))

    assert (window.first_day, window.last_day) == (date(2026, 2, 28), date(2026, 4, 30))


def test_consumers_and_non_professionals_are_informed_and_companies_are_not() -> None:
    assert [kind for kind in ClientKind if kind.must_be_informed] == [
        ClientKind.CONSUMER,
        ClientKind.NON_PROFESSIONAL,
    ]


@pytest.mark.parametrize("kind", [ClientKind.CONSUMER, ClientKind.NON_PROFESSIONAL])
def test_a_client_who_was_not_told_may_leave_at_any_time_and_is_paid_back(kind: ClientKind) -> None:
    contract = RenewedContract(kind, RENEWED_ON, was_informed=False, prepaid_until=date(2027, 4, 1))

    assert contract.termination(REQUESTED_ON) == Termination(
        is_accepted=True, effective_on=REQUESTED_ON, refund_by=date(2027, 3, 31)
    )


@pytest.mark.parametrize("prepaid_until", [None, REQUESTED_ON])
def test_nothing_is_paid_back_where_nothing_was_paid_ahead(prepaid_until: date | None) -> None:
    contract = RenewedContract(
        CONSUMER, RENEWED_ON, was_informed=False, prepaid_until=prepaid_until
    )

    assert contract.termination(REQUESTED_ON).refund_by is None


@pytest.mark.parametrize(
    ("kind", "was_informed", "requested_on"),
    [
        (CONSUMER, True, REQUESTED_ON),
        (PROFESSIONAL, False, REQUESTED_ON),
        (CONSUMER, False, date(2027, 1, 14)),
    ],
)
def test_who_was_told_a_company_and_who_asks_before_the_renewal_keep_to_the_notice(
    kind: ClientKind, requested_on: date, *, was_informed: bool
) -> None:
    contract = RenewedContract(kind, RENEWED_ON, was_informed=was_informed)

    assert contract.termination(requested_on) == Termination(is_accepted=False)


def test_he_may_leave_on_the_day_of_the_renewal() -> None:
    contract = RenewedContract(CONSUMER, RENEWED_ON, was_informed=False)

    assert contract.termination(RENEWED_ON).effective_on == RENEWED_ON


@pytest.mark.parametrize(
    ("on", "first_day", "end"),
    [
        (date(2024, 2, 29), date(2024, 2, 29), date(2025, 2, 28)),
        (date(2025, 2, 27), date(2024, 2, 29), date(2025, 2, 28)),
        (date(2025, 2, 28), date(2025, 2, 28), date(2026, 2, 28)),
        (date(2028, 2, 28), date(2027, 2, 28), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_year_that_is_paid_ahead_goes_from_anniversary_to_anniversary(
    on: date, first_day: date, end: date
) -> None:
    year = prepaid_year(date(2024, 2, 29), Money(30_00), on=on)

    assert (year.first_day, year.end) == (first_day, end)
    assert year.refund(first_day) == Money(360_00)
    assert year.refund(end) == Money(0)
