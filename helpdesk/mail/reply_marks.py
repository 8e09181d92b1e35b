"""How mail programs mark what they quote and what they add, line by line."""

import re
from collections.abc import Sequence

from helpdesk.mail.quoted_fields import FieldKind, kind_of
from helpdesk.mail.reply_words import REPLY_ABOVE, TONGUES

MAX_LINE = 500
MAX_BLOCK_LINES = 15
MAX_FIELD_NAME = 40
MIN_BLOCK_FIELDS = 3

# the line our own mails begin with; every language, since an answer may quote an older one
REPLY_ABOVE_FR = "-- Répondez au-dessus de cette ligne --"
REPLY_ABOVE_EN = "-- Please reply above this line --"

# what stands beside the subject in a list of mails comes before that line, told by what is not seen
PREVIEW_SIGN = "\u034f\ufe00\u034f\ufe01\u034f"

_INVISIBLE = dict.fromkeys(
    (0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))
)
_SPACES = dict.fromkeys((0x09, 0x0D, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_DIGITS = {
    zero + digit: str(digit) for zero in (0x660, 0x6F0, 0x966, 0xFF10) for digit in range(10)
}
_LEGIBLE = str.maketrans({**_INVISIBLE, **_SPACES, **_DIGITS})

_MARKER = re.compile(rf"^[\s>*_#=~|-]{{0,20}}(?:{REPLY_ABOVE})", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^[\s*]{0,5}[-_=~]{2,60}[\s*]{0,5}(?:"
    + "|".join(tongue.original for tongue in TONGUES.values() if tongue.original)
    + r")[\s*:]{0,5}[-_=~]{0,60}[\s*]{0,5}$",
    re.IGNORECASE,
)
# an address wrapped before its bracket: the line is the end of an attribution, not a quote
_WROTE = "|".join(tongue.wrote for tongue in TONGUES.values())
_TORN_END = re.compile(rf"^>\s?(?:{_WROTE})?\s?[:：]\s*$", re.IGNORECASE)
_RULE = re.compile(r"^[\s>]{0,5}(?:[-_=*~#+—–‐]{3,200}|ᐧ)\s*$")
_LIST_RULE = re.compile(r"^_{2,200}\s*$")
_LONG_LIST_RULE = 30
_LIST_NAME = re.compile(r"mailing[ -]list|liste de diffusion|mailman|mailinglist", re.IGNORECASE)
_SIGNATURE = re.compile(r"^--[ \t]{0,3}$")
_EMAIL = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")
_TIME = re.compile(r"\d{1,2}\s?[:.h時]\s?\d{2}")
_YEAR = re.compile(r"\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
# the webmails of Orange, SFR and La Poste write the date above the block
_DATED_RULE = re.compile(r"^[\s>]{0,5}message du ?:?\s.{6,40}$", re.IGNORECASE)
_FIELD_NAMES = re.compile(
    r"(?:^|\s)(?P<sender>from|de|von|da|van|od|nadawca|expéditeur)\s?:"
    r"|(?P<sent>date|sent|envoyé|gesendet|data|datum|fecha|wysłano)\s?:"
    r"|(?P<to>to|à|an|para|aan|do|adresat|destinataire)\s?:"
    r"|(?P<subject>subject|objet|betreff|asunto|oggetto|temat)\s?:",
    re.IGNORECASE,
)


def legible(line: str) -> str:
    """Return the line as rules read it: plain spaces and digits, without marks of direction.

    >>> legible("Le\\xa02\\u202fmars \\u200e٢٠٢٦")
    'Le 2 mars 2026'
    """
    return line.translate(_LEGIBLE)


def typed_before(shown: str, column: int) -> str:
    """Return what stands before a column of the legible line in the line as it was written."""
    seen = 0
    for index, character in enumerate(shown):
        if ord(character) in _INVISIBLE:
            continue
        if seen == column:
            return shown[:index]
        seen += 1
    return shown


def is_quoted(line: str) -> bool:
    """Return whether the line is marked as somebody else's."""
    return line.lstrip().startswith((">", "|>")) and _TORN_END.match(line) is None


def is_marker(line: str) -> bool:
    """Return whether the line is the one that our mails, or another desk's, ask to reply above."""
    shown = line[:MAX_LINE]
    return PREVIEW_SIGN in shown or _MARKER.match(shown) is not None


def is_original_line(line: str) -> bool:
    """Return whether the line reads like `-----Message d'origine-----`."""
    shown = line[:MAX_LINE]
    return _ORIGINAL.match(shown) is not None


def is_rule(line: str) -> bool:
    """Return whether the line is only a drawn line."""
    return _RULE.match(line[:MAX_LINE]) is not None


def is_list_rule(lines: Sequence[str], index: int) -> bool:
    """Return whether the line is the one a mailing list draws above its footer."""
    line = lines[index].rstrip()
    if _LIST_RULE.match(line) is None:
        return False
    following = lines[index + 1 : index + 3]
    return len(line) >= _LONG_LIST_RULE or any(_LIST_NAME.search(one) for one in following)


def is_signature_mark(line: str) -> bool:
    """Return whether the line is the `-- ` that opens a signature (RFC 3676 section 4.3)."""
    return _SIGNATURE.match(line[:MAX_LINE]) is not None


def header_block_at(lines: Sequence[str], index: int) -> bool:
    """Return whether lines such as De, Envoyé, À, Objet begin at `index`."""
    line = lines[index][:MAX_LINE]
    if not {":", "："} & set(line[:MAX_FIELD_NAME]):
        return False
    if _DATED_RULE.match(line) and _TIME.search(line) and _YEAR.search(line):
        return True
    if _is_one_line_block(line):
        return True
    first = kind_of(line)
    if first is None or first[0] in {FieldKind.COPY, FieldKind.REPLY_TO}:
        return False
    return _is_convincing(_fields_from(lines, index))


def _fields_from(lines: Sequence[str], index: int) -> dict[FieldKind, str]:
    """Return the header lines of a block; a wrapped list of recipients may stand between them."""
    values: dict[FieldKind, str] = {}
    strangers = 0
    for line in lines[index : index + MAX_BLOCK_LINES]:
        found = kind_of(line)
        strangers += found is None and bool(line.strip())
        if strangers > 1 or (found and found[0] in values):
            break
        values |= dict([found]) if found else {}
    return values


def _is_convincing(values: dict[FieldKind, str]) -> bool:
    """Return whether no person writes such lines: `De : Paris, À : Lyon` is a journey."""
    names_address = any(_EMAIL.search(value) for value in values.values())
    sent = values.get(FieldKind.SENT, "")
    is_dated = _YEAR.search(sent) is not None and _TIME.search(sent) is not None
    if FieldKind.SENDER in values and len(values) >= MIN_BLOCK_FIELDS:
        return names_address or is_dated or FieldKind.SUBJECT in values
    return names_address and is_dated


def _is_one_line_block(line: str) -> bool:
    found = {field.lastgroup for field in _FIELD_NAMES.finditer(line)}
    if "sender" not in found or len(found) < MIN_BLOCK_FIELDS - 1 or not _EMAIL.search(line):
        return False
    return bool(_TIME.search(line) and _YEAR.search(line))
