"""What a plan grants, covers and includes."""

import pytest

from helpdesk.domain.plan import (
    Cover,
    Every,
    Origin,
    PlanInvalid,
    PlanServices,
    Rhythm,
    Sourced,
    TmaDimension,
    with_included,
)
from helpdesk.domain.retainer_terms import RetainerUnit
from tests.domain.commercial import PRICE, a_plan, said

TICKETS, RUN = RetainerUnit.CORRECTIVE_TICKETS, RetainerUnit.RUN_MINUTES
CORRECTIVE, PREVENTIVE, SECURITY, MONITORING, EVOLUTION = TmaDimension


@pytest.mark.parametrize(("quantity", "is_granted"), [(120, True), (0, False), (None, True)])
def test_an_allowance_is_granted_unless_it_is_zero_and_none_is_unlimited(
    quantity: int | None, *, is_granted: bool
) -> None:
    assert a_plan(allowances={RUN: quantity}).grants(RUN) is is_granted


def test_a_unit_that_nobody_speaks_of_is_not_granted() -> None:
    assert not a_plan(allowances={TICKETS: 2}).grants(RUN)


def test_a_dimension_that_nobody_speaks_of_is_not_covered() -> None:
    plan = a_plan(covers={CORRECTIVE: Cover.INCLUDED, EVOLUTION: Cover.TIME_CREDIT})

    assert plan.cover(EVOLUTION) is Cover.TIME_CREDIT
    assert plan.cover(SECURITY) is Cover.NOT_COVERED
    assert plan.missing_dimensions() == (PREVENTIVE, SECURITY, MONITORING)


def test_repairs_alone_are_no_maintenance() -> None:
    repairs = a_plan(covers={CORRECTIVE: Cover.INCLUDED})
    more = a_plan(covers={CORRECTIVE: Cover.INCLUDED, MONITORING: Cover.INCLUDED})

    assert not repairs.is_maintenance
    assert not a_plan().is_maintenance
    assert more.is_maintenance


@pytest.mark.parametrize("code", ["essentiel", ".essentiel", "guide."])
def test_a_plan_without_a_family_is_refused(code: str) -> None:
    with pytest.raises(PlanInvalid, match="its code names no family"):
        a_plan(code)


def test_the_family_is_what_stands_before_the_first_dot() -> None:
    assert a_plan("wpbuffs.custom_pro").family == "wpbuffs"


def test_a_plan_has_a_price_or_a_reason_for_none() -> None:
    with pytest.raises(PlanInvalid, match="a price or a reason for none"):
        type(a_plan())("ours.mute", 1, {}, "ours", ())
    with pytest.raises(PlanInvalid, match="a price or a reason for none"):
        type(a_plan())(
            "ours.both", 1, {}, "ours", (), price=PRICE, unpriced_because="it has one all the same"
        )


def test_an_allowance_below_zero_is_refused() -> None:
    with pytest.raises(PlanInvalid, match=r"minutes\.run is below 0"):
        a_plan(allowances={RUN: -1})


def test_a_plan_contains_what_it_includes_at_any_depth_and_its_own_values_win() -> None:
    weekly = said(Rhythm(1, Every.WEEK))
    daily = said(Rhythm(1, Every.DAY))
    plans = {
        "ours.small": a_plan(
            "ours.small",
            contents=("Updates",),
            allowances={TICKETS: 2},
            services=PlanServices(backup=weekly, staging=said(value=False)),
            covers={CORRECTIVE: Cover.INCLUDED, EVOLUTION: Cover.NOT_COVERED},
        ),
        "ours.middle": a_plan("ours.middle", includes="ours.small", contents=("Speed",)),
        "ours.large": a_plan(
            "ours.large",
            includes="ours.middle",
            contents=("Tests",),
            price=None,
            allowances={RUN: 120},
            services=PlanServices(backup=daily),
            covers={EVOLUTION: Cover.INCLUDED},
        ),
    }

    large = with_included(plans)["ours.large"]

    assert [(line.text, line.plan_code) for line in large.contents] == [
        ("Updates", "ours.small"),
        ("Speed", "ours.middle"),
        ("Tests", "ours.large"),
    ]
    assert {unit: one.value for unit, one in large.allowances.items()} == {TICKETS: 2, RUN: 120}
    assert large.services == PlanServices(backup=daily, staging=said(value=False))
    assert large.cover(CORRECTIVE) is large.cover(EVOLUTION) is Cover.INCLUDED
    assert large.price is None


def test_what_a_contract_agrees_wins_over_its_plan_and_says_where_it_stands() -> None:
    plan = a_plan(allowances={TICKETS: 2}, covers={CORRECTIVE: Cover.INCLUDED})

    agreed = plan.agreed(
        covers={SECURITY: Cover.INCLUDED}, allowances={TICKETS: None}, reference="article 4"
    )

    assert agreed.allowances[TICKETS] == Sourced(None, Origin.AGREED, "article 4")
    assert agreed.dimensions[SECURITY] == Sourced(Cover.INCLUDED, Origin.AGREED, "article 4")
    assert agreed.dimensions[CORRECTIVE] == plan.dimensions[CORRECTIVE]
    assert plan.missing_dimensions() != agreed.missing_dimensions()


def test_an_agreed_allowance_below_zero_is_refused() -> None:
    with pytest.raises(PlanInvalid, match=r"tickets\.corrective is below 0"):
        a_plan().agreed(covers={}, allowances={TICKETS: -1}, reference="article 4")


def test_a_plan_that_includes_an_unknown_one_is_refused() -> None:
    with pytest.raises(PlanInvalid, match=r"it includes ours\.gone, which is unknown"):
        with_included({"ours.large": a_plan("ours.large", includes="ours.gone")})


def test_plans_that_include_each_other_are_refused() -> None:
    plans = {
        "ours.one": a_plan("ours.one", includes="ours.other"),
        "ours.other": a_plan("ours.other", includes="ours.one"),
    }

    with pytest.raises(PlanInvalid, match="it includes itself"):
        with_included(plans)
