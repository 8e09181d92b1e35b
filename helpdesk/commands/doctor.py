"""`helpdesk doctor`: everything kept is compared with the facts, and mended on demand."""

import argparse
from collections.abc import Callable, Iterator

from helpdesk.bootstrap import Engine
from helpdesk.domain.access import Viewer, system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.usecases.doctor import Examination, Finding, examine
from helpdesk.usecases.examine_credits import examine_credits
from helpdesk.usecases.verify_series import verify_series


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
    is_chained = await _series(engine, agency, viewer, say)
    is_reproduced = await _credits(engine, agency, viewer, say)
    return is_chained and is_reproduced and (repair or not done.findings)


async def _credits(
    engine: Engine, agency: Agency, viewer: Viewer, say: Callable[[str], None]
) -> bool:
    """Say which credits are not what they cite; return whether all are. No doctor mends money."""
    findings = [one async for one in examine_credits(engine.desk, viewer=viewer)]
    for one in findings:
        key = one.credit.calculation.key
        say(f"credit {key}: kept {one.kept}, what it cites says {one.told or 'no amount'}")
    return not findings


async def _series(
    engine: Engine, agency: Agency, viewer: Viewer, say: Callable[[str], None]
) -> bool:
    """Say what is wrong with the series of documents; return whether nothing is.

    No doctor mends them: what was issued is never written again.
    """
    verdicts = await verify_series(engine.desk, viewer=viewer)
    for verdict in verdicts:
        for fault in verdict.faults:
            say(fault)
        state = f"{len(verdict.faults)} faults" if verdict.faults else "whole and chained"
        name = verdict.series.prefix
        say(f"{agency.name}: series {name}, {verdict.documents} documents, {state}.")
    return not any(verdict.faults for verdict in verdicts)


def _lines(finding: Finding) -> Iterator[str]:
    for one in finding.differences:
        yield (
            f"#{finding.number} {one.what}: kept {one.kept or 'nothing'}, "
            f"the facts say {one.told or 'nothing'}"
        )
