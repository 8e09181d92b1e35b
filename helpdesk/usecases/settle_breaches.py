"""The breaches of a month become credits; computed again, they change only what changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.breach import resolution_claim, uptime_key
from helpdesk.domain.compensation import CreditId, CreditKey
from helpdesk.domain.compensation_clause import ApprovalClause
from helpdesk.domain.compensation_evidence import Calculation, Evidence, compensation_terms_of
from helpdesk.domain.compensation_life import Credit, CreditDeed
from helpdesk.domain.compensation_recompute import Recomputation, issued_cents, recomputed
from helpdesk.domain.compensation_settlement import (
    Before,
    Settlement,
    YearStanding,
    contract_year_before,
    settled_month,
)
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ContractId
from helpdesk.domain.message import storable
from helpdesk.domain.month import Month
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.month_breaches import MonthBreaches, breaches_of_month
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.tell_of_credits import tell_of_waiting


@dataclass(frozen=True, slots=True)
class SettleBreaches:
    """Which contract and month; with a reason, rejected credits are proposed again."""

    contract_id: ContractId
    month: Month
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SettledMonth:
    """What a settlement changed: `added` credits are new, `changed` ones got a fact.

    `unpriced` are breaches that the contract puts no amount to; `year` is how much of a yearly cap
    is used, None without one.
    """

    added: tuple[Credit, ...]
    changed: tuple[Credit, ...]
    unpriced: tuple[CreditKey, ...]
    year: YearStanding | None


async def settle_breaches(desk: Desk, *, viewer: Viewer, request: SettleBreaches) -> SettledMonth:
    """Compute the credits of a contract for a month from what is true now; return what changed.

    To settle twice changes nothing. After a correction of the past, what waits is replaced, what
    was issued is completed or flagged, and nothing is taken back (R-CMP 7). Raises NotFound,
    ManagersOnly and FeeIncludesTax.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        # The lock on the contract lets one settlement of it run at a time.
        contract = await records.contracts.contract_to_change(request.contract_id)
        if contract is None or not viewer.sees_client(contract.client_id):
            raise NotFound(path=("contractId",), what="Contract", id=request.contract_id)
        await require_manager(records, viewer)
        deed = CreditDeed(desk.now(), viewer.actor, storable(request.reason).strip())
        return await settled_again(desk, records, contract, request.month, deed)


async def settled_again(
    desk: Desk, records: Records, contract: Contract, month: Month, deed: CreditDeed
) -> SettledMonth:
    """Settle a month of a contract that is locked, in the caller's transaction; return the changes.

    Raises FeeIncludesTax before anything is written.
    """
    breaches = await breaches_of_month(desk, records, contract, month)
    known = _by_key(await records.credits.credits_of_month(contract.id, month))
    settlement = await _settlement(records, breaches, known)
    added: list[Credit] = []
    changed: list[Credit] = []
    for key in sorted({*known, *settlement.calculations}):
        change = _change(desk, contract, settlement, known, key, deed)
        added += change.added
        changed += change.changed
    for credit in changed:
        await records.credits.save_step(credit)
    for credit in added:
        await records.credits.add_credit(credit, contract.client_id)
    await tell_of_waiting(desk, records, contract, month, added)
    return SettledMonth(tuple(added), tuple(changed), settlement.unpriced, settlement.year)


async def _settlement(
    records: Records, breaches: MonthBreaches, known: Mapping[CreditKey, list[Credit]]
) -> Settlement:
    contract, month = breaches.contract, breaches.month
    year = contract_year_before(contract, month)
    before = Before(
        {key: issued_cents(credits_) for key, credits_ in known.items()},
        0 if year is None else await records.credits.credited_cents(contract.id, year),
    )
    evidence = claimed_by(breaches)
    return settled_month(contract, month, evidence, before, zone=breaches.zone)


def claimed_by(breaches: MonthBreaches) -> Mapping[CreditKey, Evidence]:
    """Return what proves each breach of a month that earns money."""
    contract_id, month = breaches.contract.id, breaches.month
    claims = (resolution_claim(one, contract_id, month) for one in breaches.tickets)
    evidence: dict[CreditKey, Evidence] = dict(one for one in claims if one is not None)
    if breaches.uptime is not None:
        evidence[uptime_key(contract_id, month)] = breaches.uptime.evidence
    return evidence


def _change(  # noqa: PLR0917 - one key of a settlement with all that decides about it
    desk: Desk,
    contract: Contract,
    settlement: Settlement,
    known: Mapping[CreditKey, list[Credit]],
    key: CreditKey,
    deed: CreditDeed,
) -> Recomputation:
    calculation = settlement.calculations.get(key)
    return recomputed(
        known.get(key, ()),
        calculation,
        _approval(contract, calculation),
        deed,
        new_id=lambda: CreditId(desk.new_id()),
    )


def _approval(contract: Contract, calculation: Calculation | None) -> ApprovalClause:
    if calculation is None:
        return ApprovalClause()
    return compensation_terms_of(contract, calculation.clause_version).approval.value


def _by_key(known: tuple[Credit, ...]) -> dict[CreditKey, list[Credit]]:
    found: dict[CreditKey, list[Credit]] = {}
    for credit in known:
        found.setdefault(credit.calculation.key, []).append(credit)
    return found
