"""Billing cases about compensation: what a breach is worth, and what becomes of a credit."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from helpdesk.domain.breach import CONSEQUENCES, ConsequenceKind, Promise
from helpdesk.domain.compensation_base import CompensationBase, FeeDays, twelfth
from helpdesk.domain.compensation_clause import (
    ResolutionCredit,
    ResolutionMode,
    SameIncident,
    UptimeCredit,
    UptimeMode,
    UptimeTier,
)
from helpdesk.domain.compensation_month import Award, Claim, Room, awarded, rounded
from helpdesk.domain.compensation_rate import (
    Overrun,
    UptimeFigure,
    resolution_cents,
    uptime_percent,
)
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.money import Money, NetLine, VatRegime, totals_of
from helpdesk.domain.month import MONTHS_A_YEAR, Month
from helpdesk.presets.compensation import compensation_terms
from tests.conformance.billing_clocks import outcome
from tests.conformance.billing_uptime import contract_uptime, uptime_month
from tests.conformance.billing_values import (
    EFFECTS,
    Given,
    amount,
    basis_points,
    instant,
    money,
    period_between,
    zone_of,
)

Answer = dict[str, Any]  # values as the cases write them

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
PRESET = compensation_terms()


def compute(given: Given) -> Answer:
    """Return what the breaches of a month are worth together, and each of them."""
    base = _base(given)
    breaches = [_Breach(given, told, base) for told in _breaches(given)]
    awards = _awarded(given, breaches, base)
    credited = sum(award.cents for award in awards)
    worth = sum(rounded(breach.cents) for breach in breaches)
    lines = [amount(Money(award.cents)) for award in awards]
    return {
        **breaches[0].answer(),
        **_paid(given, credited),
        "base": amount(Money(rounded(base))),
        "breached": any(breach.is_broken for breach in breaches),
        "breaches": sum(breach.is_broken for breach in breaches),
        **dict.fromkeys(("lines", "credits_ht", "lines_ht"), lines),
        **dict.fromkeys(("total_ht", "total"), amount(Money(credited))),
        **dict.fromkeys(("uncapped_ht", "before_cap_ht"), amount(Money(worth))),
        **dict.fromkeys(
            ("capped_ht", "lost_to_cap_ht"), amount(Money(sum(one.capped_cents for one in awards)))
        ),
        **dict.fromkeys(("capped", "is_capped"), any(one.capped_cents for one in awards)),
        **dict.fromkeys(("document", "credit_note"), credited > 0),
        "documents": int(credited > 0),
    }


def uptime(given: Given) -> Answer:
    """Return what a month below the promised availability is worth."""
    base = _base(given)
    month = _month_uptime(given)
    cents = Fraction(0)
    percent = Fraction(0)
    if month is not None:
        percent = uptime_percent(_uptime_credit(given), month)
        cents = base * percent / 100
    (award,) = _awards(given, [Claim("uptime", LONG_AGO, cents)], base).values()
    shown = uptime_month(given) if "incidents" in given or "sites" in given else {}
    return {
        "contractual": given.get("contractual"),
        **shown,
        **_paid(given, award.cents),
        "base": amount(Money(rounded(base))),
        "met": None if month is None else month.is_met,
        "breached": month is not None and not month.is_met,
        "credit_pct": _plain(percent),
        "capped_ht": amount(Money(award.capped_cents)),
        **dict.fromkeys(("document", "credit_note"), award.cents > 0),
    }


PROMISES: Mapping[str, Promise] = {
    "uptime": Promise.UPTIME,
    "p0_response": Promise.P0_RESPONSE,
    "p0_resolution": Promise.P0_RESOLUTION,
    "p1_response": Promise.P1_RESPONSE,
    "p2_p3_delivery": Promise.P2_P3_DELIVERY,
    "p2_delivery": Promise.P2_P3_DELIVERY,
    "p3_delivery": Promise.P2_P3_DELIVERY,
}


WORTH = ("p0_resolution", "uptime")
"""What earns money, where a case says how much beside it."""


class _Breach:
    """A breach as a case tells it, with what it is worth before any bound."""

    def __init__(self, given: Given, told: Given, base: Fraction) -> None:
        self.given = {**given, **told}
        self.elapsed, self.is_broken, is_compensable = self._measured()
        self.is_compensable = is_compensable and self.is_broken
        promise = PROMISES.get(str(self.given.get("metric", "p0_resolution")))
        self.effect = None if promise is None else CONSEQUENCES[promise]
        self.overrun = Overrun(int(self.given.get("target_minutes", 0)) * 60, self.elapsed)
        is_paid = self.is_compensable and self.effect in {None, ConsequenceKind.CREDIT}
        self.cents = self._worth(base) if is_paid else Fraction(0)

    def answer(self) -> Answer:
        """Return what a case may ask of one breach."""
        return {
            "elapsed_minutes": self.elapsed // 60,
            "over_minutes": self.overrun.over_seconds // 60,
            "started_hours": self.overrun.started_hours,
            "hours_over": self.overrun.started_hours,
            "compensable": self.is_compensable,
            **dict.fromkeys(
                ("compensation", "effect", "consequence"),
                EFFECTS[self.effect] if self.is_broken and self.effect is not None else None,
            ),
        }

    def claim(self, number: int) -> Claim[int]:
        """Return the claim, in the order of the case where it gives no instants."""
        names = ("at", "breached_at", "resolved", "corrected", "stopped")
        told = next((self.given[name] for name in names if self.given.get(name)), None)
        at = LONG_AGO + number * A_MINUTE
        if told is not None:
            at = instant(told, zone_of(self.given))
        incident = self.given.get("incident", self.given.get("incident_id"))
        incidents = frozenset() if incident is None else frozenset({str(incident)})
        return Claim(number, at, self.cents, incidents)

    def _measured(self) -> tuple[int, bool, bool]:
        """Return the counted seconds, whether the promise broke, and whether that is paid."""
        given = self.given
        is_excluded = bool(given.get("exclusion") or given.get("excluded"))
        if "target_minutes" not in given:
            is_broken = given.get("breached", True)
            return 0, is_broken, not is_excluded
        if "elapsed_minutes" in given or "elapsed_seconds" in given:
            elapsed = given.get("elapsed_seconds", given.get("elapsed_minutes", 0) * 60)
            target = given["target_minutes"] * 60
            is_strict = given.get("strict", True)
            is_broken = elapsed >= target if is_strict else elapsed > target
            return elapsed, is_broken, not is_excluded
        told = outcome({"metric": "p0_resolution", **given})
        return told["elapsed_seconds"], told["breached"], not is_excluded

    def _worth(self, base: Fraction) -> Fraction:
        given = self.given
        for name in ("credit_pct", "pct"):
            if name in given:
                return base * Fraction(str(given[name])) / 100
        if "ht" in given:
            return Fraction(money(given["ht"]).cents)
        if "uptime" in str(given.get("metric", given.get("kind", ""))):
            month = _month_uptime(given)
            percent = Fraction(0)
            if month is not None:
                percent = uptime_percent(_uptime_credit(given), month)
            return base * percent / 100
        credit = _resolution_credit(given)
        return resolution_cents(credit, base, self.overrun, month_seconds=_month_seconds(given))


def _breaches(given: Given) -> Sequence[Given]:
    for name in ("breaches", "credits", "lines"):
        if name in given:
            told = [one if isinstance(one, dict) else {"ht": str(one)} for one in given[name]]
            return _of_one_incident(given, told)
    worth = [{"kind": name, "ht": given[f"{name}_ht"]} for name in WORTH if f"{name}_ht" in given]
    return _of_one_incident(given, worth) if worth else [{}]


def _of_one_incident(given: Given, told: Sequence[Given]) -> Sequence[Given]:
    """Return the breaches; where a case says what one incident earns and names none, it is one."""
    names = {"incident", "incident_id"}
    if "same_incident" not in given or any(names & one.keys() for one in told):
        return told
    return [{"incident": "of the case", **one} for one in told]


def _awarded(given: Given, breaches: Sequence[_Breach], base: Fraction) -> list[Award]:
    claims = [breach.claim(number) for number, breach in enumerate(breaches)]
    awards = _awards(given, claims, base)
    return [awards[number] for number in range(len(breaches))]


def _awards(given: Given, claims: Sequence[Claim[Any]], base: Fraction) -> Mapping[Any, Award]:
    same = SameIncident(str(given.get("same_incident", PRESET.same_incident.value)).upper())
    usual = PRESET.cap.value.monthly
    percent = given.get("monthly_cap_pct", given.get("cap_pct", usual))
    room = None if percent is None else base * Fraction(str(percent)) / 100
    before = given.get("already_credited_ht", given.get("credited_ht"))
    if room is not None and before is not None:
        room -= money(before).cents
    return awarded(claims, same, Room(room, _room_of_year(given, base)))


def _room_of_year(given: Given, base: Fraction) -> Fraction | None:
    percent = given.get("yearly_cap_pct", given.get("annual_cap_pct"))
    if percent is None:
        return None
    names = ("credited_this_year_ht", "year_credited_ht", "already_credited_year_ht")
    before = next((money(given[name]).cents for name in names if name in given), 0)
    return base * MONTHS_A_YEAR * Fraction(str(percent)) / 100 - before


def _base(given: Given) -> Fraction:
    if "annual_fee_ht" in given:
        cents = twelfth(money(given["annual_fee_ht"]).cents)
    else:
        cents = Fraction(money(given.get("monthly_fee_ht", given.get("base_ht", "0"))).cents)
    if "active_days" not in given:
        return cents
    days, period = given["active_days"], given["period_days"]
    if cents.denominator == 1:
        return CompensationBase((FeeDays(Money(int(cents)), days),), period).cents
    return cents * Fraction(days, period)


def _paid(given: Given, cents: int) -> Answer:
    regime = VatRegime(given.get("vat_regime", VatRegime.STANDARD))
    if given.get("nature") == CompensationNature.PENALTY:
        regime = VatRegime.NET_OF_TAX
    rate = regime.rate(basis_points(given.get("vat_rate", "20")))
    totals = totals_of([NetLine(Money(cents), rate)])
    return {"ht": amount(totals.net), "vat": amount(totals.vat), "ttc": amount(totals.gross)}


def _resolution_credit(given: Given) -> ResolutionCredit:
    usual = PRESET.resolution.value
    fixed = next(
        (given[name] for name in ("fixed_ht", "amount_ht", "fixed") if name in given), None
    )
    return ResolutionCredit(
        ResolutionMode(str(given.get("mode", usual.mode)).upper()),
        Decimal(str(given.get("pct_per_hour", usual.percent_per_hour))),
        None if fixed is None else money(fixed),
    )


def _uptime_credit(given: Given) -> UptimeCredit:
    usual = PRESET.uptime.value
    tiers = usual.tiers
    if "tiers" in given:
        told = sorted(given["tiers"], key=lambda tier: -Decimal(str(tier["min"])))
        tiers = tuple(
            UptimeTier(Decimal(str(tier["min"])), Decimal(str(tier["credit_pct"]))) for tier in told
        )
    mode = given.get("uptime_mode", given.get("mode", usual.mode))
    per_step = next(
        (given[name] for name in ("pct_per_step", "step_pct", "per_step_pct") if name in given), "0"
    )
    return UptimeCredit(
        UptimeMode(str(mode).upper()),
        tiers,
        Decimal(str(per_step)),
        Decimal(str(given.get("step", given.get("step_points", usual.step)))),
    )


def _month_uptime(given: Given) -> UptimeFigure | None:
    """Return the availability of a month: counted from incidents, or as the case gives it."""
    promised = Fraction(str(given.get("target", "99.5"))) / 100
    for name in ("contractual", "uptime"):
        if given.get(name) is not None:
            return UptimeFigure(Fraction(str(given[name])) / 100, promised)
    down = given.get("counted_minutes", given.get("down_minutes"))
    if "total_minutes" in given or down is not None:
        total = given.get("total_minutes", _month_seconds(given) // 60)
        return UptimeFigure(1 - Fraction(down or 0, total), promised)
    together = contract_uptime(given)
    up = together.contractual
    return None if up is None or together.is_met is None else UptimeFigure(up, promised)


def _month_seconds(given: Given) -> int:
    """Return how long the month of a breach is; thirty days where a case does not say."""
    sizes = {"month_minutes": 60, "period_minutes": 60, "month_hours": 3600, "month_days": 86_400}
    sizes["total_minutes"] = 60
    for name, size in sizes.items():
        if name in given:
            return int(given[name]) * size
    zone = zone_of(given)
    if "period" in given and isinstance(given["period"], list):
        start, end = given["period"]
        period = period_between(start, end, zone)
        return (period.end - period.start) // timedelta(seconds=1)
    named = given.get("month", given.get("period"))
    if named is None and given.get("first_response"):
        named = given["first_response"][:7]
    if named is not None:
        month = Month.parsed(named)
        length = month.following.starts_at(zone) - month.starts_at(zone)
        return length // timedelta(seconds=1)
    return int(given.get("period_days", 30)) * 24 * 3600


def _plain(percent: Fraction) -> str:
    """Return a percentage without needless zeros."""
    shown = Decimal(percent.numerator) / Decimal(percent.denominator)
    return f"{shown.normalize():f}"


OPERATIONS: Mapping[str, Callable[[Given], Answer]] = {
    "compensation.compute": compute,
    "compensation.uptime": uptime,
}
