"""The rules of classification, in their order."""

import pytest

from helpdesk.domain.classification import (
    ClassificationRule,
    Coverage,
    Funding,
    Request,
    RequestNature,
    WhyCovered,
    classified,
)
from helpdesk.domain.exclusion import ExclusionCause
from helpdesk.domain.plan import Cover, Plan, PlanServices, TmaDimension
from helpdesk.domain.retainer_terms import FreeCause, RetainerUnit
from tests.domain.commercial import a_plan, said

N, C, F, W = RequestNature, Coverage, Funding, WhyCovered
ALL_IN = dict.fromkeys(TmaDimension, Cover.INCLUDED)
BUSINESS = a_plan(
    "ours.business",
    allowances={RetainerUnit.CORRECTIVE_TICKETS: 5, RetainerUnit.RUN_MINUTES: 120},
    covers=ALL_IN,
)
BARE = a_plan("ours.bare")
ON_PACKS = a_plan("ours.packs", covers=dict.fromkeys(TmaDimension, Cover.TIME_CREDIT))
BY_USE = a_plan("ours.use", covers=dict.fromkeys(TmaDimension, Cover.PAY_PER_USE))
WITHOUT_QUOTA = a_plan("ours.free", covers=ALL_IN)

Answer = tuple[Coverage, Funding, WhyCovered]
A_QUOTE = (C.QUOTE, F.QUOTE)


def answer(request: Request, plan: Plan) -> Answer:
    verdict = classified(request, plan)
    return verdict.coverage, verdict.funding, verdict.why


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (BUSINESS, (C.INCLUDED, F.TICKET_QUOTA, W.IN_PLAN)),
        (WITHOUT_QUOTA, (C.INCLUDED, F.NONE, W.IN_PLAN)),
        (ON_PACKS, (C.INCLUDED, F.TIME_CREDIT, W.ON_HOUR_PACK)),
        (BY_USE, (C.INCLUDED, F.PAY_PER_USE, W.PAID_BY_USE)),
        (BARE, (*A_QUOTE, W.NOT_IN_PLAN)),
    ],
)
def test_a_bug_is_paid_as_the_plan_says(plan: Plan, expected: Answer) -> None:
    assert answer(Request(N.BUG), plan) == expected


@pytest.mark.parametrize("quantity", [None, 0])
def test_a_quota_without_limit_and_a_quota_of_zero_are_quotas(quantity: int | None) -> None:
    plan = a_plan(allowances={RetainerUnit.CORRECTIVE_TICKETS: quantity}, covers=ALL_IN)

    assert answer(Request(N.BUG), plan) == (C.INCLUDED, F.TICKET_QUOTA, W.IN_PLAN)


@pytest.mark.parametrize("nature", [N.UPDATE, N.SECURITY, N.MONITORING])
def test_upkeep_is_free_of_quota_in_the_plan_and_a_quote_outside_it(nature: RequestNature) -> None:
    assert answer(Request(nature), BUSINESS) == (C.INCLUDED, F.NONE, W.IN_PLAN)
    assert answer(Request(nature), ON_PACKS) == (C.INCLUDED, F.TIME_CREDIT, W.ON_HOUR_PACK)
    assert answer(Request(nature), BARE) == (*A_QUOTE, W.NOT_IN_PLAN)


@pytest.mark.parametrize(
    ("contained", "expected"),
    [
        (True, (C.INCLUDED, F.NONE, W.IN_PLAN)),
        (False, (*A_QUOTE, W.NOT_IN_PLAN)),
        (None, (*A_QUOTE, W.NOT_IN_PLAN)),
    ],
)
def test_a_clean_up_after_a_hack_is_a_service_of_its_own(
    expected: Answer, *, contained: bool | None
) -> None:
    service = None if contained is None else said(contained)
    plan = a_plan(services=PlanServices(hack_cleanup=service), covers=ALL_IN)

    assert answer(Request(N.HACK_CLEANUP), plan) == expected


@pytest.mark.parametrize("nature", [N.REDESIGN, N.PROJECT, N.API_INTEGRATION, N.E_COMMERCE])
def test_a_project_is_outside_every_contract(nature: RequestNature) -> None:
    expected = (C.OUT_OF_CONTRACT, F.QUOTE, W.PROJECT_OF_ITS_OWN)

    assert answer(Request(nature, client_agrees_run=True), BUSINESS) == expected


