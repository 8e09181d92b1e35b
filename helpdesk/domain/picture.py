"""Pictures told by their first bytes: what they are, and how large; nothing of them is drawn."""

from dataclasses import dataclass
from typing import Literal

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER = b"IHDR"
_PNG_SIDES = slice(16, 24)
_GIFS = (b"GIF87a", b"GIF89a")
_GIF_SIDES = slice(6, 10)
_JPEG = b"\xff\xd8\xff"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_JPEG_SCAN = 0xDA
_JPEG_FRAME_BYTES = 9


@dataclass(frozen=True, slots=True)
class Picture:
    """The kind of a picture and its sides in pixels."""

    content_type: str
    width: int
    height: int


def picture_in(content: bytes) -> Picture | None:
    """Return what a PNG, GIF or JPEG says of itself, None of anything else or of a torn one.

    >>> picture_in(b"GIF89a\\x02\\x00\\x01\\x00")
    Picture(content_type='image/gif', width=2, height=1)
    >>> picture_in(b"<svg/>") is None
    True
    """
    if content.startswith(_PNG) and content[12:16] == _PNG_HEADER:
        return _picture("image/png", _halves(content[_PNG_SIDES], "big"))
    if content.startswith(_GIFS):
        return _picture("image/gif", _halves(content[_GIF_SIDES], "little"))
    if content.startswith(_JPEG):
        return _jpeg(content)
    return None


def _jpeg(content: bytes) -> Picture | None:
    """Walk from marker to marker until the one that tells the sides."""
    at = 2
    while at + _JPEG_FRAME_BYTES <= len(content) and content[at] == _JPEG[0]:
        marker = content[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = _halves(content[at + 5 : at + 9], "big")
            return _picture("image/jpeg", (width, height))
        if marker == _JPEG_SCAN:
            return None
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        at += 2 if marker in _JPEG_ALONE else 1 if marker == _JPEG[0] else 2 + length
    return None


def _picture(content_type: str, sides: tuple[int, int]) -> Picture | None:
    return Picture(content_type, *sides) if all(sides) else None


def _halves(octets: bytes, order: Literal["big", "little"]) -> tuple[int, int]:
    """Return the two numbers that fill some octets, zeros when octets are missing."""
    half = len(octets) // 2
    return int.from_bytes(octets[:half], order), int.from_bytes(octets[half:], order)
