"""The plans as they are sold: every value has its origin, and agrees with what the sources say."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import pytest

from helpdesk.domain.engagement import Engagement, EngagementModel
from helpdesk.domain.plan import (
    BillingInterval,
    Cover,
    Every,
    Origin,
    Plan,
    ReportLevel,
    Rhythm,
    SecurityUpdates,
    Sourced,
    TaxBasis,
    TmaDimension,
)
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.presets.catalogue import PresetUnknown, plan_codes
from helpdesk.presets.commercial import commercial_plan, commercial_plans
from helpdesk.presets.transcription import transcribed

CORRECTIVE, PREVENTIVE, SECURITY, MONITORING, EVOLUTION = TmaDimension
CENTS = 100
GUIDE = ("essentiel", "business", "critique")
PRICED = ("whodunit", "wpbuffs")
FREQUENCIES = {
    None: None,
    "mensuelle": Rhythm(1, Every.MONTH),
    "mensuelles": Rhythm(1, Every.MONTH),
    "trimestrielles": Rhythm(1, Every.QUARTER),
    "hebdomadaire": Rhythm(1, Every.WEEK),
    "quotidienne": Rhythm(1, Every.DAY),
}
SECURITY_UPDATES = {
    "urgentes": {SecurityUpdates.URGENT},
    "urgentes + mensuelles": {SecurityUpdates.URGENT, SecurityUpdates.MONTHLY},
    "continues": {SecurityUpdates.CONTINUOUS},
}
REPORTS = {
    "none": ReportLevel.NONE,
    "simplifie": ReportLevel.SIMPLIFIED,
    "detaille": ReportLevel.DETAILED,
}


def table(*path: str) -> Mapping[str, Any]:  # Any: what a source says of a plan
    found = transcribed("plans", *path)
    assert isinstance(found, dict)
    return found


def value_of(sourced: Sourced[Any] | None) -> object:  # Any: whichever value
    assert sourced is not None
    return sourced.value


def values_of(plan: Plan) -> Iterator[Sourced[Any]]:  # Any: whichever value
    yield from plan.allowances.values()
    yield from plan.dimensions.values()
    services = (getattr(plan.services, each.name) for each in fields(plan.services))
    given = (plan.price, plan.commitment_months, plan.billing, *services)
    yield from (one for one in given if one is not None)


def test_every_plan_of_the_promises_is_sold() -> None:
    assert tuple(commercial_plans()) == plan_codes()


@pytest.mark.parametrize("code", plan_codes())
def test_every_value_of_a_plan_says_where_it_comes_from(code: str) -> None:
    values = list(values_of(commercial_plan(code)))

    assert len(values) >= 8
    assert all(one.source for one in values)
    assert {one.origin for one in values} <= set(Origin)


@pytest.mark.parametrize("name", GUIDE)
def test_a_plan_of_the_guide_has_the_nine_rows_of_its_table(name: str) -> None:
    plan, rows = commercial_plan(f"guide.{name}"), table("guide", name)
    services = plan.services

    tickets = rows["corrective_tickets_per_month"]
    assert plan.allowances[RetainerUnit.CORRECTIVE_TICKETS].value == (
        None if tickets == "unlimited" else tickets
    )
    assert plan.allowances[RetainerUnit.RUN_MINUTES].value == rows["run_hours_per_month"] * 60
    assert value_of(services.uptime_monitoring) is (rows["uptime_monitoring"] == "24/7")
    assert value_of(services.sms_alerts) is rows["sms_alerts"]
    assert value_of(services.security_updates) == SECURITY_UPDATES[rows["security_updates"]]
    assert value_of(services.preventive_updates) == FREQUENCIES[rows["preventive_updates"]]
    assert value_of(services.report) is REPORTS[rows["monthly_report"]]
    assert value_of(services.verified_backup) == FREQUENCIES[rows["verified_backup"]]
    assert value_of(services.staging) is rows["staging"]
    assert {one.origin for one in values_of(plan)} == {Origin.SOURCE}
    assert plan.price is None


def test_a_plan_of_the_guide_covers_what_its_rows_say() -> None:
    missing = {name: commercial_plan(f"guide.{name}").missing_dimensions() for name in GUIDE}

    assert missing == {"essentiel": (PREVENTIVE, EVOLUTION), "business": (), "critique": ()}


@pytest.mark.parametrize("name", ["essentiel", "performance", "plus"])
def test_a_plan_of_whodunit_has_its_price_ticks_and_crosses(name: str) -> None:
    plan, rows = commercial_plan(f"whodunit.{name}"), table("whodunit", name)

    assert plan.price is not None
    assert plan.price.value.monthly.cents == rows["price"] * CENTS
    assert plan.price.value.monthly.currency == transcribed("plans", "whodunit", "currency")
    assert (plan.price.value.tax_basis, plan.price.origin) == (TaxBasis.HT, Origin.PROPOSAL)
    assert value_of(plan.services.performance) is rows["perf_monthly"]
    assert value_of(plan.services.account_manager) is rows["chm"]
    months = transcribed("plans", "whodunit", "commitment_months")
    assert value_of(plan.commitment_months) == months
    assert value_of(plan.billing) is BillingInterval.MONTHLY


@pytest.mark.parametrize("name", ["essentiel", "performance", "plus"])
def test_whodunit_covers_preventive_work_and_leaves_the_rest_to_hour_packs(name: str) -> None:
    plan = commercial_plan(f"whodunit.{name}")
    packs = Engagement(frozenset({EngagementModel.MONTHLY_PLAN, EngagementModel.PREPAID_TIME}))

    packs.require_fit(plan)

    assert plan.cover(CORRECTIVE) is plan.cover(EVOLUTION) is Cover.TIME_CREDIT
    assert plan.cover(PREVENTIVE) is Cover.INCLUDED
    assert len(commercial_plan("whodunit.essentiel").contents) == len(
        table("whodunit")["minimum_of_every_plan"]
    )


@pytest.mark.parametrize("name", ["maintain", "protect", "perform", "custom", "custom_pro"])
def test_a_care_plan_has_its_price_and_all_the_services_that_it_includes(name: str) -> None:
    plan = commercial_plan(f"wpbuffs.{name}")
    services: list[str] = []
    included: str | None = name
    while included is not None:
        rows = table("wpbuffs", included)
        services = [service.rstrip("*") for service in rows["services"]] + services
        included = rows["includes"]

    assert [line.text for line in plan.contents] == services
    assert plan.price is not None
    assert plan.price.value.monthly.cents == table("wpbuffs", name)["price_per_month"] * CENTS
    assert (plan.price.value.monthly.currency, plan.price.value.tax_basis) == ("USD", None)
    assert value_of(plan.billing) is BillingInterval.YEARLY
    assert value_of(plan.commitment_months) == 12


def test_the_care_plans_back_up_more_often_and_clean_up_from_perform_on() -> None:
    care = [commercial_plan(code) for code in plan_codes() if code.startswith("wpbuffs.")]

    assert [value_of(plan.services.backup) for plan in care] == [
        Rhythm(times, Every.DAY) for times in (1, 2, 4, 4, 4)
    ]
    assert [value_of(plan.services.hack_cleanup) for plan in care] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert [plan.grants(RetainerUnit.RUN_MINUTES) for plan in care] == [
        False,
        True,
        True,
        True,
        True,
    ]


def test_a_pack_of_the_webdesigner_contains_those_before_it() -> None:
    contents = [line.text for line in commercial_plan("webdesigner.premium").contents]
    packs = ("essentiel", "performance", "premium")

    said = [text for name in packs for text in table("webdesigner", name)["content"]]

    assert [text.lower() for text in contents] == [text.lower() for text in said]


@pytest.mark.parametrize("code", plan_codes())
def test_a_plan_has_a_price_where_its_source_gives_one_and_else_says_why(code: str) -> None:
    plan = commercial_plan(code)

    assert (plan.price is not None) is (plan.family in PRICED)
    assert (plan.unpriced_because is None) is (plan.family in PRICED)
    assert plan.is_maintenance
    assert plan.version == 1


def test_an_unknown_plan_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PresetUnknown, match=r"guide\.essentiel, guide\.business"):
        commercial_plan("essentiel")
