"""Billing cases that run a book: what was granted and done, and what came of it.

A case says what happened under the names of its fields; each field has one meaning here, whatever
the case. Every value that the book then shows is answered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.ids import SiteId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.domain.period import Period
from helpdesk.domain.retainer import Book
from helpdesk.domain.retainer_close import close_period, statement_of
from helpdesk.domain.retainer_correction import correct, correction_title
from helpdesk.domain.retainer_entry import Entry, EntryKind, LotNumber, LotSource, LotTerms, Posting
from helpdesk.domain.retainer_lots import expire_lots, open_lot
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    RetainerTerms,
    RetainerUnit,
    RolloverMode,
    RolloverTerms,
    percent_used,
)
from helpdesk.domain.retainer_use import Work, consume, hold, release, settle
from tests.conformance.billing_free_tickets import is_free
from tests.conformance.billing_values import (
    Given,
    amount,
    instant,
    money,
    month_before,
    posting,
    rule_of,
    written,
    zone_of,
)

JULY = Month(2026, 7)
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
Answer = dict[str, Any]  # values as the cases write them


class Run:
    """A book in the making, its entries, and the names that the case gives to lots."""

    def __init__(self, given: Given, start: datetime) -> None:
        self.given = given
        self.zone = zone_of(given)
        self.book = Book.opened(_terms(given), start)
        self.entries: list[Entry] = []
        self.names: dict[LotNumber, str] = {}
        self.now = start

    def add(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Append what a verb answered; what it answered before is not appended again."""
        new = [entry for entry in entries if entry.number > self.book.last_number]
        self.book = self.book.after(new)
        self.entries += new
        return new

    def posting(self, at: datetime, key: str = "", source: str = "case") -> Posting:
        """Return who asks, under a key of its own where none is given."""
        return posting(at, key or f"entry {self.book.last_number + 1}", source=source)

    def grant(self, name: str, quantity: int, terms: LotTerms) -> None:
        """Open a lot under a name of the case."""
        if quantity:
            at = max(terms.effective_at, self.book.open_from)
            (entry,) = self.add(open_lot(self.book, self.posting(at), quantity, terms))
            self.names[LotNumber(entry.number)] = name

    def grant_month(self, month: Month) -> Period:
        """Grant the allowance of a month, under the name of the cases: G7 for July."""
        period = self.book.terms.periods.period(month)
        allowance = 0 if self.book.terms.is_unlimited else self.given["allowance"]
        terms = LotTerms(LotSource.PLAN, period.start, period.end)
        self.grant(f"G{month.number}", allowance, terms)
        return period

    def close(self, period: Period) -> Answer:
        """Close a period and return what was carried over and what expired."""
        for entry in self.add(close_period(self.book, self.posting(period.end), period)):
            if entry.kind is EntryKind.ROLLOVER_IN:
                self.names[LotNumber(entry.number)] = f"R:{written(period.end)}"
        self.book = self.book.closed_until(period.end)
        moved = statement_of(self.entries, period).moved
        return {"rolled": moved[EntryKind.ROLLOVER_OUT], "expired": moved[EntryKind.EXPIRE]}

    def took(self, entries: Sequence[Entry]) -> list[list[Any]]:
        """Return what a consumption or a hold took, lot by lot."""
        return [
            [self.names[entry.lot], entry.quantity] for entry in entries if entry.lot is not None
        ]

    def available(self, at: datetime) -> int | None:
        """Return what is available; nothing can be said of an unlimited book."""
        return None if self.book.terms.is_unlimited else self.book.balance(at).available


def ledger_run(given: Given) -> Answer:
    """Return what a case about a book comes to."""
    if "hold_on" in given:
        return _held(given)
    if given.get("borrow"):
        raise LookupError("nothing is borrowed from the next period")
    if "correction_minutes" in given:
        return _corrected(given) if given.get("closed_period") else _corrected_while_open(given)
    if "tickets" in given:
        return _tickets(given)
    if any(f"{month}_consumed" in given for month in MONTHS):
        return _months(given)
    return _used(given)


