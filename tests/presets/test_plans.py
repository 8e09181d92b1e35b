"""The plans of the presets: every promise, every price, and the contracts they become."""

from datetime import UTC, datetime

import pytest

from helpdesk.domain.contract import ContractTerms, ContractWithoutTargets
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.plan import Origin
from helpdesk.domain.priority import MatrixAcceptance, Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, Target, TargetUnit
from helpdesk.presets.catalogue import (
    PresetCalendarMissing,
    PresetUnknown,
    calendar_codes,
    contract_terms,
    plan,
    plan_codes,
    priority_matrix,
)
from helpdesk.presets.preset import PlanPreset

P0, P1, P2, P3 = Priority
SIGNED_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ACCEPTANCE = MatrixAcceptance("Bruno Keller", SIGNED_AT)
CALENDARS = {code: CalendarId(f"id-of-{code}") for code in calendar_codes()}
STARTS = {
    SlaMetric.FIRST_RESPONSE: ClockStart.OPENING,
    SlaMetric.NEXT_RESPONSE: ClockStart.CLIENT_MESSAGE,
    SlaMetric.RESOLUTION: ClockStart.FIRST_RESPONSE,
    SlaMetric.DELIVERY: ClockStart.OPENING,
    SlaMetric.UPDATE: ClockStart.OPENING,
}

MINUTES, DAYS = TargetUnit.BUSINESS_MINUTES, TargetUnit.BUSINESS_DAYS_SAME_TIME
SOURCE, PROPOSAL = Origin.SOURCE, Origin.PROPOSAL
Row = tuple[int, TargetUnit, str, Origin]
Rows = dict[tuple[Priority, SlaMetric], Row]

OF_EVERY_GUIDE_PLAN: Rows = {
    (P1, SlaMetric.FIRST_RESPONSE): (8 * 60, MINUTES, "ouvre5", SOURCE),
    (P1, SlaMetric.NEXT_RESPONSE): (8 * 60, MINUTES, "ouvre5", PROPOSAL),
    (P2, SlaMetric.FIRST_RESPONSE): (3, DAYS, "ouvre5", SOURCE),
    (P2, SlaMetric.NEXT_RESPONSE): (3, DAYS, "ouvre5", PROPOSAL),
    (P2, SlaMetric.DELIVERY): (5, DAYS, "ouvre5", SOURCE),
    (P3, SlaMetric.NEXT_RESPONSE): (5, DAYS, "ouvre5", PROPOSAL),
    (P3, SlaMetric.DELIVERY): (5, DAYS, "ouvre5", SOURCE),
}
P0_OF_GUIDE_PLAN = {
    "guide.essentiel": (8 * 60, "ouvre5"),
    "guide.business": (4 * 60, "ouvre5"),
    "guide.critique": (2 * 60, "continuous"),
}
WEBDESIGNER: Rows = {
    (priority, SlaMetric.FIRST_RESPONSE): (24 * 60, MINUTES, "ouvre24h", SOURCE)
    for priority in (P0, P1)
}
PROMISING = ("guide.", "webdesigner.")
WITHOUT_TARGETS = [code for code in plan_codes() if not code.startswith(PROMISING)]
WITH_TARGETS = [code for code in plan_codes() if code.startswith(PROMISING)]


def rows_of(preset: PlanPreset) -> Rows:
    return {
        (priority, target.metric): (
            target.amount,
            target.unit,
            target.calendar or "",
            target.origin,
        )
        for priority, targets in preset.targets.items()
        for target in targets
    }


def terms_of(code: str) -> ContractTerms:
    return contract_terms(
        code,
        reference="TMA-2026-01",
        calendar_ids=CALENDARS,
        effective_from=SIGNED_AT,
        acceptance=ACCEPTANCE,
    )


@pytest.mark.parametrize("code", P0_OF_GUIDE_PLAN)
def test_a_plan_of_the_guide_promises_what_the_white_paper_says(code: str) -> None:
    minutes, calendar = P0_OF_GUIDE_PLAN[code]

    assert rows_of(plan(code)) == OF_EVERY_GUIDE_PLAN | {
        (P0, SlaMetric.FIRST_RESPONSE): (minutes, MINUTES, calendar, SOURCE),
        (P0, SlaMetric.NEXT_RESPONSE): (minutes, MINUTES, calendar, PROPOSAL),
        (P0, SlaMetric.RESOLUTION): (8 * 60, MINUTES, calendar, SOURCE),
        (P0, SlaMetric.UPDATE): (60, MINUTES, calendar, PROPOSAL),
    }


