"""The parties of a fiscal document: who sells and who buys, with the numbers that identify them."""

import re
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.message import TextRequired, TextTooLong, storable

FRANCE = "FR"
LONGEST_TEXT = 200
SIREN_SCHEME = "0002"
DIRECTORY_SCHEME = "0225"
MAIL_SCHEME = "EM"

_NAMED_IN_INPUT = {"legal_notice": "legalNotice"}
_SIREN = re.compile(r"[0-9]{9}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_VAT_NUMBER = re.compile(r"([A-Z]{2})([0-9A-Z+*]{2,12})", re.ASCII)
_FRENCH_KEY = re.compile(r"[0-9]{2}", re.ASCII)
_DIRECTORY_ADDRESS = re.compile(r"[A-Za-z0-9+\-_.]{1,125}", re.ASCII)
_MAIL_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,60}")
_BLANKS = re.compile(r"[\s\u00a0\u202f.]+")
_DOUBLED_DIGIT_ABOVE_NINE = 9
_KEY_MODULUS = 97


class SirenInvalid(HelpdeskError):
    """A company is named by its SIREN on every invoice; a wrong one names another company."""

    code: ClassVar[ErrorCode] = ErrorCode.PARTY_INVALID
    english: ClassVar[str] = (
        "“{given}” is not a SIREN: give the nine digits of the company, whose key adds up."
    )
    french: ClassVar[str] = (
        "« {given} » n'est pas un SIREN : donnez les neuf chiffres de l'entreprise, clé comprise."
    )


class SirenRequired(HelpdeskError):
    """Between French companies an invoice names both by their SIREN."""

    code: ClassVar[ErrorCode] = ErrorCode.PARTY_INVALID
    english: ClassVar[str] = "{name} has no SIREN: a French company needs one on an invoice."
    french: ClassVar[str] = "{name} n'a pas de SIREN : une facture française le demande."


class VatNumberInvalid(HelpdeskError):
    """VAT is taken back under this number, so a slip in it costs the client the deduction."""

    code: ClassVar[ErrorCode] = ErrorCode.PARTY_INVALID
    english: ClassVar[str] = (
        "“{given}” is not the VAT number of {name}: in France it is FR, a key and the SIREN."
    )
    french: ClassVar[str] = (
        "« {given} » n'est pas le numéro de TVA de {name} : en France, FR, une clé et le SIREN."
    )


class ElectronicAddressInvalid(HelpdeskError):
    """An electronic invoice is routed by this address alone."""

    code: ClassVar[ErrorCode] = ErrorCode.PARTY_INVALID
    english: ClassVar[str] = (
        "“{given}” is no address for electronic invoices of {name}: in France it begins with the"
        " SIREN and has letters, digits, - _ and . only; elsewhere it is a mail address."
    )
    french: ClassVar[str] = (
        "« {given} » n'est pas une adresse de facturation électronique de {name} : en France elle"
        " commence par le SIREN, avec lettres, chiffres, - _ et . ; ailleurs, une adresse mail."
    )


class CountryInvalid(HelpdeskError):
    """The country decides which rules a document obeys."""

    code: ClassVar[ErrorCode] = ErrorCode.PARTY_INVALID
    english: ClassVar[str] = "“{given}” is not a country: give its two letters, such as FR."
    french: ClassVar[str] = "« {given} » n'est pas un pays : donnez ses deux lettres, comme FR."


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a party has its seat; `country` has two letters. Raises TextRequired, CountryInvalid.

    Source: CGI ann. II art. 242 nonies A, addresses of both parties.
    """

    street: str
    postcode: str
    city: str
    country: str = FRANCE
    complement: str = ""

    def __post_init__(self) -> None:
        """Refuse an address that no letter would reach."""
        for field in ("street", "postcode", "city"):
            if not getattr(self, field).strip():
                raise TextRequired(path=("address", field), field=field)
        _require_short(self, ("street", "postcode", "city", "complement"), "address")
        if _COUNTRY.fullmatch(self.country) is None:
            raise CountryInvalid(path=("address", "country"), given=self.country[:20])


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys, as the documents name him; numbers are kept without blanks.

    `legal_notice` is what commerce law asks of the seller: legal form, capital, register. An
    `electronic_address` that is left empty is the SIREN. `is_consumer` buys for himself and has no
    SIREN. Raises TextRequired, SirenRequired, SirenInvalid, VatNumberInvalid and
    ElectronicAddressInvalid. Source: 242 nonies A, decree 2022-1299.
    """

    name: str
    address: PostalAddress
    siren: str = ""
    vat_number: str = ""
    electronic_address: str = ""
    legal_notice: str = ""
    is_consumer: bool = False

    def __post_init__(self) -> None:
        """Refuse what would name somebody else."""
        if not self.name.strip():
            raise TextRequired(path=("name",), field="name")
        _require_short(self, ("name", "legal_notice"))
        self._check_siren()
        self._check_vat_number()
        self._check_electronic_address()

    @property
    def is_french(self) -> bool:
        """Whether the party has its seat in France."""
        return self.address.country == FRANCE

    @property
    def routed_to(self) -> str:
        """The address for electronic documents: the one that was given, else the SIREN."""
        return self.electronic_address or self.siren

    @property
    def routing_scheme(self) -> str:
        """The list that the address for electronic documents is of."""
        return MAIL_SCHEME if "@" in self.routed_to else DIRECTORY_SCHEME

    def _check_siren(self) -> None:
        if not self.siren:
            if self.is_french and not self.is_consumer:
                raise SirenRequired(path=("siren",), name=self.name)
            return
        if not siren_adds_up(self.siren):
            raise SirenInvalid(path=("siren",), given=self.siren[:30])

    def _check_vat_number(self) -> None:
        if not self.vat_number:
            return
        written = _VAT_NUMBER.fullmatch(self.vat_number)
        is_its_own = written is not None and (
            written[1] != FRANCE or self.vat_number == _french(written[2], self.siren)
        )
        if not is_its_own:
            raise VatNumberInvalid(path=("vatNumber",), given=self.vat_number[:30], name=self.name)

    def _check_electronic_address(self) -> None:
        given = self.electronic_address
        if not given:
            return
        shape = _DIRECTORY_ADDRESS if self.siren else _MAIL_ADDRESS
        if shape.fullmatch(given) is None or not given.startswith(self.siren):
            raise ElectronicAddressInvalid(
                path=("electronicAddress",), given=given[:60], name=self.name
            )


