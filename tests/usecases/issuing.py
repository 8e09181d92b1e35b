"""Issues documents from a process of its own, all at once; it can die in the middle of them.

    python -m tests.usecases.issuing URL [--die] CONTRACT:MONTH...

With `--die` it is killed when the first document has its number, before the commit.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from helpdesk.bootstrap import desk_on
from helpdesk.domain.credit_note import CreditNote
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month, Months
from helpdesk.storage.database import open_database
from helpdesk.storage.errors import Retryable
from helpdesk.testing import FrozenNow
from helpdesk.usecases.credit_note_ports import PaperKind
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.issue_credit_note import IssueCreditNote, issue_credit_note
from tests.factories import MONDAY, a_viewer

DIE = "--die"


class PlainPapers:
    """Papers that take no time to make: what is tried here is the numbering."""

    async def papers(
        self, note: CreditNote, *, digest: str, at: datetime
    ) -> Mapping[PaperKind, bytes]:
        """Return a page with the number on it."""
        await asyncio.sleep(0.01)  # the others come in between
        return {PaperKind.PDF: f"{note.number} {digest} {at}".encode()}


class DeadlyPapers:
    """Kills the process where the papers are made: the number is taken, nothing is committed."""

    async def papers(
        self, note: CreditNote, *, digest: str, at: datetime
    ) -> Mapping[PaperKind, bytes]:
        """Return nothing, ever."""
        assert note.number
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("it is dead")


async def issue_all(desk: Desk, orders: Sequence[str]) -> list[str]:
    """Issue every `CONTRACT:MONTH` at once and return the numbers."""

    async def issue(order: str) -> str:
        contract_id, _, month = order.partition(":")
        parsed = Month.parsed(month)
        asked = IssueCreditNote(ContractId(contract_id), Months(parsed, parsed))
        while True:
            try:
                kept = await issue_credit_note(desk, viewer=a_viewer(), request=asked)
            except Retryable:  # on a machine with much else to do a file may stay busy too long
                continue
            return kept.note.number

    return list(await asyncio.gather(*map(issue, orders)))


async def _run(url: str, orders: Sequence[str], *, dies: bool) -> None:
    database = await open_database(url)
    try:
        papers = DeadlyPapers() if dies else PlainPapers()
        desk = replace(desk_on(database, now=FrozenNow(MONDAY)), papers=papers)
        for number in await issue_all(desk, orders):
            print(number)
    finally:
        await database.close()


if __name__ == "__main__":
    URL, *ORDERS = sys.argv[1:]
    asyncio.run(_run(URL, [one for one in ORDERS if one != DIE], dies=DIE in ORDERS))