@pytest.mark.parametrize(
    "code", ["webdesigner.essentiel", "webdesigner.performance", "webdesigner.premium"]
)
def test_a_webdesigner_pack_promises_a_blocking_bug_only(code: str) -> None:
    assert rows_of(plan(code)) == WEBDESIGNER
    assert plan(code).matrix_code == "webdesigner"


@pytest.mark.parametrize("code", plan_codes())
def test_every_promise_says_its_source_its_words_and_where_it_starts(code: str) -> None:
    is_of_guide = code.startswith("guide.")

    assert plan(code).source
    for priority, targets in plan(code).targets.items():
        for target in targets:
            assert target.source
            assert target.text
            assert target.is_strict is is_of_guide
            is_batched = (priority, target.metric) == (P3, SlaMetric.DELIVERY)
            starts_on = ClockStart.BATCH_OPENING if is_batched else STARTS[target.metric]
            assert target.starts_on is starts_on


@pytest.mark.parametrize("code", WITH_TARGETS)
def test_a_plan_becomes_the_terms_of_a_contract(code: str) -> None:
    preset = plan(code)

    terms = terms_of(code)

    assert terms.plan_code == code
    assert terms.calendar_ids == {CALENDARS[each] for each in preset.calendar_codes}
    assert terms.matrix == priority_matrix(preset.matrix_code, ACCEPTANCE)
    assert (terms.version, terms.effective_from) == (1, SIGNED_AT)
    assert terms.sla.at_risk_percent == 80
    assert not terms.sla.third_party_pauses
    assert {
        (priority, target.metric): (target.amount, target.calendar_id)
        for priority, targets in terms.sla.targets.items()
        for target in targets
    } == {key: (row[0], CALENDARS[row[2]]) for key, row in rows_of(preset).items()}


def test_a_promise_of_the_guide_is_copied_field_by_field() -> None:
    terms = terms_of("guide.critique")

    assert terms.sla.target(SlaMetric.RESOLUTION, P0) == Target(
        metric=SlaMetric.RESOLUTION,
        amount=480,
        unit=TargetUnit.BUSINESS_MINUTES,
        calendar_id=CALENDARS["continuous"],
        is_strict=True,
        starts_on=ClockStart.FIRST_RESPONSE,
    )


def test_the_delivery_of_a_p3_is_promised_from_the_opening_of_its_batch_on() -> None:
    promise = terms_of("guide.business").sla.target(SlaMetric.DELIVERY, P3)

    assert promise is not None
    assert (promise.amount, promise.unit) == (5, TargetUnit.BUSINESS_DAYS_SAME_TIME)
    assert promise.starts_on is ClockStart.BATCH_OPENING


def test_a_client_may_have_a_calendar_of_his_own_for_a_code_of_the_plan() -> None:
    alsace = CalendarId("ouvre5-alsace")

    terms = contract_terms(
        "guide.essentiel",
        reference="TMA-2026-02",
        calendar_ids={"ouvre5": alsace},
        effective_from=SIGNED_AT,
        acceptance=None,
        version=2,
    )

    assert terms.calendar_ids == {alsace}
    assert terms.version == 2
    assert terms.matrix.acceptance is None


def test_a_plan_without_one_of_its_calendars_is_refused() -> None:
    with pytest.raises(PresetCalendarMissing) as refusal:
        contract_terms(
            "guide.critique",
            reference="TMA-2026-03",
            calendar_ids={"ouvre5": CALENDARS["ouvre5"]},
            effective_from=SIGNED_AT,
            acceptance=ACCEPTANCE,
        )

    assert str(refusal.value) == (
        "Plan guide.critique counts on the calendars continuous, ouvre5: "
        "say which of yours continuous stands for."
    )


@pytest.mark.parametrize("code", WITHOUT_TARGETS)
def test_a_plan_whose_source_promises_no_delay_makes_no_contract(code: str) -> None:
    with pytest.raises(ContractWithoutTargets):
        terms_of(code)


@pytest.mark.parametrize("code", plan_codes())
def test_a_plan_has_a_name_in_both_languages(code: str) -> None:
    preset = plan(code)

    assert preset.code == code
    for locale in Locale:
        assert preset.label[locale]
        assert preset.family_label[locale]


def test_three_families_share_names_but_no_code() -> None:
    assert len(set(plan_codes())) == len(plan_codes()) == 14


def test_an_unknown_plan_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PresetUnknown) as refusal:
        plan("essentiel")

    assert "guide.essentiel, guide.business, guide.critique" in str(refusal.value)
