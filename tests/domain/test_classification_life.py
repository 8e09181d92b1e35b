"""A classification is proposed, confirmed by a person, and contested by the client."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import SYSTEM, Actor
from helpdesk.domain.classification import (
    ClassificationRule,
    Coverage,
    Funding,
    Request,
    RequestNature,
    classified,
)
from helpdesk.domain.classification_life import (
    Classification,
    ClassificationNeedsPerson,
    ClassificationReasonRequired,
    ClassificationState,
    Decision,
    Dispute,
    DisputeClientOnly,
    DisputeReasonRequired,
    NothingToDispute,
    confirmed,
    disputed,
    proposed,
)
from helpdesk.domain.exclusion import ExclusionCause
from tests.domain.commercial import a_plan
from tests.factories import ALICE, BRUNO, ROBOT, at

PROPOSED_AT, CONFIRMED_AT, DISPUTED_AT = at("07-06 09:00"), at("07-06 10:00"), at("07-06 11:00")
QUOTE = classified(Request(RequestNature.NEW_PAGE), a_plan())
GIFT = replace(QUOTE, coverage=Coverage.INCLUDED, funding=Funding.NONE)


def a_proposal(**changes: ClassificationRule) -> Classification:
    return proposed(QUOTE, by=SYSTEM, at=PROPOSED_AT, automatic=changes.values())


def a_decision() -> Classification:
    return confirmed(a_proposal(), QUOTE, "", by=ALICE, at=CONFIRMED_AT)


def test_what_the_rules_say_is_a_proposal_until_a_person_confirms_it() -> None:
    proposal = a_proposal()

    assert proposal.state is ClassificationState.PROPOSED
    assert (proposal.verdict, proposal.decision) == (QUOTE, None)


def test_a_rule_that_the_agency_marked_automatic_confirms_itself() -> None:
    final = a_proposal(marked=ClassificationRule.NEW_PAGE)

    assert final.state is ClassificationState.CONFIRMED
    assert final.decision == Decision(None, PROPOSED_AT, "")
    assert a_proposal(marked=ClassificationRule.BUG).state is ClassificationState.PROPOSED


def test_an_exclusion_is_never_automatic() -> None:
    excluded = classified(
        Request(RequestNature.BUG, exclusion=ExclusionCause.HOSTING_FAILURE), a_plan()
    )

    proposal = proposed(
        excluded, by=SYSTEM, at=PROPOSED_AT, automatic=frozenset(ClassificationRule)
    )

    assert proposal.state is ClassificationState.PROPOSED


def test_a_person_of_the_agency_confirms_without_a_reason_what_the_rules_say() -> None:
    decision = a_decision()

    assert decision.state is ClassificationState.CONFIRMED
    assert decision.decision == Decision(ALICE, CONFIRMED_AT, "")


@pytest.mark.parametrize("actor", [BRUNO, ROBOT, SYSTEM])
def test_nobody_but_a_person_of_the_agency_confirms(actor: Actor) -> None:
    with pytest.raises(ClassificationNeedsPerson):
        confirmed(a_proposal(), QUOTE, "", by=actor, at=CONFIRMED_AT)


def test_a_verdict_that_departs_from_the_rules_says_why() -> None:
    with pytest.raises(ClassificationReasonRequired):
        confirmed(a_proposal(), GIFT, " ", by=ALICE, at=CONFIRMED_AT)

    gift = confirmed(a_proposal(), GIFT, " A gesture. ", by=ALICE, at=CONFIRMED_AT)

    assert (gift.verdict, gift.rules_say) == (GIFT, QUOTE)
    assert gift.decision == Decision(ALICE, CONFIRMED_AT, "A gesture.")


def test_the_client_contests_a_decision_and_it_stays_readable() -> None:
    contested = disputed(a_decision(), " It is a bug. ", by=BRUNO, at=DISPUTED_AT)

    assert contested.state is ClassificationState.DISPUTED
    assert contested.dispute == Dispute(BRUNO, DISPUTED_AT, "It is a bug.")
    assert contested.decision == a_decision().decision


def test_only_the_client_contests_and_only_what_was_decided_with_a_reason() -> None:
    contested = disputed(a_decision(), "It is a bug.", by=BRUNO, at=DISPUTED_AT)

    with pytest.raises(DisputeClientOnly):
        disputed(a_decision(), "It is a bug.", by=ALICE, at=DISPUTED_AT)
    with pytest.raises(DisputeReasonRequired):
        disputed(a_decision(), "", by=BRUNO, at=DISPUTED_AT)
    for undecided in (a_proposal(), contested):
        with pytest.raises(NothingToDispute):
            disputed(undecided, "It is a bug.", by=BRUNO, at=DISPUTED_AT)


def test_a_dispute_is_answered_with_a_reason_whatever_the_answer() -> None:
    contested = disputed(a_decision(), "It is a bug.", by=BRUNO, at=DISPUTED_AT)

    with pytest.raises(ClassificationReasonRequired):
        confirmed(contested, QUOTE, "", by=ALICE, at=at("07-06 12:00"))

    upheld = confirmed(contested, QUOTE, "The page is new.", by=ALICE, at=at("07-06 12:00"))

    assert upheld.state is ClassificationState.CONFIRMED
    assert upheld.dispute is None
