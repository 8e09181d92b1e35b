"""Run files of cases with known answers: `python -m tests.conformance TOPIC PATH...`.

`python -m tests.conformance mail --mutants COUNT [FOLDER...]` reads damaged mails.
"""

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

from tests.conformance.outcome import Outcome

TOPICS = ("billing", "calendar", "mail", "sla")


def main(arguments: Sequence[str]) -> int:
    """Print each failing case and the totals; return the exit status.

    0 when every case passed, 1 when one failed or none ran, 2 for an unknown topic.
    """
    topic, *paths = arguments or [""]
    if topic not in TOPICS:
        print(
            f"Unknown topic “{topic}”: write python -m tests.conformance "
            f"{'|'.join(TOPICS)} PATH...",
            file=sys.stderr,
        )
        return 2
    return report(_run(topic, paths))


def report(outcomes: Iterable[Outcome]) -> int:
    """Print each failing case and the totals; return 1 when one failed or none ran, else 0."""
    passed = failed = 0
    for outcome in outcomes:
        if outcome.passed:
            passed += 1
        else:
            failed += 1
            print(f"{outcome.case}: got {outcome.got}, wanted {outcome.wanted}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def _run(topic: str, arguments: Sequence[str]) -> Iterable[Outcome]:
    # Only the named topic is imported: the others need what this one may do without.
    if topic == "mail" and "--mutants" in arguments[:1]:
        count, *folders = arguments[1:]
        mutants = import_module("tests.conformance.mail_mutants")
        damaged: Iterable[Outcome] = mutants.outcomes(int(count), [Path(each) for each in folders])
        return damaged
    paths = [Path(each) for each in arguments]
    outcomes: Iterable[Outcome] = import_module(f"tests.conformance.{topic}").run(paths)
    return outcomes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