def party(  # noqa: PLR0913 - one argument for each field of the form
    name: str,
    address: PostalAddress,
    *,
    siren: str = "",
    vat_number: str = "",
    electronic_address: str = "",
    legal_notice: str = "",
    is_consumer: bool = False,
) -> Party:
    """Return a party from what people type: blanks and dots within the numbers are left out.

    Raises what Party raises.

    >>> seat = PostalAddress("1 rue de la Paix", "75002", "Paris")
    >>> party("Alice", seat, siren="732 829 320", vat_number="fr 44 732829320").vat_number
    'FR44732829320'
    """
    return Party(
        storable(name).strip(),
        address,
        siren=_compact(siren),
        vat_number=_compact(vat_number).upper(),
        electronic_address=storable(electronic_address).strip(),
        legal_notice=storable(legal_notice).strip(),
        is_consumer=is_consumer,
    )


def postal_address(
    street: str, postcode: str, city: str, *, country: str = FRANCE, complement: str = ""
) -> PostalAddress:
    """Return an address from what people type. Raises what PostalAddress raises."""
    return PostalAddress(
        storable(street).strip(),
        storable(postcode).strip(),
        storable(city).strip(),
        country.strip().upper(),
        storable(complement).strip(),
    )


def siren_adds_up(text: str) -> bool:
    """Return whether a text is nine digits whose last one is the key that Luhn's formula gives.

    >>> siren_adds_up("732829320"), siren_adds_up("732829321"), siren_adds_up("73282932")
    (True, False, False)
    """
    if _SIREN.fullmatch(text) is None or text == "0" * len(text):
        return False
    total = 0
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (1 + place % 2)
        total += value - _DOUBLED_DIGIT_ABOVE_NINE if value > _DOUBLED_DIGIT_ABOVE_NINE else value
    return total % 10 == 0


def french_vat_number(siren: str) -> str:
    """Return the VAT number of a French company: FR, the key modulo 97, its SIREN.

    >>> french_vat_number("732829320")
    'FR44732829320'
    """
    key = (12 + 3 * (int(siren) % _KEY_MODULUS)) % _KEY_MODULUS
    return f"{FRANCE}{key:02}{siren}"


def _french(number: str, siren: str) -> str | None:
    """Return the number with the key that its SIREN asks for, None for the number of another.

    A key with a letter follows another formula that is published nowhere; it is taken as it is.
    """
    key, of_siren = number[:2], number[2:]
    if of_siren != siren:
        return None
    return french_vat_number(siren) if _FRENCH_KEY.fullmatch(key) else f"{FRANCE}{number}"


def _require_short(holder: "PostalAddress | Party", fields: tuple[str, ...], *path: str) -> None:
    for field in fields:
        length = len(getattr(holder, field))
        if length > LONGEST_TEXT:
            named = _NAMED_IN_INPUT.get(field, field)
            raise TextTooLong(path=(*path, named), field=named, length=length, limit=LONGEST_TEXT)


def _compact(text: str) -> str:
    return _BLANKS.sub("", storable(text))
