"""How mails may look: colours that can be read, pictures that every program shows."""

import struct

import pytest

from helpdesk.domain.mail_look import (
    MAX_LINES,
    MAX_LOGO_BYTES,
    AccentInvalid,
    AccentTooPale,
    Logo,
    LogoRefused,
    LookTextTooLong,
    closing_lines,
    contrast_with_white,
    logo_of,
    readable_accent,
)
from helpdesk.domain.picture import Picture, picture_in

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 300, 80) + bytes(9)
GIF = b"GIF87a" + struct.pack("<HH", 300, 80)
JPEG_START = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + bytes(14)
JPEG_FRAME = b"\xff\xc2" + struct.pack(">HBHH", 17, 8, 80, 300) + bytes(10)


@pytest.mark.parametrize("accent", ["#000000", "#767676", "#7C2D12", " #0f4c5c\n"])
def test_a_colour_that_can_be_read_on_white_is_taken(accent: str) -> None:
    assert readable_accent(accent) == accent.strip().lower()


@pytest.mark.parametrize("accent", ["#777777", "#ffffff", "#ffcc00", "#00aaff"])
def test_a_colour_too_pale_to_read_is_refused(accent: str) -> None:
    with pytest.raises(AccentTooPale, match="darker"):
        readable_accent(accent)


@pytest.mark.parametrize(
    "accent", ["", "red", "#fff", "#12345g", "#1234567", "0f4c5c", "#０f4c5c", "#0f4c5c;}x{"]
)
def test_what_is_no_colour_is_refused(accent: str) -> None:
    with pytest.raises(AccentInvalid, match="#0f4c5c"):
        readable_accent(accent)


def test_contrast_goes_from_1_to_21() -> None:
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#000000") == pytest.approx(21)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (GIF, "image/gif"),
        (JPEG_START + JPEG_FRAME, "image/jpeg"),
        (JPEG_START + b"\xff" + JPEG_FRAME, "image/jpeg"),
        (JPEG_START + b"\xff\x01" + JPEG_FRAME, "image/jpeg"),
    ],
    ids=["png", "gif", "jpeg", "jpeg-filled-up", "jpeg-bare-marker"],
)
def test_a_picture_tells_its_kind_and_its_sides(content: bytes, kind: str) -> None:
    assert picture_in(content) == Picture(kind, 300, 80)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\x00\x00\x00\x00WEBP",
        PNG[:20],
        PNG.replace(b"IHDR", b"XXXX"),
        b"GIF89a\x00\x00\x01\x00",
        JPEG_START,
        JPEG_START + b"\xff\xda" + JPEG_FRAME,
        JPEG_START + b"\x00" + JPEG_FRAME,
    ],
    ids=[
        "nothing",
        "svg",
        "webp",
        "torn-png",
        "no-png",
        "no-width",
        "torn-jpeg",
        "jpeg-without-frame",
        "broken-jpeg",
    ],
)
def test_what_is_no_picture_that_every_program_shows_is_none(content: bytes) -> None:
    assert picture_in(content) is None


def test_a_logo_is_known_by_its_digest_and_shown_within_bounds() -> None:
    logo = logo_of(PNG)

    assert (logo.content_type, logo.width, logo.height) == ("image/png", 300, 80)
    assert len(logo.sha256) == 64
    assert logo.shown == (240, 64)
    assert Logo("", "image/png", 20, 10).shown == (20, 10)
    assert Logo("", "image/png", 2000, 1).shown == (240, 1)


@pytest.mark.parametrize(
    "content",
    [PNG + bytes(MAX_LOGO_BYTES), b"no picture", b"GIF89a" + struct.pack("<HH", 2001, 80)],
    ids=["heavy", "no-picture", "wide"],
)
def test_a_logo_that_is_heavy_wide_or_none_is_refused(content: bytes) -> None:
    with pytest.raises(LogoRefused):
        logo_of(content)


def test_lines_below_a_mail_are_one_line_each() -> None:
    assert closing_lines([" Agence\tExemple \n\n12 rue  X\r\n"], field="footer") == (
        "Agence Exemple",
        "12 rue X",
    )


@pytest.mark.parametrize("given", [["x"] * (MAX_LINES + 1), ["x" * 201]])
def test_too_much_below_a_mail_is_refused(given: list[str]) -> None:
    with pytest.raises(LookTextTooLong, match="8 lines of 200") as refusal:
        closing_lines(given, field="footer")

    assert refusal.value.path == ("footer",)
