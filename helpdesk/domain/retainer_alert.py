"""When a forfait is nearly used up, or a pack nearly over: what the client should be told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from helpdesk.domain.retainer import Lot
from helpdesk.domain.retainer_entry import LotNumber, LotSource
from helpdesk.domain.retainer_terms import WHOLE_PERCENT

USAGE_PERCENTS = (80, 100)
DAYS_BEFORE_EXPIRY = 15


class AlertKind(StrEnum):
    """What an alert is about."""

    USAGE = "usage"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class RetainerAlert:
    """That a share was used (`threshold` in percent), or that a pack expires (in days).

    `lot` is the pack that expires. One alert is told once: what it is about and its threshold make
    its identity within a period, or for a pack.
    """

    kind: AlertKind
    threshold: int
    lot: LotNumber | None = None


def usage_alerts(
    *, used: int, total: int, percents: Iterable[int] = USAGE_PERCENTS
) -> tuple[RetainerAlert, ...]:
    """Return an alert for each share of a total that is used up, the share itself included.

    An unlimited or an empty allowance has no share (X-25). Source: R-LED 8, case L20.

    >>> [alert.threshold for alert in usage_alerts(used=480, total=600)]
    [80]
    """
    return tuple(
        RetainerAlert(AlertKind.USAGE, percent)
        for percent in sorted(set(percents))
        if total and used * WHOLE_PERCENT >= percent * total
    )


def usage_alert(*, used: int, total: int) -> RetainerAlert | None:
    """Return the alert of the largest share that is used up: a smaller one says nothing more."""
    reached = usage_alerts(used=used, total=total)
    return reached[-1] if reached else None


def expiry_alerts(
    lots: Iterable[Lot], *, today: date, zone: ZoneInfo, days: int = DAYS_BEFORE_EXPIRY
) -> Iterator[RetainerAlert]:
    """Return an alert for each pack that expires within some local days and is not used up.

    `threshold` is the number of days of the notice. Source: R-LED 8, case L20.
    """
    for lot in lots:
        expires_at = lot.terms.expires_at
        if lot.terms.source is not LotSource.PURCHASE or expires_at is None or not lot.left:
            continue
        if 0 < (expires_at.astimezone(zone).date() - today).days <= days:
            yield RetainerAlert(AlertKind.EXPIRY, days, lot.number)
