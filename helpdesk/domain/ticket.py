"""A ticket: what is known of a request, and which steps of its life are possible from where."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    BatchId,
    ClientId,
    ContactId,
    ContractId,
    MessageId,
    SiteId,
    TeamId,
    TicketId,
)
from helpdesk.domain.priority import (
    Criticality,
    Impact,
    Priority,
    SecuritySign,
    Urgency,
)
from helpdesk.domain.waiting import WaitingOn


class TicketStatus(StrEnum):
    """Where a ticket stands."""

    NEW = "NEW"
    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"
    MERGED = "MERGED"
    SPAM = "SPAM"


class Channel(StrEnum):
    """By which door the request came in."""

    MAIL = "MAIL"
    PORTAL = "PORTAL"
    API = "API"
    PHONE = "PHONE"
    CHAT = "CHAT"
    MONITORING = "MONITORING"


class TicketKind(StrEnum):
    """The nature of the request: the dimensions of maintenance (white paper 02)."""

    CORRECTIVE = "CORRECTIVE"
    PREVENTIVE = "PREVENTIVE"
    SECURITY = "SECURITY"
    MONITORING = "MONITORING"
    EVOLUTION = "EVOLUTION"
    QUESTION = "QUESTION"


class TicketEventKind(StrEnum):
    """What can happen to a ticket; the history is made of these."""

    OPENED = "OPENED"
    AGENT_REPLIED = "AGENT_REPLIED"
    CLIENT_REPLIED = "CLIENT_REPLIED"
    AUTOMATIC_MESSAGE = "AUTOMATIC_MESSAGE"
    NOTE_ADDED = "NOTE_ADDED"
    ASSIGNED = "ASSIGNED"
    PRIORITY_SET = "PRIORITY_SET"
    WAITING = "WAITING"
    RESUMED = "RESUMED"
    DELIVERED = "DELIVERED"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"
    CANCELLED = "CANCELLED"
    MARKED_SPAM = "MARKED_SPAM"
    MERGED = "MERGED"
    ABSORBED = "ABSORBED"
    LINKED = "LINKED"
    UNLINKED = "UNLINKED"
    CALL_LOGGED = "CALL_LOGGED"
    BATCHED = "BATCHED"
    UNBATCHED = "UNBATCHED"
    BATCH_OPENED = "BATCH_OPENED"
    POSTPONED = "POSTPONED"
    SLA_BREACHED = "SLA_BREACHED"
    ESCALATED = "ESCALATED"
    TIME_CORRECTED = "TIME_CORRECTED"
    REPAIRED = "REPAIRED"
    CLASSIFIED = "CLASSIFIED"
    CLASSIFICATION_CONFIRMED = "CLASSIFICATION_CONFIRMED"
    CLASSIFICATION_CONTESTED = "CLASSIFICATION_CONTESTED"
    EXCLUDED = "EXCLUDED"
    EXCLUSION_LIFTED = "EXCLUSION_LIFTED"
    CLIENT_THANKED = "CLIENT_THANKED"
    MESSAGE_ACCEPTED = "MESSAGE_ACCEPTED"
    MESSAGE_REJECTED = "MESSAGE_REJECTED"
    REQUESTER_SET = "REQUESTER_SET"


INTERNAL_EVENTS = frozenset(
    {
        TicketEventKind.NOTE_ADDED,
        TicketEventKind.ESCALATED,
        TicketEventKind.CLASSIFIED,
        TicketEventKind.MESSAGE_ACCEPTED,
        TicketEventKind.MESSAGE_REJECTED,
        TicketEventKind.REQUESTER_SET,
    }
)
"""What exists for the agency alone: notes, alerts, proposals, what is said of doubtful mails."""


class LinkKind(StrEnum):
    """How one ticket relates to another."""

    RELATED = "RELATED"
    CAUSED_BY = "CAUSED_BY"
    FOLLOWS = "FOLLOWS"


_FINISHED_BY_WORK = frozenset({TicketStatus.RESOLVED, TicketStatus.CLOSED})
_ENDED_WITHOUT_WORK = frozenset({TicketStatus.CANCELLED, TicketStatus.SPAM})
UNFINISHED = (
    frozenset(TicketStatus) - _FINISHED_BY_WORK - _ENDED_WITHOUT_WORK - {TicketStatus.MERGED}
)


class TicketStep(StrEnum):
    """The acts that a status allows or refuses, named as the API's mutations."""

    REPLY = "replyToTicket"
    ADD_NOTE = "addInternalNote"
    ASSIGN = "assignTicket"
    SET_PRIORITY = "setPriority"
    WAIT = "waitForClient"
    RESUME = "resumeTicket"
    DELIVER = "deliverTicket"
    RESOLVE = "resolveTicket"
    CLOSE = "closeTicket"
    REOPEN = "reopenTicket"
    CANCEL = "cancelTicket"
    MARK_SPAM = "markSpam"
    MERGE = "mergeTickets"
    LINK = "linkTickets"
    LOG_CALL = "logCall"
    BATCH = "addToBatch"
    POSTPONE = "postponeTicket"


