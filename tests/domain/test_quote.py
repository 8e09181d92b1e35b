"""What a quote says, what it comes to, and how long it holds."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from helpdesk.domain.ids import ClientId
from helpdesk.domain.money import Money, Totals
from helpdesk.domain.quote import (
    QUOTE_STEPS,
    Quote,
    QuoteCurrencyMixed,
    QuoteLine,
    QuoteLineInvalid,
    QuoteStatus,
    QuoteStep,
    QuoteStepRefused,
    QuoteValidityInvalid,
)
from tests.domain.commercial import PARIS, SENT_AT, a_line, a_quote


def test_lines_come_to_their_net_and_the_vat_of_each_rate_on_its_sum() -> None:
    quote = a_quote(a_line(quantity=3, cents=33), a_line(cents=100_00, vat_rate=10_00))

    assert quote.totals == Totals(Money(200_99), Money(20_20))
    assert quote.totals.gross == Money(221_19)


def test_a_discount_is_a_line_with_a_negative_price() -> None:
    quote = a_quote(a_line(quantity=1, cents=500_00), a_line("Remise", quantity=1, cents=-50_00))

    assert quote.totals.net == Money(450_00)


@pytest.mark.parametrize(
    ("description", "quantity", "vat_rate"),
    [("  ", 1, 0), ("Page", 0, 0), ("Page", 1, -1), ("Page", 1, 100_00)],
)
def test_a_line_that_no_invoice_could_take_is_refused(
    description: str, quantity: int, vat_rate: int
) -> None:
    with pytest.raises(QuoteLineInvalid) as refusal:
        QuoteLine(description, quantity, Money(1), vat_rate)

    assert (refusal.value.values["quantity"], refusal.value.values["vat_rate"]) == (
        quantity,
        vat_rate,
    )


def test_a_line_in_another_currency_is_refused() -> None:
    with pytest.raises(QuoteCurrencyMixed, match="is in USD, the quote in EUR"):
        a_quote(a_line(currency="USD"))

    assert a_quote(a_line(currency="USD"), currency="USD").totals.net == Money(900_00, "USD")


def test_a_quote_holds_for_a_day_at_least() -> None:
    with pytest.raises(QuoteValidityInvalid):
        a_quote(validity_days=0)


def test_a_quote_that_was_not_sent_does_not_expire() -> None:
    assert a_quote().expires_at is None


@pytest.mark.parametrize(
    ("sent_at", "expires_at"),
    [
        (SENT_AT, datetime(2026, 7, 31, 22, tzinfo=UTC)),
        # 23:30 in UTC is 2 July in Paris; the winter time comes on 25 October.
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), datetime(2026, 8, 1, 22, tzinfo=UTC)),
        (datetime(2026, 10, 1, 7, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_quote_holds_to_the_end_of_its_last_local_day(
    sent_at: datetime, expires_at: datetime
) -> None:
    assert replace(a_quote(), sent_at=sent_at).expires_at == expires_at


@pytest.mark.parametrize("step", QuoteStep)
@pytest.mark.parametrize("status", QuoteStatus)
def test_each_step_is_possible_from_the_statuses_of_the_table_alone(
    step: QuoteStep, status: QuoteStatus
) -> None:
    quote = replace(a_quote(), status=status)

    if status in QUOTE_STEPS[step]:
        assert quote.after(step) is QUOTE_STEPS[step][status]
    else:
        with pytest.raises(QuoteStepRefused):
            quote.after(step)


def test_a_refused_step_names_what_is_possible() -> None:
    with pytest.raises(QuoteStepRefused) as refusal:
        a_quote().after(QuoteStep.ACCEPT)
    assert refusal.value.values["possible"] == "editQuote, sendQuote, cancelQuote"

    with pytest.raises(QuoteStepRefused) as at_the_end:
        replace(a_quote(), status=QuoteStatus.REFUSED).after(QuoteStep.ACCEPT)
    assert at_the_end.value.values["possible"] == "—"


def test_a_document_is_canonical_and_its_hash_is_the_sha_256_of_its_bytes() -> None:
    quote = a_quote(a_line("Page “À propos”"))

    assert quote.document().decode() == (
        '{"client":"boulangerie-bruno","created_at":"2026-06-30T08:00:00+00:00","currency":"EUR",'
        '"lines":[{"description":"Page “À propos”","quantity":2,"unit_cents":45000,'
        '"vat_basis_points":2000}],"net_cents":90000,"number":"D2026-0007",'
        '"title":"Page des horaires","validity_days":30,"vat_cents":18000,"version":1}'
    )
    assert quote.document_hash == sha256(quote.document()).hexdigest()


def test_the_hash_does_not_depend_on_the_status_nor_on_the_zone_of_an_instant() -> None:
    quote = a_quote(a_line())
    elsewhere = replace(quote, created_at=quote.created_at.astimezone(PARIS))

    assert replace(quote, status=QuoteStatus.SENT, sent_at=SENT_AT).document_hash == (
        quote.document_hash
    )
    assert elsewhere.document_hash == quote.document_hash


@pytest.mark.parametrize(
    "changed",
    [
        a_quote(a_line(cents=450_01)),
        a_quote(a_line(quantity=3)),
        a_quote(a_line(vat_rate=10_00)),
        a_quote(a_line("Autre page")),
        a_quote(a_line(), validity_days=31),
        replace(a_quote(a_line()), version=2),
        replace(a_quote(a_line()), title="Autre titre"),
        replace(a_quote(a_line()), client_id=ClientId("cabinet-chloe")),
    ],
)
def test_whatever_the_client_agrees_to_changes_the_hash(changed: Quote) -> None:
    assert changed.document_hash != a_quote(a_line()).document_hash
