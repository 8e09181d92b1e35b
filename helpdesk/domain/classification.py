"""What a request is, whether the contract covers it, and who pays for the work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.domain.exclusion import ExclusionCause
from helpdesk.domain.plan import Cover, Plan, TmaDimension
from helpdesk.domain.retainer_terms import FreeCause, RetainerUnit

RUN_LIMIT_MINUTES = 60
"""A light improvement takes less than an hour: at 60 minutes it is none any more (X-18)."""


class RequestNature(StrEnum):
    """What a request asks for; the first six rows stand in the guide's table (002 §2.1)."""

    BUG = "BUG"
    UPDATE = "UPDATE"
    NEW_PAGE = "NEW_PAGE"
    REDESIGN = "REDESIGN"
    API_INTEGRATION = "API_INTEGRATION"
    SMALL_UX = "SMALL_UX"
    SECURITY = "SECURITY"
    MONITORING = "MONITORING"
    PROJECT = "PROJECT"
    E_COMMERCE = "E_COMMERCE"
    WORDING = "WORDING"
    CONTENT = "CONTENT"
    HACK_CLEANUP = "HACK_CLEANUP"
    QUESTION = "QUESTION"


class Coverage(StrEnum):
    """Where a request stands towards the contract."""

    INCLUDED = "INCLUDED"
    RUN = "RUN"
    QUOTE = "QUOTE"
    OUT_OF_CONTRACT = "OUT_OF_CONTRACT"


class Funding(StrEnum):
    """What pays for the work; NONE is work that the fee pays or that nobody is charged for."""

    TICKET_QUOTA = "TICKET_QUOTA"
    RUN_MINUTES = "RUN_MINUTES"
    TIME_CREDIT = "TIME_CREDIT"
    PAY_PER_USE = "PAY_PER_USE"
    QUOTE = "QUOTE"
    NONE = "NONE"


class ClassificationRule(StrEnum):
    """The rules in their order (R-CLS): the first that speaks about the request decides."""

    WARRANTY = "WARRANTY"
    EXCLUSION = "EXCLUSION"
    PROJECT = "PROJECT"
    BUG = "BUG"
    UPKEEP = "UPKEEP"
    NEW_PAGE = "NEW_PAGE"
    SMALL_UX = "SMALL_UX"
    CONTENT = "CONTENT"
    QUESTION = "QUESTION"


class WhyCovered(StrEnum):
    """The reason that the client reads, as a stable name; its sentences are in the presets."""

    REGRESSION = "REGRESSION"
    EXCLUDED_CAUSE = "EXCLUDED_CAUSE"
    PROJECT_OF_ITS_OWN = "PROJECT_OF_ITS_OWN"
    IN_PLAN = "IN_PLAN"
    ON_HOUR_PACK = "ON_HOUR_PACK"
    PAID_BY_USE = "PAID_BY_USE"
    NOT_IN_PLAN = "NOT_IN_PLAN"
    RUN_AGREED = "RUN_AGREED"
    RUN_NOT_AGREED = "RUN_NOT_AGREED"
    LIGHT_RUN = "LIGHT_RUN"
    NO_RUN_IN_PLAN = "NO_RUN_IN_PLAN"
    EDITORIAL_WORK = "EDITORIAL_WORK"
    QUESTION_ANSWERED = "QUESTION_ANSWERED"


