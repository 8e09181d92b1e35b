"""`helpdesk doctor`: everything kept is compared with the facts, and mended on demand."""

import argparse
from collections.abc import Callable, Iterator

from helpdesk.bootstrap import Engine
from helpdesk.domain.access import system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.usecases.doctor import Examination, Finding, examine


def add_words(parser: argparse.ArgumentParser) -> None:
    """Say what `doctor` is told."""
    parser.add_argument("--repair", action="store_true", help="write what the facts say")
    parser.add_argument("--agency", metavar="MAILBOX", help="one agency instead of every one")


async def doctor(
    engine: Engine, agency: Agency, *, repair: bool, say: Callable[[str], None]
) -> bool:
    """Say every difference in an agency and a summary; return whether all is well now."""
    done = Examination()
    viewer = system_viewer(agency.id, agency.locale)
    async for finding in examine(engine.desk, viewer=viewer, repair=repair, done=done):
        for line in _lines(finding):
            say(line)
    outcome = "mended" if repair else "left as they are"
    say(
        f"{agency.name}: {done.tickets} tickets and {done.clocks} clocks examined, "
        f"{done.findings} tickets differ from their facts"
        + (f", {outcome}." if done.findings else ".")
    )
    return repair or not done.findings


def _lines(finding: Finding) -> Iterator[str]:
    for one in finding.differences:
        yield (
            f"#{finding.number} {one.what}: kept {one.kept or 'nothing'}, "
            f"the facts say {one.told or 'nothing'}"
        )
