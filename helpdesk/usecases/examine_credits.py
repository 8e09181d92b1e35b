"""Every credit is computed again from what it cites, and compared with its amount."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.compensation import CreditId
from helpdesk.domain.compensation_evidence import AmountsNotAgreed, reproduced
from helpdesk.domain.compensation_life import Credit
from helpdesk.domain.contract import Contract
from helpdesk.domain.money import Money
from helpdesk.usecases.desk import Desk

BATCH = 500


@dataclass(frozen=True, slots=True)
class CreditFinding:
    """A credit that is not what it cites; `told` is None when the clause names no amount."""

    credit: Credit
    kept: Money
    told: Money | None


async def examine_credits(desk: Desk, *, viewer: Viewer) -> AsyncIterator[CreditFinding]:
    """Return, one by one, the credits of an agency that cannot be reproduced.

    Nothing is mended: an amount that was issued stands, and a person looks into it. Raises
    AgencyOnly and ScopeMissing.
    """
    viewer.require_agency(Scope.AGENCY_READ)
    after: CreditId | None = None
    while True:
        async with desk.store.reading(viewer.agency_id) as records:
            zone = ZoneInfo((await records.agencies.agency()).zone)
            page = await records.credits.credits_after(after, limit=BATCH)
            named = {credit.calculation.key.contract_id for credit in page}
            contracts = {one.id: one for one in await records.contracts.contracts(named)}
        for credit in page:
            finding = _finding(credit, contracts[credit.calculation.key.contract_id], zone)
            if finding is not None:
                yield finding
        if len(page) < BATCH:
            return
        after = page[-1].id


def _finding(credit: Credit, contract: Contract, zone: ZoneInfo) -> CreditFinding | None:
    kept = credit.calculation.net
    try:
        told = reproduced(credit.calculation, contract, zone)
    except AmountsNotAgreed:
        return CreditFinding(credit, kept, None)
    return None if told == kept else CreditFinding(credit, kept, told)
