"""The lines that say who wrote what follows, and when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.mail.reply_marks import MAX_LINE, is_original_line, is_quoted, is_rule
from helpdesk.mail.reply_words import TONGUES

MAX_LINES = 5
MAX_BLANK_LINES = 2
MAX_CHARACTERS = 600
MAX_AFTER_VERB = 120
MAX_WRAPPED = 3
MAX_NAMES = 5
MAX_FIELDS = 10
MIN_FIELDS = 3
COLONS = (":", "：")

_WROTE = re.compile(
    r"(?<![^\W\d_])(?:"
    + "|".join(tongue.wrote for code, tongue in TONGUES.items() if code not in {"ja", "zh", "ko"})
    + r")(?![^\W\d_])|"
    + "|".join(TONGUES[code].wrote for code in ("ja", "zh", "ko")),
    re.IGNORECASE,
)
_OPENS = "|".join(tongue.opens for tongue in TONGUES.values() if tongue.opens)
_OPENER = re.compile(
    rf"^\W{{0,8}}(?:(?:{_OPENS})\s|ב-).{{0,80}}\d"
    r"|^\W{0,3}\d{1,4}[-/.年 ]|^\W{0,3}[\w.]{2,12},? \d{1,2}[ .]|^在|^于",
    re.IGNORECASE,
)
# an answer and the attribution on one line: "ok On Mon, Mar 2, 2026 at 9:12, Alice wrote:"
_INNER = re.compile(
    r"(?:(?<=\s)|(?<=--))(?:On|Le|Am|El|Il|Em|Op|Den|W dniu|Dnia|Dne|Pe)\s"
    r"(?=(?:[^\W\d_]{2,10}[.,]{0,2}\s)?(?:[^\W\d_]{3,9}\.?\s)?\d)"
)
_TIME = re.compile(r"\d{1,2}\s?(?:[:.h]|시)\s?\d{2}|\d{1,2}時\d{1,2}|\d{1,2}\s?[ap]\.?m\b", re.I)
_DATE = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}")
_EMAIL = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")
_BRACKETED_EMAIL = re.compile(r"[<\[(]\s?(?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{1,255}\s?[>\])]")
_OLD_GMAIL = re.compile(
    r"^\d{4}[-/年]\d{1,2}[-/月]\d{1,2}.{0,150}<\s?[^\s<>@]{1,64}@[^\s<>@]{1,255}\s?>\s?:?$"
    r"|^\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d [^.!?]{1,60}$"
)
_TORN = ("<", ">", "mailto:", "[mailto:")
_DASHED = re.compile(r"^[\s*]{0,3}[-–—]{3,60}\s?[^-].{0,200}[-–—]{3,60}[\s*]{0,3}$")
_LABELLED = re.compile(r"^[\s>*_]{0,8}[^\W\d_][^:：\n]{0,30}[:：](?!//)")


@dataclass(frozen=True)
class Attribution:
    """Where one stands: from `column` of the line `begin` to the end of the line `end`."""

    begin: int
    end: int
    column: int = 0


def may_end_attribution(line: str) -> bool:
    """Return whether an attribution may end here: with a colon, a bracket or the verb."""
    if len(line) > MAX_LINE:
        return False
    shown = line.rstrip(" *>-_|")
    return shown.endswith(COLONS) or _WROTE.search(shown) is not None or _is_old_gmail(line)


def attribution_ending_at(lines: Sequence[str], end: int) -> Attribution | None:
    """Return the attribution whose last line is `end`.

    A mail program wraps them anywhere: the shortest piece that says it is taken, then what
    precedes it when that piece begins in the middle.

    >>> attribution_ending_at(["Le lun. 3 févr. 2025 à 10:12, Alice", "<a@b.fr> a écrit :"], 1)
    Attribution(begin=0, end=1, column=0)
    """
    if not _names_time_or_address(lines[max(0, end - MAX_LINES - MAX_BLANK_LINES) : end + 1]):
        return None
    is_sure = _next_is_quoted(lines, end)
    begin: int | None = None
    for index, joined in _pieces(lines, end):
        if begin is None and _is_attribution(joined, is_sure=is_sure):
            begin = index
        if begin is not None and _OPENER.match(lines[index].strip()):
            begin = index
            if _DATE.search(lines[index]):
                break
    if begin is None:
        return None
    return Attribution(begin, end, _column(lines, begin, end))


def is_dashed_attribution(line: str) -> bool:
    """Return whether the line reads like `---- Alice a écrit ----`.

    >>> is_dashed_attribution("---- Alice Petit a écrit ----")
    True
    """
    return _DASHED.match(line[:MAX_LINE]) is not None and _WROTE.search(line) is not None


def names_writer(line: str) -> bool:
    """Return whether a short line is a name, the verb and a colon: `Alice a écrit :`."""
    shown = line.strip(" *_")
    wrote = _verb_in(shown)
    if wrote is None or len(shown) > MAX_AFTER_VERB or not shown.endswith(COLONS):
        return False
    return not shown[wrote.end() :].strip(" :：") and _is_by_program(shown[: wrote.start()])


def _pieces(lines: Sequence[str], end: int) -> list[tuple[int, str]]:
    """Return the last line, the last two and so on, each joined, with the line it begins at."""
    pieces: list[tuple[int, str]] = []
    joined, blanks = "", 0
    for index in range(end, -1, -1):
        line = lines[index].strip()
        if not line and joined.startswith(_TORN) and blanks < MAX_BLANK_LINES:
            blanks += 1
            continue
        is_over = len(pieces) == MAX_LINES or len(joined) + len(line) > MAX_CHARACTERS
        if not line or is_over or is_quoted(line):
            break
        joined = f"{line} {joined}".strip()
        pieces.append((index, joined))
    return pieces


def _column(lines: Sequence[str], begin: int, end: int) -> int:
    """Return where the attribution begins in its first line: an answer may stand before it."""
    if _OPENER.match(lines[begin].strip()):
        return 0
    joined = " ".join(line.strip() for line in lines[begin + 1 : end + 1])
    for inner in _INNER.finditer(lines[begin]):
        before, rest = lines[begin][: inner.start()], lines[begin][inner.start() :]
        is_typed = before.strip(" -–—*_") and not before.rstrip().endswith(",")
        if is_typed and _EMAIL.search(before) is None:
            whole = f"{rest} {joined}".strip()
            return inner.start() if _is_attribution(whole, is_sure=False) else 0
    return 0


def _names_time_or_address(lines: Sequence[str]) -> bool:
    return any(character.isdigit() or character == "@" for line in lines for character in line)


def _next_is_quoted(lines: Sequence[str], index: int) -> bool:
    following = (line for line in lines[index + 1 : index + 4] if line.strip())
    return is_quoted(next(following, ""))


def _is_old_gmail(line: str) -> bool:
    return _OLD_GMAIL.match(line.strip()) is not None


def _is_attribution(joined: str, *, is_sure: bool) -> bool:
    """Return whether the text names a writer and a time; before a quote one of them is enough."""
    if _is_old_gmail(joined):
        return True
    shown = joined.rstrip(" *>-_|")
    ends = shown.endswith(COLONS)
    is_opened = _OPENER.match(joined) is not None
    dated, timed = _DATE.search(joined) is not None, _TIME.search(joined) is not None
    if ends and dated and _BRACKETED_EMAIL.search(joined) and (timed or is_sure or is_opened):
        return True
    wrote = _verb_in(shown)
    if wrote is None:
        return ends and is_sure and is_opened and dated and timed
    most_after = MAX_AFTER_VERB if ends else 0
    if len(shown) - wrote.end() > most_after:
        return False
    if not (is_sure or _is_by_program(shown[: wrote.start()])):
        return False
    is_dated = (dated and (is_sure or timed)) or (timed and is_sure)
    return is_dated or (ends and _EMAIL.search(joined) is not None)


def _verb_in(shown: str) -> re.Match[str] | None:
    return max(_WROTE.finditer(shown), key=lambda found: found.end(), default=None)


def _is_by_program(before: str) -> bool:
    """Return whether a name or a date stands before the verb: a person writes more than that.

    "Voici ce que le client a écrit le 2 mars 2026 à 9:12 :" is a sentence.
    """
    if _DATE.search(before) or _TIME.search(before):
        return True
    words = _EMAIL.sub(" ", before).split()
    return len(words) <= MAX_NAMES and not any(
        word.strip("\"'«(<[")[:1].islower() for word in words
    )


def announcement_above(lines: Sequence[str], end: int) -> int:
    """Return the line where the announcement of a quote that begins at `end` begins, or `end`.

    It knows that a quote follows, so it needs no language: a colon after a date and a time or
    after an address, or several lines of a label and a value.
    """
    last = _last_written(lines, end)
    if last is None:
        return end
    begin = _begin_of_announcement(lines, last)
    if begin is None:
        return end
    above = _last_written(lines, begin)
    while above is not None and (is_rule(lines[above]) or is_original_line(lines[above])):
        begin, above = above, _last_written(lines, above)
    return begin


def _last_written(lines: Sequence[str], end: int) -> int | None:
    return next((index for index in range(end - 1, -1, -1) if lines[index].strip()), None)


def _begin_of_announcement(lines: Sequence[str], last: int) -> int | None:
    known = attribution_ending_at(lines, last) if may_end_attribution(lines[last]) else None
    if known and not known.column:
        return known.begin
    if is_dashed_attribution(lines[last]) or names_writer(lines[last]):
        return last
    if is_original_line(lines[last]) or is_rule(lines[last]):
        return last
    return _dated_begin(lines, last) if _ends(lines[last]) else fields_above(lines, last)


def _ends(line: str) -> bool:
    return line.rstrip(" *>-_|").endswith(COLONS)


def _dated_begin(lines: Sequence[str], last: int) -> int | None:
    """Return where a line with a colon begins that tells when or who, folded or not."""
    for index, joined in _pieces(lines, last)[:MAX_WRAPPED]:
        is_dated = _DATE.search(joined) and _TIME.search(joined)
        is_paragraph = not index or not lines[index - 1].strip()
        is_alone = index == last and not joined.startswith(_TORN)
        if (is_alone or is_paragraph) and (is_dated or _BRACKETED_EMAIL.search(joined)):
            return index
    return None


def fields_above(lines: Sequence[str], last: int) -> int | None:
    """Return where lines of a label and a value end at `last` begin, in any language.

    Three at least, with an address, a date and a time: no person writes them above a quote.
    """
    begin, count, strangers = last + 1, 0, 0
    for index in range(last, max(-1, last - MAX_FIELDS), -1):
        if _LABELLED.match(lines[index]):
            begin, count = index, count + 1
        elif not lines[index].strip() or strangers:
            break
        else:
            strangers += 1
    joined = " ".join(lines[begin : last + 1])
    is_dated = _DATE.search(joined) and _TIME.search(joined)
    return begin if count >= MIN_FIELDS and is_dated and _EMAIL.search(joined) else None
