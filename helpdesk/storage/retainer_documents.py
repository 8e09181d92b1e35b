"""Forfaits as documents and columns: clauses of a book, entries, lots and holds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.billed_time import RoundingMode, RoundingScope, RoundingTerms
from helpdesk.domain.ids import AgentId, ContactId, SiteId
from helpdesk.domain.money import Money
from helpdesk.domain.period import Period, PeriodRule
from helpdesk.domain.retainer import Held, Lot
from helpdesk.domain.retainer_entry import (
    Entry,
    EntryKind,
    EntryNumber,
    LotNumber,
    LotSource,
    LotTerms,
    Move,
    Posting,
)
from helpdesk.domain.retainer_terms import (
    FreeCause,
    OverageClaim,
    OveragePolicy,
    OverageStatus,
    OverageTerms,
    RetainerTerms,
    RetainerUnit,
    RolloverMode,
    RolloverTerms,
)

Document = dict[str, Any]  # JSON, read back only by the functions below
Values = Mapping[str, Any]  # a row by the names of its columns


def terms_document(terms: RetainerTerms, rounding: RoundingTerms) -> Document:
    """Return the clauses of a book as a document; its unit is a column of its own."""
    overage, rollover = terms.overage, terms.rollover
    return {
        "zone": terms.periods.zone.key,
        "anchor_day": terms.periods.anchor_day,
        "is_unlimited": terms.is_unlimited,
        "overage": overage.policy.value,
        "overage_price": _money_document(overage.price),
        "rollover": rollover.mode.value,
        "rollover_percent": rollover.cap_percent,
        "rollover_quantity": rollover.cap_quantity,
        "rollover_periods": rollover.valid_periods,
        "increment": rounding.increment,
        "rounding": rounding.mode.value,
        "rounding_scope": rounding.scope.value,
        "minimum": rounding.minimum,
    }


def terms_of(unit: str, document: Values) -> RetainerTerms:
    """Return the clauses that a document stands for."""
    return RetainerTerms(
        unit=RetainerUnit(unit),
        periods=PeriodRule(ZoneInfo(document["zone"]), document["anchor_day"]),
        overage=OverageTerms(
            OveragePolicy(document["overage"]), _money_of(document["overage_price"])
        ),
        rollover=RolloverTerms(
            RolloverMode(document["rollover"]),
            document["rollover_percent"],
            document["rollover_quantity"],
            document["rollover_periods"],
        ),
        is_unlimited=document["is_unlimited"],
    )


def rounding_of(document: Values) -> RoundingTerms:
    """Return how the contract rounds, as a document says."""
    return RoundingTerms(
        document["increment"],
        RoundingMode(document["rounding"]),
        RoundingScope(document["rounding_scope"]),
        document["minimum"],
    )


def entry_values(entry: Entry) -> Document:
    """Return the columns of an entry, but for its book and its place among those of its key."""
    move, posting = entry.move, entry.posting
    corrects = posting.corrects
    return {
        "number": entry.number,
        "key": posting.key,
        "request": entry.request,
        "kind": entry.kind.value,
        "quantity": entry.quantity,
        "effective_at": move.effective_at,
        "asked_for": posting.effective_at,
        "lot": entry.lot,
        "opens": None if move.opens is None else _lot_terms_document(move.opens),
        "hold": move.hold,
        "reverses": move.reverses,
        "expires_at": move.expires_at,
        "claim": _claim_document(move.claim),
        "approved_by": None if move.approved_by is None else _actor_document(move.approved_by),
        "period_start": entry.period.start,
        "period_end": entry.period.end,
        "corrects_start": None if corrects is None else corrects.start,
        "corrects_end": None if corrects is None else corrects.end,
        "at": posting.at,
        **actor_values(posting.actor),
        "reason": posting.reason,
        "source": posting.source,
        "cause": None if posting.cause is None else posting.cause.value,
    }


def entry_of(values: Values) -> Entry:
    """Return the entry that columns stand for."""
    opens, approved_by, cause = values["opens"], values["approved_by"], values["cause"]
    move = Move(
        kind=EntryKind(values["kind"]),
        quantity=values["quantity"],
        effective_at=values["effective_at"],
        lot=None if opens is not None else values["lot"],
        opens=None if opens is None else _lot_terms_of(opens),
        hold=values["hold"],
        reverses=values["reverses"],
        expires_at=values["expires_at"],
        claim=claim_of(values["claim"]),
        approved_by=None if approved_by is None else _actor_of(approved_by),
    )
    posting = Posting(
        actor=actor_of(values),
        at=values["at"],
        effective_at=values["asked_for"],
        reason=values["reason"],
        source=values["source"],
        key=values["key"],
        corrects=_period_of(values["corrects_start"], values["corrects_end"]),
        cause=None if cause is None else FreeCause(cause),
    )
    period = Period(values["period_start"], values["period_end"])
    return Entry(EntryNumber(values["number"]), move, period, posting, values["request"])


def lot_values(lot: Lot) -> Document:
    """Return the columns of a lot, but for its book and what was granted of it."""
    terms = lot.terms
    return {
        "number": lot.number,
        "source": terms.source.value,
        "effective_at": terms.effective_at,
        "expires_at": terms.expires_at,
        "scope": sorted(terms.scope),
        "priority": terms.priority,
        "quantity": lot.quantity,
        "remaining": lot.left,
        "held": lot.held,
        "version": lot.version,
    }


def lot_of(values: Values) -> Lot:
    """Return the lot that columns stand for."""
    terms = LotTerms(
        LotSource(values["source"]),
        values["effective_at"],
        values["expires_at"],
        frozenset(map(SiteId, values["scope"])),
        values["priority"],
    )
    return Lot(
        LotNumber(values["number"]),
        terms,
        values["quantity"],
        values["remaining"],
        values["held"],
        values["version"],
    )


def held_of(values: Values) -> Held:
    """Return the open hold that columns stand for."""
    return Held(
        EntryNumber(values["number"]),
        values["source"],
        values["lot"],
        values["quantity"],
        values["effective_at"],
    )


def actor_values(actor: Actor) -> Document:
    """Return the columns of who did something."""
    return {
        "actor_kind": actor.kind.value,
        "actor_name": actor.name,
        "agent_id": actor.agent_id,
        "contact_id": actor.contact_id,
    }


def actor_of(values: Values) -> Actor:
    """Return who did something, as its columns say."""
    agent_id, contact_id = values["agent_id"], values["contact_id"]
    return Actor(
        ActorKind(values["actor_kind"]),
        values["actor_name"],
        None if agent_id is None else AgentId(agent_id),
        None if contact_id is None else ContactId(contact_id),
    )


def _actor_document(actor: Actor) -> Document:
    return {"kind": actor.kind.value, "name": actor.name, "agent_id": actor.agent_id}


def _actor_of(document: Values) -> Actor:
    actor = Actor(ActorKind(document["kind"]), document["name"])
    agent_id = document["agent_id"]
    return actor if agent_id is None else replace(actor, agent_id=AgentId(agent_id))


def _lot_terms_document(terms: LotTerms) -> Document:
    expires_at = terms.expires_at
    return {
        "source": terms.source.value,
        "effective_at": terms.effective_at.isoformat(),
        "expires_at": None if expires_at is None else expires_at.isoformat(),
        "scope": sorted(terms.scope),
        "priority": terms.priority,
    }


def _lot_terms_of(document: Values) -> LotTerms:
    expires_at = document["expires_at"]
    return LotTerms(
        LotSource(document["source"]),
        datetime.fromisoformat(document["effective_at"]),
        None if expires_at is None else datetime.fromisoformat(expires_at),
        frozenset(map(SiteId, document["scope"])),
        document["priority"],
    )


def _claim_document(claim: OverageClaim | None) -> Document | None:
    if claim is None:
        return None
    return {"status": claim.status.value, "amount": _money_document(claim.amount)}


def claim_of(document: Values | None) -> OverageClaim | None:
    """Return what an overage comes to, as a document says; None of none."""
    if document is None:
        return None
    return OverageClaim(OverageStatus(document["status"]), _money_of(document["amount"]))


def _money_document(money: Money | None) -> Document | None:
    return None if money is None else {"cents": money.cents, "currency": money.currency}


def _money_of(document: Values | None) -> Money | None:
    return None if document is None else Money(document["cents"], document["currency"])


def _period_of(start: datetime | None, end: datetime | None) -> Period | None:
    return None if start is None or end is None else Period(start, end)
