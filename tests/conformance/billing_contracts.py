"""Billing cases about contracts, requests, quotes, promises and presets: an adapter each."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Any

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.consumer_notice import ClientKind, RenewedContract, information_window
from helpdesk.domain.contract_life import (
    ActivationFile,
    CalendarNotDefined,
    CompensationNature,
    CompensationNatureNotChosen,
    MatrixNotAccepted,
    NoticeNotAgreed,
    Perimeter,
    PerimeterNotListed,
    TaxBasisNotStated,
)
from helpdesk.domain.contract_term import (
    Notice,
    PriceChangeTooLate,
    RenewalNotAgreed,
    Term,
    TermClause,
    can_give_notice,
    price_change_from,
    reminders,
    renewed,
)
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.money import Money
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.domain.priority import MatrixAcceptance
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.domain.suspension import (
    ContractSuspension,
    Suspension,
    SuspensionReasonRequired,
    is_suspended,
)
from helpdesk.domain.waiting import WaitingOn
from helpdesk.presets.transcription import transcribed
from tests.conformance.billing_clocks import due, outcome, quote_wait
from tests.conformance.billing_quotes import classify, interventions, quote_accept, quote_transition
from tests.conformance.billing_values import Given, instant, zone_of

Answer = dict[str, Any]  # values as the cases write them

ANCHOR = date(2026, 1, 1)
SIGNED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
AGENT = Actor(ActorKind.AGENT, "Alice Martin")
REFUSALS: Mapping[type[HelpdeskError], str] = {
    NoticeNotAgreed: "notice_required",
    CalendarNotDefined: "calendar_definition_required",
    MatrixNotAccepted: "matrix_acceptance_required",
    PerimeterNotListed: "perimeter_required",
    CompensationNatureNotChosen: "compensation_nature_required",
    TaxBasisNotStated: "tax_basis_required",
}


def _activate(given: Given) -> Answer:
    """Return whether a contract may start; what the case does not name is settled."""
    errors = [REFUSALS[type(refusal)] for refusal in _file(given).missing()]
    return {"accepted": not errors, "error": errors[0] if errors else None, "errors": errors}


def _file(given: Given) -> ActivationFile:
    settled = {
        "calendar_definition": "Mon-Fri",
        "calendar": "Mon-Fri",
        "calendar_defined": True,
        "matrix_accepted": True,
        "matrix_acceptance": True,
        "included": ["monitoring"],
        "excluded": ["projects"],
        "compensation": False,
        "compensation_nature": None,
        **given,
        **(given.get("perimeter") or ({"included": [], "excluded": []} if _bare(given) else {})),
    }
    nature = settled["compensation_nature"]
    is_accepted = settled["matrix_accepted"] and settled["matrix_acceptance"]
    is_defined = all(
        settled[name] for name in ("calendar_definition", "calendar", "calendar_defined")
    )
    return ActivationFile(
        reference="case",
        term=_clause(given),
        notice=_notice(given),
        defined_calendars=("case",) if is_defined else (),
        acceptance=MatrixAcceptance("Bruno", SIGNED_AT) if is_accepted else None,
        perimeter=Perimeter(tuple(settled["included"] or ()), tuple(settled["excluded"] or ())),
        compensates=bool(settled["compensation"]) or "compensation_nature" in given,
        compensation_nature=None if nature is None else CompensationNature(nature),
        price=_price(given),
    )


def _bare(given: Given) -> bool:
    return "perimeter" in given and not given["perimeter"]


def _price(given: Given) -> PlanPrice | None:
    names = ("price", "monthly_fee_ht", "monthly_fee", "tax_basis")
    if not any(name in given for name in names):
        return None
    basis = given.get("tax_basis")
    return PlanPrice(Money(100_00), None if basis is None else TaxBasis(basis.upper()))


def _clause(given: Given) -> TermClause:
    months = given.get("term_months", given.get("renewal_months", 12))
    is_tacit = given.get("tacit_renewal", True)
    renewal = given.get("renewal_months", months) if is_tacit else None
    start = given.get("start")
    return TermClause(ANCHOR if start is None else _day(start, given), months, renewal)


def _notice(given: Given) -> Notice | None:
    """Return the notice of a case; one that it does not speak of is settled as none at all.

    A case that says the contract renews itself, and not with which notice, leaves it open.
    """
    is_open = not {"notice_months", "notice_days"} & given.keys()
    if is_open and given.get("tacit_renewal"):
        return None
    months, days = given.get("notice_months", 0), given.get("notice_days", 0)
    return None if months is None or days is None else Notice(months, days)


def _notice_days(given: Given) -> Answer:
    """Return the last day to give notice, the reminders before it, and what comes of a notice."""
    term, notice = _clause(given).term(given.get("term", 1)), _notice(given) or Notice()
    answer: Answer = {
        **dict.fromkeys(("term_end_exclusive", "term_end"), term.ends_on.isoformat()),
        "last_notice_day": notice.last_day(term.ends_on).isoformat(),
        "reminders": [one.on.isoformat() for one in reminders(term, notice)],
    }
    asked = _first(given, "notice_", "received", "requested")
    if asked is not None:
        is_in_time = can_give_notice(term, notice, on=asked)
        following = term if is_in_time else _clause(given).term(term.number + 1)
        ends_on = following.ends_on.isoformat()
        answer |= {"accepted": is_in_time, "in_time": is_in_time}
        answer |= dict.fromkeys(("effective", "ends", "ends_on"), ends_on)
    return answer | _price_change(given, term, notice)


def _first(given: Given, *words: str) -> date | None:
    """Return the first day of a case whose name begins with one of the words."""
    named = (value for name, value in given.items() if name.startswith(words))
    return next((_day(value, given) for value in named if isinstance(value, str)), None)


def _price_change(given: Given, term: Term, notice: Notice) -> Answer:
    """Return whether a price announced in the term holds in the next one; nothing without one."""
    announced_on = _first(given, "announced", "price_announced", "price_change", "new_price")
    if announced_on is None:
        return {}
    if "last_notice_day" in given:
        # Its eve is the last notice day of a term that takes no notice.
        ends_on = _day(given["last_notice_day"], given) + timedelta(days=1)
        term, notice = Term(1, ANCHOR, ends_on), Notice()
    try:
        effective = price_change_from(term, notice, announced_on=announced_on)
    except PriceChangeTooLate:
        return {"accepted": False, "error": "announced_too_late"}
    return {"accepted": True, "effective": effective.isoformat()}


def _renew(given: Given) -> Answer:
    """Return the terms that follow the first; run again, nothing is added."""
    clause = _clause(given)
    count, runs = given.get("count", 1), given.get("runs", 1)
    terms: tuple[Term, ...] = (clause.term(1),)
    try:
        today = clause.term(count + 1).starts_on
        for _ in range(runs):
            terms = renewed(terms, clause, on=today)
    except RenewalNotAgreed:
        return {"accepted": False, "term_starts": [], "renewals": 0, "terms": 1}
    following = terms[1:]
    answer = {
        "accepted": True,
        "term_starts": [term.starts_on.isoformat() for term in following],
        "term_ends": [term.ends_on.isoformat() for term in following],
        **dict.fromkeys(("renewals", "terms_created", "terms"), len(following)),
    }
    return answer | _price_change(given, terms[0], _notice(given) or Notice())


def _consumer_notice(given: Given) -> Answer:
    """Return when a client is told before a renewal, and whether he may leave after it."""
    kind = ClientKind(given.get("client_kind", "consumer").upper())
    last_day = _last_day(given)
    window = None if last_day is None else information_window(last_day)
    sent = given.get("information_sent")
    sent_on = None if sent is None else _day(sent, given)
    # Without a last day to refuse, the case says nothing of the window: told is told in time.
    was_informed = sent_on is not None if window is None else window.holds(sent_on)
    answer: Answer = {"information_required": kind.must_be_informed, "informed": was_informed}
    answer["required"] = kind.must_be_informed
    if window is not None:
        first, last = window.first_day.isoformat(), window.last_day.isoformat()
        answer |= {"window": [first, last], "earliest": first, "latest": last}
        answer |= {"window_start": first, "window_end": last, "in_window": was_informed}
    requested = given.get("termination_requested")
    return answer if requested is None else answer | _left(given, kind, was_informed=was_informed)


def _left(given: Given, kind: ClientKind, *, was_informed: bool) -> Answer:
    prepaid = given.get("prepaid_until")
    contract = RenewedContract(
        kind,
        _day(given["renewed_on"], given),
        was_informed,
        None if prepaid is None else _day(prepaid, given),
    )
    termination = contract.termination(_day(given["termination_requested"], given))
    effective, refund_by = termination.effective_on, termination.refund_by
    return {
        "accepted": termination.is_accepted,
        "effective": None if effective is None else effective.isoformat(),
        "refund_due": refund_by is not None,
        "refund_by": None if refund_by is None else refund_by.isoformat(),
    }


def _last_day(given: Given) -> date | None:
    if "last_notice_day" in given:
        return _day(given["last_notice_day"], given)
    notice = _notice(given) if {"notice_months", "notice_days"} & given.keys() else None
    ends = given.get("term_end_exclusive") or given.get("term_end") or given.get("renewed_on")
    if ends is None and "start" in given:
        return (notice or Notice()).last_day(_clause(given).term(1).ends_on)
    return None if ends is None or notice is None else notice.last_day(_day(ends, given))


def _suspend(given: Given) -> Answer:
    """Return what stops while a contract is suspended."""
    first, end = given["suspended"]
    days = Suspension(_day(first, given), None if end is None else _day(end, given))
    try:
        suspensions = [ContractSuspension(days, given.get("reason", "case") or "", AGENT)]
    except SuspensionReasonRequired:
        return {"accepted": False, "error": "reason_required"}
    asked = _day(given["at"], given) if "at" in given else days.first
    rests = is_suspended(suspensions, asked)
    clocks = SlaPolicy({})
    is_paused = rests and clocks.is_paused_by(SlaMetric.RESOLUTION, WaitingOn.CONTRACT_SUSPENDED)
    lasted = None if days.end is None else (days.end - days.first) // timedelta(days=1)
    return {
        "accepted": True,
        "error": None,
        "sla_clock": "paused" if is_paused else "running",
        "uptime_counted": not rests,
        **dict.fromkeys(("new_grants", "grants"), 0 if rests else None),
        "days": lasted,
        "status": "suspended" if rests else "active",
    }


def _preset(given: Given) -> Answer:
    """Return a table of the sources, or a value in it, by its path."""
    names = list(takewhile(lambda name: isinstance(name, str), given["path"]))
    value: Any = transcribed(*names)
    for step in given["path"][len(names) :]:
        value = value[step]
    count = len(value) if isinstance(value, dict | list) else None
    return {"value": value, "count": count}


def _day(written: str, given: Given) -> date:
    """Return a local day; of an instant, the one in the contract's time zone."""
    zone = zone_of(given)
    return instant(written, zone).astimezone(zone).date()


OPERATIONS: Mapping[str, Callable[[Given], Answer]] = {
    "calendar.due": due,
    "classify": classify,
    "contract.activate": _activate,
    "contract.consumer_notice": _consumer_notice,
    "contract.notice": _notice_days,
    "contract.renew": _renew,
    "contract.suspend": _suspend,
    "data.preset": _preset,
    "intervention.tierce": interventions,
    "quote.accept": quote_accept,
    "quote.sla": quote_wait,
    "quote.transition": quote_transition,
    "sla.outcome": outcome,
}
"""The adapter of each operation."""
