"""A thousand mails, hundreds of kills: `python -m tests.killing [mails] [kills] [seed]`."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from helpdesk.storage.schema_upgrade import upgrade
from tests import databases
from tests.killing.ordeal import Outcome, Plan, ordeal


def main(mails: int = 1_000, kills: int = 200, seed: int = 1) -> None:
    """Print what came of it on each database."""
    plan = Plan(opening=mails - mails // 5, answers=mails // 5, kills=kills, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/killed.db"
        upgrade(url)
        _tell("SQLite", plan, asyncio.run(ordeal(url, Path(folder), plan)))
    reaper = databases.ServerReaper()
    try:
        with databases.PostgresServer().database() as url, tempfile.TemporaryDirectory() as folder:
            _tell("PostgreSQL", plan, asyncio.run(ordeal(url, Path(folder), plan)))
    finally:
        reaper.reap()


def _tell(name: str, plan: Plan, outcome: Outcome) -> None:
    print(
        f"{name}: {plan.opening + plan.answers:,} mails in {outcome.tries:,} tries, "
        f"{outcome.deaths.total()} kills, {outcome.seconds:.0f} s, load {os.getloadavg()[0]:.1f}; "
        f"sent again: {outcome.sent_again}; wrong: {len(outcome.wrong)}"
    )
    for stage, count in sorted(outcome.deaths.items()):
        print(f"  {stage:38}{count:5}")
    for wrong in outcome.wrong:
        print(f"  WRONG {wrong}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