def _terms(given: Given) -> RetainerTerms:
    unit = given.get("unit", "minutes")
    is_tickets = unit in {"ticket", "tickets", RetainerUnit.CORRECTIVE_TICKETS}
    price = given.get("hourly_rate_ht", given.get("ticket_price_ht"))
    policy = OveragePolicy(given.get("policy", OveragePolicy.QUOTE))
    return RetainerTerms(
        RetainerUnit.CORRECTIVE_TICKETS if is_tickets else RetainerUnit.RUN_MINUTES,
        rule_of(given),
        OverageTerms(policy, None if price is None else money(price)),
        _rollover(given.get("rollover", {"mode": "none"})),
        is_unlimited=_is_unlimited(given),
    )


def _rollover(given: Given) -> RolloverTerms:
    mode = RolloverMode(given["mode"])
    is_capped = mode is RolloverMode.CAPPED
    quantity = given.get("cap_qty", given.get("cap_quantity"))
    return RolloverTerms(
        mode,
        cap_percent=given.get("cap_pct") if is_capped else None,
        cap_quantity=quantity if is_capped else None,
        valid_periods=given.get("valid_periods", 1),
    )


def _is_unlimited(given: Given) -> bool:
    return "allowance" in given and given["allowance"] in {None, "unlimited", "illimité"}


def _held(given: Given) -> Answer:
    """A ticket holds its lot past expiry; what is released or settled afterwards shows."""
    zone = zone_of(given)
    expires = instant(given["expires"], zone)
    quantity = given.get("qty", 1)
    ended = instant(given.get("released", given.get("consumed", given.get("resolved"))), zone)
    opened = min(expires, ended) - timedelta(hours=1)
    if "opened" in given:
        opened = instant(given["opened"], zone)
    terms = LotTerms(LotSource.PLAN, min(opened, expires - timedelta(days=1)), expires)
    run = Run(given, terms.effective_at)
    run.grant("G", given.get("allowance", quantity), terms)
    source = f"ticket:{given['hold_on']}"
    run.add(hold(run.book, run.posting(opened, source=source), Work(quantity)))
    if ended >= expires:
        run.add(expire_lots(run.book, run.posting(expires, source="expiry")))
    asked = run.posting(ended, source=source)
    if "released" in given:
        run.add(release(run.book, asked))
    else:
        run.add(settle(run.book, asked, Work(quantity)))
    return _shown(run, ended)


def _corrected(given: Given) -> Answer:
    """A closed period was charged wrongly by some minutes; the correction is posted in another."""
    closed, opened = (Month.parsed(given[name]) for name in ("closed_period", "open_period"))
    rule = rule_of(given)
    period, now = rule.period(closed), rule.period(opened).start
    wrong = given["correction_minutes"]
    charged = given.get("consumed", abs(wrong) + 60)
    run = Run({"allowance": 2 * charged, **given}, period.start)
    run.grant_month(closed)
    worked = run.add(consume(run.book, run.posting(period.start, source="work"), Work(charged)))
    run.close(period)
    before = statement_of(run.entries, period)
    run.grant_month(opened)
    asked = run.posting(now, source="correction")
    new = run.add(correct(run.book, asked, worked, charged + wrong))
    (posted,) = {str(rule.month_of(entry.period.start)) for entry in new}
    (corrects,) = {entry.posting.corrects for entry in new}
    assert corrects is not None
    return {
        "posted_in": posted,
        "corrects_period": str(rule.month_of(corrects.start)),
        f"{MONTHS[closed.number - 1]}_report_changed": before != statement_of(run.entries, period),
        "shown_as": correction_title(corrects, run.zone, Locale.FR),
        **_shown(run, now),
    }


