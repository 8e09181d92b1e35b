"""What an answer repeats of the mails it answers, found by comparing them, in any language."""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from helpdesk.mail.forwarded import forward_mark
from helpdesk.mail.reply_attribution import announcement_above
from helpdesk.mail.reply_cutting import MAX_CHARACTERS, reply_of, says_something
from helpdesk.mail.reply_marks import is_marker, is_quoted, legible

MAX_PARENTS = 40
MAX_PARENT_CHARACTERS = 64 * 1024
MAX_PLACES = 8
# this many words in the same order are no accident
SHINGLE = 4
LEAST_WORDS = 6
MANY_WORDS = 25
AGAIN, WHOLE, HALF = 0.9, 0.6, 0.5

_LINK = re.compile(
    r"[<(\[]{0,2}(?:(?:https?|ftp)://|mailto:|tel:|cid:)[^\s<>()\[\]]{1,2000}[>)\]]{0,2}"
    r"|\[(?:cid|image|inline)[^\]\n]{0,200}\]",
    re.IGNORECASE,
)
# Chinese and Japanese leave no space between words
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_GREETING = re.compile(r"^(?:\S{1,30}\s){0,4}\S{1,30}\s?[,!]\s*$")
_OUR_REFERENCE = re.compile(r"^[\s>|*_]{0,20}Ref\s?: t\.[a-z0-9]{20,80}[\s*_]{0,5}$")


@dataclass(frozen=True)
class _Run:
    """Lines of the answer that repeat a parent: `size` of its words, from `place` on."""

    parent: int
    begin: int
    end: int
    size: int
    share: float
    place: int


@dataclass(frozen=True)
class _Read:
    """The words of a text, those of each line, and each of them with the ones that follow it."""

    words: list[str]
    spans: dict[int, range]
    shingles: list[tuple[str, ...]]


def cut_reply(reply: str, parents: Sequence[str]) -> str:
    """Return the new words of an answer: what it repeats of its parents goes, then its closing.

    >>> ours = "Bonjour,\\nAvez-vous encore ce problème ce matin ?\\nAlice"
    >>> cut_reply("Oui.\\n\\nBonjour, Avez-vous encore\\nce problème ce matin ? Alice", [ours])
    'Oui.'
    """
    left = cut_against(reply, parents)
    return reply if left == reply else reply_of(left)


def cut_against(text: str, parents: Sequence[str]) -> str:
    """Return the text without the block that repeats a mail it answers.

    Quoting marks, indentation, wrapping and links are no difference. What is no repetition is
    kept, and so is everything when answers stand between the repeated pieces, when somebody
    passes the mail on, and when nothing would be left.
    """
    if len(text) > MAX_CHARACTERS or forward_mark(text) is not None:
        return text
    shown = text.split("\n")
    lines = [legible(line) for line in shown]
    repeated = _repeated(lines, parents)
    if not repeated:
        return text
    dropped = {line for run in repeated for line in range(_begin(lines, run), _end(lines, run) + 1)}
    kept = [line for index, line in enumerate(shown) if index not in dropped]
    left = "\n".join(kept).strip("\n").rstrip()
    return left if says_something(left) else text


def _begin(lines: Sequence[str], run: _Run) -> int:
    """Return where a repeated block begins, with our marker and who it says it is from."""
    unquoted = [line.lstrip("> ") for line in lines[: run.begin]]
    begin = run.begin
    while begin and (not unquoted[begin - 1].strip() or _is_ours(lines[begin - 1])):
        begin -= 1
    announced = announcement_above(unquoted, begin)
    if announced == begin and begin and _GREETING.match(unquoted[begin - 1]):
        # another program wrote the mail: what was said is known, how the reader was greeted is not
        above = announcement_above(unquoted, begin - 1)
        return above if above < begin - 1 else begin
    return announced


def _end(lines: Sequence[str], run: _Run) -> int:
    """Return the last line of a repeated block, with the empty quoted ones below it."""
    end = run.end
    while end + 1 < len(lines) and not lines[end + 1].strip("> ") and is_quoted(lines[end + 1]):
        end += 1
    return end


def _repeated(lines: Sequence[str], parents: Sequence[str]) -> list[_Run]:
    """Return the blocks to cut, none of an answer between quotes."""
    answer = _read(lines)
    runs = [
        run
        for number, parent in enumerate(_capped(parents))
        for run in _runs(answer, _read(parent.split("\n")), number)
        if run.size >= SHINGLE
    ]
    cut: list[_Run] = []
    for run in sorted(runs, key=lambda one: -one.size):
        if _is_free(run, cut) and _is_quote(run, lines, answer, cut):
            cut.append(run)
    return [] if _is_answered_between(lines, answer, runs, cut) else cut


