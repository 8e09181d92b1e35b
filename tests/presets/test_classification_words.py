"""The words of classifications and exclusions, beside what the sources say."""

import pytest

from helpdesk.domain.classification import (
    Coverage,
    Funding,
    Request,
    RequestNature,
    WhyCovered,
    classified,
)
from helpdesk.domain.errors import Locale
from helpdesk.domain.exclusion import ExclusionCause
from helpdesk.presets.classification import classification_preset, exclusion_presets
from helpdesk.presets.commercial import commercial_plan
from helpdesk.presets.transcription import transcribed

WORDS = classification_preset()
# What the guide's column “Traitement” allows, for a plan with run time and one without.
TREATMENTS = {
    "inclus": ({Coverage.INCLUDED}, {Coverage.INCLUDED}),
    "devis_or_run": ({Coverage.QUOTE, Coverage.RUN}, {Coverage.QUOTE}),
    "hors_contrat": ({Coverage.OUT_OF_CONTRACT}, {Coverage.OUT_OF_CONTRACT}),
    "run_or_devis": ({Coverage.RUN}, {Coverage.QUOTE}),
}
ROWS = transcribed("classification")


def test_every_nature_coverage_funding_and_reason_has_words_in_both_languages() -> None:
    assert set(WORDS.natures) == set(RequestNature)
    assert set(WORDS.coverages) == set(Coverage)
    assert set(WORDS.fundings) == set(Funding)
    assert set(WORDS.reasons) == set(WhyCovered)
    texts = [*WORDS.coverages.values(), *WORDS.fundings.values(), *WORDS.reasons.values()]
    for text in [*texts, *(nature.label for nature in WORDS.natures.values())]:
        assert text[Locale.FR] != text[Locale.EN]
    assert all(nature.source for nature in WORDS.natures.values())


def test_the_six_rows_of_the_guide_have_one_nature_each() -> None:
    assert isinstance(ROWS, list)
    rows = [nature.table_row for nature in WORDS.natures.values() if nature.table_row is not None]

    assert sorted(rows) == [row["n"] for row in ROWS] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "nature", [nature for nature, words in WORDS.natures.items() if words.table_row is not None]
)
def test_a_row_of_the_guide_is_treated_as_its_table_says(nature: RequestNature) -> None:
    assert isinstance(ROWS, list)
    (row,) = [row for row in ROWS if row["n"] == WORDS.natures[nature].table_row]
    with_run, without_run = TREATMENTS[row["coverage"]]
    asked = [Request(nature), Request(nature, client_agrees_run=True)]

    business, webdesigner = (
        commercial_plan("guide.business"),
        commercial_plan("webdesigner.premium"),
    )

    assert {classified(request, business).coverage for request in asked} == with_run
    assert {classified(request, webdesigner).coverage for request in asked} == without_run


def test_the_four_exclusions_are_those_of_the_source() -> None:
    said = transcribed("exclusions")
    assert isinstance(said, list)
    words = exclusion_presets()

    assert set(words) == set(ExclusionCause)
    assert [(one.code, one.label[Locale.FR]) for one in words.values()] == [
        (row["code"], row["label"]) for row in said
    ]
    assert all(one.evidence and one.source and one.label[Locale.EN] for one in words.values())
