"""What the sources say, by path."""

import pytest

from helpdesk.presets.catalogue import PresetUnknown
from helpdesk.presets.transcription import transcribed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("plans", "guide", "business", "p0_response", "raw"), "< 4h ouvrables"),
        (("plans", "guide", "business", "price"), None),
        (("rule_of_three", "signals"), ["no_staging", "updates_never_done", "backup_untested"]),
    ],
)
def test_a_value_is_found_by_its_path_and_none_is_what_the_source_is_silent_about(
    path: tuple[str, ...], value: object
) -> None:
    assert transcribed(*path) == value


def test_every_table_of_the_sources_is_there() -> None:
    tables = transcribed()

    assert isinstance(tables, dict)
    assert set(tables) >= {
        "priority_matrix",
        "sla_targets",
        "engagement_models",
        "plans",
        "tma_dimensions",
        "classification",
        "exclusions",
        "channels",
        "report_rubrics",
        "warning_signals",
        "checklist",
        "contract_contents",
        "third_parties",
    }


@pytest.mark.parametrize("path", [("plans", "guide", "gold"), ("channels", "email_only")])
def test_a_path_that_leads_nowhere_is_refused(path: tuple[str, ...]) -> None:
    with pytest.raises(PresetUnknown, match=r"There is no transcription “"):
        transcribed(*path)
