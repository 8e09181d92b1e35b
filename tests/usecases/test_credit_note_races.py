"""Many issue at once, and one is killed in the middle: no gap, no double, one chain."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.storage.tables.credit_note import CREDIT_NOTE, DOCUMENT_SERIES
from helpdesk.usecases.update_identity import UpdateClientIdentity, update_client_identity
from helpdesk.usecases.verify_series import verify_series
from tests.einvoice.documents import BRUNO
from tests.factories import BRUNOS_CLIENT, CHLOES_CLIENT
from tests.usecases.credit_notes import CONTRACT, PENALTY, approved, introduced
from tests.usecases.issuing import DIE
from tests.usecases.world import World

CHLOES = ContractId("contract-of-chloe")
HOLDERS = ((CONTRACT, BRUNOS_CLIENT), (CHLOES, CHLOES_CLIENT))
MONTHS = [Month(2026, number) for number in range(1, 9)]
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def sixteen(both_worlds: World) -> list[str]:
    """Sixteen documents to issue: eight months of two contracts."""
    world = both_worlds
    await introduced(world)
    asked = UpdateClientIdentity(CHLOES_CLIENT, BRUNO)
    await update_client_identity(world.desk, viewer=world.alice, request=asked)
    for contract_id, client_id in HOLDERS:
        for month in MONTHS:
            await approved(
                world, month=month, contract_id=contract_id, client_id=client_id, nature=PENALTY
            )
    return [f"{contract_id}:{month}" for contract_id, _ in HOLDERS for month in MONTHS]


async def _process(url: str, *orders: str) -> tuple[int, list[str]]:
    """Issue in a process of its own; return how it ended and the numbers that it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.usecases.issuing",
        url,
        *orders,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    printed, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode().split()


async def _verified(world: World, documents: int) -> None:
    (verdict,) = await verify_series(world.desk, viewer=world.alice)
    assert (verdict.documents, verdict.faults) == (documents, ())
    rows = await world.rows(CREDIT_NOTE)
    assert sorted(row["number"] for row in rows) == [
        f"PEN2026-{place:06}" for place in range(1, documents + 1)
    ]


async def test_sixteen_at_once_in_four_processes_leave_no_gap(
    both_worlds: World, sixteen: list[str], database_url: str
) -> None:
    ended = await asyncio.gather(
        *(_process(database_url, *sixteen[start::4]) for start in range(4))
    )

    assert [status for status, _ in ended] == [0] * 4
    numbers = sorted(number for _, printed in ended for number in printed)
    assert numbers == [f"PEN2026-{place:06}" for place in range(1, 17)]
    await _verified(both_worlds, 16)


async def test_a_process_killed_between_number_and_commit_burns_nothing(
    both_worlds: World, sixteen: list[str], database_url: str
) -> None:
    world = both_worlds
    first, killed, last = sixteen[0], sixteen[1], sixteen[2]
    assert await _process(database_url, first) == (0, ["PEN2026-000001"])
    before = await world.everything()

    status, printed = await _process(database_url, DIE, killed)

    assert (status, printed) == (-signal.SIGKILL, [])
    assert await world.everything() == before
    assert await _process(database_url, last) == (0, ["PEN2026-000002"])
    assert await _process(database_url, killed) == (0, ["PEN2026-000003"])
    await _verified(world, 3)
    (series,) = await world.rows(DOCUMENT_SERIES)
    assert series["last"] == 3
