"""Transfer encodings, decoded as far as the bytes allow."""

import binascii
import re
from dataclasses import dataclass

_NOT_BASE64 = bytes(
    byte
    for byte in range(256)
    if byte not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\r\n]+")
_MOSTLY_BASE64 = 0.9
_MAX_PIECES = 1000
_QUAD = 4


@dataclass(frozen=True)
class Transferred:
    """The content of a part, and whether its encoding was broken."""

    content: bytes
    is_broken: bool = False


def transfer_decoded(content: bytes, *, encoding: str) -> Transferred:
    """Return the content as it was before transport; an unknown encoding changes nothing."""
    match encoding:
        case "base64":
            return base64_decoded(content)
        case "quoted-printable":
            return Transferred(binascii.a2b_qp(content))
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return _uudecoded(content)
        case _:
            return Transferred(content)


def base64_decoded(content: bytes) -> Transferred:
    """Return what base64 says, across padding in the middle; plain text stays as it is."""
    cleaned = content.translate(None, _NOT_BASE64)
    visible = len(content) - content.count(b"\n") - content.count(b"\r") - content.count(b" ")
    if len(cleaned) < _MOSTLY_BASE64 * visible and not _begins_encoded(content):
        return Transferred(content, is_broken=True)
    if b"=" in cleaned.rstrip(b"="):
        return _joined_pieces(content)
    return _one_piece(cleaned, was_clean=len(cleaned) == visible)


def _begins_encoded(content: bytes) -> bool:
    """Return whether the first line is base64: then the rest is a footer that a list added."""
    first = content.strip().split(b"\n", 1)[0].strip()
    return len(first) >= _QUAD and _BASE64.fullmatch(first) is not None


def _joined_pieces(content: bytes) -> Transferred:
    """Return several encoded pieces as one; what follows the padding and is no base64 is left."""
    whole, is_broken = bytearray(), False
    for piece in re.split(rb"(?<==)(?!=)", content, maxsplit=_MAX_PIECES):
        if whole and not _BASE64.fullmatch(piece.rstrip()):
            return Transferred(bytes(whole), is_broken=bool(piece.strip()))
        decoded = _one_piece(piece.translate(None, _NOT_BASE64), was_clean=True)
        whole += decoded.content
        is_broken = is_broken or decoded.is_broken
    return Transferred(bytes(whole), is_broken)


def _one_piece(cleaned: bytes, *, was_clean: bool) -> Transferred:
    digits = cleaned.rstrip(b"=")
    is_cut = len(digits) % _QUAD == 1
    usable = digits[:-1] if is_cut else digits
    padded = usable + b"=" * (-len(usable) % _QUAD)
    return Transferred(binascii.a2b_base64(padded), is_broken=is_cut or not was_clean)


def _uudecoded(content: bytes) -> Transferred:
    decoded, is_broken = bytearray(), False
    for line in content.splitlines():
        if not line or line.startswith((b"begin ", b"end", b"`")):
            continue
        try:
            decoded += binascii.a2b_uu(line)
        except binascii.Error:
            is_broken = True
    return Transferred(bytes(decoded), is_broken) if decoded else Transferred(content, is_broken)
