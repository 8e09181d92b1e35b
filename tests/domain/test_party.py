"""Who sells and who buys is named by numbers that add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.message import TextRequired, TextTooLong
from helpdesk.domain.party import (
    CountryInvalid,
    ElectronicAddressInvalid,
    Party,
    PostalAddress,
    SirenInvalid,
    SirenRequired,
    VatNumberInvalid,
    french_vat_number,
    party,
    postal_address,
    siren_adds_up,
)
from tests.einvoice.documents import ALICE_SIREN, BRUNO_SIREN

LYON = PostalAddress("12 rue des Lilas", "69003", "Lyon")
BERLIN = PostalAddress("Ring 1", "10115", "Berlin", "DE")


@given(st.integers(min_value=1, max_value=99_999_999))
def test_exactly_one_digit_makes_eight_digits_a_siren(begin: int) -> None:
    texts = [f"{begin:08}{digit}" for digit in range(10)]

    assert sum(map(siren_adds_up, texts)) == 1


@given(st.integers(min_value=0, max_value=8), st.integers(min_value=1, max_value=9))
def test_a_slip_in_one_digit_is_always_seen(place: int, by: int) -> None:
    digits = list(ALICE_SIREN)
    digits[place] = str((int(digits[place]) + by) % 10)

    assert not siren_adds_up("".join(digits))


@pytest.mark.parametrize(
    "text", ["", "000000000", "73282932", "7328293200", "73282932A", "７３２８２９３２０"]
)
def test_what_is_not_nine_digits_is_no_siren(text: str) -> None:
    assert not siren_adds_up(text)


def test_the_key_of_a_vat_number_has_two_digits() -> None:
    assert french_vat_number(BRUNO_SIREN) == "FR96552100554"
    assert len(french_vat_number("000000208")) == 13


def test_what_people_type_is_kept_without_blanks() -> None:
    alice = party(
        " Atelier Alice ",
        LYON,
        siren="732 829 320",
        vat_number="fr44 732.829.320",
        electronic_address=" 732829320_COMPTA ",
    )

    assert alice == Party(
        "Atelier Alice",
        LYON,
        siren=ALICE_SIREN,
        vat_number="FR44732829320",
        electronic_address="732829320_COMPTA",
    )
    assert (alice.routed_to, alice.routing_scheme) == ("732829320_COMPTA", "0225")


def test_an_address_is_kept_without_outer_blanks() -> None:
    typed = postal_address(" 1 rue\x00 ", "69003", "Lyon ", country="fr", complement=" B ")

    assert typed == PostalAddress("1 rue\ufffd", "69003", "Lyon", "FR", "B")


def test_without_an_electronic_address_the_siren_is_the_address() -> None:
    alice = party("Atelier Alice", LYON, siren=ALICE_SIREN)

    assert (alice.routed_to, alice.routing_scheme) == (ALICE_SIREN, "0225")


def test_a_foreign_company_has_no_siren_and_a_mail_address() -> None:
    zeit = party(
        "Zeit GmbH", BERLIN, vat_number="DE 123456789", electronic_address="kasse@zeit.example"
    )

    assert not zeit.is_french
    assert (zeit.routed_to, zeit.routing_scheme) == ("kasse@zeit.example", "EM")


def test_a_consumer_has_no_siren() -> None:
    assert party("Chloé Martin", LYON, is_consumer=True).siren == ""


def test_a_key_with_letters_is_taken_as_it_is() -> None:
    assert party("Alice", LYON, siren=ALICE_SIREN, vat_number="FRK7732829320").vat_number


@pytest.mark.parametrize(
    ("fields", "refusal", "path"),
    [
        ({"name": " "}, TextRequired, ("name",)),
        ({"name": "A" * 201}, TextTooLong, ("name",)),
        ({"legal_notice": "A" * 201}, TextTooLong, ("legalNotice",)),
        ({"siren": ""}, SirenRequired, ("siren",)),
        ({"siren": "732829321"}, SirenInvalid, ("siren",)),
        ({"vat_number": "FR45732829320"}, VatNumberInvalid, ("vatNumber",)),
        ({"vat_number": "FR96552100554"}, VatNumberInvalid, ("vatNumber",)),
        ({"vat_number": "44732829320"}, VatNumberInvalid, ("vatNumber",)),
        (
            {"electronic_address": BRUNO_SIREN},
            ElectronicAddressInvalid,
            ("electronicAddress",),
        ),
        (
            {"electronic_address": f"{ALICE_SIREN} b"},
            ElectronicAddressInvalid,
            ("electronicAddress",),
        ),
        (
            {"address": BERLIN, "siren": "", "electronic_address": "kasse"},
            ElectronicAddressInvalid,
            ("electronicAddress",),
        ),
    ],
)
def test_what_names_somebody_else_is_refused(
    fields: dict[str, object], refusal: type[HelpdeskError], path: tuple[str, ...]
) -> None:
    told = {"name": "Alice", "address": LYON, "siren": ALICE_SIREN, **fields}

    with pytest.raises(refusal) as refused:
        party(**told)  # type: ignore[arg-type]  # the fields of a party, by name

    assert refused.value.path == path


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        (("", "69003", "Lyon"), TextRequired),
        (("1 rue", " ", "Lyon"), TextRequired),
        (("1 rue", "69003", ""), TextRequired),
        (("1 rue" * 50, "69003", "Lyon"), TextTooLong),
        (("1 rue", "69003", "Lyon", "France"), CountryInvalid),
        (("1 rue", "69003", "Lyon", "fr"), CountryInvalid),
    ],
)
def test_an_address_that_no_letter_reaches_is_refused(
    fields: tuple[str, ...], refusal: type[HelpdeskError]
) -> None:
    with pytest.raises(refusal):
        PostalAddress(*fields)
