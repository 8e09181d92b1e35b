"""The XML of an electronic invoice: UN/CEFACT Cross Industry Invoice, profile EN 16931."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

from helpdesk.domain.en16931 import (
    PROFILE,
    ExchangeDocument,
    ExchangeLine,
    ExchangeParty,
    ExchangeReference,
    ExchangeTax,
    writable,
)
from helpdesk.domain.party import SIREN_SCHEME

_RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
_PREFIXES = {"rsm": _RSM, "ram": _RAM, "udt": _UDT, "qdt": _QDT}

_DAY = "102"
"""UNTDID 2379: a date is written as year, month, day."""

_PIECE = "C62"
_INVOICE_DATE = "5"
"""UNTDID 2475: VAT falls due on the date of the document, the French option for debits."""

Node = ET.Element


def cii_xml(document: ExchangeDocument) -> bytes:
    """Return the file of a document, in UTF-8. The rules of the profile were checked before.

    The delivery date (BT-72) is always written, because a reader takes its empty group for an
    error. Source: Factur-X 1.09, profile EN 16931.
    """
    root = Node(f"{{{_RSM}}}CrossIndustryInvoice")
    for prefix, uri in _PREFIXES.items():
        ET.register_namespace(prefix, uri)
    _context(root, document)
    _heading(root, document)
    trade = ET.SubElement(root, f"{{{_RSM}}}SupplyChainTradeTransaction")
    for place, line in enumerate(document.lines, start=1):
        _line(trade, place, line)
    _agreement(trade, document)
    _delivery(trade, document)
    _settlement(trade, document)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _context(root: Node, document: ExchangeDocument) -> None:
    context = ET.SubElement(root, f"{{{_RSM}}}ExchangedDocumentContext")
    process = _inside(context, "BusinessProcessSpecifiedDocumentContextParameter")
    _text(process, "ID", document.process)
    profile = _inside(context, "GuidelineSpecifiedDocumentContextParameter")
    _text(profile, "ID", PROFILE)


def _heading(root: Node, document: ExchangeDocument) -> None:
    heading = ET.SubElement(root, f"{{{_RSM}}}ExchangedDocument")
    _text(heading, "ID", document.number)
    _text(heading, "TypeCode", document.type_code)
    _day(heading, "IssueDateTime", document.issued_on)
    for note in document.notes:
        written = _inside(heading, "IncludedNote")
        _text(written, "Content", note.text)
        _text(written, "SubjectCode", note.code)


def _line(trade: Node, place: int, line: ExchangeLine) -> None:
    item = _inside(trade, "IncludedSupplyChainTradeLineItem")
    head = _inside(item, "AssociatedDocumentLineDocument")
    _text(head, "LineID", str(place))
    if line.note:
        _text(_inside(head, "IncludedNote"), "Content", line.note)
    _text(_inside(item, "SpecifiedTradeProduct"), "Name", line.label)
    price = _inside(_inside(item, "SpecifiedLineTradeAgreement"), "NetPriceProductTradePrice")
    _text(price, "ChargeAmount", str(line.net))
    delivered = _inside(item, "SpecifiedLineTradeDelivery")
    _text(delivered, "BilledQuantity", "1", unitCode=_PIECE)
    settled = _inside(item, "SpecifiedLineTradeSettlement")
    tax = _inside(settled, "ApplicableTradeTax")
    _text(tax, "TypeCode", "VAT")
    _text(tax, "CategoryCode", line.category)
    _text(tax, "RateApplicablePercent", str(line.rate))
    sums = _inside(settled, "SpecifiedTradeSettlementLineMonetarySummation")
    _text(sums, "LineTotalAmount", str(line.net))


def _agreement(trade: Node, document: ExchangeDocument) -> None:
    agreement = _inside(trade, "ApplicableHeaderTradeAgreement")
    _party(_inside(agreement, "SellerTradeParty"), document.seller, is_seller=True)
    _party(_inside(agreement, "BuyerTradeParty"), document.buyer, is_seller=False)
    if document.contract:
        contract = _inside(agreement, "ContractReferencedDocument")
        _text(contract, "IssuerAssignedID", document.contract)


def _party(node: Node, party: ExchangeParty, *, is_seller: bool) -> None:
    _text(node, "Name", party.name)
    if party.siren:
        legal = _inside(node, "SpecifiedLegalOrganization")
        _text(legal, "ID", party.siren, schemeID=SIREN_SCHEME)
    address = _inside(node, "PostalTradeAddress")
    _text(address, "PostcodeCode", party.address.postcode)
    _text(address, "LineOne", party.address.street)
    if party.address.complement:
        _text(address, "LineTwo", party.address.complement)
    _text(address, "CityName", party.address.city)
    _text(address, "CountryID", party.address.country)
    if party.routed_to:
        routed = _inside(node, "URIUniversalCommunication")
        _text(routed, "URIID", party.routed_to, schemeID=party.scheme)
    if party.vat_number:
        _text(_inside(node, "SpecifiedTaxRegistration"), "ID", party.vat_number, schemeID="VA")
    elif is_seller and party.siren:  # who bills without VAT is known to the tax office by it
        _text(_inside(node, "SpecifiedTaxRegistration"), "ID", party.siren, schemeID="FC")


def _delivery(trade: Node, document: ExchangeDocument) -> None:
    delivery = _inside(trade, "ApplicableHeaderTradeDelivery")
    event = _inside(delivery, "ActualDeliverySupplyChainEvent")
    _day(event, "OccurrenceDateTime", document.delivered_on)


def _settlement(trade: Node, document: ExchangeDocument) -> None:
    settlement = _inside(trade, "ApplicableHeaderTradeSettlement")
    _text(settlement, "InvoiceCurrencyCode", document.currency)
    for tax in document.taxes:
        _tax(settlement, tax, is_on_debits=document.is_vat_on_debits)
    if document.first_day is not None and document.last_day is not None:
        period = _inside(settlement, "BillingSpecifiedPeriod")
        _day(period, "StartDateTime", document.first_day)
        _day(period, "EndDateTime", document.last_day)
    sums = _inside(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    totals, currency = document.totals, document.currency
    _text(sums, "LineTotalAmount", str(totals.lines))
    _text(sums, "TaxBasisTotalAmount", str(totals.net))
    _text(sums, "TaxTotalAmount", str(totals.vat), currencyID=currency)
    _text(sums, "GrandTotalAmount", str(totals.gross))
    _text(sums, "DuePayableAmount", str(totals.due))
    for reference in document.preceding:
        _reference(settlement, reference)


def _tax(settlement: Node, tax: ExchangeTax, *, is_on_debits: bool) -> None:
    node = _inside(settlement, "ApplicableTradeTax")
    _text(node, "CalculatedAmount", str(tax.vat))
    _text(node, "TypeCode", "VAT")
    if tax.exemption_reason:
        _text(node, "ExemptionReason", tax.exemption_reason)
    _text(node, "BasisAmount", str(tax.net))
    _text(node, "CategoryCode", tax.category)
    if tax.exemption_code:
        _text(node, "ExemptionReasonCode", tax.exemption_code)
    if is_on_debits and tax.rate != Decimal(0):
        _text(node, "DueDateTypeCode", _INVOICE_DATE)
    _text(node, "RateApplicablePercent", str(tax.rate))


def _reference(settlement: Node, reference: ExchangeReference) -> None:
    node = _inside(settlement, "InvoiceReferencedDocument")
    if reference.number:
        _text(node, "IssuerAssignedID", reference.number)
    if reference.issued_on is not None:
        dated = _inside(node, "FormattedIssueDateTime")
        written = ET.SubElement(dated, f"{{{_QDT}}}DateTimeString", format=_DAY)
        written.text = f"{reference.issued_on:%Y%m%d}"


def _inside(parent: Node, name: str) -> Node:
    return ET.SubElement(parent, f"{{{_RAM}}}{name}")


def _text(parent: Node, name: str, text: str, **attributes: str) -> None:
    node = ET.SubElement(parent, f"{{{_RAM}}}{name}", attributes)
    node.text = writable(text)


def _day(parent: Node, name: str, day: date) -> None:
    dated = _inside(parent, name)
    ET.SubElement(dated, f"{{{_UDT}}}DateTimeString", format=_DAY).text = f"{day:%Y%m%d}"
