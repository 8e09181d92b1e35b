"""Credit notes stay within what was invoiced, and pay the next invoices down to zero."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.credit_note_series import NumberInvalid
from helpdesk.domain.credit_note_use import (
    CreditAboveInvoice,
    CreditExhausted,
    ExternalInvoice,
    InvoiceAmountInvalid,
    OpenCredit,
    RateAmbiguous,
    Reducible,
    applied,
    granted,
    rate_of,
    require_granted,
    require_left,
)
from helpdesk.domain.en16931 import ProfileRuleBroken
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import AgencyId, ClientId, CreditNoteId, InvoiceId
from helpdesk.domain.money import Money

cents = st.integers(0, 10**7)


def an_invoice(number: str = "F2026-0711", nets: dict[int, int] | None = None) -> ExternalInvoice:
    amounts = {20_00: 99_00} if nets is None else nets
    return ExternalInvoice(
        InvoiceId(number),
        AgencyId("agency-of-alice"),
        ClientId("bruno-sa"),
        number,
        date(2026, 7, 1),
        {rate: Money(net) for rate, net in amounts.items()},
    )


def reducible(number: str = "F1", net: int = 99_00, credited: int = 0) -> Reducible:
    return Reducible(an_invoice(number, {20_00: net}), {20_00: Money(credited)})


def an_open_credit(number: str, left: int, day: int = 1) -> OpenCredit:
    return OpenCredit(CreditNoteId(number), number, date(2026, 7, day), Money(left))


def test_a_credit_fills_an_invoice_and_no_more() -> None:
    fit = granted(Money(49_50), 20_00, [reducible(credited=80_00)])

    assert (fit.granted, fit.excess) == (Money(19_00), Money(30_50))


def test_the_excess_goes_to_the_next_invoice() -> None:
    fit = granted(Money(49_50), 20_00, [reducible(credited=80_00), reducible("F2", 199_00)])

    assert [(one.number, one.net) for one in fit.shares] == [
        ("F1", Money(19_00)),
        ("F2", Money(30_50)),
    ]
    assert fit.excess == Money(0)


def test_a_full_invoice_and_another_rate_take_nothing() -> None:
    full, at_another_rate = reducible(credited=99_00), Reducible(an_invoice(nets={10_00: 50_00}))

    fit = granted(Money(10_00), 20_00, [full, at_another_rate])

    assert (fit.shares, fit.excess) == ((), Money(10_00))


@given(requested=cents, invoices=st.lists(st.tuples(st.integers(1, 10**7), cents), max_size=5))
def test_no_invoice_is_ever_credited_beyond_itself(
    requested: int, invoices: list[tuple[int, int]]
) -> None:
    bills = [
        reducible(f"F{place}", net, min(net, credited))
        for place, (net, credited) in enumerate(invoices)
    ]

    fit = granted(Money(requested), 20_00, bills)

    assert fit.granted + fit.excess == Money(requested)
    assert sum(one.net.cents for one in fit.shares) == fit.granted.cents
    room = {one.invoice.number: one.left(20_00).cents for one in bills}
    assert all(0 < one.net.cents <= room[one.number] for one in fit.shares)
    assert fit.excess.cents == max(0, requested - sum(room.values()))


def test_what_does_not_fit_whole_is_refused() -> None:
    with pytest.raises(CreditAboveInvoice) as refused:
        require_granted(Money(49_50), 20_00, [reducible(credited=80_00)])

    assert str(refused.value) == (
        "49.50 EUR were asked for and the invoices leave 19.00 EUR: name another invoice for the "
        "30.50 EUR that remain, or pay them back."
    )
    assert require_granted(Money(19_00), 20_00, [reducible(credited=80_00)]).excess == Money(0)


def test_the_rate_is_that_of_the_invoice() -> None:
    assert rate_of([reducible(), reducible("F2")]) == 20_00


def test_of_two_rates_the_reduced_one_is_said() -> None:
    invoice = Reducible(an_invoice(nets={20_00: 99_00, 10_00: 50_00}))

    assert rate_of([invoice], 10_00) == 10_00
    with pytest.raises(RateAmbiguous, match="1000, 2000"):
        rate_of([invoice])
    with pytest.raises(RateAmbiguous):
        rate_of([invoice], 5_50)


def test_an_invoice_comes_to_its_rates_with_their_vat() -> None:
    totals = an_invoice(nets={20_00: 19_90, 10_00: 10_00}).totals

    assert (totals.net, totals.vat, totals.gross) == (Money(29_90), Money(4_98), Money(34_88))


@pytest.mark.parametrize(
    ("number", "nets", "refusal"),
    [
        ("F 1", {20_00: 1}, NumberInvalid),
        ("F1", {}, InvoiceAmountInvalid),
        ("F1", {20_00: 0}, InvoiceAmountInvalid),
        ("F1", {20_00: -1}, InvoiceAmountInvalid),
        ("F1", {20_00: 2**31 - 1}, InvoiceAmountInvalid),
        ("F1", {21_00: 1}, ProfileRuleBroken),
    ],
)
def test_an_invoice_that_no_credit_note_can_name_is_refused(
    number: str, nets: dict[int, int], refusal: type[HelpdeskError]
) -> None:
    with pytest.raises(refusal):
        an_invoice(number, nets)


def test_an_invoice_is_in_one_currency() -> None:
    with pytest.raises(InvoiceAmountInvalid):
        ExternalInvoice(
            InvoiceId("f"),
            AgencyId("a"),
            ClientId("c"),
            "F1",
            date(2026, 7, 1),
            {20_00: Money(1, "USD")},
        )


def test_the_oldest_credit_pays_first_and_the_rest_waits() -> None:
    credits_open = [
        an_open_credit("AV2026-000003", 61_20, day=2),
        an_open_credit("AV2026-000002", 10_00),
        an_open_credit("AV2026-000001", 5_00),
    ]

    paid = applied(credits_open, Money(40_00))

    assert [(one.credit.number, one.amount, one.left) for one in paid.parts] == [
        ("AV2026-000001", Money(5_00), Money(0)),
        ("AV2026-000002", Money(10_00), Money(0)),
        ("AV2026-000003", Money(25_00), Money(36_20)),
    ]
    assert (paid.applied, paid.payable) == (Money(40_00), Money(0))


@given(credits_left=st.lists(cents, max_size=6), payable=cents)
def test_an_invoice_is_never_paid_below_zero(credits_left: list[int], payable: int) -> None:
    credits_open = [
        an_open_credit(f"AV{place}", left, day=1 + place) for place, left in enumerate(credits_left)
    ]

    paid = applied(credits_open, Money(payable))

    assert paid.payable.cents == max(0, payable - sum(credits_left))
    assert paid.applied + paid.payable == Money(payable)
    assert all(one.left.cents >= 0 < one.amount.cents for one in paid.parts)
    assert all(one.left.cents == 0 for one in paid.parts[:-1])


@pytest.mark.parametrize("asked", [-1, 0, 61_21])
def test_a_credit_is_worth_its_amount_once(asked: int) -> None:
    credit = an_open_credit("AV2026-000001", 61_20)

    require_left(credit, Money(61_20))
    with pytest.raises(CreditExhausted):
        require_left(credit, Money(asked))
