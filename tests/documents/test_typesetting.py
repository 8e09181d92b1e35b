"""Pages from templates: the same bytes for the same data, on standards, without surprises."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk.documents.glyphs import printable
from helpdesk.documents.typesetting import typeset, typeset_png

AT = datetime(2026, 4, 1, 7, 0, tzinfo=UTC)
FRENCH = "Déjà vu à Noël : 1\u202f234,50\xa0€ « œuvre » — ≥ 99,5\xa0%"


def test_the_same_data_gives_the_same_bytes_in_another_process() -> None:
    here = typeset("specimen", {"lang": "fr", "lines": [FRENCH]}, at=AT)
    program = (
        "import sys; from datetime import UTC, datetime;"
        "from helpdesk.documents.typesetting import typeset;"
        f"sys.stdout.buffer.write(typeset('specimen', {{'lines': [{FRENCH!r}], 'lang': 'fr'}},"
        " at=datetime(2026, 4, 1, 7, 0, tzinfo=UTC)))"
    )

    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        env={**os.environ, "TZ": "Asia/Tokyo", "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parents[2],
    )

    assert run.stdout == here


def test_another_instant_gives_another_document() -> None:
    data = {"lang": "fr", "lines": ["x"]}

    assert typeset("specimen", data, at=AT) != typeset("specimen", data, at=AT.replace(minute=1))


def test_a_document_says_that_it_is_tagged_and_archivable() -> None:
    pdf = typeset("specimen", {"lang": "en", "lines": ["x"]}, at=AT)

    assert pdf.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in pdf
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/D:20260401070000Z" in pdf or b"(D:20260401070000Z)" in pdf


def test_what_our_fonts_lack_is_printed_as_a_box() -> None:
    lines = ["\U0001f680 汉字 العربية", "\x07\x00\u2028\ud7ff", "a\tb\r\nc"]

    pdf = typeset("specimen", {"lang": "en", "lines": lines}, at=AT)

    assert pdf.startswith(b"%PDF")
    assert printable(lines) == ["□ □□ □□□□□□□", "□□□□", "a\tb\nc"]


def test_every_character_that_passes_can_be_printed() -> None:
    everything = [chr(code) for code in range(0x11000) if not 0xD800 <= code < 0xE000]
    kept = [one for one in everything if printable(one) == one]

    pdf = typeset("specimen", {"lang": "en", "lines": kept}, at=AT)

    assert pdf.startswith(b"%PDF")
    assert len(kept) > 2000


def test_typst_markup_in_a_title_is_only_text() -> None:
    hostile = '#panic("boom") $x$ *bold* @label <tag> \\ "quoted" //c #read("/etc/passwd")'

    assert typeset("specimen", {"lang": "en", "lines": [hostile]}, at=AT).startswith(b"%PDF")


def test_pages_can_be_looked_at() -> None:
    lines = [FRENCH] * 120

    pages = typeset_png("specimen", {"lang": "fr", "lines": lines}, at=AT)

    assert len(pages) > 1
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_one_page_is_a_list_of_one() -> None:
    assert len(typeset_png("specimen", {"lang": "fr", "lines": []}, at=AT)) == 1


@pytest.mark.parametrize("value", [3, None, True, 1.5])
def test_numbers_pass_as_they_are(value: object) -> None:
    assert printable({"a": [value]}) == {"a": [value]}
