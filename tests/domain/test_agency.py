"""By which domains people are recognised, and which version of a calendar counts."""

from itertools import permutations

import pytest

from helpdesk.domain.agency import CalendarVersion, domains_of, version_in_force
from tests.domain.business_calendars import weekly
from tests.factories import AGENCY_ID, OFFICE, at


def a_version(number: int, effective_from: str) -> CalendarVersion:
    return CalendarVersion(OFFICE, AGENCY_ID, number, at(effective_from), weekly("09:00-17:00"))


def test_the_latest_version_that_began_counts() -> None:
    versions = [
        a_version(1, "01-01 00:00"),
        a_version(2, "07-01 00:00"),
        a_version(3, "09-01 00:00"),
    ]

    for shuffled in permutations(versions):
        assert version_in_force(shuffled, at("07-01 00:00")).version == 2
        assert version_in_force(shuffled, at("06-30 23:59")).version == 1
        assert version_in_force(shuffled, at("12-31 00:00")).version == 3


def test_before_the_first_version_the_first_one_counts() -> None:
    assert version_in_force([a_version(2, "07-01 00:00")], at("01-01 00:00")).version == 2


@pytest.mark.parametrize(
    ("email", "domains"),
    [
        ("bruno@example.org", ("example.org",)),
        (
            "Bruno@Mail.Shop.Example.ORG",
            ("mail.shop.example.org", "shop.example.org", "example.org"),
        ),
        ("bruno@localhost", ()),
        ('"odd@name"@example.org', ("example.org",)),
    ],
)
def test_an_address_stands_for_its_domain_and_those_above(
    email: str, domains: tuple[str, ...]
) -> None:
    assert domains_of(email) == domains