STEPS: Mapping[TicketStep, frozenset[TicketStatus]] = {
    TicketStep.REPLY: UNFINISHED | _FINISHED_BY_WORK,
    TicketStep.ADD_NOTE: frozenset(TicketStatus),
    TicketStep.ASSIGN: UNFINISHED,
    TicketStep.SET_PRIORITY: UNFINISHED,
    TicketStep.WAIT: UNFINISHED - {TicketStatus.WAITING},
    TicketStep.RESUME: frozenset({TicketStatus.WAITING}),
    TicketStep.DELIVER: UNFINISHED - {TicketStatus.DELIVERED},
    TicketStep.RESOLVE: UNFINISHED,
    TicketStep.CLOSE: frozenset({TicketStatus.RESOLVED}),
    TicketStep.REOPEN: frozenset({TicketStatus.DELIVERED})
    | _FINISHED_BY_WORK
    | _ENDED_WITHOUT_WORK,
    TicketStep.CANCEL: UNFINISHED,
    TicketStep.MARK_SPAM: UNFINISHED,
    TicketStep.MERGE: UNFINISHED | _FINISHED_BY_WORK,
    TicketStep.LINK: frozenset(TicketStatus),
    TicketStep.LOG_CALL: UNFINISHED | _FINISHED_BY_WORK,
    TicketStep.BATCH: UNFINISHED - {TicketStatus.DELIVERED},
    TicketStep.POSTPONE: UNFINISHED - {TicketStatus.DELIVERED},
}
"""From which statuses each step is possible: the table is the rule."""


class TransitionRefused(HelpdeskError):
    """A step that makes no sense would falsify the clocks; the refusal says what is possible."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = (
        "Ticket {number} is {status}: {step} is not possible. Possible now: {possible}."
    )
    french: ClassVar[str] = (
        "Le ticket {number} est {status} : {step} n'est pas possible. Possible : {possible}."
    )


class StepReasonRequired(HelpdeskError):
    """A step that changes what the client was promised says why."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "{step} needs a reason: the client and the report will read it."
    french: ClassVar[str] = "{step} demande un motif : le client et le rapport le liront."


class TicketChangedMeanwhile(HelpdeskError):
    """Two people edited the ticket: the second one decides again with the new state before him."""

    code: ClassVar[ErrorCode] = ErrorCode.VERSION_CONFLICT
    english: ClassVar[str] = (
        "Ticket {number} is at version {actual}, not {expected}: read it again, then decide."
    )
    french: ClassVar[str] = (
        "Le ticket {number} est à la version {actual} et non {expected} : relisez-le, puis décidez."
    )


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One fact of a ticket's history: who did what, when, with the fields before and after.

    `sequence` numbers the facts of one ticket without a hole and orders those of one instant.
    """

    ticket_id: TicketId
    sequence: int
    at: datetime
    kind: TicketEventKind
    actor: Actor
    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    reason: str | None = None
    message_id: MessageId | None = None
    related_ticket_id: TicketId | None = None

    @property
    def is_visible_to_client(self) -> bool:
        """Whether the client may see that this happened: who told whom inside is not his affair."""
        return self.kind not in INTERNAL_EVENTS

    @property
    def recorded_at(self) -> datetime:
        """When it was written down: a breach is dated by its true instant, which may be earlier."""
        text = self.after.get("recorded_at")
        return self.at if text is None else datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is known of a request now; every field is the outcome of its history.

    Each step returns a `TicketChange`: the new state and the fact that led to it. Instants are
    UTC. `version` counts the facts and serves optimistic locking. `is_requester_unconfirmed` when
    he was read in a forwarded mail, which nobody signs.
    """

    id: TicketId
    agency_id: AgencyId
    number: str
    client_id: ClientId
    requester_id: ContactId | None
    site_id: SiteId | None
    contract_id: ContractId | None
    subject: str
    description: str
    channel: Channel
    kind: TicketKind
    impact: Impact
    urgency: Urgency
    priority: Priority
    criticality: Criticality
    opened_at: datetime
    status: TicketStatus = TicketStatus.NEW
    waiting_on: WaitingOn | None = None
    priority_reason: str | None = None
    security_sign: SecuritySign | None = None
    triaged_at: datetime | None = None
    assignee_id: AgentId | None = None
    team_id: TeamId | None = None
    first_responded_at: datetime | None = None
    delivered_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    merged_into_id: TicketId | None = None
    batch_id: BatchId | None = None
    postponed_to: datetime | None = None
    is_requester_unconfirmed: bool = False
    version: int = 0

    def possible_steps(self) -> tuple[TicketStep, ...]:
        """Return what can be done with the ticket in its present status."""
        return tuple(step for step, statuses in STEPS.items() if self.status in statuses)

    def require(self, step: TicketStep) -> None:
        """Refuse with TransitionRefused, which names what is possible, unless `step` is."""
        if self.status not in STEPS[step]:
            raise TransitionRefused(
                number=self.number,
                status=self.status,
                step=step,
                possible=", ".join(self.possible_steps()),
            )

    def require_version(self, expected: int | None) -> None:
        """Refuse with TicketChangedMeanwhile when somebody else changed the ticket since."""
        if expected is not None and expected != self.version:
            raise TicketChangedMeanwhile(
                path=("expectedVersion",),
                number=self.number,
                actual=self.version,
                expected=expected,
            )