def _corrected_while_open(given: Given) -> Answer:
    """The open period was charged wrongly by some minutes; the correction is posted in it."""
    month = Month.parsed(given["open_period"])
    wrong = given["correction_minutes"]
    charged = given.get("consumed", abs(wrong) + 60)
    start = rule_of(given).period(month).start
    run = Run({"allowance": 2 * charged, **given}, start)
    run.grant_month(month)
    worked = run.add(consume(run.book, run.posting(start, source="work"), Work(charged)))
    asked = run.posting(start + timedelta(days=1), source="correction")
    new = run.add(correct(run.book, asked, worked, charged + wrong))
    (posted,) = {str(run.book.terms.periods.month_of(entry.period.start)) for entry in new}
    return {
        **_shown(run, start + timedelta(days=1)),
        "posted_in": posted,
        "corrects_period": None,
        "entries": [entry.kind.value for entry in new],
    }


def _tickets(given: Given) -> Answer:
    """Each ticket is held for and settled, unless it is free of quota."""
    run = Run(given, rule_of(given).period(JULY).start)
    period = run.grant_month(JULY)
    refused = []
    for number, ticket in enumerate(given["tickets"]):
        if is_free(ticket):
            continue
        at = period.start + timedelta(hours=number)
        source = f"ticket:{ticket.get('id', number)}"
        try:
            run.add(hold(run.book, run.posting(at, source=source), Work(1)))
        except HelpdeskError as refusal:
            refused.append(refusal.code.lower())
            continue
        run.add(settle(run.book, run.posting(at, source=source), Work(1)))
    return {**_shown(run, period.start), "refused": len(refused), "errors": refused}


def _months(given: Given) -> Answer:
    """The months that the case names follow each other: granted, consumed, closed."""
    months = [number for number, name in enumerate(MONTHS, 1) if f"{name}_consumed" in given]
    year = given.get("year", JULY.year)
    run = Run(given, rule_of(given).period(Month(year, months[0])).start)
    answer: Answer = {}
    for number in range(months[0], months[-1] + 1):
        name = MONTHS[number - 1]
        period = run.grant_month(Month(year, number))
        _grant_besides(run, name, period)
        answer[f"available_{name}"] = run.available(period.start)
        used = given.get(f"{name}_consumed", 0)
        entries: Sequence[Entry] = ()
        if used:
            entries = run.add(consume(run.book, run.posting(period.start), Work(used)))
        answer[f"{name}_took"] = run.took(entries)
        answer[f"left_{name}"] = run.available(period.start)
        answer[f"close_{name}"] = run.close(period)
        answer |= answer[f"close_{name}"]
    following = MONTHS[months[-1] % len(MONTHS)]
    last = month_before(rule_of(given).month_of(run.book.open_from))
    after = run.grant_month(last.following)
    answer[f"available_{following}"] = run.available(after.start)
    return {**_shown(run, after.start), **answer}


def _grant_besides(run: Run, month: str, period: Period) -> None:
    """Grant what was bought or given in a month: bought for good, given for the month."""
    bought = LotTerms(LotSource.PURCHASE, period.start, None)
    run.grant(f"P:{month}", run.given.get(f"{month}_purchased", 0), bought)
    gift = LotTerms(LotSource.GESTURE, period.start, period.end)
    run.grant(f"S:{month}", run.given.get(f"{month}_gesture", 0), gift)


