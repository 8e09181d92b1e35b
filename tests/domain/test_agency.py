"""By which domains people are recognised."""

import pytest

from helpdesk.domain.agency import domains_of


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
