"""Broken promises, what follows from each, and the credits that they earn."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from helpdesk.domain.breach import ConsequenceKind, Promise
from helpdesk.domain.compensation import CreditKind
from helpdesk.domain.compensation_life import CreditState, CreditStep
from helpdesk.domain.compensation_text import designation
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.exclusion import ExclusionCause
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.postponement import PromiseOutcome
from helpdesk.graphql import classification, compensation_enums  # noqa: F401 - describe enums
from helpdesk.graphql.client import Client
from helpdesk.graphql.contract import Contract
from helpdesk.graphql.fields import attribute, computed, condition
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.money import Money
from helpdesk.graphql.node import Node
from helpdesk.graphql.request import Request
from helpdesk.graphql.sla_clock import SlaMetric
from helpdesk.graphql.ticket_enums import Priority
from helpdesk.usecases.breach_register import RegisteredBreach, breach_register
from helpdesk.usecases.read_models import Branch, Noun, Thing, Wanted
from helpdesk.usecases.shown_compensation import breach_thing

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket

MOST_BREACHES = 50
_OF_A_CLOCK = "absent for availability."


def _label(credit: Any, request: Any) -> str:  # Any: a thing, and who asked for it
    return designation(
        CompensationNature(credit.nature),
        credit.local_month,
        credit.ticket_number,
        is_complement=credit.completes is not None,
        locale=request.viewer.locale,
    )


@strawberry.type(
    description="What a credit is computed from: a clock, or the availability of a month."
)
class CreditProof:
    """What a credit is computed from."""

    ticket_number: str | None = attribute(f"The number of the ticket; {_OF_A_CLOCK}")
    cycle: int | None = attribute(f"Which cycle of its clock; {_OF_A_CLOCK}")
    terms_version: int | None = attribute(
        f"The version of the terms that the clock counts under; {_OF_A_CLOCK}"
    )
    calendar_version: int | None = attribute(
        "The version of the calendar; absent round the clock and for availability."
    )
    started_at: datetime | None = attribute(f"From when on it counted; {_OF_A_CLOCK}")
    deadline_at: datetime | None = attribute(f"When it was due; {_OF_A_CLOCK}")
    stopped_at: datetime | None = attribute(f"When it ended; {_OF_A_CLOCK}")
    allowance_seconds: int | None = attribute(f"How long was promised; {_OF_A_CLOCK}")
    counted_seconds: int | None = attribute(f"How long was counted; {_OF_A_CLOCK}")
    over_seconds: int | None = attribute(f"How much of that is over; {_OF_A_CLOCK}")
    up_percent: str | None = attribute(
        "The contractual availability in percent, cut to two decimals; absent for a clock."
    )
    promised_percent: str | None = attribute("What was promised of it; absent for a clock.")
    up: str | None = attribute(
        "The same availability exactly, as a fraction such as `367/372`; absent for a clock."
    )


@strawberry.type(description="What happened to a credit; nothing of it is ever edited.")
class CreditFact:
    """What happened to a credit."""

    sequence: int = attribute("Its number in the history of the credit.")
    step: CreditStep | None = attribute("What happened; absent for the proposal.")
    state: CreditState = attribute("Where that left the credit.")
    at: datetime = attribute("When.")
    actor_name: str | None = attribute("Who did it; absent for a client.")
    reason: str = attribute("Why; it may be empty, and is for a client.")
    document: str | None = attribute("The document that did it; absent for other steps.")


@strawberry.type(description="What a broken promise earns; a complement adds to one that stands.")
class Credit(Node):
    """What a broken promise earns."""

    kind: CreditKind = attribute("Which promise pays.")
    label: str = computed(
        "What it is for, in the language of the viewer.",
        _label,
        needs=("nature", "local_month", "ticket_number", "completes"),
    )
    local_month: Month = attribute("The month of the breach where the agency is.", name="month")
    revision: int = attribute("The number of the credit among those of one breach.")
    state: CreditState = attribute("Where it is in its life.")
    nature: CompensationNature = attribute("What it is before tax law.")
    net: Money = attribute("What it is about, before tax.")
    total: Money = attribute(
        "What the breach is worth in all, after the caps: more than `net` in a complement.",
    )
    capped: Money = attribute(
        "What the caps took away: with `total`, what it would be worth without them."
    )
    room_left: Money | None = attribute(
        "What the caps left for it, cut to the cent; absent without a cap."
    )
    outweighed: bool = attribute("Whether another credit of the same incident is higher.")
    base_amount: Money = attribute(
        "The recurring fee of the month, before tax, that it is a share of.", name="base"
    )
    clause_version: int = attribute("The version of the terms whose clause pays.")
    proof: CreditProof = attribute("What it is computed from.")
    overcredited_cents: int | None = attribute(
        "By how many cents more was issued than the facts say now: nothing is taken back. Absent "
        "for a client."
    )
    completed: Annotated["Credit", strawberry.lazy("helpdesk.graphql.credit")] | None = attribute(
        "The credit that it adds to; absent unless it is a complement."
    )
    contract: Contract = attribute("The contract that promised.")
    client: Client = attribute("Who gets it.")
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] | None = attribute(
        f"The ticket that was late; {_OF_A_CLOCK}"
    )
    breached_at: datetime = attribute("When the promise was broken.")
    created_at: datetime = attribute("When it was proposed.")
    history: list[CreditFact] = attribute("What happened to it, in order.", points=4)


@strawberry.input(description="Conditions on credits that all hold.")
class CreditFilter:
    """Conditions on credits that all hold."""

    client_id: list[strawberry.ID] | None = condition(
        "Who gets it: any of these clients.", "client_ids", ids_of=Noun.CLIENT
    )
    contract_id: list[strawberry.ID] | None = condition(
        "Which contract promised: any of these.", "contract_ids", ids_of=Noun.CONTRACT
    )
    state: list[CreditState] | None = condition("Where it is in its life: any of these.", "states")


@strawberry.type(description="A broken promise with what follows from it.")
class Breach:
    """A broken promise with what follows from it."""

    promise: Promise | None = attribute(
        "Which promise of the guide's table; absent for one beside it."
    )
    consequence: ConsequenceKind = attribute("What follows from it.")
    is_owed: bool = attribute("Whether that is still to be done, as far as the breach shows it.")
    at: datetime = attribute("When it was broken; availability, at the end of the month.")
    is_compensable: bool = attribute("Whether it earns compensation: an excluded one does not.")
    exclusion_cause: ExclusionCause | None = attribute(
        "Why it earns none; absent unless it is excluded."
    )
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] | None = attribute(
        f"The ticket; {_OF_A_CLOCK}"
    )
    metric: SlaMetric | None = attribute(f"What was promised about it; {_OF_A_CLOCK}")
    priority: Priority | None = attribute(f"The priority that it had then; {_OF_A_CLOCK}")
    cycle: int | None = attribute(f"Which cycle of the clock; {_OF_A_CLOCK}")
    ended_at: datetime | None = attribute(
        "When what was promised happened at last; absent while it is owed."
    )
    outcome: PromiseOutcome | None = attribute(f"How it reads in a report; {_OF_A_CLOCK}")
    allowance_seconds: int | None = attribute(f"How long was promised; {_OF_A_CLOCK}")
    counted_seconds: int | None = attribute(f"How long was counted, up to now; {_OF_A_CLOCK}")
    over_seconds: int | None = attribute(f"How much of that is over; {_OF_A_CLOCK}")
    terms_version: int | None = attribute(f"The version of the terms; {_OF_A_CLOCK}")
    calendar_version: int | None = attribute(
        "The version of the calendar; absent round the clock and for availability."
    )
    up_percent: str | None = attribute(
        "The contractual availability in percent, cut to two decimals; absent for a ticket."
    )
    promised_percent: str | None = attribute("What was promised of it; absent for a ticket.")
    credits: list[Credit] = attribute(
        "What it earns: nothing for a client before the approval.", points=2
    )


async def read_breaches(request: Request, wanted: Wanted, given: str, month: Month) -> list[Thing]:
    """Return the breach register of a contract for a month. Raises NotFound and IdMalformed."""
    contract_id = ContractId(id_of(Noun.CONTRACT, given, path=("contractId",)))
    rows = await breach_register(
        request.desk, viewer=request.viewer, contract_id=contract_id, month=month
    )
    things = [breach_thing(row) for row in rows]
    await _keep_neighbours(request, wanted, rows, things)
    return things


async def _keep_neighbours(
    request: Request, wanted: Wanted, rows: Sequence[RegisteredBreach], things: Sequence[Thing]
) -> None:
    """Give the breaches their tickets and credits, those of all in one query each."""
    reader = request.reader()
    tickets = [getattr(row.consequence.breach, "ticket", None) for row in rows]
    if Branch("ticket") in wanted.branches:
        ids = list(dict.fromkeys(one.id for one in tickets if one is not None))
        found = await reader.by_ids(Noun.TICKET, ids, wanted.along("ticket"))
        for thing, ticket in zip(things, tickets, strict=True):
            thing.keep(Branch("ticket"), None if ticket is None else found.get(ticket.id))
    if Branch("credits") in wanted.branches:
        ids = [credit.id for row in rows for credit in row.credits]
        found = await reader.by_ids(Noun.CREDIT, ids, wanted.along("credits"))
        for thing, row in zip(things, rows, strict=True):
            kept = [found.get(credit.id) for credit in row.credits]
            thing.keep(Branch("credits"), [one for one in kept if one is not None])
    await request.explain(reader, wanted)
