"""A credit is proposed, approved by who may, issued, applied; and computed again without harm."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.compensation_clause import ApprovalClause
from helpdesk.domain.compensation_evidence import Calculation
from helpdesk.domain.compensation_life import (
    CREDIT_STEPS,
    WAITING,
    Amount,
    ApproverWorkedOnTicket,
    Credit,
    CreditRejectionReason,
    CreditState,
    CreditStep,
    CreditStepRefused,
    SecondApproverRequired,
    proposed,
)
from helpdesk.domain.compensation_recompute import Recomputation, issued_cents, recomputed
from helpdesk.domain.money import Money
from tests.domain.compensations import CAROL, a_calculation, credit_id, deed, down, late
from tests.factories import ALICE

USUAL = ApprovalClause()
APPROVE, ISSUE, APPLY = CreditStep.APPROVE, CreditStep.ISSUE, CreditStep.APPLY


def a_credit(cents: int = 29_85, clause: ApprovalClause = USUAL) -> Credit:
    calculation = a_calculation(cents)
    return proposed(credit_id(), 1, Amount(calculation, calculation.net), clause, deed(SYSTEM))


def moved(credit: Credit, *steps: CreditStep) -> Credit:
    for step in steps:
        credit = credit.stepped(step, deed())
    return credit


@pytest.mark.parametrize("step", CreditStep)
@pytest.mark.parametrize("state", CreditState)
def test_a_credit_moves_by_the_steps_of_the_table_and_by_no_other(
    step: CreditStep, state: CreditState
) -> None:
    credit = a_credit()
    credit = replace(credit, facts=(replace(credit.facts[0], state=state),))
    following = CREDIT_STEPS[step].get(state)

    if following is None:
        with pytest.raises(CreditStepRefused) as refusal:
            credit.stepped(step, deed())
        assert refusal.value.values["state"] is state
    else:
        assert credit.stepped(step, deed()).state is following


def test_a_fact_is_appended_with_who_when_and_by_which_document() -> None:
    issued = moved(a_credit(), APPROVE).stepped(
        ISSUE, replace(deed(CAROL, " monthly "), document="AV-2026-0001")
    )

    assert [fact.sequence for fact in issued.facts] == [1, 2, 3]
    assert issued.facts[0].actor == SYSTEM
    assert issued.facts[-1].document == "AV-2026-0001"
    assert issued.facts[-1].reason == "monthly"
    assert issued.is_amount_shown


def test_a_credit_of_nothing_is_recorded_and_needs_nobody() -> None:
    credit = a_credit(0, ApprovalClause(automatic_below=Money(100_00)))

    assert credit.state is CreditState.NIL
    assert not credit.is_amount_shown


def test_below_the_amount_of_the_clause_the_engine_approves() -> None:
    below = ApprovalClause(automatic_below=Money(30_00))

    assert a_credit(29_99, below).state is CreditState.APPROVED
    assert a_credit(29_99, below).approvals == (SYSTEM,)
    assert a_credit(30_00, below).state is CreditState.PROPOSED


def test_above_the_amount_of_the_clause_two_people_approve() -> None:
    clause = ApprovalClause(second_above=Money(20_00))
    once = a_credit().approved(clause, deed())

    assert once.state is CreditState.PROPOSED
    with pytest.raises(SecondApproverRequired):
        once.approved(clause, deed())
    twice = once.approved(clause, deed(CAROL))
    assert twice.state is CreditState.APPROVED
    assert twice.approvals == (ALICE, CAROL)
    assert a_credit(20_00).approved(clause, deed()).state is CreditState.APPROVED


def test_who_worked_on_the_ticket_does_not_approve_where_the_clause_says_so() -> None:
    clause = ApprovalClause(excludes_agent=True)

    with pytest.raises(ApproverWorkedOnTicket):
        a_credit().approved(clause, deed(ALICE))
    assert a_credit().approved(clause, deed(CAROL)).state is CreditState.APPROVED
    assert a_credit().approved(USUAL, deed(ALICE)).state is CreditState.APPROVED


def test_nobody_worked_on_the_availability_of_a_month() -> None:
    calculation = a_calculation(10, down())
    credit = proposed(credit_id(), 1, Amount(calculation, Money(10)), USUAL, deed())

    approved = credit.approved(ApprovalClause(excludes_agent=True), deed(ALICE))

    assert approved.state is CreditState.APPROVED


def test_a_rejection_has_a_reason() -> None:
    with pytest.raises(CreditRejectionReason):
        a_credit().rejected(deed(reason="  "))
    rejected = moved(a_credit(), APPROVE).rejected(deed(reason="paid otherwise"))
    assert rejected.state is CreditState.REJECTED
    assert rejected.facts[-1].reason == "paid otherwise"
    with pytest.raises(CreditStepRefused):
        rejected.approved(USUAL, deed())


def rerun(known: list[Credit], calculation: Calculation | None, reason: str = "") -> Recomputation:
    """Compute again and keep what follows in `known`."""
    numbers = count(len(known) + 1)
    change = recomputed(
        known,
        calculation,
        USUAL,
        deed(reason=reason),
        new_id=lambda: credit_id(next(numbers)),
    )
    changed = {credit.id: credit for credit in change.changed}
    known[:] = [*(changed.get(one.id, one) for one in known), *change.added]
    return change


def states(known: list[Credit]) -> list[str]:
    return [credit.state.value for credit in known]


def test_to_run_again_changes_nothing() -> None:
    known: list[Credit] = []

    first, again = rerun(known, a_calculation()), rerun(known, a_calculation())

    assert len(first.added) == 1
    assert again == Recomputation()


@pytest.mark.parametrize("steps", [(), (APPROVE,)])
def test_a_line_that_waits_is_replaced_and_kept_as_superseded(
    steps: tuple[CreditStep, ...],
) -> None:
    known = [moved(a_credit(), *steps)]

    rerun(known, a_calculation(19_90))

    assert states(known) == ["SUPERSEDED", "PROPOSED"]
    assert [credit.net.cents for credit in known] == [29_85, 19_90]
    assert [credit.revision for credit in known] == [1, 2]


def test_a_line_that_proves_it_otherwise_is_replaced_unless_it_was_approved() -> None:
    otherwise = a_calculation(evidence=late(2 * 3600 + 2))
    proposal, approved = [a_credit()], [moved(a_credit(), APPROVE)]

    rerun(proposal, otherwise)
    rerun(approved, otherwise)

    assert states(proposal) == ["SUPERSEDED", "PROPOSED"]
    assert states(approved) == ["APPROVED"]


def test_what_the_cap_leaves_to_others_replaces_nothing() -> None:
    known = [a_credit()]

    assert rerun(known, a_calculation(room=None)) == Recomputation()


def test_a_breach_that_never_was_leaves_no_line_that_waits() -> None:
    known = [a_credit()]

    rerun(known, None)

    assert states(known) == ["SUPERSEDED"]
    assert rerun(known, None) == Recomputation()


def test_a_credit_that_became_nothing_is_recorded_as_that() -> None:
    known = [a_credit()]

    rerun(known, a_calculation(0))

    assert states(known) == ["SUPERSEDED", "NIL"]
    assert rerun(known, a_calculation(0)) == Recomputation()


def test_more_after_the_issue_is_a_complement_of_the_first() -> None:
    known = [moved(a_credit(), APPROVE, ISSUE)]

    rerun(known, a_calculation(39_80))

    assert states(known) == ["ISSUED", "PROPOSED"]
    assert known[1].net == Money(9_95)
    assert known[1].calculation.net == Money(39_80)
    assert known[1].completes == known[0].id
    assert rerun(known, a_calculation(39_80)) == Recomputation()
    known[1] = moved(known[1], APPROVE, ISSUE)
    assert issued_cents(known) == 39_80
    rerun(known, a_calculation(49_75))
    assert known[2].net == Money(9_95)
    assert known[2].completes == known[0].id


def test_less_after_the_issue_is_a_flag_and_never_taken_back() -> None:
    known = [moved(a_credit(), APPROVE, ISSUE, APPLY)]

    rerun(known, a_calculation(19_90))

    assert states(known) == ["APPLIED"]
    assert known[0].net == Money(29_85)
    assert known[0].overcredited == Money(9_95)
    assert rerun(known, a_calculation(19_90)) == Recomputation()
    rerun(known, None)
    assert known[0].overcredited == Money(29_85)
    rerun(known, a_calculation())
    assert known[0].overcredited == Money(0)


def test_a_complement_that_waits_goes_when_nothing_more_is_owed() -> None:
    known = [moved(a_credit(), APPROVE, ISSUE)]
    rerun(known, a_calculation(39_80))

    rerun(known, a_calculation())

    assert states(known) == ["ISSUED", "SUPERSEDED"]


def test_a_rejected_credit_is_proposed_again_with_a_reason_alone() -> None:
    known = [a_credit().rejected(deed(reason="paid otherwise"))]

    assert rerun(known, a_calculation(39_80)) == Recomputation()
    rerun(known, a_calculation(39_80), reason="the client was right")

    assert states(known) == ["REJECTED", "PROPOSED"]
    assert known[1].facts[0].reason == "the client was right"


@given(st.lists(st.sampled_from(["10", "20", "30", "0", "none", "approve", "issue"]), max_size=14))
def test_whatever_happens_what_is_issued_only_grows_up_to_what_was_owed(events: list[str]) -> None:
    known: list[Credit] = []
    owed = most = 0
    for event in events:
        issued = issued_cents(known)
        if event in {"approve", "issue"}:
            step = APPROVE if event == "approve" else ISSUE
            known = [_if_possible(credit, step) for credit in known]
        else:
            calculation = None if event == "none" else a_calculation(int(event))
            owed = 0 if calculation is None else calculation.net.cents
            most = max(most, owed)
            rerun(known, calculation)
            assert rerun(known, calculation) == Recomputation()
            waiting = sum(credit.net.cents for credit in known if credit.state in WAITING)
            assert issued + waiting == max(owed, issued)
        assert issued <= issued_cents(known) <= most
        assert sum(credit.state in WAITING for credit in known) <= 1
    assert [credit.revision for credit in known] == list(range(1, len(known) + 1))


def _if_possible(credit: Credit, step: CreditStep) -> Credit:
    return moved(credit, step) if credit.state in CREDIT_STEPS[step] else credit