def _capped(parents: Sequence[str]) -> Iterator[str]:
    """Yield the parents, each once, as long as they can be compared in reasonable time."""
    left = MAX_CHARACTERS
    for parent in dict.fromkeys(parents[:MAX_PARENTS]):
        yield parent[: min(left, MAX_PARENT_CHARACTERS)]
        left -= min(len(parent), MAX_PARENT_CHARACTERS)
        if left <= 0:
            return


def _is_free(run: _Run, cut: Sequence[_Run]) -> bool:
    return all(run.end < other.begin or run.begin > other.end for other in cut)


def _is_quote(run: _Run, lines: Sequence[str], answer: _Read, cut: Sequence[_Run]) -> bool:
    """Return whether a run is a mail quoted whole, or the last thing the answer holds."""
    if run.size < LEAST_WORDS:
        return False
    if any(other.parent == run.parent for other in cut):
        return run.share >= AGAIN
    if run.share >= WHOLE:
        return True
    after = [line for line in answer.spans if line > run.end]
    is_last = all(any(one.begin <= line <= one.end for one in cut) for line in after)
    is_marked = all(is_quoted(line) for line in lines[run.begin : run.end + 1] if line.strip())
    return is_last and (is_marked or run.size >= MANY_WORDS or run.share >= HALF)


def _is_answered_between(
    lines: Sequence[str], answer: _Read, runs: Sequence[_Run], cut: Sequence[_Run]
) -> bool:
    """Return whether new words stand between `>` lines, or two stretches of one mail."""
    repeated = {line for run in runs for line in range(run.begin, run.end + 1)}
    repeated |= {line for run in cut for line in range(_begin(lines, run), run.begin)}
    new = [line for line in answer.spans if line not in repeated]
    marked = [line for line in answer.spans if is_quoted(lines[line])]
    if marked and any(marked[0] < line < marked[-1] and not is_quoted(lines[line]) for line in new):
        return True
    return any(
        first.parent == second.parent
        and first.place < second.place
        and bisect(new, first.end) < bisect(new, second.begin)
        for first, second in pairwise(runs)
    )


def _read(lines: Sequence[str]) -> _Read:
    """Return the words of a text and where they stand; our own marks and links are none."""
    words: list[str] = []
    spans: dict[int, range] = {}
    for index, line in enumerate(lines):
        if _is_ours(line):
            continue
        shown = unicodedata.normalize("NFKC", _LINK.sub(" ", legible(line))).casefold()
        found = _WORD.findall(shown)
        if found:
            spans[index] = range(len(words), len(words) + len(found))
            words += found
    shingles = list(zip(*(words[shift:] for shift in range(SHINGLE)), strict=False))
    return _Read(words, spans, shingles)


def _is_ours(line: str) -> bool:
    return is_marker(line) or _OUR_REFERENCE.match(line) is not None


def _runs(answer: _Read, parent: _Read, number: int) -> Iterator[_Run]:
    """Yield the stretches of lines of which every word repeats the parent, in its order."""
    places = _matched(answer, parent)
    if not places:
        return
    current: list[int] = []
    chain = -1
    for line, span in answer.spans.items():
        chains = {places[word][0] if word in places else -1 for word in span}
        is_whole = len(chains) == 1 and -1 not in chains
        if current and (not is_whole or chain not in chains):
            yield _run_of(current, answer, places, number, len(parent.words))
            current = []
        if is_whole:
            [chain] = chains
            current.append(line)
    if current:
        yield _run_of(current, answer, places, number, len(parent.words))


def _run_of(
    found: Sequence[int],
    answer: _Read,
    places: dict[int, tuple[int, int]],
    number: int,
    total: int,
) -> _Run:
    size = sum(len(answer.spans[line]) for line in found)
    place = places[answer.spans[found[0]].start][1]
    return _Run(number, found[0], found[-1], size, size / total, place)


def _matched(answer: _Read, parent: _Read) -> dict[int, tuple[int, int]]:
    """Return of each repeated word the chain it belongs to and its place in the parent.

    A chain goes through the parent in its order: what goes back begins another one.
    """
    known: dict[tuple[str, ...], list[int]] = {}
    for place, shingle in enumerate(parent.shingles):
        places = known.setdefault(shingle, [])
        if len(places) < MAX_PLACES:
            places.append(place)
    result: dict[int, tuple[int, int]] = {}
    done, after, chain = 0, 0, 0
    for index, shingle in enumerate(answer.shingles):
        if index < done or shingle not in known:
            continue
        place = next((one for one in known[shingle] if one >= after), -1)
        if place < 0:
            place, chain = known[shingle][0], chain + 1
        done, after = _followed(answer, parent, index, place)
        result |= {index + step: (chain, place + step) for step in range(done - index)}
    return result


def _followed(answer: _Read, parent: _Read, index: int, place: int) -> tuple[int, int]:
    """Return where the same words end, in the answer and in the parent."""
    words, others = answer.words, parent.words
    while index < len(words) and place < len(others) and words[index] == others[place]:
        index, place = index + 1, place + 1
    return index, place
