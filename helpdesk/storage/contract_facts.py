"""What happened to contracts, in the database: facts that are only ever added."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.contract_facts import ContractFact, ContractFactKind
from helpdesk.domain.ids import AgentId
from helpdesk.domain.money import Money
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, insert
from helpdesk.storage.session import MINE
from helpdesk.storage.tables.contract import CONTRACT_FACT

Document = dict[str, Any]  # JSON, read back only by the functions below

FACT_COLUMNS = tuple(
    CONTRACT_FACT.c[name]
    for name in (
        "sequence",
        "kind",
        "at",
        "day",
        "until",
        "actor_kind",
        "actor_name",
        "agent_id",
        "reason",
        "figures",
    )
)
"""What `contract_fact_of` reads."""

FACTS = Query(
    select(*FACT_COLUMNS)
    .where(CONTRACT_FACT.c.agency_id == MINE, CONTRACT_FACT.c.contract_id == bindparam("id"))
    .order_by(CONTRACT_FACT.c.sequence)
)
ADD_FACT = Query(insert(CONTRACT_FACT))


def fact_values(fact: ContractFact) -> Document:
    """Return the columns of a fact, but for its contract."""
    return {
        "sequence": fact.sequence,
        "kind": fact.kind.value,
        "at": fact.at,
        "day": fact.day,
        "until": fact.until,
        "actor_kind": fact.actor.kind.value,
        "actor_name": fact.actor.name,
        "agent_id": fact.actor.agent_id,
        "reason": fact.reason,
        "figures": _figures_document(fact),
    }


def contract_fact_of(row: Row) -> ContractFact:
    """Return what happened to a contract from its columns."""
    sequence, kind, at, day, until, actor_kind, actor_name, agent_id, reason, figures = row
    return ContractFact(
        sequence=sequence,
        kind=ContractFactKind(kind),
        at=at,
        day=day,
        until=until,
        actor=Actor(ActorKind(actor_kind), actor_name, AgentId(agent_id) if agent_id else None),
        reason=reason,
        **_figures_of(figures),
    )


def _figures_document(fact: ContractFact) -> Document | None:
    """Return the amount and the quantities of a fact; None where it has neither."""
    if fact.amount is None and not fact.quantities:
        return None
    amount = fact.amount
    return {
        "amount": None if amount is None else [amount.cents, amount.currency],
        "quantities": {unit.value: quantity for unit, quantity in fact.quantities.items()},
    }


def _figures_of(document: Mapping[str, Any] | None) -> Document:
    """Return the fields of a fact that a document stands for; none for a fact without figures."""
    if document is None:
        return {}
    amount, quantities = document["amount"], document["quantities"]
    return {
        "amount": None if amount is None else Money(*amount),
        "quantities": {RetainerUnit(unit): quantity for unit, quantity in quantities.items()},
    }