@dataclass(frozen=True, slots=True)
class Request:
    """What is known of a request when it is classified.

    `estimate_minutes` is None while nobody weighed it. `client_agrees_run`: the client accepts to
    spend his run time on it (X-17). `is_regression`: the agency broke it.
    """

    nature: RequestNature
    estimate_minutes: int | None = None
    client_agrees_run: bool = False
    exclusion: ExclusionCause | None = None
    is_regression: bool = False

    @property
    def is_light(self) -> bool:
        """Whether it takes less than an hour; unweighed, its nature says so until it is weighed."""
        return self.estimate_minutes is None or self.estimate_minutes < RUN_LIMIT_MINUTES


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules make of a request: where it stands, who pays, which rule said so and why."""

    nature: RequestNature
    coverage: Coverage
    funding: Funding
    rule: ClassificationRule
    why: WhyCovered
    exclusion: ExclusionCause | None = None
    estimate_minutes: int | None = None

    @property
    def free_cause(self) -> FreeCause | None:
        """Why the forfait pays nothing for it, None where something is paid (R-LED 5)."""
        if self.rule is ClassificationRule.WARRANTY:
            return FreeCause.AGENCY_REGRESSION
        return _FREE.get(self.nature) if self.funding is Funding.NONE else None


_FREE = {
    RequestNature.UPDATE: FreeCause.PREVENTIVE,
    RequestNature.SECURITY: FreeCause.SECURITY,
    RequestNature.HACK_CLEANUP: FreeCause.SECURITY,
    RequestNature.MONITORING: FreeCause.SUPERVISION,
    RequestNature.QUESTION: FreeCause.QUESTION,
}


def classified(request: Request, plan: Plan) -> Verdict:
    """Return what the rules make of a request under a plan (R-CLS, 002 §2.1).

    A regression of the agency comes first: it is repaired for nothing, whatever else is said. Then
    an exclusion beats every inclusion. It says who pays, never whether a P0 is handled (R-P0).

    >>> from helpdesk.domain.plan import Plan
    >>> bare = Plan("our.bare", 1, {}, "ours", (), unpriced_because="an example")
    >>> str(classified(Request(RequestNature.REDESIGN), bare).coverage)
    'OUT_OF_CONTRACT'
    """
    if request.is_regression:
        return _verdict(
            request, ClassificationRule.WARRANTY, WhyCovered.REGRESSION, Coverage.INCLUDED
        )
    if request.exclusion is not None:
        return _beyond(request, ClassificationRule.EXCLUSION, WhyCovered.EXCLUDED_CAUSE)
    return _RULES[request.nature](request, plan)


def _verdict(
    request: Request,
    rule: ClassificationRule,
    why: WhyCovered,
    coverage: Coverage,
    funding: Funding = Funding.NONE,
) -> Verdict:
    exclusion = request.exclusion if rule is ClassificationRule.EXCLUSION else None
    return Verdict(
        request.nature, coverage, funding, rule, why, exclusion, request.estimate_minutes
    )


def _beyond(request: Request, rule: ClassificationRule, why: WhyCovered) -> Verdict:
    """Return a request that is outside the contract: the work waits for a quote of its own."""
    return _verdict(request, rule, why, Coverage.OUT_OF_CONTRACT, Funding.QUOTE)


def _quoted(request: Request, rule: ClassificationRule, why: WhyCovered) -> Verdict:
    return _verdict(request, rule, why, Coverage.QUOTE, Funding.QUOTE)


def _project(request: Request, _plan: Plan) -> Verdict:
    return _beyond(request, ClassificationRule.PROJECT, WhyCovered.PROJECT_OF_ITS_OWN)


_PAID_APART: Mapping[Cover, tuple[WhyCovered, Funding]] = {
    Cover.TIME_CREDIT: (WhyCovered.ON_HOUR_PACK, Funding.TIME_CREDIT),
    Cover.PAY_PER_USE: (WhyCovered.PAID_BY_USE, Funding.PAY_PER_USE),
}


def _paid_apart(request: Request, rule: ClassificationRule, cover: Cover) -> Verdict | None:
    """Return the request as covered but paid apart from the fee, None where the plan says else."""
    if cover not in _PAID_APART:
        return None
    why, funding = _PAID_APART[cover]
    return _verdict(request, rule, why, Coverage.INCLUDED, funding)


def _covered(request: Request, rule: ClassificationRule, cover: Cover, funding: Funding) -> Verdict:
    apart = _paid_apart(request, rule, cover)
    if apart is not None:
        return apart
    if cover is Cover.NOT_COVERED:
        return _quoted(request, rule, WhyCovered.NOT_IN_PLAN)
    return _verdict(request, rule, WhyCovered.IN_PLAN, Coverage.INCLUDED, funding)


def _bug(request: Request, plan: Plan) -> Verdict:
    """Return a bug: in the plan, on its quota if it has one, or paid apart (X-14)."""
    # A quota of zero is a quota: the request is held against it, and its overage clause decides.
    has_quota = RetainerUnit.CORRECTIVE_TICKETS in plan.allowances
    funding = Funding.TICKET_QUOTA if has_quota else Funding.NONE
    return _covered(request, ClassificationRule.BUG, plan.cover(TmaDimension.CORRECTIVE), funding)


_UPKEEP = {
    RequestNature.UPDATE: TmaDimension.PREVENTIVE,
    RequestNature.SECURITY: TmaDimension.SECURITY,
    RequestNature.MONITORING: TmaDimension.MONITORING,
}


def _upkeep(request: Request, plan: Plan) -> Verdict:
    """Return an update, security or monitoring work: in the plan and free of quota, or a quote."""
    cover = plan.cover(_UPKEEP[request.nature])
    return _covered(request, ClassificationRule.UPKEEP, cover, Funding.NONE)


def _hack_cleanup(request: Request, plan: Plan) -> Verdict:
    """Return a clean-up after a hack: a service of its own, which few plans contain (REQ-G18)."""
    rule, service = ClassificationRule.UPKEEP, plan.services.hack_cleanup
    if service is not None and service.value:
        return _verdict(request, rule, WhyCovered.IN_PLAN, Coverage.INCLUDED)
    return _quoted(request, rule, WhyCovered.NOT_IN_PLAN)


def _new_page(request: Request, plan: Plan) -> Verdict:
    """Return a new page: a quote, or run time if the client agrees to spend it (X-17, REQ-G14)."""
    rule = ClassificationRule.NEW_PAGE
    if not request.client_agrees_run:
        return _quoted(request, rule, WhyCovered.RUN_NOT_AGREED)
    return _run(request, plan, rule, WhyCovered.RUN_AGREED)


def _small_ux(request: Request, plan: Plan) -> Verdict:
    """Return a light improvement: run time if the plan has any, else a quote; long, as a page."""
    if not request.is_light:
        return _new_page(request, plan)
    return _run(request, plan, ClassificationRule.SMALL_UX, WhyCovered.LIGHT_RUN)


def _run(request: Request, plan: Plan, rule: ClassificationRule, why: WhyCovered) -> Verdict:
    apart = _paid_apart(request, rule, plan.cover(TmaDimension.EVOLUTION))
    if apart is not None:
        return apart
    if plan.grants(RetainerUnit.RUN_MINUTES):
        return _verdict(request, rule, why, Coverage.RUN, Funding.RUN_MINUTES)
    return _quoted(request, rule, WhyCovered.NO_RUN_IN_PLAN)


def _wording(request: Request, plan: Plan) -> Verdict:
    """Return a change of wording: light, it is run work; else it is editorial work (X-16)."""
    return _small_ux(request, plan) if request.is_light else _content(request, plan)


def _content(request: Request, _plan: Plan) -> Verdict:
    return _beyond(request, ClassificationRule.CONTENT, WhyCovered.EDITORIAL_WORK)


def _question(request: Request, _plan: Plan) -> Verdict:
    return _verdict(
        request, ClassificationRule.QUESTION, WhyCovered.QUESTION_ANSWERED, Coverage.INCLUDED
    )


_RULES: Mapping[RequestNature, Callable[[Request, Plan], Verdict]] = {
    RequestNature.BUG: _bug,
    RequestNature.UPDATE: _upkeep,
    RequestNature.SECURITY: _upkeep,
    RequestNature.MONITORING: _upkeep,
    RequestNature.HACK_CLEANUP: _hack_cleanup,
    RequestNature.NEW_PAGE: _new_page,
    RequestNature.SMALL_UX: _small_ux,
    RequestNature.WORDING: _wording,
    RequestNature.CONTENT: _content,
    RequestNature.REDESIGN: _project,
    RequestNature.PROJECT: _project,
    RequestNature.API_INTEGRATION: _project,
    RequestNature.E_COMMERCE: _project,
    RequestNature.QUESTION: _question,
}
