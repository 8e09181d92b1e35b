"""Billing cases about the forfait, time, periods, prorating and VAT."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.billed_time import RoundingMode, RoundingScope, RoundingTerms, billed_minutes
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.ids import TicketId
from helpdesk.domain.money import Money, NetLine, VatRegime, totals_of
from helpdesk.domain.month import Month
from helpdesk.domain.period import Period, PeriodRule, expires_after, midnight
from helpdesk.domain.proration import (
    PlanChange,
    PlanRights,
    Share,
    downgraded,
    is_upgrade,
    upgraded,
)
from helpdesk.domain.retainer import Book
from helpdesk.domain.retainer_alert import (
    DAYS_BEFORE_EXPIRY,
    USAGE_PERCENTS,
    expiry_alerts,
    usage_alerts,
)
from helpdesk.domain.retainer_entry import LotSource, LotTerms
from helpdesk.domain.retainer_lots import extend_lots, grants_due, open_lot
from helpdesk.domain.retainer_terms import RetainerTerms, RetainerUnit
from helpdesk.domain.retainer_use import Work, consume
from helpdesk.domain.suspension import Suspension
from helpdesk.domain.work_log import WorkEntry, WorkNumber
from tests.conformance.billing_runs import ledger_run
from tests.conformance.billing_values import (
    Given,
    amount,
    basis_points,
    instant,
    local_date,
    money,
    period_between,
    posting,
    rule_of,
    written,
    zone_of,
)

Answer = dict[str, Any]  # values as the cases write them


def _alerts(given: Given) -> Answer:
    zone = zone_of(given)
    total, used = given["purchased_minutes"], given["consumed_minutes"]
    percent = given.get("alert_pct")
    percents = USAGE_PERCENTS if percent is None else (percent, *USAGE_PERCENTS[1:])
    alerts = [
        f"usage_{alert.threshold}"
        for alert in usage_alerts(used=used, total=total, percents=percents)
    ]
    days = given.get("alert_days", DAYS_BEFORE_EXPIRY)
    today = date.fromisoformat(given["today"])
    pack = _pack(zone, total, used, given.get("expires"), today)
    alerts += [
        f"expires_in_{alert.threshold}_days"
        for alert in expiry_alerts(pack.lots.values(), today=today, zone=zone, days=days)
    ]
    return {"alerts": alerts}


def _pack(zone: ZoneInfo, total: int, used: int, expires: str | None, today: date) -> Book:
    """Return a book with one pack, bought the year before it expires."""
    expires_at = None if expires is None else instant(expires, zone)
    bought_at = min(midnight(today, zone), expires_at or datetime.max.replace(tzinfo=UTC))
    bought_at -= timedelta(days=365)
    book = Book.opened(RetainerTerms(RetainerUnit.PACK_MINUTES, PeriodRule(zone)), bought_at)
    terms = LotTerms(LotSource.PURCHASE, bought_at, expires_at)
    book = book.after(open_lot(book, posting(bought_at, "buy"), total, terms))
    if not used:
        return book
    return book.after(consume(book, posting(bought_at, "work"), Work(used)))


def _expiry(given: Given) -> Answer:
    zone = zone_of(given)
    expiries = [
        expires_after(date.fromisoformat(day), given["validity_months"], zone)
        for day in given["purchases"]
    ]
    return {
        "expires_exclusive": [local_date(expiry, zone) for expiry in expiries],
        "last_usable_day": [local_date(expiry - timedelta(seconds=1), zone) for expiry in expiries],
        "expires": [written(expiry) for expiry in expiries],
    }


def _period(given: Given) -> Answer:
    rule = rule_of(given)
    named = next(given[name] for name in ("instant", "opened", "worked", "at") if name in given)
    at = instant(named, rule.zone)
    period = rule.period_of(at)
    return {
        "period": str(rule.month_of(at)),
        "start": written(period.start),
        "end": written(period.end),
        "bounds": [written(period.start), written(period.end)],
    }


def _suspend(given: Given) -> Answer:
    zone = zone_of(given)
    told = given["suspended"]
    pairs = [told] if isinstance(told[0], str) else told
    suspensions = [Suspension(*map(date.fromisoformat, pair)) for pair in pairs]
    first, end = suspensions[0].first, suspensions[-1].end
    assert end is not None
    book = _pack(zone, given.get("purchased_minutes", 600), 0, given["pack_expires"], first)
    source = LotSource(given.get("source", LotSource.PURCHASE))
    for number, suspension in enumerate(suspensions):
        asked = posting(midnight(suspension.end or end, zone), f"extend {number}")
        if given.get("extend", True) and source is LotSource.PURCHASE:
            book = book.after(extend_lots(book, asked, suspension))
    (lot,) = book.lots.values()
    assert lot.terms.expires_at is not None
    rule = book.terms.periods
    within = _periods(rule, midnight(first, zone), midnight(end, zone))
    return {
        "expires": local_date(lot.terms.expires_at, zone),
        "grants_during_suspension": len(list(grants_due(book, within, suspensions))),
    }


def _periods(rule: PeriodRule, start: datetime, end: datetime) -> Iterator[Period]:
    """Return the periods that begin between two instants."""
    period = rule.period_of(start)
    while period.start < end:
        if period.start >= start:
            yield period
        period = rule.periods_later(period, 1)


def _round(given: Given) -> Answer:
    zone = zone_of(given)
    told = [entry for entry in given["entries"] if entry["minutes"]]  # no minute is no work
    entries = [_work(number, entry, zone) for number, entry in enumerate(told, start=1)]
    terms = RoundingTerms(
        given.get("increment", 15),
        RoundingMode(given.get("mode", RoundingMode.UP)),
        RoundingScope(given.get("scope", RoundingScope.TICKET_DAY)),
        given.get("minimum", 0),
    )
    return {
        "billed_minutes": billed_minutes(entries, terms, zone=zone),
        "real_minutes": sum(entry.minutes for entry in entries),
    }


def _work(number: int, entry: Given, zone: ZoneInfo) -> WorkEntry:
    day = date.fromisoformat(entry["day"])
    at = datetime.combine(day, time(12), zone).astimezone(UTC)
    ticket = TicketId(str(entry.get("ticket")))
    return WorkEntry(WorkNumber(number), ticket, SYSTEM, at, entry["minutes"], at)


def _bounds(given: Given) -> Answer:
    rule = rule_of(given)
    periods = [rule.period(Month.parsed(month)) for month in given["months"]]
    return {"bounds": [[written(period.start), written(period.end)] for period in periods]}


def _prorate(given: Given) -> Answer:
    share = _share(given)
    answer: Answer = {"active_days": share.days, "period_days": share.period_days}
    if "fee_ht" in given:
        answer["fee_ht"] = amount(share.fee(money(given["fee_ht"])))
    for name in ("run_minutes", "minutes"):
        if name in given:
            answer[name] = _part(given[name], share.minutes)
    if "tickets" in given:
        answer["tickets"] = _part(given["tickets"], share.tickets)
    return answer


def _part(right: Any, part: Callable[[int], int]) -> Any:  # Any: a number, or a word for no end
    """Return a part of a right; what has no end stays so."""
    return part(right) if isinstance(right, int) else right


def _share(given: Given) -> Share:
    if "active_days" in given:
        return Share(given["active_days"], given["period_days"])
    zone = zone_of(given)
    period = _period_of_change(given, zone)
    active = Period(max(period.start, instant(given["start"], zone)), period.end)
    return Share(active.days(zone), period.days(zone))


def _change(given: Given) -> Answer:
    zone = zone_of(given)
    period = _period_of_change(given, zone)
    old, new = _rights(given, "old"), _rights(given, "new")
    day = given.get("requested") or given.get("effective") or given.get("on")
    if new is None or old is None or not is_upgrade(old, new):
        fee = money("0") if old is None else old.fee
        return _changed(downgraded(fee, period=period, zone=zone))
    if day is None:
        share = Share(given["remaining_days"], given["period_days"])
        day = (period.end.astimezone(zone).date() - timedelta(days=share.days)).isoformat()
    on = date.fromisoformat(day)
    return _changed(upgraded(old, new, on=on, period=period, zone=zone))


def _changed(change: PlanChange) -> Answer:
    return {
        "effective": change.effective_on.isoformat(),
        "charge_ht": amount(change.charge),
        "clawback": 0,
        **dict.fromkeys(
            ("extra_run_minutes", "extra_minutes", "extra_grant_minutes"), change.extra_minutes
        ),
        "extra_tickets": change.extra_tickets,
        "extra_grant": {"run_minutes": change.extra_minutes, "tickets": change.extra_tickets},
    }


def _rights(given: Given, side: str) -> PlanRights | None:
    """Return the plan of one side: an object of its own, or fields that begin with its name."""
    plan = given.get(side)
    if not isinstance(plan, Mapping):
        plan = {
            key.removeprefix(f"{side}_"): given[key] for key in given if key.startswith(f"{side}_")
        }
    if not plan:
        return None
    tickets = plan.get("tickets", 0)
    return PlanRights(
        money(plan.get("fee_ht", plan.get("fee", "0"))),
        plan.get("run_minutes", plan.get("minutes", 0)),
        None if tickets == "unlimited" else tickets,
    )


def _period_of_change(given: Given, zone: ZoneInfo) -> Period:
    if "period" in given:
        start, end = given["period"]
        return period_between(start, end, zone)
    if "period_start" in given:
        return period_between(given["period_start"], given["period_end"], zone)
    rule = rule_of(given)
    if "period_end" in given:
        return rule.period_of(instant(given["period_end"], zone) - timedelta(seconds=1))
    if "period_days" in given:
        end = midnight(date(2026, 10, 1), zone)
        return Period(end - timedelta(days=given["period_days"]), end)
    named = given.get("requested") or given.get("start") or given["on"]
    return rule.period_of(instant(named, zone))


def _vat(given: Given) -> Answer:
    regime = VatRegime(given.get("vat_regime", VatRegime.STANDARD))
    if given.get("nature") == CompensationNature.PENALTY:
        regime = VatRegime.NET_OF_TAX
    usual, original = given.get("vat_rate", "20"), given.get("original_rate")
    lines = [
        NetLine(_net(line), regime.rate(basis_points(original or line.get("vat_rate", usual))))
        for line in given["lines"]
    ]
    totals = totals_of(lines)
    return {
        "ht": amount(totals.net),
        "vat": amount(totals.vat),
        "ttc": amount(totals.gross),
    }


def _net(line: Given) -> Money:
    if "unit_ht" in line:
        return money(str(Decimal(line["unit_ht"]) * Decimal(line.get("qty", "1"))))
    return money(line["ht"])


OPERATIONS: Mapping[str, Callable[[Given], Answer]] = {
    "ledger.run": ledger_run,
    "ledger.alerts": _alerts,
    "ledger.expiry": _expiry,
    "ledger.period": _period,
    "ledger.suspend": _suspend,
    "time.round": _round,
    "period.bounds": _bounds,
    "period.prorate": _prorate,
    "plan.change": _change,
    "money.vat": _vat,
}
