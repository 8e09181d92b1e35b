"""Dates that mail programs write into a text, told as instants."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from helpdesk.mail.written_dates import written_date

PARIS = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    "value",
    [
        "mardi 5 mai 2026 14:30",
        "mar. 5 mai 2026 à 14:30",
        "5 mai 2026 à 14h30",
        "05/05/2026 14:30",
        "05.05.26 14:30",
        "2026-05-05 14:30",
        "2026/05/05 14:30:00",
        "Tuesday, May 5, 2026 2:30 PM",
        "Tue, 5 May 2026 14:30:00 +0200",
        "May 5, 2026 at 12:30:00 UTC",
        "5 mai 2026 à 14:30:00 UTC+2",
        "martes, 5 de mayo de 2026 14:30",
        "Dienstag, 5. Mai 2026 um 14:30",
        "wtorek, 5 maja 2026 14:30",
        "2026年5月5日 14:30",
        "2026년 5월 5일 화요일 오후 2:30",
        "2026年5月5日 下午2:30",
    ],
)
def test_a_moment_is_read_as_it_is_written(value: str) -> None:
    assert written_date(value, zone=PARIS) == datetime(2026, 5, 5, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("mar. 3 févr. 2026", datetime(2026, 2, 3, tzinfo=UTC)),
        ("03/04/2026", datetime(2026, 4, 3, tzinfo=UTC)),
        ("04/13/2026", datetime(2026, 4, 13, tzinfo=UTC)),
        ("3/4/2026 0:10 AM", datetime(2026, 3, 4, 0, 10, tzinfo=UTC)),
        ("12/31/2026 12:05 AM", datetime(2026, 12, 31, 0, 5, tzinfo=UTC)),
        ("12/31/2026 12:05 PM", datetime(2026, 12, 31, 12, 5, tzinfo=UTC)),
        ("1. listopadu 2026", datetime(2026, 11, 1, tzinfo=UTC)),
    ],
)
def test_a_day_is_read_as_its_country_writes_it(value: str, day: datetime) -> None:
    assert written_date(value) == day


@pytest.mark.parametrize(
    "value", ["", "hier soir", "31/02/2026", "mai 2026", "5 truc 2026", "0/0/2026", "9" * 500]
)
def test_what_names_no_day_is_no_date(value: str) -> None:
    assert written_date(value) is None
