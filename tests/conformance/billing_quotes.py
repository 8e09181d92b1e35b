"""Billing cases about requests and quotes: what a request is, who pays, how a quote moves.

The cases spell the names of the rules in their own way; here is what each of them means.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.classification import (
    Coverage,
    Funding,
    Request,
    RequestNature,
    Verdict,
    classified,
)
from helpdesk.domain.exclusion import (
    CausalLink,
    Evidence,
    EvidenceKind,
    Exclusion,
    ExclusionCause,
    Intervention,
    InterventionAuthor,
)
from helpdesk.domain.ids import AgencyId, ClientId, QuoteId
from helpdesk.domain.money import Money
from helpdesk.domain.plan import Cover, Origin, Plan, Sourced, TmaDimension
from helpdesk.domain.quote import (
    Acceptance,
    Quote,
    QuoteLine,
    QuoteStatus,
    QuoteStep,
    QuoteStepRefused,
)
from helpdesk.domain.quote_life import (
    OtherDocumentAccepted,
    QuoteExpired,
    accepted,
    sent,
)
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.presets.commercial import commercial_plans
from tests.conformance.billing_values import Given, instant, zone_of

Answer = dict[str, Any]  # values as the cases write them

AGENT = Actor(ActorKind.AGENT, "Alice Martin")
LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
# The first word that a nature contains says what it is: "new_page" has no word of an update.
NATURES = (
    ("redesign", RequestNature.REDESIGN),
    ("refonte", RequestNature.REDESIGN),
    ("commerce", RequestNature.E_COMMERCE),
    ("api", RequestNature.API_INTEGRATION),
    ("project", RequestNature.PROJECT),
    ("projet", RequestNature.PROJECT),
    ("hack", RequestNature.HACK_CLEANUP),
    ("malware", RequestNature.HACK_CLEANUP),
    ("bug", RequestNature.BUG),
    ("correct", RequestNature.BUG),
    ("incident", RequestNature.BUG),
    ("security", RequestNature.SECURITY),
    ("supervision", RequestNature.MONITORING),
    ("monitoring", RequestNature.MONITORING),
    ("content", RequestNature.CONTENT),
    ("editorial", RequestNature.CONTENT),
    ("wording", RequestNature.WORDING),
    ("page", RequestNature.NEW_PAGE),
    ("section", RequestNature.NEW_PAGE),
    ("ux", RequestNature.SMALL_UX),
    ("run", RequestNature.SMALL_UX),
    ("improvement", RequestNature.SMALL_UX),
    ("field", RequestNature.SMALL_UX),
    ("feature", RequestNature.SMALL_UX),
    ("css", RequestNature.SMALL_UX),
    ("evolution", RequestNature.SMALL_UX),
    ("update", RequestNature.UPDATE),
    ("preventive", RequestNature.UPDATE),
    ("question", RequestNature.QUESTION),
    ("support", RequestNature.QUESTION),
)
COVERAGES = {
    Coverage.INCLUDED: "inclus",
    Coverage.RUN: "run_evolutif",
    Coverage.QUOTE: "devis",
    Coverage.OUT_OF_CONTRACT: "hors_contrat",
}
CAUSES = {
    "client": ExclusionCause.CLIENT_INTERVENTION,
    "third_party": ExclusionCause.THIRD_PARTY_INTERVENTION,
    "third_parties": ExclusionCause.THIRD_PARTY_INTERVENTION,
    "host": ExclusionCause.HOSTING_FAILURE,
    "host_failure": ExclusionCause.HOSTING_FAILURE,
    "hosting": ExclusionCause.HOSTING_FAILURE,
    "preexisting": ExclusionCause.PRE_EXISTING,
}
ESTIMATES = ("estimate_minutes", "minutes", "estimated_minutes", "duration_minutes", "estimate")
STEPS = {
    "edit": QuoteStep.EDIT,
    "send": QuoteStep.SEND,
    "accept": QuoteStep.ACCEPT,
    "refuse": QuoteStep.REFUSE,
    "reject": QuoteStep.REFUSE,
    "expire": QuoteStep.EXPIRE,
    "revise": QuoteStep.REVISE,
    "supersede": QuoteStep.REVISE,
    "cancel": QuoteStep.CANCEL,
    "convert": QuoteStep.CONVERT,
}


def classify(given: Given) -> Answer:
    """Return what the rules make of a request under the plan of the case."""
    asked = {**given, **given.get("request", {})}
    exclusion = asked.get("exclusion")
    request = Request(
        nature=_nature(asked["nature"]),
        estimate_minutes=_estimate(asked),
        client_agrees_run=bool(asked.get("client_agrees_run") or asked.get("client_agrees")),
        exclusion=None if exclusion is None else _cause(exclusion),
        is_regression="regression" in str(asked.get("cause", "")) or bool(asked.get("regression")),
    )
    verdict = classified(request, plan_named(given["plan"]))
    return {
        "nature": verdict.nature.lower(),
        "coverage": _coverage(verdict),
        "funding": verdict.funding.lower(),
        "exclusion": exclusion,
        "estimate": verdict.estimate_minutes,
        "quote_required": verdict.funding is Funding.QUOTE,
        "free_cause": verdict.free_cause,
    }


def plan_named(name: str | Given) -> Plan:
    """Return the plan that a case names: by its code, by its name, or the first of its family.

    A case may also say what its plan grants.
    """
    plans = commercial_plans()
    if not isinstance(name, str):
        return _described(plans["guide.business"], name)
    return next(
        plan
        for plan in plans.values()
        if name in {plan.code, plan.code.partition(".")[2], plan.family}
    )


def exclusion_named(name: str | None) -> Exclusion | None:
    """Return an exclusion that an agent recorded, None without one."""
    if name is None:
        return None
    evidence = (Evidence(EvidenceKind.ACTIVITY_LOG, "case", LONG_AGO),)
    link = CausalLink("case", LONG_AGO, AGENT, LONG_AGO, evidence)
    return Exclusion(_cause(name), link)


def _cause(name: str) -> ExclusionCause:
    return CAUSES.get(name.lower()) or ExclusionCause(name.upper())


def quote_transition(given: Given) -> Answer:
    """Return the status after each step, or that it is forbidden."""
    return {"results": [_moved(status, step) for status, step in given["moves"]]}


def quote_accept(given: Given) -> Answer:
    """Return what becomes of each attempt to accept a quote, each on its own."""
    zone = zone_of(given)
    quote = sent(_quote(given, zone), at=_morning(given["sent"], zone))
    attempts = given.get("attempts") or [given["at"]]
    results = [_attempted(quote, attempt, given, zone) for attempt in attempts]
    return {
        "results": results,
        "result": results[0],
        "accepted": results[0] == "accepted",
        "valid_until": (_expiry(quote).date() - timedelta(days=1)).isoformat(),
        "expires_at": _expiry(quote).isoformat(),
    }


def interventions(given: Given) -> Answer:
    """Return whether what follows from each intervention stays covered."""
    return {"covered": [_intervention(one).is_covered for one in given["interventions"]]}


def _described(plan: Plan, written: Given) -> Plan:
    """Return a plan with the run time and the way of paying repairs that a case gives it."""
    minutes = written.get("run_minutes", written.get("run_hours", 2) * 60)
    covers = {"hour_pack": Cover.TIME_CREDIT, "pay_per_use": Cover.PAY_PER_USE}
    corrective = covers.get(written.get("corrective", ""), Cover.INCLUDED)
    run = Sourced[int | None](minutes, Origin.SOURCE, "case")
    return replace(
        plan,
        allowances={**plan.allowances, RetainerUnit.RUN_MINUTES: run},
        dimensions={
            **plan.dimensions,
            TmaDimension.CORRECTIVE: Sourced(corrective, Origin.SOURCE, "case"),
        },
    )


def _nature(name: str) -> RequestNature:
    return next(nature for word, nature in NATURES if word in name.lower())


def _estimate(asked: Given) -> int | None:
    if asked.get("estimate_hours") is not None:
        return int(asked["estimate_hours"] * 60)
    estimates: list[int] = [asked[name] for name in ESTIMATES if asked.get(name) is not None]
    return estimates[0] if estimates else None


def _coverage(verdict: Verdict) -> str:
    on_pack = verdict.coverage is Coverage.INCLUDED and verdict.funding is Funding.TIME_CREDIT
    return "inclus_pack" if on_pack else COVERAGES[verdict.coverage]


def _moved(status: str, step: str) -> str:
    quote = replace(_quote({}, ZoneInfo("UTC")), status=QuoteStatus(status.upper()))
    if step not in STEPS:
        return "forbidden"
    try:
        return quote.after(STEPS[step]).lower()
    except QuoteStepRefused:
        return "forbidden"


def _attempted(quote: Quote, attempt: Any, given: Given, zone: ZoneInfo) -> str:
    written = attempt if isinstance(attempt, str) else attempt["at"]
    seen = given.get("document_hash", quote.document_hash)
    acceptance = Acceptance("Bruno", "bruno@example.org", instant(written, zone), "hash", seen)
    try:
        return accepted(quote, acceptance).status.lower()
    except QuoteExpired:
        return "expired"
    except OtherDocumentAccepted:
        return "other_document"


def _quote(given: Given, zone: ZoneInfo) -> Quote:
    quote = Quote(
        QuoteId("quote"),
        AgencyId("agency"),
        ClientId("client"),
        "D-1",
        1,
        "case",
        (QuoteLine("case", 1, Money(100_00), 20_00),),
        zone,
        LONG_AGO,
    )
    return replace(quote, validity_days=given.get("validity_days", quote.validity_days))


def _morning(written: str, zone: ZoneInfo) -> datetime:
    """Return when a quote was sent; one dated by its day alone, at nine in the morning."""
    if len(written) > len("2026-07-01"):
        return instant(written, zone)
    return datetime.combine(date.fromisoformat(written), time(9), zone).astimezone(UTC)


def _expiry(quote: Quote) -> datetime:
    assert quote.expires_at is not None
    return quote.expires_at.astimezone(quote.zone)


def _intervention(written: Given) -> Intervention:
    is_validated = written.get("validated") or written.get("validated_by")
    return Intervention(
        "case",
        LONG_AGO,
        InterventionAuthor.CLIENT,
        is_declared=written.get("declared", True),
        detected_by=EvidenceKind.ACTIVITY_LOG if "detected_by" in written else None,
        validated_by=AGENT.name if is_validated else None,
    )
