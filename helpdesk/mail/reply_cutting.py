"""The new part of an answer, without what it quotes; a guess that prefers to show too much."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpdesk.mail.forwarded import forward_mark
from helpdesk.mail.html_quotes import has_own_quote, reply_in_html
from helpdesk.mail.reply_attribution import (
    Attribution,
    announcement_above,
    attribution_ending_at,
    fields_above,
    is_dashed_attribution,
    may_end_attribution,
    names_writer,
)
from helpdesk.mail.reply_device import is_device_line
from helpdesk.mail.reply_marks import (
    header_block_at,
    is_list_rule,
    is_marker,
    is_original_line,
    is_quoted,
    is_rule,
    is_signature_mark,
    legible,
    typed_before,
)

MAX_CHARACTERS = 256 * 1024
MAX_SIGNATURE_LINES = 20
MAX_FOOTER_LINES = 8
MAX_PASSES = 10
WRAPPED_WIDTH = 55
MAX_ATTRIBUTIONS = 20
# a person's words and what announces a quote stand above that
MAX_LINES_READ = 20_000
FIRST_PICTURE = "\u2190"

_WORDS = re.compile(r"\w+")
_LINK_ALONE = re.compile(r"^[\s>]{0,10}[<(\[]{1,2}https?://\S{1,500}[>)\]\s]{0,10}$")
_OPEN_LINK = re.compile(r"[<(\[]https?://[^\s<>()\[\]]{0,500}$")


@dataclass(frozen=True)
class _Quote:
    """Where what is quoted begins, and the attributions above quotes that are answered one by one.

    What stands before `column` in the line `begin` was typed.
    """

    begin: int
    column: int = 0
    answered: tuple[Attribution, ...] = ()


def reply_of(text: str, *, html: str = "") -> str:
    """Return what the person wrote this time, in lines of the text.

    Layers, each on what the one before left: our marker, attribution lines, header blocks, the
    marks that mail programs leave in HTML, trailing quotes, signatures. A forwarded mail and
    answers between quotes are shown whole, and so is a text of which nothing would be left.
    """
    if len(text) > MAX_CHARACTERS:
        return text
    keeps_trailing = bool(html) and has_own_quote(html)
    reply = _cut(text, keeps_trailing=keeps_trailing)
    if reply is None:
        return text
    marked = reply_in_html(html) if html else None
    from_html = _cut(marked, keeps_trailing=keeps_trailing) if marked is not None else None
    if from_html is not None and says_something(from_html) and _is_better(from_html, than=reply):
        reply = from_html
    return reply if says_something(reply) else text


def says_something(text: str) -> bool:
    """Return whether a letter, a digit or a picture stands unquoted: a thumb up is an answer."""
    return any(
        character.isalnum() or character >= FIRST_PICTURE
        for line in text.split("\n")
        if not is_quoted(line)
        for character in line
    )


def _is_better(reply: str, *, than: str) -> bool:
    """Return whether a reply begins the other one, which goes on with something quoted."""
    words, others = _WORDS.findall(reply), _WORDS.findall(than)
    return not words or (len(words) < len(others) and others[: len(words)] == words)


def _cut(text: str, *, keeps_trailing: bool) -> str | None:
    """Return the new lines of a text, None of a forward."""
    shown = text.split("\n")
    lines = [legible(line) for line in shown]
    quote = _quote_in(lines)
    unquoted = "\n".join(line.lstrip("> ") for line in lines)
    mark = forward_mark(unquoted)
    if mark is not None and unquoted.count("\n", 0, mark) <= quote.begin:
        return None
    kept = list(range(quote.begin))
    if quote.column:
        shown[quote.begin] = typed_before(shown[quote.begin], quote.column).rstrip(" -–—*_")
        lines[quote.begin] = legible(shown[quote.begin])
        kept.append(quote.begin)
    is_cut = quote.begin < len(lines) and not is_quoted(lines[quote.begin])
    kept = _without_end(lines, kept, keeps_quote=keeps_trailing or is_cut)
    kept = _without_opening_quote(lines, kept, quote.answered)
    dropped = {line for one in quote.answered for line in range(one.begin, one.end + 1)}
    return "\n".join(shown[line] for line in kept if line not in dropped).strip("\n").rstrip()


def _quote_in(lines: Sequence[str]) -> _Quote:
    """Return where the quote begins, behind the last line when there is none."""
    answered: list[Attribution] = []
    body = _first_below_header(lines)
    begin = _surely_quoted(lines, body)
    looked = 0
    for index in range(body, min(begin, MAX_LINES_READ)):
        if looked == MAX_ATTRIBUTIONS:
            break
        found = None if is_quoted(lines[index]) else _attribution(lines, index)
        if found is None or (body and not _is_next_quoted(lines, index)):
            continue
        looked += 1
        is_first = not _is_said_above(lines, found, answered)
        if not _is_answered(lines[index + 1 :], is_first=is_first):
            return _Quote(found.begin, found.column, tuple(answered))
        answered.append(found)
    return _Quote(begin, 0, tuple(answered))


def _surely_quoted(lines: Sequence[str], body: int) -> int:
    """Return the line of our marker or of a header block, the number of lines without one."""
    looked = 0
    for index in range(body, min(len(lines), MAX_LINES_READ)):
        line = lines[index]
        if looked < MAX_ATTRIBUTIONS and is_marker(line):
            looked += 1
            if not _is_answered_below(lines, index):
                return announcement_above(lines, index)
        elif not body and line.strip() and not is_quoted(line) and _opens_quote(lines, index):
            return index
    return len(lines)


def _is_answered_below(lines: Sequence[str], marker: int) -> bool:
    """Return whether somebody who quotes our marker answers below it all the same."""
    return is_quoted(lines[marker]) and _is_answered(lines[marker:], is_first=False)


def _opens_quote(lines: Sequence[str], index: int) -> bool:
    line = lines[index]
    return is_original_line(line) or is_dashed_attribution(line) or header_block_at(lines, index)


def _first_below_header(lines: Sequence[str]) -> int:
    """Return the line below a header block that opens the text, 0 without one.

    Nothing stands above it: what follows is an answer below, or a mail that was passed on.
    """
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if not lines[first:] or is_quoted(lines[first]) or not _opens_quote(lines, first):
        return 0
    blanks = (index for index in range(first, len(lines)) if not lines[index].strip())
    return next(blanks, len(lines))


def _is_next_quoted(lines: Sequence[str], index: int) -> bool:
    return is_quoted(next((line for line in lines[index + 1 :] if line.strip()), ""))


def _attribution(lines: Sequence[str], index: int) -> Attribution | None:
    return attribution_ending_at(lines, index) if may_end_attribution(lines[index]) else None


def _is_said_above(
    lines: Sequence[str], found: Attribution, answered: Iterable[Attribution]
) -> bool:
    """Return whether the person wrote something above an attribution."""
    announced = {line for one in answered for line in range(one.begin, one.end + 1)}
    above = [
        line
        for index, line in enumerate(lines[: found.begin])
        if index not in announced and not is_quoted(line)
    ]
    return bool(found.column) or says_something("\n".join(above))


def _is_answered(rest: Sequence[str], *, is_first: bool) -> bool:
    """Return whether new lines stand between or below the quoted ones.

    With nothing above it, what stands below an attribution unquoted is the answer.
    """
    written = [line for line in rest if line.strip()]
    if not written:
        return False
    if not is_quoted(written[0]):
        return is_first
    fresh = [line for line, is_new in _marked(rest) if is_new]
    kept = _without_closing(fresh, list(range(len(fresh))))
    return says_something("\n".join(fresh[line] for line in kept))


def _marked(rest: Sequence[str]) -> list[tuple[str, bool]]:
    """Return each line with whether it is new; the torn end of a quoted line is not."""
    marked: list[tuple[str, bool]] = []
    for index, line in enumerate(rest):
        before = rest[index - 1] if index else ""
        is_torn = is_quoted(before) and bool(line.strip())
        is_torn = is_torn and (len(before) > WRAPPED_WIDTH or _OPEN_LINK.search(before) is not None)
        is_old = is_quoted(line) or is_torn or is_rule(line) or _LINK_ALONE.match(line) is not None
        marked.append((line, not is_old))
    return marked


def _without_end(lines: Sequence[str], kept: list[int], *, keeps_quote: bool) -> list[int]:
    """Return the lines without closings and, unless a quote was cut already, trailing quotes."""
    for _ in range(MAX_PASSES):
        before = len(kept)
        kept = _without_closing(lines, kept)
        kept = kept if keeps_quote else _without_trailing_quote(lines, kept)
        if len(kept) == before:
            break
    return kept


def _without_trailing_quote(lines: Sequence[str], kept: list[int]) -> list[int]:
    end = len(kept)
    while end and _is_rest_of_quote(lines[kept[end - 1]]):
        end -= 1
    if end == len(kept) or not end:
        return kept[:end]
    last = kept[end - 1]
    found = _attribution(lines, last)
    begin = found.begin if found else fields_above(lines, last)
    if begin is not None:
        return [line for line in kept[:end] if line < begin]
    return kept[: end - 1] if names_writer(lines[last]) else kept[:end]


def _is_rest_of_quote(line: str) -> bool:
    return is_quoted(line) or not line.strip() or is_rule(line)


def _without_opening_quote(
    lines: Sequence[str], kept: list[int], answered: Sequence[Attribution]
) -> list[int]:
    """Return the lines without a quote that opens them, when the answer is all below it."""
    quoted = [line for line in kept if is_quoted(lines[line])]
    if not quoted or not answered:
        return kept
    first = answered[0]
    above = [line for line in kept if line < quoted[0] and lines[line].strip()]
    inside = [line for line in kept if quoted[0] <= line <= quoted[-1]]
    is_whole = all(is_quoted(lines[line]) or not lines[line].strip() for line in inside)
    if not is_whole or above != list(range(first.begin, first.end + 1)):
        return kept
    return [line for line in kept if line > quoted[-1]]


def _without_closing(lines: Sequence[str], kept: list[int]) -> list[int]:
    """Return the lines without signature, list footer and device lines at their end."""
    shown = [lines[line] for line in kept]
    end = _signature_begin(shown)
    while end and _is_added(shown[end - 1]):
        end -= 1
    return kept[:end]


def _is_added(line: str) -> bool:
    return not line.strip() or is_device_line(line) or is_rule(line)


def _signature_begin(lines: Sequence[str]) -> int:
    """Return the line where the signature begins, the number of lines when there is none.

    Two bare `--` lines are drawn between paragraphs; `-- ` with its space is no drawing.
    """
    bare, exact, begin, left = 0, 0, len(lines), 0
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if is_list_rule(lines, index) and left <= MAX_FOOTER_LINES:
            begin, bare = index, 0
        elif is_signature_mark(line):
            begin = index if not bare or line != "--" or exact else begin
            bare += line == "--"
            exact += line != "--"
        left += bool(line.strip())
        if left > MAX_SIGNATURE_LINES or is_quoted(line):
            break
    return begin if bare < 2 or exact else len(lines)  # noqa: PLR2004
