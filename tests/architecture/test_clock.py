"""Time is an argument: the composition root alone reads the clock of the machine."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import name_of, python_files, tree_of

THE_ROOT = "helpdesk/bootstrap.py"
CLOCKS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.localtime",
    "time.gmtime",
    "time.time",
    "time.time_ns",
}


def clocks_read_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            of = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if f"{of}.{node.attr}" in CLOCKS:
                yield f"{of}.{node.attr}, line {node.lineno}"


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_no_module_but_the_composition_root_reads_the_clock(path: Path) -> None:
    read = list(clocks_read_in(tree_of(path)))

    assert (read != []) is (name_of(path) == THE_ROOT), read


@pytest.mark.parametrize(
    "source",
    ["import datetime\ndatetime.datetime.now()", "now = datetime.now", "time.time()"],
)
def test_a_clock_that_is_read_is_seen(source: str) -> None:
    assert list(clocks_read_in(ast.parse(source))) != []
