"""Causes outside maintenance: what may be excluded, on which evidence, and what never is."""

from datetime import date

import pytest

from helpdesk.domain.access import Actor
from helpdesk.domain.exclusion import (
    CausalLink,
    CausalLinkMissing,
    Evidence,
    EvidenceKind,
    EvidenceMissing,
    Exclusion,
    ExclusionAgencyOnly,
    ExclusionCause,
    ExclusionLiftReason,
    HostingSold,
    Intervention,
    InterventionAuthor,
    InterventionLater,
    InterventionValidated,
    ProblemNotOlder,
    RegressionNotExcluded,
    excluded_as_older,
    excluded_by_host,
    excluded_by_intervention,
    is_compensable,
)
from tests.factories import ALICE, BRUNO, ROBOT, at

CHANGED_AT, BROKE_AT, SAID_AT = at("07-06 09:00"), at("07-06 10:00"), at("07-06 11:00")
LOG = Evidence(EvidenceKind.ACTIVITY_LOG, "https://bruno.example/log/41", CHANGED_AT)
AUDIT = Evidence(EvidenceKind.ENTRY_AUDIT, "audit of 2 January, point 4", CHANGED_AT)
STARTED_ON = date(2026, 1, 5)


def a_link(
    explanation: str = "The new slug breaks the menu.",
    *evidence: Evidence,
    by: Actor = ALICE,
) -> CausalLink:
    return CausalLink(explanation, BROKE_AT, by, SAID_AT, evidence or (LOG,))


def an_intervention(
    by: InterventionAuthor = InterventionAuthor.CLIENT, *, validated_by: str | None = None
) -> Intervention:
    return Intervention(
        "home page renamed", CHANGED_AT, by, is_declared=True, validated_by=validated_by
    )


@pytest.mark.parametrize(
    ("author", "cause"),
    [
        (InterventionAuthor.CLIENT, ExclusionCause.CLIENT_INTERVENTION),
        (InterventionAuthor.THIRD_PARTY, ExclusionCause.THIRD_PARTY_INTERVENTION),
    ],
)
def test_what_an_unvalidated_change_led_to_is_excluded_with_its_evidence(
    author: InterventionAuthor, cause: ExclusionCause
) -> None:
    link = a_link()

    exclusion = excluded_by_intervention(an_intervention(author), link)

    assert exclusion == Exclusion(cause, link)
    assert exclusion.link.evidence == (LOG,)
    assert exclusion.is_standing


def test_what_a_validated_change_led_to_stays_covered() -> None:
    validated = an_intervention(validated_by="Alice")

    assert validated.is_covered
    assert not an_intervention().is_covered
    with pytest.raises(InterventionValidated):
        excluded_by_intervention(validated, a_link())


def test_a_change_after_the_trouble_began_did_not_cause_it() -> None:
    late = Intervention(
        "plugin added",
        at("07-06 10:01"),
        InterventionAuthor.CLIENT,
        is_declared=False,
        detected_by=EvidenceKind.ACTIVITY_LOG,
    )

    with pytest.raises(InterventionLater):
        excluded_by_intervention(late, a_link())


def test_a_change_at_the_instant_of_the_trouble_may_have_caused_it() -> None:
    same = Intervention("plugin added", BROKE_AT, InterventionAuthor.CLIENT, is_declared=False)

    assert excluded_by_intervention(same, a_link()).is_standing


def test_a_causal_link_is_explained_and_shown_by_a_person_of_the_agency() -> None:
    with pytest.raises(CausalLinkMissing):
        a_link("  ")
    with pytest.raises(EvidenceMissing):
        CausalLink("The slug.", BROKE_AT, ALICE, SAID_AT, ())
    for actor in (BRUNO, ROBOT):
        with pytest.raises(ExclusionAgencyOnly):
            a_link(by=actor)


def test_a_failure_of_the_host_is_excluded_unless_the_hosting_is_sold() -> None:
    assert excluded_by_host(a_link(), is_hosting_sold=False).cause is ExclusionCause.HOSTING_FAILURE
    with pytest.raises(HostingSold):
        excluded_by_host(a_link(), is_hosting_sold=True)


def test_a_problem_of_the_entry_audit_is_older_than_the_contract() -> None:
    listed = excluded_as_older(
        a_link("Listed.", AUDIT), starts_on=STARTED_ON, seen_on=date(2026, 7, 6)
    )

    assert listed.cause is ExclusionCause.PRE_EXISTING


def test_a_problem_seen_on_the_eve_of_the_contract_is_older_and_one_of_its_first_day_is_not() -> (
    None
):
    older = excluded_as_older(a_link(), starts_on=STARTED_ON, seen_on=date(2026, 1, 4))

    assert older.cause is ExclusionCause.PRE_EXISTING
    for seen_on in (STARTED_ON, None):
        with pytest.raises(ProblemNotOlder):
            excluded_as_older(a_link(), starts_on=STARTED_ON, seen_on=seen_on)


def test_a_regression_of_the_agency_is_never_excluded() -> None:
    with pytest.raises(RegressionNotExcluded):
        excluded_by_intervention(an_intervention(), a_link(), is_regression=True)
    with pytest.raises(RegressionNotExcluded):
        excluded_by_host(a_link(), is_hosting_sold=False, is_regression=True)
    with pytest.raises(RegressionNotExcluded):
        excluded_as_older(a_link(), starts_on=STARTED_ON, seen_on=None, is_regression=True)


def test_a_breach_with_an_excluded_cause_is_not_compensable_until_the_exclusion_is_lifted() -> None:
    exclusion = excluded_by_intervention(an_intervention(), a_link())
    lifted = exclusion.lifted(" A gesture. ", by=ALICE, at=at("07-07 09:00"))

    assert is_compensable(None)
    assert not is_compensable(exclusion)
    assert is_compensable(lifted)
    assert lifted.link == exclusion.link
    assert lifted.lifting is not None
    assert lifted.lifting.reason == "A gesture."


def test_the_first_gesture_stands() -> None:
    exclusion = excluded_by_intervention(an_intervention(), a_link())
    lifted = exclusion.lifted("A gesture.", by=ALICE, at=at("07-07 09:00"))

    assert lifted.lifted("Again.", by=ALICE, at=at("07-08 09:00")) is lifted


def test_an_exclusion_is_lifted_by_a_person_of_the_agency_with_a_reason() -> None:
    exclusion = excluded_by_intervention(an_intervention(), a_link())

    with pytest.raises(ExclusionLiftReason):
        exclusion.lifted(" ", by=ALICE, at=SAID_AT)
    with pytest.raises(ExclusionAgencyOnly):
        exclusion.lifted("Please.", by=BRUNO, at=SAID_AT)
