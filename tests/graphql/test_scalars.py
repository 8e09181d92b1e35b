"""Scalars, identities and cursors come back as they went out, and nothing else comes in."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.graphql.cursors import CursorMalformed, cursor, parse_cursor
from helpdesk.graphql.global_ids import NODES, IdMalformed, global_id, id_of, parse_id
from helpdesk.graphql.scalars import (
    instant_text,
    parse_date,
    parse_email,
    parse_instant,
    parse_locale,
    parse_url,
)
from helpdesk.usecases.read_models import Noun, Order, OrderField

INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - the zone is drawn too
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - likewise
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


@given(INSTANTS)
def test_an_instant_comes_back(instant: datetime) -> None:
    text = instant_text(instant)

    assert text.endswith("Z")
    assert parse_instant(text) == instant


@given(st.sampled_from(sorted(NODES)), WORDS)
def test_an_identity_comes_back(noun: Noun, thing_id: str) -> None:
    shown = global_id(noun, thing_id)

    assert parse_id(shown) == (noun, thing_id)
    assert id_of(noun, shown) == thing_id


@given(st.text())
def test_a_made_up_identity_is_refused_in_words(text: str) -> None:
    with pytest.raises(IdMalformed, match="id of this API"):
        parse_id(f"not an id: {text}")


@given(INSTANTS, WORDS, st.booleans())
def test_a_cursor_comes_back_in_its_own_order_alone(
    instant: datetime,
    thing_id: str,
    is_descending: bool,  # noqa: FBT001 - drawn
) -> None:
    order = Order(OrderField.OPENED_AT, is_descending=is_descending)
    other = Order(OrderField.OPENED_AT, is_descending=not is_descending)
    given_back = cursor(order, (instant.astimezone(UTC), thing_id))

    assert parse_cursor(given_back, order, argument="after") == (instant, thing_id)
    with pytest.raises(CursorMalformed):
        parse_cursor(given_back, other, argument="after")


@pytest.mark.parametrize(
    "key", [(None, "a"), (3, "a"), ("soon", "a"), ("2026-01-01T00:00:00", "a")]
)
def test_a_cursor_with_wrong_values_is_refused(key: tuple[str, ...]) -> None:
    order = Order(OrderField.OPENED_AT)

    with pytest.raises(CursorMalformed):
        parse_cursor(cursor(order, key), order, argument="after")


def test_a_number_and_an_absent_value_come_back() -> None:
    sequence, deadline = Order(OrderField.SEQUENCE), Order(OrderField.NEXT_DEADLINE_AT)

    assert parse_cursor(cursor(sequence, (7, "a")), sequence, argument="after") == (7, "a")
    assert parse_cursor(cursor(deadline, (None, "a")), deadline, argument="after") == (None, "a")


@pytest.mark.parametrize(
    ("parse", "good", "value"),
    [
        (parse_date, "2026-03-29", date(2026, 3, 29)),
        (parse_email, "a@b.example", "a@b.example"),
        (parse_locale, "fr", "fr"),
        (parse_url, "https://a.example/b", "https://a.example/b"),
    ],
)
def test_what_is_meant_is_understood(
    parse: Callable[[object], object], good: str, value: object
) -> None:
    assert parse(good) == value


@pytest.mark.parametrize(
    ("parse", "bad"),
    [
        (parse_date, "2026-02-30"),
        (parse_date, "20260329"),
        (parse_date, 1),
        (parse_email, "nobody"),
        (parse_locale, "de"),
        (parse_url, "ftp://a.example"),
        (parse_url, "http://[broken"),
        (parse_url, None),
    ],
)
def test_what_is_not_meant_is_refused_with_an_example(
    parse: Callable[[object], object], bad: object
) -> None:
    with pytest.raises(GraphQLError, match=r"write|give"):
        parse(bad)


def test_an_instant_without_a_zone_never_leaves() -> None:
    with pytest.raises(TypeError):
        instant_text(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
