"""`helpdesk doctor`: a credit that is not what it cites is named, and never mended."""

import sqlite3
from pathlib import Path

from helpdesk.cli import REFUSED, main
from helpdesk.storage.database import Database
from tests.commands.running import Capture, on
from tests.usecases.compensations import compensating, late_p0, settle
from tests.usecases.world import build_world


def test_a_credit_that_is_not_what_it_cites_is_named(empty: Path, capsys: Capture) -> None:
    async def fill(database: Database) -> None:
        world = await build_world(database)
        contract = await compensating(world)
        await late_p0(world)
        await settle(world, contract)

    on(empty, fill)
    assert main(["doctor"]) == 0
    connection = sqlite3.connect(empty)
    with connection:
        connection.execute("UPDATE helpdesk_credit SET total_cents = 9900")
    connection.close()

    assert main(["doctor", "--repair"]) == REFUSED

    told = capsys.readouterr().out
    assert ":2026-07: kept 99.00 EUR, what it cites says 29.85 EUR" in told
