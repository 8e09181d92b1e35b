"""The four ways to commit, and which of them a plan needs."""

import pytest

from helpdesk.domain.engagement import (
    Engagement,
    EngagementMissing,
    EngagementModel,
    EngagementOpen,
)
from helpdesk.domain.plan import Cover, TmaDimension
from helpdesk.domain.retainer_terms import RetainerUnit
from tests.domain.commercial import a_plan

PLAN, TIME, USE, SLA = EngagementModel


def engagement(*models: EngagementModel) -> Engagement:
    return Engagement(frozenset(models))


def test_a_contract_without_a_model_is_refused() -> None:
    with pytest.raises(EngagementOpen, match="MONTHLY_PLAN, PREPAID_TIME, PAY_PER_USE, SLA"):
        engagement()


@pytest.mark.parametrize("others", [(), (PLAN,), (TIME,), (USE,), (PLAN, TIME, USE)])
def test_delays_can_be_promised_alone_or_beside_any_other_model(
    others: tuple[EngagementModel, ...],
) -> None:
    assert engagement(SLA, *others).has_sla
    assert not engagement(TIME, *others, PLAN).has_sla


def test_a_plan_with_a_price_or_an_allowance_needs_the_monthly_plan() -> None:
    free_of_charge = a_plan(price=None)

    engagement(USE).require_fit(free_of_charge)
    engagement(PLAN).require_fit(a_plan())

    for plan in (a_plan(), a_plan(price=None, allowances={RetainerUnit.RUN_MINUTES: 60})):
        with pytest.raises(EngagementMissing) as refusal:
            engagement(USE).require_fit(plan)
        assert refusal.value.values["model"] is PLAN


@pytest.mark.parametrize(("cover", "model"), [(Cover.TIME_CREDIT, TIME), (Cover.PAY_PER_USE, USE)])
def test_work_that_is_paid_apart_needs_the_model_that_pays_it(
    cover: Cover, model: EngagementModel
) -> None:
    plan = a_plan(covers={TmaDimension.CORRECTIVE: cover, TmaDimension.SECURITY: Cover.INCLUDED})

    engagement(PLAN, model).require_fit(plan)

    with pytest.raises(EngagementMissing) as refusal:
        engagement(PLAN, SLA).require_fit(plan)
    assert refusal.value.values["model"] is model
