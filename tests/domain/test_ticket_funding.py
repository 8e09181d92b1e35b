"""What a ticket takes of the forfait, by what was decided and by how it ended."""

from dataclasses import replace

import pytest

from helpdesk.domain.classification import (
    ClassificationRule,
    Coverage,
    Funding,
    RequestNature,
    Verdict,
    WhyCovered,
)
from helpdesk.domain.retainer_terms import FreeCause, RetainerUnit
from helpdesk.domain.ticket import TicketStatus
from helpdesk.domain.ticket_funding import FUNDED_UNITS, TicketFunding, funding_of, unit_paying
from tests.factories import MONDAY, a_ticket

TICKETS = RetainerUnit.CORRECTIVE_TICKETS
BUG = Verdict(
    RequestNature.BUG,
    Coverage.INCLUDED,
    Funding.TICKET_QUOTA,
    ClassificationRule.BUG,
    WhyCovered.IN_PLAN,
)
QUESTION = replace(
    BUG,
    nature=RequestNature.QUESTION,
    funding=Funding.NONE,
    rule=ClassificationRule.QUESTION,
)


def taken(
    status: TicketStatus, verdict: Verdict | None = BUG, *, was_worked: bool = False
) -> TicketFunding:
    return funding_of(replace(a_ticket(), status=status), verdict, was_worked=was_worked)


@pytest.mark.parametrize(
    ("status", "is_done"),
    [
        (TicketStatus.NEW, False),
        (TicketStatus.WAITING, False),
        (TicketStatus.DELIVERED, False),
        (TicketStatus.RESOLVED, True),
        (TicketStatus.CLOSED, True),
    ],
)
def test_a_ticket_holds_until_it_is_resolved(status: TicketStatus, is_done: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert taken(status) == TicketFunding(TICKETS, is_done)


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (TicketStatus.SPAM, FreeCause.SPAM),
        (TicketStatus.MERGED, FreeCause.MERGED_DUPLICATE),
        (TicketStatus.CANCELLED, FreeCause.CANCELLED_BEFORE_WORK),
    ],
)
@pytest.mark.parametrize("verdict", [BUG, QUESTION, None])
def test_what_never_was_a_request_is_free(
    status: TicketStatus, cause: FreeCause, verdict: Verdict | None
) -> None:
    assert taken(status, verdict) == TicketFunding(None, is_done=True, cause=cause)


def test_what_is_cancelled_after_work_has_taken_it() -> None:
    cancelled = replace(a_ticket(), status=TicketStatus.CANCELLED)
    staged = replace(cancelled, delivered_at=MONDAY)

    assert taken(TicketStatus.CANCELLED, was_worked=True) == TicketFunding(TICKETS, is_done=True)
    assert funding_of(staged, BUG, was_worked=False) == TicketFunding(TICKETS, is_done=True)


def test_what_the_forfait_does_not_pay_says_why() -> None:
    assert taken(TicketStatus.NEW, None) == TicketFunding(None, is_done=False)
    free = TicketFunding(None, is_done=False, cause=FreeCause.QUESTION)
    assert taken(TicketStatus.NEW, QUESTION) == free
    quoted = replace(BUG, coverage=Coverage.QUOTE, funding=Funding.QUOTE)
    assert taken(TicketStatus.NEW, quoted) == TicketFunding(None, is_done=False)


@pytest.mark.parametrize("funding", Funding)
def test_a_regression_of_the_agency_is_never_paid_for(funding: Funding) -> None:
    broken = replace(BUG, rule=ClassificationRule.WARRANTY, funding=funding)
    free = TicketFunding(None, is_done=True, cause=FreeCause.AGENCY_REGRESSION)
    assert taken(TicketStatus.RESOLVED, broken) == free


@pytest.mark.parametrize("funding", Funding)
def test_three_ways_to_pay_take_of_the_forfait(funding: Funding) -> None:
    assert unit_paying(replace(BUG, funding=funding)) is FUNDED_UNITS.get(funding)
    assert unit_paying(None) is None
