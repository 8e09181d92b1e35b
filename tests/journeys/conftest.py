"""The demo of the run: started once by each process that needs it."""

from collections.abc import Iterator

import pytest

from tests.journeys.running_demo import RunningDemo, running_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """The real program, with its year of tickets."""
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running
