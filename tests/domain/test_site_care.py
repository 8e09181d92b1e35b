"""The sheet of a site, the emergency procedure and the review meetings of a contract."""

from datetime import date
from typing import Any

import pytest

from helpdesk.domain.emergency import (
    EmergencyContact,
    EmergencyProcedure,
    EmergencyProcedureIncomplete,
)
from helpdesk.domain.plan import Origin, PlanServices, Sourced
from helpdesk.domain.review import (
    ReviewRhythm,
    ReviewToCome,
    ReviewTooRare,
    require_held,
    usual_rhythm,
)
from helpdesk.domain.secret_text import SecretRefused
from helpdesk.domain.site_sheet import (
    TEXT_LIMIT,
    SheetCountNegative,
    SheetTextTooLong,
    SiteSheet,
)

ANNE = EmergencyContact("Anne", "on call", phone="+33 1 23 45 67 89")


def sourced(value: bool) -> Sourced[bool]:  # noqa: FBT001 - the value of a service
    return Sourced(value, Origin.SOURCE, "002 §4.2")


def test_what_a_newer_sheet_does_not_say_stays_as_it_was() -> None:
    first = SiteSheet(cms="WordPress", cms_version="6.7", plugin_count=12, has_staging=True)

    second = first.updated(SiteSheet(cms_version="6.8", plugin_count=0, has_staging=False))

    assert second == SiteSheet(
        cms="WordPress", cms_version="6.8", plugin_count=0, has_staging=False
    )


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"host": "OVH, mdp: Soleil42"}, SecretRefused),
        ({"theme": "x" * (TEXT_LIMIT + 1)}, SheetTextTooLong),
        ({"plugin_count": -1}, SheetCountNegative),
    ],
)
def test_a_sheet_takes_no_secret_no_essay_and_no_negative_number(
    fields: dict[str, Any],
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal) as refused:
        SiteSheet(**fields)

    assert refused.value.path == tuple(fields)  # type: ignore[attr-defined]  # all are refusals


@pytest.mark.parametrize(
    ("until", "expected"),
    [(None, None), (date(2026, 7, 6), True), (date(2026, 7, 5), False)],
)
def test_php_is_supported_until_its_last_day(*, until: date | None, expected: bool | None) -> None:
    assert SiteSheet(php_supported_until=until).is_php_supported(date(2026, 7, 6)) is expected


def test_a_procedure_says_whom_to_call_how_to_go_back_and_who_takes_over() -> None:
    procedure = EmergencyProcedure((ANNE,), "make rollback", "Then the host, then the director")

    assert procedure.contacts == (ANNE,)


@pytest.mark.parametrize(
    ("contacts", "rollback", "escalation", "path"),
    [
        ((), "make rollback", "the host", ("contacts",)),
        ((ANNE,), " ", "the host", ("rollback",)),
        ((ANNE,), "make rollback", "", ("escalation",)),
    ],
)
def test_a_procedure_with_a_hole_is_refused(
    contacts: tuple[EmergencyContact, ...], rollback: str, escalation: str, path: tuple[str, ...]
) -> None:
    with pytest.raises(EmergencyProcedureIncomplete) as refused:
        EmergencyProcedure(contacts, rollback, escalation)

    assert refused.value.path == path


@pytest.mark.parametrize(
    "contact",
    [
        {"name": "", "role": "on call", "phone": "1"},
        {"name": "Anne", "role": " ", "phone": "1"},
        {"name": "Anne", "role": "on call", "phone": " ", "email": ""},
    ],
)
def test_a_contact_who_cannot_be_reached_is_none(contact: dict[str, str]) -> None:
    with pytest.raises(EmergencyProcedureIncomplete):
        EmergencyContact(**contact)


def test_a_procedure_holds_no_password() -> None:
    with pytest.raises(SecretRefused):
        EmergencyProcedure((ANNE,), "ssh root, password: Soleil42", "the host")


@pytest.mark.parametrize("months", [0, 13])
def test_a_contract_is_reviewed_once_a_year_at_least(months: int) -> None:
    with pytest.raises(ReviewTooRare):
        ReviewRhythm(months)


def test_the_next_review_counts_from_the_last_or_from_the_beginning() -> None:
    yearly, since = ReviewRhythm(12), date(2026, 1, 1)

    assert yearly.next_on(since=since, held=[]) == date(2027, 1, 1)
    assert yearly.next_on(since=since, held=[date(2026, 6, 1), date(2026, 3, 1)]) == date(
        2027, 6, 1
    )


@pytest.mark.parametrize(
    ("services", "months"),
    [
        (PlanServices(), 12),
        (PlanServices(account_manager=sourced(False)), 12),
        (PlanServices(account_manager=sourced(True)), 1),
    ],
)
def test_an_account_manager_reviews_every_month(services: PlanServices, months: int) -> None:
    assert usual_rhythm(services) == ReviewRhythm(months)


def test_a_meeting_is_recorded_once_it_was_held() -> None:
    require_held(date(2026, 7, 6), today=date(2026, 7, 6))

    with pytest.raises(ReviewToCome):
        require_held(date(2026, 7, 7), today=date(2026, 7, 6))
