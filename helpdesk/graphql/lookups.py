"""Answers to the questions that name one thing, or a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.priority import Priority
from helpdesk.domain.supposition import Supposition
from helpdesk.graphql.global_ids import id_of, parse_id
from helpdesk.graphql.request import Request
from helpdesk.graphql.scopes import SCOPE_OF_NODE, require_scopes
from helpdesk.usecases.preview_deadline import preview_deadline
from helpdesk.usecases.read_models import Branch, Noun, Thing, Wanted, one
from helpdesk.usecases.shown_clocks import clock_thing, tell

MOST_NODES = 100


class TicketUnnamed(HelpdeskError):
    """A ticket is named by its identity or by its number, not by both, not by neither."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "Give `id` or `number`, one of them."
    french: ClassVar[str] = "Donnez « id » ou « number », l'un des deux."


class NumberUnknown(HelpdeskError):
    """A ticket of another agency or client has no number here."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = "There is no ticket {number} here."
    french: ClassVar[str] = "Il n'y a pas ici de ticket {number}."


class TooManyNodes(HelpdeskError):
    """A question about everything is a list."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{count} ids were given and {limit} are allowed at a time."
    french: ClassVar[str] = "{count} identifiants sont donnés pour {limit} permis à la fois."


async def read_ticket(
    request: Request, wanted: Wanted, given: str | None, number: str | None
) -> Thing:
    """Return a ticket by its identity or its number.

    Raises TicketUnnamed, NumberUnknown, NotFound, IdMalformed.
    """
    if (given is None) is (number is None):
        raise TicketUnnamed
    reader = request.reader()
    if given is not None:
        ticket_id: str | None = id_of(Noun.TICKET, given, path=("id",))
    else:
        ticket_id = await reader.ticket_id(number or "")
    if ticket_id is None:
        raise NumberUnknown(path=("number",), number=number)
    ticket = await one(reader, Noun.TICKET, ticket_id, wanted)
    await request.explain(reader, wanted)
    return ticket


async def read_contract(request: Request, wanted: Wanted, given: str) -> Thing:
    """Return a contract by its identity. Raises NotFound, IdMalformed."""
    reader = request.reader()
    contract_id = id_of(Noun.CONTRACT, given, path=("id",))
    contract = await one(reader, Noun.CONTRACT, contract_id, wanted)
    await request.explain(reader, wanted)
    return contract


async def read_nodes(request: Request, wanted: Wanted, given: Sequence[str]) -> list[Thing | None]:
    """Return things by their identities, in order; None for what does not exist for the viewer."""
    if len(given) > MOST_NODES:
        raise TooManyNodes(path=("ids",), count=len(given), limit=MOST_NODES)
    named = [parse_id(one_id, path=("ids",)) for one_id in given]
    by_noun: dict[Noun, list[str]] = {}
    for noun, thing_id in named:
        by_noun.setdefault(noun, []).append(thing_id)
    require_scopes(
        request.viewer, {SCOPE_OF_NODE[noun] for noun in by_noun if noun in SCOPE_OF_NODE}
    )
    found: dict[tuple[Noun, str], Thing] = {}
    reader = request.reader()
    for noun, ids in by_noun.items():
        things = await reader.by_ids(noun, list(dict.fromkeys(ids)), wanted.of(noun.value))
        found |= {(noun, thing_id): thing for thing_id, thing in things.items()}
    await request.explain(reader, wanted)
    return [found.get(key) for key in named]


@dataclass(frozen=True, slots=True)
class PreviewAsked:
    """A request that would come in, the identity of its contract as it was given."""

    contract: str
    priority: Priority
    at: datetime
    supposed: Supposition


async def read_preview(request: Request, wanted: Wanted, asked: PreviewAsked) -> list[Thing]:
    """Return the clocks that a ticket under a contract would have.

    Raises NotFound, IdMalformed, PreviewTooFar, and what the supposition is refused for.
    """
    contract_id = id_of(Noun.CONTRACT, asked.contract, path=("contractId",))
    views = await preview_deadline(
        request.desk,
        viewer=request.viewer,
        contract_id=ContractId(contract_id),
        priority=asked.priority,
        at=asked.at,
        supposed=asked.supposed,
    )
    calendars: dict[str, Thing] = {}
    if Branch("calendar") in wanted.along("target").branches:
        calendars = await _calendars(request, contract_id, asked.priority, asked.at)
    clocks = []
    for view in views:
        clock = clock_thing(view, calendar=calendars.get(view.clock.metric))
        tell(clock, view, wanted.branches, locale=request.viewer.locale)
        clocks.append(clock)
    return clocks


async def _calendars(
    request: Request, contract_id: str, priority: Priority, at: datetime
) -> dict[str, Thing]:
    """Return the calendars that the promises of a contract count on, by metric."""
    terms, calendar = (
        Branch("terms", (("at", at),)),
        Wanted(branches={Branch("calendar"): Wanted()}),
    )
    wanted = Wanted(branches={terms: Wanted(branches={Branch("sla_targets"): calendar})})
    contract = await one(request.reader(), Noun.CONTRACT, contract_id, wanted)
    targets = contract.along(terms).sla_targets
    return {target.metric: target.calendar for target in targets if target.priority is priority}
