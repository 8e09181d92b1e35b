"""The checklist, the signals and the routines beside what the sources say."""

from typing import Any

import pytest

from helpdesk.domain.checklist import CheckBlock, DiagnosticLevel
from helpdesk.domain.errors import Locale
from helpdesk.domain.plan import Origin
from helpdesk.domain.routine import RoutineKind
from helpdesk.domain.signal import RULE_OF_THREE, Signal
from helpdesk.presets.diagnostics import (
    block_presets,
    checklist,
    level_presets,
    point_presets,
    routine_presets,
    routine_words,
    rule_of_three,
    signal_presets,
)
from helpdesk.presets.transcription import transcribed

LEVELS = {
    "Critique": DiagnosticLevel.CRITICAL,
    "Élevé": DiagnosticLevel.HIGH,
    "Moyen": DiagnosticLevel.MEDIUM,
}


def rows(*path: str) -> Any:  # what YAML gives
    return transcribed(*path)


def test_the_points_are_those_of_the_guide_in_its_order_words_blocks_and_levels() -> None:
    blocks = rows("checklist", "blocks")
    words, names = point_presets(), block_presets()

    assert [
        (names[point.block].letter, point.code, words[point.code].text[Locale.FR], point.level)
        for point in checklist().points
    ] == [
        (letter, point["id"], point["text"], LEVELS[point["priority"]])
        for letter, block in blocks.items()
        for point in block["points"]
    ]
    assert [(names[one].letter, names[one].label[Locale.FR]) for one in CheckBlock] == [
        (letter, block["title"]) for letter, block in blocks.items()
    ]


def test_the_levels_are_read_as_the_guide_says() -> None:
    said = rows("checklist", "interpretation")

    assert [words[Locale.FR] for words in level_presets().values()] == list(said.values())
    assert list(level_presets()) == list(DiagnosticLevel)


@pytest.mark.parametrize(("point", "months"), [("A4", 12), ("C3", 3), ("E8", 12)])
def test_an_answer_holds_as_long_as_the_guide_says_where_it_does(point: str, months: int) -> None:
    assert checklist().point(point).valid_months == months
    assert point_presets()[point].validity_origin is Origin.SOURCE


def test_an_answer_holds_as_long_as_we_propose_where_the_guide_is_silent() -> None:
    silent = {
        code for code, one in point_presets().items() if one.validity_origin is not Origin.SOURCE
    }

    assert len(silent) == 25
    assert {point_presets()[code].validity_origin for code in silent} == {Origin.PROPOSAL}


def test_the_signals_are_those_of_the_guide_in_its_order_words_and_levels() -> None:
    presets = signal_presets()

    assert list(presets) == list(Signal)
    assert [
        (
            one.number,
            signal.value.lower(),
            *(text[Locale.FR] for text in (one.label, one.reveals, one.risk)),
            one.level,
        )
        for signal, one in presets.items()
    ] == [
        (row["n"], row["code"], row["signal"], row["reveals"], row["risk"], LEVELS[row["level"]])
        for row in rows("warning_signals")
    ]


def test_the_rule_of_three_is_that_of_the_guide() -> None:
    said, rule = rows("rule_of_three"), rule_of_three()

    assert {one.value.lower() for one in rule.signals} == set(said["signals"])
    assert rule.signals == RULE_OF_THREE
    assert (rule.conclusion[Locale.FR], rule.action[Locale.FR]) == (
        said["conclusion"],
        said["action"],
    )


def test_every_step_of_the_monthly_routine_is_a_routine_in_its_weeks() -> None:
    (monthly,) = [row for row in rows("processes") if row["code"] == "monthly_routine"]
    presets = routine_presets()
    weeks = {
        one.process: "-".join(f"S{week}" for week in sorted({one.weeks.first, one.weeks.last}))
        for one in presets.values()
    }

    assert list(presets) == list(RoutineKind)
    assert list(weeks) == monthly["steps"]
    assert all(process.startswith(f"{named} :") for process, named in weeks.items())


def test_everything_has_words_in_both_languages_and_a_source() -> None:
    texts = [
        *(one.text for one in point_presets().values()),
        *(one.label for one in block_presets().values()),
        *level_presets().values(),
        *(
            one
            for each in signal_presets().values()
            for one in (each.label, each.reveals, each.risk)
        ),
        *(one.label for one in routine_presets().values()),
        routine_words().body,
    ]
    sources = [
        *(one.source for one in point_presets().values()),
        *(one.source for one in signal_presets().values()),
        *(one.source for one in routine_presets().values()),
        rule_of_three().source,
    ]

    assert all(text[Locale.EN] and text[Locale.EN] != text[Locale.FR] for text in texts)
    assert all(sources)
    assert all(
        len(one.steps[Locale.EN]) == len(one.steps[Locale.FR]) for one in routine_presets().values()
    )
