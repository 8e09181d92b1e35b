"""What is kept of a ticket beside its history, and whether it is what the history says."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from helpdesk.domain.priority import Impact, Priority, SecuritySign, Urgency
from helpdesk.domain.sla import SlaClock
from helpdesk.domain.ticket import Ticket, TicketEvent, TicketEventKind, TicketStatus, as_text
from helpdesk.domain.waiting import WaitingOn

_EMPTY_AT_OPENING = (
    "waiting_on",
    "assignee_id",
    "team_id",
    "first_responded_at",
    "delivered_at",
    "resolved_at",
    "closed_at",
    "merged_into_id",
    "batch_id",
    "postponed_to",
)
"""What an opening never sets: without an event that did, it is empty."""

_FIELDS = {field.name: field for field in fields(Ticket)}
_ABOUT_CLOCKS = frozenset(
    {TicketEventKind.SLA_BREACHED, TicketEventKind.ESCALATED, TicketEventKind.REPAIRED}
)
"""Events whose `after` tells of something else than the fields of the ticket."""
_READERS: Mapping[str, Callable[[str], object]] = {
    "status": TicketStatus,
    "waiting_on": WaitingOn,
    "impact": Impact,
    "urgency": Urgency,
    "priority": Priority,
    "security_sign": SecuritySign,
    "opened_at": datetime.fromisoformat,
    "triaged_at": datetime.fromisoformat,
    "first_responded_at": datetime.fromisoformat,
    "delivered_at": datetime.fromisoformat,
    "resolved_at": datetime.fromisoformat,
    "closed_at": datetime.fromisoformat,
    "postponed_to": datetime.fromisoformat,
    "is_requester_unconfirmed": "True".__eq__,
}
_KEPT_OF_CLOCKS = tuple(
    field.name for field in fields(SlaClock) if field.name not in {"stretches", "steps"}
)
"""Stretches are told from the facts alone, steps are kept as far as they did not fire."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept value that is not what the facts say: where, what is kept, what it should be."""

    what: str
    kept: str | None
    told: str | None


def told_fields(history: Iterable[TicketEvent]) -> dict[str, str | None]:
    """Return the fields of a ticket as its history tells them, in text, as far as it does."""
    told: dict[str, str | None] = dict.fromkeys(_EMPTY_AT_OPENING)
    for event in history:
        if event.kind not in _ABOUT_CLOCKS:
            told |= {name: value for name, value in event.after.items() if name in _FIELDS}
    return told


def ticket_differences(ticket: Ticket, history: Sequence[TicketEvent]) -> Iterator[Difference]:
    """Return where the kept ticket is not what its history says.

    A repair is no fact about the ticket: what it mended is told by the facts before it.
    """
    for name, value in told_fields(history).items():
        kept = as_text(getattr(ticket, name))
        if kept != value:
            yield Difference(name, kept, value)
    told_version = history[-1].sequence if history else 0
    if ticket.version != told_version:
        yield Difference("version", str(ticket.version), str(told_version))


def clock_differences(
    kept: Mapping[tuple[str, int], SlaClock], told: Mapping[tuple[str, int], SlaClock]
) -> Iterator[Difference]:
    """Return where the kept clocks are not those of the facts, by metric, cycle and field."""
    for key in dict.fromkeys((*kept, *told)):
        name = f"{key[0]}#{key[1]}"
        was, should = kept.get(key), told.get(key)
        if was is None or should is None:
            yield Difference(name, _presence(was), _presence(should))
            continue
        for field in _KEPT_OF_CLOCKS:
            one, other = getattr(was, field), getattr(should, field)
            if one != other:
                yield from difference(f"{name}.{field}", one, other)


def earliest_deadline(clocks: Iterable[SlaClock]) -> datetime | None:
    """Return the next instant at which a running promise of a ticket is due."""
    running = (clock for clock in clocks if clock.running_since is not None)
    return min((clock.deadline_at for clock in running if clock.deadline_at), default=None)


def earliest_breach(clocks: Iterable[SlaClock]) -> datetime | None:
    """Return when a promise of a ticket first broke, or will if nothing happens."""
    return min((clock.breached_at for clock in clocks if clock.breached_at), default=None)


def as_told(ticket: Ticket, history: Sequence[TicketEvent]) -> Ticket:
    """Return the ticket with every field that its history tells as it tells it."""
    told: dict[str, Any] = {  # Any: each field has a type of its own
        name: None if text is None else _READERS.get(name, str)(text)
        for name, text in told_fields(history).items()
    }
    return replace(ticket, version=history[-1].sequence, **told)


def instants_of(
    event: TicketEvent, was: datetime, now: datetime, ticket: Ticket
) -> dict[str, datetime]:
    """Return the instants of a ticket that an event set at `was`, as they are when it was `now`."""
    named = {"opened_at"} if event.kind is TicketEventKind.OPENED else set(event.after)
    return {name: now for name in named & _FIELDS.keys() if getattr(ticket, name) == was}


def difference(what: str, kept: object, told: object) -> Iterator[Difference]:
    """Return the difference between two values, if they differ."""
    if kept != told:
        yield Difference(what, _shown(kept), _shown(told))


def _presence(clock: SlaClock | None) -> str | None:
    return None if clock is None else "there"


def _shown(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)