def _used(given: Given) -> Answer:
    """Lots, or the allowance of a month, and what was held, consumed or worked in order."""
    lots = list(_lots(given))
    start = min(
        (terms.effective_at for _, _, terms in lots), default=rule_of(given).period(JULY).start
    )
    run = Run(given, start)
    for name, quantity, terms in lots:
        run.grant(name, quantity, terms)
    if "grants" not in given:
        run.grant_month(JULY)
    took, results = [], []
    for number, request in enumerate(_requests(given, start), start=1):
        verb, asked, work = request
        run.now = max(run.now, asked.at)
        try:
            entries = run.add(
                verb(run.book, replace(asked, key=asked.key or f"request {number}"), work)
            )
            took += run.took(entries)
            results.append("accepted")
        except HelpdeskError as refusal:
            results.append(refusal.code.lower())
    refused = [result for result in results if result != "accepted"]
    return {
        **_shown(run, instant(given["at"], run.zone) if "at" in given else run.now),
        "took": took,
        "results": results,
        "accepted": len(results) - len(refused),
        "refused": len(refused),
        "errors": refused,
        "error": refused[0] if refused else None,
    }


def _lots(given: Given) -> Iterator[tuple[str, int, LotTerms]]:
    zone = zone_of(given)
    july = rule_of(given).period(JULY)
    for number, lot in enumerate(given.get("grants", given.get("lots", ())), start=1):
        expires = lot.get("expires")
        starts = lot.get("effective")
        terms = LotTerms(
            LotSource(lot.get("source", LotSource.PLAN)),
            july.start if starts is None else instant(starts, zone),
            None if expires is None else instant(expires, zone),
            frozenset(map(SiteId, _names(lot.get("scope")))),
            lot.get("priority", 0),
        )
        yield lot.get("id", f"L{number}"), lot["qty"], terms


def _names(scope: object) -> list[str]:
    if not scope:
        return []
    return [scope] if isinstance(scope, str) else list(map(str, scope))  # type: ignore[call-overload]  # decoded JSON


def _requests(given: Given, start: datetime) -> Iterator[tuple[Any, Posting, Work]]:
    """Return the verbs of a case in the order of its fields: holds, then work."""
    zone = zone_of(given)
    verbs = {"holds": hold, "hold": hold, "consume": consume, "worked": consume, "concurrent": hold}
    told = {"concurrent": [1] * given.get("concurrent_holds", 0), **given}
    for name, verb in verbs.items():
        asked = told.get(name, ())
        for one in asked if isinstance(asked, list) else [asked] if asked != () else []:
            fields = _request_fields(one)
            at = start if fields.get("at") is None else instant(fields["at"], zone)
            site = fields.get("site", fields.get("scope"))
            source = str(fields.get("ticket", fields.get("source", "case")))
            work = Work(fields.get("qty", 1), None if site is None else SiteId(site))
            yield verb, posting(at, fields.get("key", ""), source=source), work


def _request_fields(request: Any) -> dict[str, Any]:
    if isinstance(request, dict):
        return request
    if isinstance(request, list):
        return dict(zip(("at", "qty", "key")[: len(request)], request, strict=True))
    return {"qty": request}


def _shown(run: Run, at: datetime) -> Answer:
    """Return what a book shows in the end."""
    statements = [statement_of(run.entries, period) for period in _periods(run)]
    counted = sum(one.moved[EntryKind.CONSUME] - one.moved[EntryKind.REVERSE] for one in statements)
    consumed = counted + sum(one.uncounted for one in statements)
    claims = [entry.move.claim for entry in run.entries if entry.move.claim is not None]
    amounts = [claim.amount for claim in claims if claim.amount is not None]
    granted = sum(lot.quantity for lot in run.book.lots.values())
    is_unlimited = run.book.terms.is_unlimited
    return {
        "available": run.available(at),
        "held": run.book.balance(at).held,
        "consumed": consumed,
        "overage": sum(one.overage for one in statements),
        "status": claims[0].status.value if claims else None,
        "overage_ht": amount(sum(amounts, Money(0))) if amounts else None,
        "entries": len(run.entries),
        "last_entry": run.entries[-1].kind.value if run.entries else None,
        "percent": None if is_unlimited else percent_used(consumed, granted),
        "unlimited": is_unlimited,
    }


def _periods(run: Run) -> list[Period]:
    return sorted({entry.period for entry in run.entries})
