"""Which contract a request falls under, and which terms were in force when."""

from datetime import date
from itertools import permutations

import pytest

from helpdesk.domain.contract import (
    ContractStatus,
    ContractWithoutCalendar,
    ContractWithoutTargets,
    contract_for,
)
from helpdesk.domain.errors import ErrorCode
from helpdesk.domain.ids import CalendarId, SiteId
from helpdesk.domain.sla import TargetUnit
from tests.factories import a_contract, a_policy, a_target, at, some_terms

SHOP, BLOG = SiteId("shop"), SiteId("blog")


def test_a_contract_that_promises_nothing_is_refused() -> None:
    with pytest.raises(ContractWithoutTargets) as refusal:
        some_terms(targets=())

    assert refusal.value.code is ErrorCode.CONTRACT_WITHOUT_TARGETS
    assert refusal.value.path == ("targets",)


def test_a_promise_on_a_calendar_that_the_contract_does_not_name_is_refused() -> None:
    with pytest.raises(ContractWithoutCalendar) as refusal:
        some_terms(targets=[a_target(), a_target(calendar_id=CalendarId("night"))])

    assert refusal.value.code is ErrorCode.CONTRACT_WITHOUT_CALENDAR
    assert refusal.value.values["calendar"] == "night"


def test_a_promise_around_the_clock_needs_no_calendar() -> None:
    target = a_target(unit=TargetUnit.CALENDAR_MINUTES, calendar_id=None)

    terms = some_terms(targets=[target], calendar_ids=frozenset())

    assert terms.sla == a_policy(target)


def test_terms_hold_from_their_instant_until_the_next() -> None:
    first = some_terms(1, at("01-01 00:00"))
    second = some_terms(2, at("07-01 00:00"))
    contract = a_contract(terms=(first, second))

    assert contract.terms_at(at("07-01 00:00")) is second
    assert contract.terms_at(at("06-30 23:59")) is first
    assert contract.terms_at(at("12-31 00:00")) is second


def test_before_the_first_terms_the_first_ones_hold() -> None:
    contract = a_contract(terms=(some_terms(1, at("07-01 00:00")),))

    assert contract.terms_at(at("01-01 00:00")) is contract.terms[0]


@pytest.mark.parametrize("site_id", [None, SHOP])
def test_a_contract_without_sites_covers_everything(site_id: SiteId | None) -> None:
    assert a_contract().covers(site_id) is True


def test_a_contract_with_sites_covers_these_and_what_names_none() -> None:
    contract = a_contract(site_ids=frozenset({SHOP}))

    assert contract.covers(SHOP) is True
    assert contract.covers(BLOG) is False
    assert contract.covers(None) is True


def test_a_request_that_names_no_site_goes_to_the_contract_for_every_site() -> None:
    everything = a_contract("c-everything", starts_on=date(2026, 1, 1))
    shop = a_contract("b-shop", site_ids=frozenset({SHOP}), starts_on=date(2024, 1, 1))

    assert contract_for([shop, everything], None) is everything
    assert contract_for([shop], None) is shop


@pytest.mark.parametrize("status", ContractStatus)
def test_a_request_falls_under_a_living_contract_alone(status: ContractStatus) -> None:
    contract = a_contract(status=status)

    found = contract_for([contract], None)

    is_living = status in {ContractStatus.ACTIVE, ContractStatus.ENDING}
    assert found is (contract if is_living else None)


def test_the_contract_that_names_the_site_wins_then_the_oldest() -> None:
    everything = a_contract("c-everything", starts_on=date(2020, 1, 1))
    shop_now = a_contract("b-shop", site_ids=frozenset({SHOP}), starts_on=date(2026, 1, 1))
    shop_before = a_contract("d-shop", site_ids=frozenset({SHOP}), starts_on=date(2024, 1, 1))
    same_day = a_contract("e-shop", site_ids=frozenset({SHOP}), starts_on=date(2024, 1, 1))

    for contracts in permutations([everything, shop_now, shop_before, same_day]):
        assert contract_for(contracts, SHOP) is shop_before
        assert contract_for(contracts, BLOG) is everything
        assert contract_for(contracts, None) is everything


def test_a_site_that_no_contract_covers_has_none() -> None:
    assert contract_for([a_contract(site_ids=frozenset({SHOP}))], BLOG) is None
    assert contract_for([], SHOP) is None
