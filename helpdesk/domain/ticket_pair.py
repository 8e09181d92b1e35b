"""Two tickets of one client: merged into one, or said to relate to each other."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ticket import (
    Ticket,
    TicketChange,
    TicketEventKind,
    TicketStatus,
    TicketStep,
    changed,
)
from helpdesk.domain.ticket_life import Occasion


class TicketMergedIntoItself(HelpdeskError):
    """A ticket cannot absorb or follow itself."""

    code: ClassVar[ErrorCode] = ErrorCode.SAME_TICKET
    english: ClassVar[str] = "Ticket {number} cannot be merged with or linked to itself."
    french: ClassVar[str] = "Le ticket {number} ne peut être ni fusionné ni lié avec lui-même."


class TicketsOfTwoClients(HelpdeskError):
    """Merging across clients would show one client's words to another."""

    code: ClassVar[ErrorCode] = ErrorCode.OTHER_CLIENT
    english: ClassVar[str] = "Tickets {number} and {other} belong to two clients: link neither."
    french: ClassVar[str] = (
        "Les tickets {number} et {other} sont à deux clients : ils ne se fusionnent ni ne se lient."
    )


@dataclass(frozen=True, slots=True)
class Merge:
    """Both sides of a merge: the ticket that ended and the one that goes on."""

    merged: TicketChange
    surviving: TicketChange


def merged(duplicate: Ticket, survivor: Ticket, *, on: Occasion) -> Merge:
    """Return the duplicate ended in favour of the survivor, and the survivor that absorbed it."""
    _require_pair(duplicate, survivor)
    duplicate.require(TicketStep.MERGE)
    survivor.require(TicketStep.MERGE)
    ended = changed(
        duplicate,
        TicketEventKind.MERGED,
        at=on.at,
        actor=on.actor,
        related=survivor.id,
        status=TicketStatus.MERGED,
        waiting_on=None,
        merged_into_id=survivor.id,
    )
    absorbing = changed(
        survivor, TicketEventKind.ABSORBED, at=on.at, actor=on.actor, related=duplicate.id
    )
    return Merge(ended, absorbing)


def linked(ticket: Ticket, other: Ticket, *, on: Occasion) -> TicketChange:
    """Return the ticket with the fact that it relates to another of the same client."""
    _require_pair(ticket, other)
    return changed(ticket, TicketEventKind.LINKED, at=on.at, actor=on.actor, related=other.id)


def unlinked(ticket: Ticket, other: Ticket, *, on: Occasion) -> TicketChange:
    """Return the ticket with the fact that it no longer relates to another."""
    return changed(ticket, TicketEventKind.UNLINKED, at=on.at, actor=on.actor, related=other.id)


def _require_pair(ticket: Ticket, other: Ticket) -> None:
    if ticket.id == other.id:
        raise TicketMergedIntoItself(number=ticket.number)
    if ticket.client_id != other.client_id:
        raise TicketsOfTwoClients(number=ticket.number, other=other.number)
