"""Who bills and who is billed, as documents name them."""

import strawberry

from helpdesk.domain.money import VatRegime
from helpdesk.graphql.fields import attribute, described_enum

described_enum(
    VatRegime,
    "VatRegime",
    "Under which rule of taxation an agency bills.",
    {
        VatRegime.STANDARD: "With VAT.",
        VatRegime.FRANCHISE: "Without VAT, art. 293 B of the French tax code.",
        VatRegime.REVERSE_CHARGE: "The customer owes the VAT.",
        VatRegime.NET_OF_TAX: "The VAT of the original invoices is left as it is.",
    },
)


@strawberry.type(description="A postal address on documents.")
class BillingAddress:
    """A postal address on documents."""

    street: str = attribute("Number and street.")
    complement: str = attribute("What else finds the door; empty when nothing does.")
    postcode: str = attribute("The postcode.")
    city: str = attribute("The town.")
    country: str = attribute("The country by two letters, such as `FR`.")


@strawberry.type(description="Who sells or buys, as documents name him.")
class BillingIdentity:
    """Who sells or buys, as documents name him."""

    name: str = attribute("The legal name.")
    address: BillingAddress = attribute("The seat.")
    siren: str = attribute("The SIREN; empty for a foreign company and for a consumer.")
    vat_number: str = attribute("The VAT number; empty when there is none.")
    electronic_address: str = attribute(
        "The address for electronic invoices; empty when it is the SIREN."
    )
    legal_notice: str = attribute("Legal form, capital, register; empty when not said.")
    is_consumer: bool = attribute("Whether he buys for himself.")


@strawberry.type(description="How an agency invoices, as its next document says it.")
class FiscalIdentity:
    """How an agency invoices."""

    seller: BillingIdentity = attribute("Who it is on documents.")
    regime: VatRegime = attribute("Under which rule of taxation it bills.", name="vatRegime")
    is_vat_on_debits: bool = attribute("Whether it opted for VAT on debits.")
    number_prefix: str = attribute("What its numbers begin with; `{year}` is the year.")
    number_width: int = attribute("How many digits its numbers have.")
    is_numbering_shared: bool = attribute(
        "Whether the invoicing tool gives the numbers, in the series of its invoices."
    )
