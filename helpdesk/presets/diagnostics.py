"""The checklist, the warning signals and the routines, in words and as the rules take them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from helpdesk.domain.checklist import CheckBlock, Checklist, CheckPoint, DiagnosticLevel
from helpdesk.domain.errors import Locale
from helpdesk.domain.plan import Origin, Text
from helpdesk.domain.routine import RoutineKind, Weeks
from helpdesk.domain.signal import Signal
from helpdesk.presets.files import read_document
from helpdesk.usecases.diagnostics_ports import SignalWords

# A YAML document: what each value is, only its reader below knows.
_Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PointPreset:
    """A point of the checklist in words; its validity may be ours, where the source has none."""

    text: Text
    validity_origin: Origin
    source: str


@dataclass(frozen=True, slots=True)
class BlockPreset:
    """A block of the checklist: its letter and its name."""

    letter: str
    label: Text


@dataclass(frozen=True, slots=True)
class RuleOfThreePreset:
    """The three criticals in words: what they mean together and what is then done."""

    signals: frozenset[Signal]
    conclusion: Text
    action: Text
    source: str


@dataclass(frozen=True, slots=True)
class RoutinePreset:
    """A routine in words: its steps, its weeks and the line of the source that they come from."""

    label: Text
    steps: Mapping[Locale, tuple[str, ...]]
    weeks: Weeks
    process: str
    source: str


@dataclass(frozen=True, slots=True)
class RoutineWords:
    """How the ticket of a routine is written: patterns for its subject and its description."""

    subject: Text
    body: Text


@cache
def checklist() -> Checklist:
    """Return the checklist as audits take it: 28 points in the order of the source."""
    document = read_document("checklist.yaml")
    return Checklist(
        document["version"],
        tuple(
            CheckPoint(
                code,
                CheckBlock(block),
                DiagnosticLevel(point["level"]),
                point["validity"]["months"],
            )
            for block, code, point in _points(document)
        ),
    )


@cache
def point_presets() -> Mapping[str, PointPreset]:
    """Return the points in words, by code."""
    return {
        code: PointPreset(_text(point), Origin(point["validity"]["origin"]), point["source"])
        for _, code, point in _points(read_document("checklist.yaml"))
    }


@cache
def block_presets() -> Mapping[CheckBlock, BlockPreset]:
    """Return the blocks in words, in order."""
    blocks = read_document("checklist.yaml")["blocks"]
    return {
        CheckBlock(name): BlockPreset(block["letter"], _text(block["label"]))
        for name, block in blocks.items()
    }


@cache
def level_presets() -> Mapping[DiagnosticLevel, Text]:
    """Return how the points of each level are read."""
    levels = read_document("checklist.yaml")["interpretation"]
    return {DiagnosticLevel(level): _text(words) for level, words in levels.items()}


@cache
def signal_presets() -> Mapping[Signal, SignalWords]:
    """Return the ten signals in words, in the order of the source."""
    return {
        Signal(code): SignalWords(
            number=each["number"],
            level=DiagnosticLevel(each["level"]),
            label=_text(each["label"]),
            reveals=_text(each["reveals"]),
            risk=_text(each["risk"]),
            source=each["source"],
        )
        for code, each in read_document("signals.yaml")["signals"].items()
    }


@cache
def rule_of_three() -> RuleOfThreePreset:
    """Return the three criticals in words."""
    rule = read_document("signals.yaml")["rule_of_three"]
    return RuleOfThreePreset(
        signals=frozenset(map(Signal, rule["signals"])),
        conclusion=_text(rule["conclusion"]),
        action=_text(rule["action"]),
        source=rule["source"],
    )


@cache
def routine_presets() -> Mapping[RoutineKind, RoutinePreset]:
    """Return the routines in words, in the order of the month."""
    return {
        RoutineKind(kind): RoutinePreset(
            label=_text(each["label"]),
            steps={locale: tuple(each["steps"][locale.value]) for locale in Locale},
            weeks=Weeks(*each["weeks"]),
            process=each["process"],
            source=each["source"],
        )
        for kind, each in read_document("routines.yaml")["routines"].items()
    }


@cache
def routine_words() -> RoutineWords:
    """Return how the tickets of routines are written."""
    words = read_document("routines.yaml")["words"]
    return RoutineWords(_text(words["subject"]), _text(words["body"]))


def _points(document: _Document) -> list[tuple[str, str, _Document]]:
    return [
        (name, code, point)
        for name, block in document["blocks"].items()
        for code, point in block["points"].items()
    ]


def _text(document: _Document) -> Text:
    return {locale: document[locale.value] for locale in Locale}
