"""How the mails of an agency look: its colour, its logo, and what stands below."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.message import storable
from helpdesk.domain.picture import picture_in

DEFAULT_ACCENT = "#0f4c5c"
MIN_CONTRAST = 4.5
"""Of WCAG 2.2 AA, for text on white and for white text on the colour."""

MAX_LOGO_BYTES = 200 * 1024
MAX_LOGO_SIDE = 2000
LOGO_WIDTH, LOGO_HEIGHT = 240, 64
"""Within which a logo is shown, in pixels."""

MAX_LINES, MAX_LINE = 8, 200
"""Of a footer, and of a signature."""

_HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_LINEAR_BELOW = 0.04045
_WEIGHTS = (0.2126, 0.7152, 0.0722)


class AccentInvalid(HelpdeskError):
    """A colour is written as the web writes it, so that every mail program knows it."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "“{given}” is not a colour: write it as #0f4c5c."
    french: ClassVar[str] = "« {given} » n'est pas une couleur : écrivez-la comme #0f4c5c."


class AccentTooPale(HelpdeskError):
    """Words that cannot be made out are not read, least of all outside on a telephone."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "{given} has a contrast of {contrast}:1 with white, and 4.5:1 is needed to read it: give a"
        " darker colour."
    )
    french: ClassVar[str] = (
        "{given} a un contraste de {contrast}:1 avec le blanc, et il faut 4.5:1 pour se lire :"
        " donnez une couleur plus sombre."
    )


class LogoRefused(HelpdeskError):
    """A logo goes with every mail, so it is small, and of a kind that every program shows."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "The logo must be a PNG, JPEG or GIF picture of at most 200 KB and 2000 pixels a side,"
        " given in base64."
    )
    french: ClassVar[str] = (
        "Le logo doit être une image PNG, JPEG ou GIF d'au plus 200 Ko et 2000 pixels de côté,"
        " donnée en base64."
    )


class LookTextTooLong(HelpdeskError):
    """What stands below every mail is read with every mail."""

    code: ClassVar[ErrorCode] = ErrorCode.TOO_LONG
    english: ClassVar[str] = "At most {lines} lines of {limit} characters stand there: shorten it."
    french: ClassVar[str] = (
        "Il y a place pour {lines} lignes de {limit} caractères au plus : raccourcissez."
    )


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that is kept by its digest; sides in pixels."""

    sha256: str
    content_type: str
    width: int
    height: int

    @property
    def shown(self) -> tuple[int, int]:
        """Return the width and height at which it is shown: it may shrink, never grow.

        >>> Logo("", "image/png", 960, 128).shown
        (240, 32)
        """
        scale = min(1.0, LOGO_WIDTH / self.width, LOGO_HEIGHT / self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))


@dataclass(frozen=True, slots=True)
class MailLook:
    """The look of an agency's mails; `footer` are its lines below, `signature` its own closing."""

    accent: str = DEFAULT_ACCENT
    footer: tuple[str, ...] = ()
    signature: str = ""
    logo: Logo | None = None


def readable_accent(given: str) -> str:
    """Return a colour that can be read on white. Raises AccentInvalid and AccentTooPale.

    >>> readable_accent(" #0F4C5C ")
    '#0f4c5c'
    """
    accent = given.strip().lower()
    if _HEX.fullmatch(accent) is None:
        raise AccentInvalid(path=("accent",), given=given[:20])
    contrast = contrast_with_white(accent)
    if contrast < MIN_CONTRAST:
        raise AccentTooPale(path=("accent",), given=accent, contrast=f"{contrast:.2f}")
    return accent


def closing_lines(given: Sequence[str], *, field: str) -> tuple[str, ...]:
    """Return the lines of a footer or a signature, blank ones left out. Raises LookTextTooLong.

    >>> closing_lines(["Agence Exemple  SAS ", "", "Paris"], field="footer")
    ('Agence Exemple SAS', 'Paris')
    """
    lines = (" ".join(line.split()) for one in given for line in storable(one).splitlines())
    kept = tuple(line for line in lines if line)
    if len(kept) > MAX_LINES or any(len(line) > MAX_LINE for line in kept):
        raise LookTextTooLong(path=(field,), lines=MAX_LINES, limit=MAX_LINE)
    return kept


def logo_of(content: bytes) -> Logo:
    """Return the logo that a file is. Raises LogoRefused."""
    picture = picture_in(content) if len(content) <= MAX_LOGO_BYTES else None
    if picture is None or max(picture.width, picture.height) > MAX_LOGO_SIDE:
        raise LogoRefused(path=("logo",))
    digest = hashlib.sha256(content).hexdigest()
    return Logo(digest, picture.content_type, picture.width, picture.height)


def contrast_with_white(accent: str) -> float:
    """Return the contrast of a colour with white, from 1 to 21 (WCAG 2.2).

    >>> round(contrast_with_white("#000000"), 2), round(contrast_with_white("#777777"), 2)
    (21.0, 4.48)
    """
    parts = (int(accent[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (
        part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    luminance = sum(weight * part for weight, part in zip(_WEIGHTS, linear, strict=True))
    return 1.05 / (luminance + 0.05)
