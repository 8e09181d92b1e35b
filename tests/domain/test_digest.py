"""When a digest is due, what is folded into one mail, and in which order it is told."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.business_hours import BusinessHours, Span, Weekday
from helpdesk.domain.digest import (
    FLOOD_LIMIT,
    FLOOD_WINDOW,
    DigestGroup,
    DigestLine,
    OfficeDays,
    Plan,
    RecentMails,
    in_order,
    planned,
)
from helpdesk.domain.notification import Delivery
from helpdesk.domain.notification_catalogue import NotificationKind
from tests.factories import MONDAY, at

PARIS = ZoneInfo("Europe/Paris")
WEEK = {day: (Span.between("09:00", "18:00"),) for day in list(Weekday)[:5]}
OFFICE = OfficeDays(PARIS, BusinessHours("Europe/Paris", WEEK, frozenset({date(2026, 7, 14)})))
QUIET = RecentMails()


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("07-06 07:59", "07-06 08:00"),
        ("07-06 08:00", "07-07 08:00"),
        ("07-06 21:00", "07-07 08:00"),
        ("07-10 09:00", "07-13 08:00"),
        ("07-11 12:00", "07-13 08:00"),
        ("07-13 09:00", "07-15 08:00"),
        ("10-24 12:00", "10-26 08:00"),
        ("03-27 12:00", "03-30 08:00"),
    ],
)
def test_a_digest_is_due_at_eight_of_the_next_working_day(now: str, due: str) -> None:
    assert OFFICE.next_digest(at(now)) == at(due)


def test_without_a_calendar_the_week_has_five_working_days() -> None:
    office = OfficeDays(PARIS)

    assert office.next_digest(at("07-10 09:00")) == at("07-13 08:00")
    assert office.is_worked(date(2026, 7, 14))
    assert not office.is_worked(date(2026, 7, 12))


def test_where_no_day_is_worked_the_digest_comes_all_the_same() -> None:
    never = OfficeDays(PARIS, BusinessHours("Europe/Paris", {}))

    assert never.next_digest(at("07-06 09:00")) == at("07-07 08:00")


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("07-06 07:59", False),
        ("07-06 08:00", True),
        ("07-06 13:30", True),
        ("07-06 18:59", True),
        ("07-06 19:00", False),
        ("07-14 10:00", False),
        ("07-11 10:00", False),
    ],
)
def test_somebody_is_at_work_on_working_days_until_the_evening(now: str, *, is_open: bool) -> None:
    assert OFFICE.is_in_working_hours(at(now)) is is_open


def test_what_is_told_at_once_waits_for_nothing() -> None:
    assert planned(Delivery.NOW, QUIET, OFFICE, at=MONDAY, is_urgent=False) == Plan(None)


def test_what_is_switched_off_is_not_planned() -> None:
    assert planned(Delivery.OFF, QUIET, OFFICE, at=MONDAY, is_urgent=True) is None


def test_a_digest_is_planned_for_the_morning() -> None:
    plan = planned(Delivery.DIGEST, QUIET, OFFICE, at=MONDAY, is_urgent=False)

    assert plan == Plan(at("07-07 08:00"))


def test_in_working_hours_only_means_the_morning_for_what_comes_at_night() -> None:
    by_day, by_night = at("07-06 15:00"), at("07-06 22:00")

    plans = [
        planned(Delivery.WORKING_HOURS, QUIET, OFFICE, at=now, is_urgent=False)
        for now in (by_day, by_night)
    ]

    assert plans == [Plan(None), Plan(at("07-07 08:00"))]


def test_past_the_limit_the_rest_goes_into_one_mail() -> None:
    below, reached = RecentMails(FLOOD_LIMIT - 1), RecentMails(FLOOD_LIMIT)

    plans = [
        planned(Delivery.NOW, recent, OFFICE, at=MONDAY, is_urgent=False)
        for recent in (below, reached)
    ]

    assert plans == [Plan(None), Plan(MONDAY + FLOOD_WINDOW, is_folded=True)]


def test_what_follows_joins_the_mail_that_is_being_folded() -> None:
    until = MONDAY + timedelta(minutes=3)

    plan = planned(Delivery.NOW, RecentMails(0, until), OFFICE, at=MONDAY, is_urgent=False)

    assert plan == Plan(until, is_folded=True)


def test_no_flood_holds_back_what_is_urgent() -> None:
    flooded = RecentMails(FLOOD_LIMIT * 3, MONDAY + FLOOD_WINDOW)

    assert planned(Delivery.NOW, flooded, OFFICE, at=MONDAY, is_urgent=True) == Plan(None)


def test_the_most_urgent_comes_first_then_the_latest_and_what_has_no_ticket_last() -> None:
    def group(number: str | None, priority: str, minute: int) -> DigestGroup:
        line = DigestLine(
            MONDAY + timedelta(minutes=minute), "Bruno", NotificationKind.CLIENT_WROTE
        )
        return DigestGroup((line,), number, "A subject", priority)

    groups = [group(None, "", 9), group("1", "P2", 1), group("2", "P1", 2), group("3", "P2", 3)]

    assert [one.ticket_number for one in in_order(groups)] == ["2", "3", "1", None]
