"""Numbers without a gap, dates that never go back, a chain that tells of every change."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.credit_note import DocumentImmutable
from helpdesk.domain.credit_note_content import canonical
from helpdesk.domain.credit_note_series import (
    GENESIS,
    IssuedBeforeLast,
    Link,
    Numbering,
    NumberInvalid,
    NumberOfSharedSeries,
    Series,
    SeriesFull,
    SeriesInvalid,
    chained_hash,
    faults,
    numbered,
)
from tests.einvoice.documents import TODAY, a_draft

SERIES = Series("AV2026-", 6)
SHARED = Series("F2026-", 6, is_shared=True)


def a_chain(count: int, series: Series = SERIES) -> tuple[Series, list[Link]]:
    """Return a series with so many documents, one a day."""
    links = []
    for place in range(count):
        given = f"F{place}" if series.is_shared else ""
        note = numbered(a_draft(), series, on=TODAY + timedelta(days=place), given=given)
        issuing, content = note.issuing, canonical(note)
        assert issuing is not None
        digest = chained_hash(issuing.previous_hash, content)
        links.append(
            Link(
                issuing.series,
                issuing.sequence,
                issuing.number,
                issuing.issued_on,
                content,
                issuing.previous_hash,
                digest,
            )
        )
        series = series.after(note, digest)
    return series, links


def test_a_document_takes_the_next_number_and_the_hash_before_it() -> None:
    series, links = a_chain(3)

    assert [link.number for link in links] == ["AV2026-000001", "AV2026-000002", "AV2026-000003"]
    assert [link.previous_hash for link in links] == [GENESIS, links[0].hash, links[1].hash]
    assert (series.last, series.last_hash) == (3, links[2].hash)


def test_a_refused_document_takes_no_number() -> None:
    numbered(a_draft(), SERIES, on=TODAY)

    assert SERIES.next_number == "AV2026-000001"


def test_an_issued_document_is_not_issued_again() -> None:
    with pytest.raises(DocumentImmutable):
        numbered(numbered(a_draft(), SERIES, on=TODAY), SERIES, on=TODAY)


def test_a_date_never_goes_back() -> None:
    series, _ = a_chain(1)

    assert numbered(a_draft(), series, on=TODAY).number == "AV2026-000002"
    with pytest.raises(IssuedBeforeLast):
        numbered(a_draft(), series, on=TODAY - timedelta(days=1))


def test_a_full_series_gives_no_longer_number() -> None:
    series = Series("AV", 2, last=98)

    assert series.next_number == "AV99"
    with pytest.raises(SeriesFull):
        numbered(a_draft(), replace(series, last=99), on=TODAY)


def test_a_shared_series_takes_the_number_that_is_given() -> None:
    assert numbered(a_draft(), SHARED, on=TODAY, given="F2026-0815").number == "F2026-0815"
    with pytest.raises(NumberOfSharedSeries):
        numbered(a_draft(), SHARED, on=TODAY)
    with pytest.raises(NumberOfSharedSeries):
        numbered(a_draft(), SERIES, on=TODAY, given="F2026-0815")


@pytest.mark.parametrize("number", ["AV 1", "AV#1", "A" * 36])
def test_a_number_that_no_platform_takes_is_refused(number: str) -> None:
    with pytest.raises(NumberInvalid):
        numbered(a_draft(), SHARED, on=TODAY, given=number)


def test_a_year_begins_a_series() -> None:
    numbering = Numbering()

    assert (numbering.series_of(2026), numbering.series_of(2027)) == ("AV2026-", "AV2027-")
    assert Numbering("AV-").series_of(2027) == "AV-"


@pytest.mark.parametrize(
    ("prefix", "width"),
    [
        ("AV ", 6),
        ("", 1),
        ("AV", 0),
        ("AV", 13),
        ("A" * 30, 6),
        ("{year}{year}", 4),
        ("AV{month}", 4),
    ],
)
def test_a_series_that_no_platform_takes_is_refused(prefix: str, width: int) -> None:
    with pytest.raises(SeriesInvalid):
        Numbering(prefix, width)


@given(prefix=st.text("ABab09+-_/", max_size=27), width=st.integers(2, 8))
def test_every_number_of_a_series_fits_electronic_invoices(prefix: str, width: int) -> None:
    numbering = Numbering(prefix, width)

    number = Series(numbering.series_of(2026), width, last=10**width - 2).next_number

    assert len(number) <= 35


@pytest.mark.parametrize("series", [SERIES, SHARED])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_whole_series_has_no_fault(count: int, series: Series) -> None:
    stand, links = a_chain(count, series)

    assert list(faults(stand, links)) == []


def test_a_gap_is_seen() -> None:
    stand, links = a_chain(3)

    found = list(faults(stand, [links[0], links[2]]))

    assert found == [
        "AV2026-000003: place 3 comes after place 1",
        "AV2026-000003: it is not chained to the document ahead of it",
    ]


def test_a_missing_end_is_seen() -> None:
    stand, links = a_chain(2)

    (found,) = faults(stand, links[:1])

    assert found == (
        "AV2026-: the series says it ends with 2 of 2026-08-04, its documents end with 1 of "
        "2026-08-03"
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"content": "{}"}, "its content is not the one that was issued"),
        ({"hash": "0"}, "its content is not the one that was issued"),
        ({"previous_hash": "0"}, "it is not chained to the document ahead of it"),
        ({"number": "AV2026-000009"}, "place 2 should have the number AV2026-000002"),
        ({"issued_on": date(2026, 1, 1)}, "it is of 2026-01-01, before the 2026-08-03 ahead of it"),
    ],
)
def test_every_change_is_seen(change: dict[str, object], fault: str) -> None:
    stand, links = a_chain(3)

    links[1] = replace(links[1], **change)  # type: ignore[arg-type]  # fields of a link, by name

    assert any(one.endswith(fault) for one in faults(stand, links))
