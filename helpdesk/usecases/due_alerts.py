"""Which forfaits are nearly used up and which packs are nearly over, from what is left now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.domain.gauge import Gauge
from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer import Lot
from helpdesk.domain.retainer_alert import (
    DAYS_BEFORE_EXPIRY,
    USAGE_PERCENTS,
    AlertKind,
    RetainerAlert,
    expiry_alerts,
    usage_alert,
)
from helpdesk.domain.retainer_terms import RetainerTerms, RetainerUnit
from helpdesk.usecases.retainer_ports import KeptBalance, KeptLot

EXPIRY_WINDOW = timedelta(days=DAYS_BEFORE_EXPIRY + 2)
"""How far to look for packs: the days of the notice are local ones, and may be longer than 24 h."""


@dataclass(frozen=True, slots=True)
class DueAlert:
    """An alert, the book that it is about, and the figures that a reader needs.

    `key` stands for the alert within its period, or for its pack; `said_by` are the keys of the
    alerts that say as much or more. `pack` is the one that expires.
    """

    contract_id: ContractId
    terms: RetainerTerms
    alert: RetainerAlert
    gauge: Gauge
    key: str
    said_by: frozenset[str]
    pack: Lot | None = None

    @property
    def unit(self) -> RetainerUnit:
        """What is counted."""
        return self.terms.unit


def due_alerts(
    balances: Iterable[KeptBalance], packs: Iterable[KeptLot], *, at: datetime
) -> Iterator[DueAlert]:
    """Return the alerts that are due at an instant, by book: the share that was used, then packs.

    Of several shares only the largest is due. An unlimited and an empty book have none. Source:
    R-LED 8.
    """
    by_book: dict[tuple[ContractId, RetainerUnit], list[Lot]] = {}
    for pack in packs:
        by_book.setdefault((pack.contract_id, pack.unit), []).append(pack.lot)
    for balance in balances:
        yield from _of_usage(balance, at)
        yield from _of_packs(balance, by_book.get((balance.contract_id, balance.unit), ()), at)


def _of_usage(balance: KeptBalance, at: datetime) -> Iterator[DueAlert]:
    if balance.is_unlimited:
        return
    alert = usage_alert(used=balance.consumed, total=balance.granted)
    if alert is not None:
        prefix = f"{_book_key(balance)}:{_round(balance, at)}"
        said_by = (f"{prefix}:{one}" for one in USAGE_PERCENTS if one >= alert.threshold)
        yield DueAlert(
            balance.contract_id,
            balance.terms,
            alert,
            _gauge(balance),
            f"{prefix}:{alert.threshold}",
            frozenset(said_by),
        )


def _of_packs(balance: KeptBalance, packs: Sequence[Lot], at: datetime) -> Iterator[DueAlert]:
    zone = balance.terms.periods.zone
    today = at.astimezone(zone).date()
    for pack in packs:
        for alert in expiry_alerts([pack], today=today, zone=zone):
            # A pack that was prolonged expires another time, and is told of anew.
            expires_at = pack.terms.expires_at or at
            key = f"{_book_key(balance)}:{pack.number}:{alert.kind}:{expires_at.isoformat()}"
            yield DueAlert(
                balance.contract_id,
                balance.terms,
                alert,
                _gauge(balance),
                key,
                frozenset({key}),
                pack,
            )


def _round(balance: KeptBalance, at: datetime) -> str:
    """Return what an allowance begins anew with: its period, or the last pack that was bought."""
    if balance.unit is RetainerUnit.PACK_MINUTES:
        return f"lot-{balance.newest_lot}"
    return balance.terms.periods.period_of(at).start.isoformat()


def _book_key(balance: KeptBalance) -> str:
    return f"retainer:{balance.contract_id}:{balance.unit}"


def _gauge(balance: KeptBalance) -> Gauge:
    return Gauge(
        balance.unit,
        total=balance.granted,
        used=balance.consumed,
        over=balance.over,
        is_unlimited=balance.is_unlimited,
    )


def is_for_the_client(alert: RetainerAlert) -> bool:
    """Return whether the client is told too: that nothing is left, or that a pack is nearly over.

    At 80 % the agency is told, so that it can propose something before the client runs out.
    """
    return alert.kind is AlertKind.EXPIRY or alert.threshold == max(USAGE_PERCENTS)
