"""What happened to contracts, and the terms and rests that it tells of."""

from collections.abc import Callable, Sequence

from sqlalchemy import bindparam, select

from helpdesk.domain.contract_facts import ContractFact
from helpdesk.storage.contract_facts import contract_fact_of
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import LoadBeside, Loader
from helpdesk.storage.reads.noun_table import AnySelect, of_the_client
from helpdesk.storage.tables.contract import CONTRACT, CONTRACT_FACT
from helpdesk.usecases.read_models import Branch, Thing, Wanted
from helpdesk.usecases.shown_contracts import fact_things, suspension_things, term_things


def _read(shown: Callable[[Sequence[ContractFact]], list[Thing]]) -> LoadBeside:
    async def load(
        loader: Loader, contracts: Sequence[Thing], branch: Branch, wanted: Wanted
    ) -> None:
        del wanted  # facts have no neighbours
        facts: dict[str, list[ContractFact]] = {contract.id: [] for contract in contracts}
        for row in await loader.rows("contract_facts", _facts, ids=list(facts)):
            facts[row[0]].append(contract_fact_of(row[1:]))
        for contract in contracts:
            contract.keep(branch, shown(facts[contract.id]))

    return load


read_history = _read(fact_things)
"""Gives each contract what happened to it, in order."""

read_term_records = _read(term_things)
"""Gives each contract the terms that began."""

read_suspensions = _read(suspension_things)
"""Gives each contract the days on which it rests."""


def _facts(is_client: bool) -> AnySelect:  # noqa: FBT001 - called back by the reader
    return (
        select(
            CONTRACT_FACT.c.contract_id,
            CONTRACT_FACT.c.sequence,
            CONTRACT_FACT.c.kind,
            CONTRACT_FACT.c.at,
            CONTRACT_FACT.c.day,
            CONTRACT_FACT.c.until,
            CONTRACT_FACT.c.actor_kind,
            CONTRACT_FACT.c.actor_name,
            CONTRACT_FACT.c.agent_id,
            CONTRACT_FACT.c.reason,
            CONTRACT_FACT.c.figures,
        )
        .where(
            CONTRACT.c.agency_id == bindparam("agency_id"),
            CONTRACT_FACT.c.agency_id == CONTRACT.c.agency_id,
            CONTRACT_FACT.c.contract_id == CONTRACT.c.id,
            in_list(CONTRACT_FACT.c.contract_id, "ids"),
            *([of_the_client(CONTRACT.c.client_id)] if is_client else []),
        )
        .order_by(CONTRACT_FACT.c.contract_id, CONTRACT_FACT.c.sequence)
    )