def test_a_new_page_takes_a_quote_unless_the_client_agrees_to_spend_run_time() -> None:
    agreed = Request(N.NEW_PAGE, client_agrees_run=True)

    assert answer(Request(N.NEW_PAGE), BUSINESS) == (*A_QUOTE, W.RUN_NOT_AGREED)
    assert answer(agreed, BUSINESS) == (C.RUN, F.RUN_MINUTES, W.RUN_AGREED)
    assert answer(agreed, WITHOUT_QUOTA) == (*A_QUOTE, W.NO_RUN_IN_PLAN)
    assert answer(agreed, ON_PACKS) == (C.INCLUDED, F.TIME_CREDIT, W.ON_HOUR_PACK)


@pytest.mark.parametrize("minutes", [None, 0, 59])
@pytest.mark.parametrize("nature", [N.SMALL_UX, N.WORDING])
def test_a_light_improvement_is_run_work_where_the_plan_has_run_time(
    nature: RequestNature, minutes: int | None
) -> None:
    request = Request(nature, minutes)

    assert answer(request, BUSINESS) == (C.RUN, F.RUN_MINUTES, W.LIGHT_RUN)
    assert answer(request, WITHOUT_QUOTA) == (*A_QUOTE, W.NO_RUN_IN_PLAN)
    assert answer(request, BY_USE) == (C.INCLUDED, F.PAY_PER_USE, W.PAID_BY_USE)


def test_an_improvement_of_an_hour_is_treated_as_a_new_page() -> None:
    agreed = Request(N.SMALL_UX, 60, client_agrees_run=True)

    assert answer(Request(N.SMALL_UX, 60), BUSINESS) == (*A_QUOTE, W.RUN_NOT_AGREED)
    assert answer(agreed, BUSINESS) == (C.RUN, F.RUN_MINUTES, W.RUN_AGREED)


def test_content_and_wording_of_an_hour_are_editorial_work() -> None:
    expected = (C.OUT_OF_CONTRACT, F.QUOTE, W.EDITORIAL_WORK)

    assert answer(Request(N.CONTENT), BUSINESS) == expected
    assert answer(Request(N.WORDING, 60), BUSINESS) == expected


def test_a_question_is_always_answered() -> None:
    assert answer(Request(N.QUESTION), BARE) == (C.INCLUDED, F.NONE, W.QUESTION_ANSWERED)


@pytest.mark.parametrize("nature", RequestNature)
def test_an_exclusion_beats_every_inclusion(nature: RequestNature) -> None:
    excluded = Request(nature, 30, exclusion=ExclusionCause.PRE_EXISTING)

    verdict = classified(excluded, BUSINESS)

    assert (verdict.coverage, verdict.funding) == (C.OUT_OF_CONTRACT, F.QUOTE)
    assert verdict.rule is ClassificationRule.EXCLUSION
    assert verdict.exclusion is ExclusionCause.PRE_EXISTING
    assert verdict.estimate_minutes == 30


def test_a_regression_is_never_excluded_and_never_charged() -> None:
    request = Request(N.BUG, exclusion=ExclusionCause.CLIENT_INTERVENTION, is_regression=True)

    verdict = classified(request, ON_PACKS)

    assert (verdict.coverage, verdict.funding) == (C.INCLUDED, F.NONE)
    assert verdict.rule is ClassificationRule.WARRANTY
    assert verdict.exclusion is None


@pytest.mark.parametrize(
    ("request_", "plan", "cause"),
    [
        (Request(N.BUG, is_regression=True), BUSINESS, FreeCause.AGENCY_REGRESSION),
        (Request(N.UPDATE), BUSINESS, FreeCause.PREVENTIVE),
        (Request(N.SECURITY), BUSINESS, FreeCause.SECURITY),
        (Request(N.MONITORING), BUSINESS, FreeCause.SUPERVISION),
        (Request(N.QUESTION), BUSINESS, FreeCause.QUESTION),
        (Request(N.BUG), WITHOUT_QUOTA, None),
        (Request(N.BUG), BUSINESS, None),
        (Request(N.UPDATE), BARE, None),
    ],
)
def test_work_that_takes_nothing_from_the_forfait_says_why(
    request_: Request, plan: Plan, cause: FreeCause | None
) -> None:
    assert classified(request_, plan).free_cause is cause
