"""Files and functions stay small enough to be read in one go."""

from pathlib import Path

import pytest

from tests.architecture.sources import functions_of, name_of, python_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def test_the_engine_was_found() -> None:
    assert "helpdesk/domain/ticket.py" in {name_of(path) for path in python_files()}


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_a_function_has_at_most_40_lines(path: Path) -> None:
    lengths = {
        f"{function.name}, line {function.lineno}": (function.end_lineno or 0) - function.lineno + 1
        for function in functions_of(path)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}
