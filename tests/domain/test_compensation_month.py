"""The credits of a month together: one incident pays once, and the cap is never passed."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.compensation_clause import SameIncident
from helpdesk.domain.compensation_month import Award, Claim, Room, awarded

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HIGHEST, CUMULATE = SameIncident


def a_claim(
    key: str, cents: int | Fraction, *incidents: str, hour: int = 0, issued: int = 0
) -> Claim[str]:
    at = NOON + timedelta(hours=hour)
    return Claim(key, at, Fraction(cents), frozenset(incidents), issued)


def paid(
    *claims: Claim[str], same: SameIncident = HIGHEST, cap: int | None = None
) -> dict[str, int]:
    room = Room(None if cap is None else Fraction(cap))
    return {key: award.cents for key, award in awarded(claims, same, room).items()}


def test_the_cap_is_used_up_in_the_order_of_the_breaches_and_the_last_one_is_partial() -> None:
    awards = awarded(
        [a_claim("late", 5970, hour=9), a_claim("early", 5970), a_claim("last", 1000, hour=10)],
        HIGHEST,
        Room(Fraction(9950)),
    )

    assert list(awards) == ["early", "late", "last"]
    assert [one.cents for one in awards.values()] == [5970, 3980, 0]
    assert [one.capped_cents for one in awards.values()] == [0, 1990, 1000]
    assert awards["late"].room == 3980


def test_without_a_cap_nothing_is_taken() -> None:
    assert awarded([a_claim("a", 9_999_99)], HIGHEST, Room()) == {
        "a": Award(9_999_99, 0, outweighed=False, room=None)
    }


def test_the_narrower_of_both_caps_counts_and_both_are_used_up() -> None:
    claims = [a_claim("a", 600), a_claim("b", 600, hour=1)]

    awards = awarded(claims, HIGHEST, Room(Fraction(1000), Fraction(700)))

    assert [one.cents for one in awards.values()] == [600, 100]
    assert awarded(claims, HIGHEST, Room(None, Fraction(-5)))["a"].cents == 0


def test_an_amount_is_rounded_once_after_the_cap() -> None:
    third = Fraction(100_000, 3)

    assert paid(a_claim("a", third)) == {"a": 33_333}
    assert paid(a_claim("a", Fraction(1, 2))) == {"a": 1}
    assert paid(a_claim("a", 100), a_claim("b", Fraction(1, 2), hour=1), cap=100) == {
        "a": 100,
        "b": 0,
    }


def test_what_was_issued_uses_up_the_cap_even_where_less_is_owed_now() -> None:
    claims = [a_claim("a", 500, issued=900), a_claim("b", 500, hour=1)]

    assert paid(*claims, cap=1000) == {"a": 500, "b": 100}


def test_one_incident_pays_the_higher_credit_alone() -> None:
    clock, month = a_claim("clock", 2985, "i1"), a_claim("month", 4975, "i1", hour=9)

    assert paid(clock, month) == {"clock": 0, "month": 4975}
    assert paid(clock, month, same=CUMULATE) == {"clock": 2985, "month": 4975}


def test_the_earlier_of_two_equal_credits_is_paid() -> None:
    assert paid(a_claim("b", 10, "i1", hour=1), a_claim("a", 10, "i1")) == {"a": 10, "b": 0}


def test_an_outweighed_credit_that_was_issued_still_uses_up_the_cap() -> None:
    claims = [a_claim("clock", 100, "i1", issued=100), a_claim("month", 500, "i1", hour=9)]

    awards = awarded(claims, HIGHEST, Room(Fraction(500)))

    assert awards["clock"].outweighed
    assert awards["month"].cents == 400


def test_a_month_of_several_incidents_is_weighed_against_all_their_credits() -> None:
    first, second = a_claim("c1", 30, "i1"), a_claim("c2", 30, "i2", hour=1)

    assert paid(first, second, a_claim("month", 50, "i1", "i2", hour=9)) == {
        "c1": 30,
        "c2": 30,
        "month": 0,
    }
    assert paid(first, second, a_claim("month", 60, "i1", "i2", hour=9)) == {
        "c1": 0,
        "c2": 0,
        "month": 60,
    }


def test_other_incidents_and_none_at_all_are_paid_each() -> None:
    claims = [a_claim("a", 10, "i1"), a_claim("b", 20, "i2", hour=1), a_claim("c", 5, hour=2)]

    assert paid(*claims) == {"a": 10, "b": 20, "c": 5}


@given(
    st.lists(st.tuples(st.integers(0, 500_00), st.integers(1, 7), st.integers(0, 3)), max_size=12),
    st.integers(0, 400_00),
)
def test_no_mix_of_credits_ever_passes_the_cap_by_half_a_cent(
    claimed: list[tuple[int, int, int]], cap: int
) -> None:
    claims = [
        a_claim(
            str(number), Fraction(cents, parts), *[f"i{incident}"] * (incident > 0), hour=number
        )
        for number, (cents, parts, incident) in enumerate(claimed)
    ]

    awards = awarded(claims, HIGHEST, Room(Fraction(cap)))

    assert sum(one.cents for one in awards.values()) <= cap
    assert all(one.cents >= 0 <= one.capped_cents for one in awards.values())
