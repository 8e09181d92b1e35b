"""The priority matrices of the presets: every cell, its origin and its words."""

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.plan import Origin
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.presets.catalogue import (
    PresetUnknown,
    matrix_codes,
    matrix_preset,
    priority_matrix,
)

P0, P1, P2, P3 = Priority
HIGH, NORMAL, LOW = Urgency

GUIDE = {
    (Impact.CRITICAL, HIGH): (P0, Origin.SOURCE),
    (Impact.CRITICAL, NORMAL): (P0, Origin.SOURCE),
    (Impact.CRITICAL, LOW): (P0, Origin.SOURCE),
    (Impact.MAJOR, HIGH): (P1, Origin.PROPOSAL),
    (Impact.MAJOR, NORMAL): (P1, Origin.SOURCE),
    (Impact.MAJOR, LOW): (P2, Origin.PROPOSAL),
    (Impact.MINOR, HIGH): (P1, Origin.PROPOSAL),
    (Impact.MINOR, NORMAL): (P2, Origin.SOURCE),
    (Impact.MINOR, LOW): (P3, Origin.PROPOSAL),
    (Impact.NONE, HIGH): (P2, Origin.PROPOSAL),
    (Impact.NONE, NORMAL): (P3, Origin.SOURCE),
    (Impact.NONE, LOW): (P3, Origin.PROPOSAL),
}
WEBDESIGNER = {Impact.CRITICAL: P0, Impact.MAJOR: P1, Impact.MINOR: P2, Impact.NONE: P3}


@pytest.mark.parametrize("pair", GUIDE, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def test_each_cell_of_the_guide_says_its_priority_and_where_it_comes_from(
    pair: tuple[Impact, Urgency],
) -> None:
    impact, urgency = pair
    priority, origin = GUIDE[pair]

    cell = matrix_preset("guide").cells[impact][urgency]

    assert (cell.priority, cell.origin) == (priority, origin)
    assert cell.why
    assert priority_matrix("guide").priority_for(impact, urgency) is priority


def test_the_guide_has_twelve_cells() -> None:
    cells = matrix_preset("guide").cells

    assert sum(len(row) for row in cells.values()) == len(GUIDE)


@pytest.mark.parametrize("urgency", Urgency)
def test_a_higher_urgency_never_gives_a_lower_priority(urgency: Urgency) -> None:
    order = list(Urgency)
    lower = order[order.index(urgency) :]

    for impact in Impact:
        row = matrix_preset("guide").cells[impact]
        assert all(row[urgency].priority <= row[each].priority for each in lower)


@pytest.mark.parametrize("impact", Impact)
def test_the_webdesigner_matrix_knows_only_what_blocks(impact: Impact) -> None:
    matrix = priority_matrix("webdesigner")

    assert {matrix.priority_for(impact, urgency) for urgency in Urgency} == {WEBDESIGNER[impact]}


@pytest.mark.parametrize("code", matrix_codes())
def test_every_level_is_told_in_both_languages_with_its_source(code: str) -> None:
    preset = matrix_preset(code)
    scales = (preset.levels, preset.impacts, preset.urgencies)

    assert [set(scale) for scale in scales] == [set(Priority), set(Impact), set(Urgency)]
    for scale in scales:
        for wording in scale.values():
            assert wording.source
            for locale in Locale:
                assert wording.label[locale]
                assert wording.definition[locale]
                assert wording.examples[locale]


def test_the_levels_of_the_guide_are_those_of_the_white_paper() -> None:
    levels = matrix_preset("guide").levels

    assert {level.origin for level in levels.values()} == {Origin.SOURCE}
    assert {priority: level.label[Locale.FR] for priority, level in levels.items()} == {
        P0: "Critique",
        P1: "Urgent",
        P2: "Normal",
        P3: "Bas",
    }
    assert matrix_preset("guide").source == "002 §3.2 L312-344"


def test_a_matrix_is_accepted_by_nobody_until_a_client_does() -> None:
    matrix = priority_matrix("guide")

    assert (matrix.code, matrix.version, matrix.acceptance) == ("guide", 1, None)


def test_an_unknown_matrix_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PresetUnknown) as refusal:
        priority_matrix("guidde")

    assert str(refusal.value) == (
        "There is no matrix “guidde” among the presets. Known: guide, webdesigner."
    )
