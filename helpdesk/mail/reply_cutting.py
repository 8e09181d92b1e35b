"""The new part of an answer, without what it quotes; a guess that prefers to show too much."""

from collections.abc import Sequence

from helpdesk.mail.forwarded import forward_mark
from helpdesk.mail.html_quotes import reply_in_html
from helpdesk.mail.reply_marks import (
    attribution_ending_at,
    header_block_at,
    is_device_line,
    is_list_rule,
    is_marker,
    is_original_line,
    is_quoted,
    is_rule,
    is_signature_mark,
    may_end_attribution,
)

MAX_CHARACTERS = 256 * 1024
MAX_SIGNATURE_LINES = 20
MAX_FOOTER_LINES = 8
WRAPPED_WIDTH = 55
MAX_ATTRIBUTIONS = 20
FIRST_PICTURE = "\u2190"


def reply_of(text: str, *, html: str = "") -> str:
    """Return what the person wrote this time.

    Layers, each on what the one before left: our marker, attribution lines, header blocks, the
    marks that mail programs leave in HTML, trailing quotes, signatures. A forwarded mail and
    answers between quotes are shown whole, and so is a text of which nothing would be left.
    """
    if len(text) > MAX_CHARACTERS:
        return text
    lines = text.replace("\u200b", "").replace("\xa0", " ").split("\n")
    begin = _quote_begin(lines)
    mark = forward_mark(text)
    if mark is not None and text.count("\n", 0, mark) <= begin:
        return text
    if begin == len(lines) and html:
        from_html = reply_in_html(html)
        lines = from_html.split("\n") if from_html is not None else lines
        begin = _quote_begin(lines)
    kept = _without_closing(_without_trailing_quote(_without_closing(lines[:begin])))
    kept = _without_opening_quote(kept)
    reply = "\n".join(kept).strip("\n").rstrip()
    return reply if _says_something(reply) else text


def _quote_begin(lines: Sequence[str]) -> int:
    """Return the first line of what is quoted, the number of lines when nothing is."""
    answered = 0
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        if is_marker(line):
            return index
        if is_quoted(line):
            continue
        if is_original_line(line) or header_block_at(lines, index):
            return index
        if answered < MAX_ATTRIBUTIONS and may_end_attribution(line):
            length = attribution_ending_at(lines, index)
            if length and not _is_answered_between(lines[index + 1 :]):
                return index - length + 1
            answered += bool(length)
    return len(lines)


def _is_answered_between(rest: Sequence[str]) -> bool:
    """Return whether new lines stand between or below the quoted ones."""
    written = [line for line in rest if line.strip()]
    if not written or not is_quoted(written[0]):
        return False
    fresh = _without_closing([line for line, is_new in _marked(rest) if is_new])
    return _says_something("\n".join(fresh))


def _marked(rest: Sequence[str]) -> list[tuple[str, bool]]:
    """Return each line with whether it is new; the torn end of a quoted line is not."""
    marked: list[tuple[str, bool]] = []
    for index, line in enumerate(rest):
        before = rest[index - 1] if index else ""
        is_torn = is_quoted(before) and len(before) > WRAPPED_WIDTH and bool(line.strip())
        is_new = not (is_quoted(line) or is_torn or is_rule(line))
        marked.append((line, is_new))
    return marked


def _without_trailing_quote(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and (is_quoted(kept[-1]) or not kept[-1].strip() or is_rule(kept[-1])):
        kept.pop()
    if len(kept) < len(lines) and kept and may_end_attribution(kept[-1]):
        return kept[: len(kept) - attribution_ending_at(lines, len(kept) - 1)]
    return kept


def _without_opening_quote(lines: Sequence[str]) -> list[str]:
    """Return the lines without a quote that opens them, when the answer is all below it."""
    quoted = [index for index, line in enumerate(lines) if is_quoted(line)]
    if not quoted:
        return list(lines)
    above = [index for index in range(quoted[0]) if lines[index].strip()]
    length = attribution_ending_at(lines, above[-1]) if above else 0
    inside = lines[quoted[0] : quoted[-1]]
    is_whole = all(is_quoted(line) or not line.strip() for line in inside)
    if not length or len(above) != length or not is_whole:
        return list(lines)
    return list(lines[quoted[-1] + 1 :])


def _without_closing(lines: Sequence[str]) -> list[str]:
    """Return the lines without signature, list footer and device lines at their end."""
    kept = list(lines)
    left = 0
    for index in range(len(kept) - 1, -1, -1):
        is_footer = is_list_rule(kept[index]) and left <= MAX_FOOTER_LINES
        if is_footer or is_signature_mark(kept[index]):
            kept = kept[:index]
        left += bool(lines[index].strip())
        if left > MAX_SIGNATURE_LINES:
            break
    while kept and (not kept[-1].strip() or is_device_line(kept[-1]) or is_rule(kept[-1])):
        kept.pop()
    return kept


def _says_something(text: str) -> bool:
    """Return whether a letter, a digit or a picture is there: a thumb up is an answer."""
    return any(character.isalnum() or character >= FIRST_PICTURE for character in text)
