"""The values of billing cases: amounts, instants, periods and lots as the files write them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.breach import ConsequenceKind
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.domain.period import Period, PeriodRule, midnight
from helpdesk.domain.retainer_entry import Posting

Given = Mapping[str, Any]  # decoded JSON, whose fields depend on the operation

PARIS = "Europe/Paris"

EFFECTS: Mapping[ConsequenceKind, str] = {
    ConsequenceKind.CREDIT: "credit_note",
    ConsequenceKind.ESCALATION: "automatic_escalation",
    ConsequenceKind.REPORT_MENTION: "monthly_report_mention",
    ConsequenceKind.POSTPONEMENT: "documented_postponement",
    ConsequenceKind.RECORD: "record",
}
"""What follows, as the guide's table is transcribed."""


def money(text: str | int, currency: str = "EUR") -> Money:
    """Return an amount; of one with more than two decimals, the nearest cent, half up."""
    cents = (Decimal(text) * 100).quantize(Decimal(1), ROUND_HALF_UP)
    return Money(int(cents), currency)


def amount(money: Money) -> str:
    """Return an amount as the cases write it."""
    return str(money).partition(" ")[0]


def basis_points(percent: str | int) -> int:
    """Return a rate written in percent."""
    return int(Decimal(percent) * 100)


def zone_of(given: Given) -> ZoneInfo:
    """Return the time zone of a case, Paris where it names none."""
    return ZoneInfo(given.get("tz", PARIS))


def rule_of(given: Given) -> PeriodRule:
    """Return how the contract of a case cuts time."""
    return PeriodRule(zone_of(given), given.get("anchor_day", 1))


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Return an instant; a date is its local midnight, a time without offset is local."""
    if len(text) == len("2026-07-01"):
        return midnight(date.fromisoformat(text), zone)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def written(moment: datetime) -> str:
    """Return an instant as the cases write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_date(moment: datetime, zone: ZoneInfo) -> str:
    """Return the local date of an instant."""
    return moment.astimezone(zone).date().isoformat()


def period_between(start: str, end: str, zone: ZoneInfo) -> Period:
    """Return the period between two dates or instants."""
    return Period(instant(start, zone), instant(end, zone))


def month_before(month: Month) -> Month:
    """Return the month before another."""
    return Month(month.year - 1, 12) if month.number == 1 else Month(month.year, month.number - 1)


def posting(
    at: datetime, key: str, *, effective_at: datetime | None = None, source: str = "case"
) -> Posting:
    """Return who asks for a movement in a case."""
    return Posting(SYSTEM, at, effective_at or at, "case", source, key)
