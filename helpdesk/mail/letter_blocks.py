"""What the lines of a letter are: paragraphs, lists, facts, a frame, a button, a person's words."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from helpdesk.domain.letter_kind import Passage, PassageKind

_FRAME_TOP, _FRAME_END, _FRAME_SIDE = "┌", "└", "│"
_FACT = re.compile(r"(?P<label>[^\s:-][^:]{0,39}?)[ \u00a0\u202f]?:[ \u00a0](?P<told>\S.*)")
_BUTTON = re.compile(r"(?P<label>[^\s:][^:]{0,79}?)[ \u00a0\u202f]?:[ \u00a0](?P<url>https?://\S+)")
_OWN_ITEM = re.compile(r"- +(?P<item>\S.*)")
_ITEM = re.compile(r"[ \t]{0,3}[-*•][ \t]+(?P<item>\S.*)")
_QUOTED = re.compile(r"[ \t]{0,3}>[ \t]?")
_CODE = re.compile(r"(?: {4}|\t)\S")
_FENCE, _FENCE_END = re.compile(r"[ \t]{0,3}```"), "```"
MIN_FACTS = 2
MAX_SET_LINES = 2_000


class BlockKind(StrEnum):
    """How lines are shown."""

    TEXT = "TEXT"
    LIST = "LIST"
    FACTS = "FACTS"
    FRAME = "FRAME"
    BUTTON = "BUTTON"
    QUOTE = "QUOTE"
    CODE = "CODE"
    PROSE = "PROSE"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines shown in one way; facts and a button have pairs, prose has blocks of its own.

    `is_tight` when what follows belongs to it: a line above its list.
    """

    kind: BlockKind
    lines: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    inside: tuple["Block", ...] = ()
    is_tight: bool = False


def blocks_of(lines: Sequence[str], passages: Sequence[Passage]) -> Iterator[Block]:
    """Yield the blocks of a letter's lines, those of its footer left out."""
    at = 0
    for passage in sorted(passages, key=lambda one: one.first):
        yield from _own_blocks(lines[at : passage.first])
        if passage.kind is PassageKind.PROSE:
            yield Block(BlockKind.PROSE, inside=_inside(lines[passage.first : passage.end]))
        elif passage.kind is PassageKind.LINK:
            yield _link(lines[passage.first : passage.end])
        at = passage.end
    yield from _own_blocks(lines[at:])


def _link(lines: Sequence[str]) -> Block:
    button = _BUTTON.fullmatch(lines[0].strip())
    if button is None:
        return Block(BlockKind.TEXT, tuple(lines))
    return Block(BlockKind.BUTTON, pairs=((button["label"], button["url"]),))


def _inside(lines: Sequence[str]) -> tuple[Block, ...]:
    """Return the blocks of a person's words; a whole file of lines is shown plain.

    The page stays of the size of its text.
    """
    if len(lines) > MAX_SET_LINES:
        return (Block(BlockKind.TEXT, tuple(lines)),)
    return tuple(prose_blocks(lines))


def _own_blocks(lines: Sequence[str]) -> Iterator[Block]:
    for paragraph in paragraphs_of(lines):
        facts = [_FACT.fullmatch(line) for line in paragraph]
        if paragraph[0].startswith(_FRAME_TOP) and paragraph[-1].startswith(_FRAME_END):
            inside = tuple(line.strip(f"{_FRAME_SIDE} ") for line in paragraph[1:-1])
            yield Block(BlockKind.FRAME, inside)
        elif len(paragraph) >= MIN_FACTS and all(facts):
            pairs = tuple((fact["label"], fact["told"]) for fact in facts if fact is not None)
            yield Block(BlockKind.FACTS, pairs=pairs)
        else:
            yield from _runs(paragraph, _own_kind)


def prose_blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the blocks of what a person wrote: nothing of it is changed, only shown as it is meant.

    >>> [one.kind.value for one in prose_blocks(["Try:", "- this", "```", "x = 1", "```"])]
    ['TEXT', 'LIST', 'CODE']
    """
    ends = [at for at, line in enumerate(lines) if line.strip() == _FENCE_END]
    shown = 0
    for at, line in enumerate(lines):
        if at < shown or not _FENCE.match(line):
            continue
        following = bisect_right(ends, at)
        if following == len(ends):
            break
        yield from _prose_runs(lines[shown:at])
        yield Block(BlockKind.CODE, tuple(lines[at + 1 : ends[following]]))
        shown = ends[following] + 1
    yield from _prose_runs(lines[shown:])


def _prose_runs(lines: Sequence[str]) -> Iterator[Block]:
    for paragraph in paragraphs_of(lines):
        if all(_CODE.match(line) or line.startswith("    ") for line in paragraph):
            yield Block(BlockKind.CODE, tuple(line.removeprefix("    ") for line in paragraph))
        else:
            yield from _runs(paragraph, _prose_kind)


def paragraphs_of(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield runs of lines without a blank one."""
    run: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            run.append(line.rstrip())
        elif run:
            yield run
            run = []


def _own_kind(line: str) -> tuple[BlockKind, str]:
    item = _OWN_ITEM.fullmatch(line)
    return (BlockKind.TEXT, line) if item is None else (BlockKind.LIST, item["item"])


def _prose_kind(line: str) -> tuple[BlockKind, str]:
    quoted = _QUOTED.match(line)
    if quoted is not None:
        return BlockKind.QUOTE, line[quoted.end() :]
    item = _ITEM.fullmatch(line)
    return (BlockKind.TEXT, line) if item is None else (BlockKind.LIST, item["item"])


def _runs(lines: Sequence[str], kind_of: Callable[[str], tuple[BlockKind, str]]) -> Iterator[Block]:
    """Yield lines that follow each other and are shown in the same way."""
    runs = [(kind, tuple(run)) for kind, run in groupby(map(kind_of, lines), lambda one: one[0])]
    for at, (kind, run) in enumerate(runs, 1):
        yield Block(kind, tuple(shown for _, shown in run), is_tight=at < len(runs))
