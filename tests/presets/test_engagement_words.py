"""The engagement models and the dimensions in words, beside what the sources say."""

from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.errors import Locale
from helpdesk.domain.plan import TmaDimension
from helpdesk.presets.engagement import engagement_models, tma_dimensions
from helpdesk.presets.transcription import transcribed


def codes_in(*path: str) -> list[str]:
    rows = transcribed(*path)
    assert isinstance(rows, list)
    return [row["code"] for row in rows]


def test_the_four_models_are_the_union_of_the_two_sources() -> None:
    models = engagement_models()
    sold = codes_in("engagement_models", "from_guide") + codes_in(
        "engagement_models", "from_agency_article"
    )

    assert list(models) == list(EngagementModel)
    assert sorted(code for model in models.values() for code in model.codes) == sorted(sold)


def test_the_five_dimensions_are_those_of_the_guide_in_its_order_and_words() -> None:
    rows = transcribed("tma_dimensions")
    assert isinstance(rows, list)
    dimensions = tma_dimensions()

    assert list(dimensions) == list(TmaDimension)
    assert [
        (one.codes, one.label[Locale.FR], one.principle[Locale.FR]) for one in dimensions.values()
    ] == [((row["code"],), row["label"], row["definition"]) for row in rows]


def test_everything_has_words_in_both_languages_and_a_source() -> None:
    for one in (*engagement_models().values(), *tma_dimensions().values()):
        assert one.label[Locale.EN]
        assert one.principle[Locale.EN] != one.principle[Locale.FR]
        assert one.source