@dataclass(frozen=True, slots=True)
class TicketChange:
    """A ticket after a step, and the facts that the step added to its history."""

    ticket: Ticket
    events: tuple[TicketEvent, ...]

    def then(self, following: "TicketChange") -> "TicketChange":
        """Return both changes as one: the later state, all facts in order."""
        return TicketChange(following.ticket, self.events + following.events)

    def told_by(self, message_id: MessageId | None) -> "TicketChange":
        """Return the change whose facts name the message that asked for them, if there is one."""
        if message_id is None:
            return self
        told = tuple(replace(event, message_id=message_id) for event in self.events)
        return TicketChange(self.ticket, told)

    def with_details(
        self, *, before: Mapping[str, str | None], after: Mapping[str, str | None]
    ) -> "TicketChange":
        """Return the change whose last fact tells more than the fields of the ticket."""
        last = self.events[-1]
        told = replace(last, before={**last.before, **before}, after={**last.after, **after})
        return TicketChange(self.ticket, (*self.events[:-1], told))


def changed(  # noqa: PLR0913 - the one place where a fact is written, with all that it may carry
    ticket: Ticket,
    kind: TicketEventKind,
    *,
    at: datetime,
    actor: Actor,
    reason: str | None = None,
    message_id: MessageId | None = None,
    related: TicketId | None = None,
    **fields: Any,  # the ticket's own fields, checked by `replace`
) -> TicketChange:
    """Return the ticket with `fields` replaced and the fact that says so, before and after."""
    version = ticket.version + 1
    after = replace(ticket, version=version, **fields)
    event = TicketEvent(
        ticket_id=ticket.id,
        sequence=version,
        at=at,
        kind=kind,
        actor=actor,
        before=_differences(ticket, after, ticket),
        after=_differences(ticket, after, after),
        reason=reason,
        message_id=message_id,
        related_ticket_id=related,
    )
    return TicketChange(after, (event,))


def opened(ticket: Ticket, *, actor: Actor, message_id: MessageId | None = None) -> TicketChange:
    """Return a new ticket with the first fact of its history."""
    change = changed(
        ticket, TicketEventKind.OPENED, at=ticket.opened_at, actor=actor, message_id=message_id
    )
    facts: dict[str, str | None] = {
        "status": ticket.status,
        "impact": ticket.impact,
        "urgency": ticket.urgency,
        "priority": ticket.priority,
    }
    if ticket.is_requester_unconfirmed:
        facts["is_requester_unconfirmed"] = as_text(ticket.is_requester_unconfirmed)
    return TicketChange(change.ticket, (replace(change.events[0], after=facts),))


def _differences(before: Ticket, after: Ticket, side: Ticket) -> dict[str, str | None]:
    return {
        name: as_text(getattr(side, name))
        for name in Ticket.__dataclass_fields__
        if name != "version" and getattr(before, name) != getattr(after, name)
    }


def as_text(value: object) -> str | None:
    """Return a field of a ticket as a history keeps it."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)
