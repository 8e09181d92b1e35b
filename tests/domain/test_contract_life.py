"""The life of a contract: its steps, what activating it takes, one contract for each site."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.contract_life import (
    CONTRACT_STEPS,
    ActivationFile,
    CalendarNotDefined,
    CompensationNature,
    CompensationNatureNotChosen,
    ContractStep,
    ContractStepRefused,
    MatrixNotAccepted,
    NoticeNotAgreed,
    Perimeter,
    PerimeterNotListed,
    SiteAlreadyCovered,
    TaxBasisNotStated,
    activated,
    noticed,
    possible_steps,
    stepped,
)
from helpdesk.domain.contract_term import Notice, TermClause
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import SiteId
from helpdesk.domain.money import Money
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.domain.priority import MatrixAcceptance
from tests.factories import CHLOES_CLIENT, a_contract, at

TACIT = TermClause(date(2026, 1, 1), 12, 12)
ONCE = TermClause(date(2026, 1, 1), 12, None)
SHOP, BLOG = SiteId("shop"), SiteId("blog")
STATUSES = list(ContractStatus)


def a_file(**changes: Any) -> ActivationFile:  # Any: the file's own fields
    settled = ActivationFile(
        reference="TMA-BRUNO",
        term=TACIT,
        notice=Notice(months=3),
        defined_calendars=("Monday to Friday, 09:00-12:30 and 14:00-18:00",),
        acceptance=MatrixAcceptance("Bruno Keller", at("01-05 09:00")),
        perimeter=Perimeter(("bugs",), ("new pages",)),
        compensates=True,
        compensation_nature=CompensationNature.PRICE_REDUCTION,
        price=PlanPrice(Money(199_00), TaxBasis.HT),
    )
    return replace(settled, **changes)


def a_draft(**changes: Any) -> Contract:  # Any: the contract's own fields
    return a_contract(status=ContractStatus.DRAFT, **changes)


@pytest.mark.parametrize("step", ContractStep)
@pytest.mark.parametrize("status", STATUSES)
def test_each_step_is_possible_from_the_statuses_of_the_table_alone(
    step: ContractStep, status: ContractStatus
) -> None:
    contract = a_contract(status=status)

    if status in CONTRACT_STEPS[step]:
        assert stepped(contract, step) == replace(contract, status=CONTRACT_STEPS[step][status])
    else:
        with pytest.raises(ContractStepRefused):
            stepped(contract, step)


def test_a_contract_lives_from_draft_to_its_end() -> None:
    story = [
        (ContractStep.ACTIVATE, ContractStatus.ACTIVE),
        (ContractStep.RENEW, ContractStatus.ACTIVE),
        (ContractStep.SUSPEND, ContractStatus.SUSPENDED),
        (ContractStep.RESUME, ContractStatus.ACTIVE),
        (ContractStep.GIVE_NOTICE, ContractStatus.ENDING),
        (ContractStep.END, ContractStatus.ENDED),
    ]
    contract = a_draft()

    for step, status in story:
        contract = stepped(contract, step)
        assert contract.status is status


def test_a_refused_step_names_what_is_possible() -> None:
    with pytest.raises(ContractStepRefused) as refusal:
        stepped(a_contract(), ContractStep.END)
    assert refusal.value.values["possible"] == "suspendContract, renewContract, giveNotice"

    with pytest.raises(ContractStepRefused) as at_the_end:
        stepped(a_contract(status=ContractStatus.ENDED), ContractStep.END)
    assert at_the_end.value.values["possible"] == "—"
    assert possible_steps(ContractStatus.ENDED) == ()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"notice": None}, NoticeNotAgreed),
        ({"defined_calendars": ()}, CalendarNotDefined),
        ({"acceptance": None}, MatrixNotAccepted),
        ({"perimeter": Perimeter((), ("new pages",))}, PerimeterNotListed),
        ({"perimeter": Perimeter(("bugs",), ())}, PerimeterNotListed),
        ({"compensation_nature": None}, CompensationNatureNotChosen),
        ({"price": PlanPrice(Money(199_00), None)}, TaxBasisNotStated),
    ],
)
def test_a_contract_is_not_activated_while_something_is_open(
    changes: dict[str, Any], refusal: type[HelpdeskError]
) -> None:
    with pytest.raises(refusal) as refused:
        activated(a_draft(), a_file(**changes), ())
    assert refused.value.path != ()


def test_all_that_is_open_is_named_at_once() -> None:
    empty = a_file(
        notice=None,
        defined_calendars=(),
        acceptance=None,
        perimeter=Perimeter((), ()),
        compensation_nature=None,
        price=PlanPrice(Money(199_00), None),
    )

    assert [type(refusal) for refusal in empty.missing()] == [
        NoticeNotAgreed,
        CalendarNotDefined,
        MatrixNotAccepted,
        PerimeterNotListed,
        CompensationNatureNotChosen,
        TaxBasisNotStated,
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"notice": None, "term": ONCE},
        {"notice": Notice()},
        {"compensates": False, "compensation_nature": None},
        {"price": None},
    ],
)
def test_what_a_contract_does_not_need_is_not_asked_for(changes: dict[str, Any]) -> None:
    assert a_file(**changes).missing() == ()


def test_an_activated_contract_has_an_end_only_when_it_is_not_renewed() -> None:
    renewing = activated(a_draft(), a_file(), ())
    ending = activated(a_draft(), a_file(term=ONCE), ())

    assert (renewing.status, renewing.ends_on) == (ContractStatus.ACTIVE, None)
    assert (ending.status, ending.ends_on) == (ContractStatus.ACTIVE, date(2027, 1, 1))


def test_a_contract_that_was_given_notice_keeps_its_end() -> None:
    contract = noticed(a_contract(), ends_on=date(2027, 1, 1))

    assert (contract.status, contract.ends_on) == (ContractStatus.ENDING, date(2027, 1, 1))


def other(**changes: Any) -> Contract:  # Any: the contract's own fields
    return a_contract("other", reference="TMA-OTHER", **changes)


@pytest.mark.parametrize(
    ("mine", "theirs", "shared"),
    [
        (frozenset({SHOP, BLOG}), frozenset({SHOP}), "shop"),
        (frozenset({SHOP, BLOG}), frozenset({BLOG, SHOP}), "blog, shop"),
        (frozenset(), frozenset(), "*"),
    ],
)
def test_two_contracts_do_not_cover_one_site_at_the_same_time(
    mine: frozenset[SiteId], theirs: frozenset[SiteId], shared: str
) -> None:
    with pytest.raises(SiteAlreadyCovered) as refusal:
        activated(a_draft(site_ids=mine), a_file(), [other(site_ids=theirs)])

    assert refusal.value.values["sites"] == shared


@pytest.mark.parametrize(
    "beside",
    [
        other(client_id=CHLOES_CLIENT),
        other(status=ContractStatus.ENDED),
        other(status=ContractStatus.DRAFT),
        other(site_ids=frozenset({SHOP})),
        other(ends_on=date(2026, 1, 1), starts_on=date(2025, 1, 1)),
        a_contract(),
    ],
    ids=["another client's", "ended", "a draft", "one site of all", "over on the day", "itself"],
)
def test_what_covers_nothing_of_it_stands_beside_a_contract_for_every_site(
    beside: Contract,
) -> None:
    assert activated(a_draft(), a_file(), [beside]).status is ContractStatus.ACTIVE


def test_a_contract_that_ends_before_the_other_begins_stands_beside_it() -> None:
    later = other(starts_on=date(2027, 1, 1))

    assert activated(a_draft(), a_file(term=ONCE), [later]).ends_on == date(2027, 1, 1)
    with pytest.raises(SiteAlreadyCovered):
        activated(a_draft(), a_file(), [later])
