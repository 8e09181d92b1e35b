"""What tests are made of: people with a story, and things with sentences' defaults.

Alice works at the agency, Bruno is her client at Boulangerie Bruno, Chloé is another client's and
must see nothing of his. It is Monday 6 July 2026 unless said, and the office is open from Monday
to Friday, 09:00-12:30 and 14:00-18:00 in Paris.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from helpdesk.domain.access import Actor, ActorKind, Scope, Viewer
from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.contract import Contract, ContractStatus, ContractTerms
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    CalendarId,
    ClientId,
    ContactId,
    ContractId,
    MessageId,
    SiteId,
    TicketId,
)
from helpdesk.domain.priority import (
    Criticality,
    Impact,
    Priority,
    PriorityMatrix,
    Urgency,
)
from helpdesk.domain.sla import (
    ClockStart,
    SlaClock,
    SlaMetric,
    Target,
    TargetUnit,
    Timelines,
)
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.domain.ticket import Channel, Ticket, TicketKind, TicketStatus
from helpdesk.domain.ticket_life import Occasion
from helpdesk.domain.waiting import WaitingOn
from tests.domain.business_calendars import AGENCY, ALWAYS, compiled, paris, weekly

AGENCY_ID = AgencyId("agency-of-alice")
BRUNOS_CLIENT = ClientId("boulangerie-bruno")
CHLOES_CLIENT = ClientId("cabinet-chloe")
OFFICE = CalendarId("office")
NINE_TO_FIVE = CalendarId("nine-to-five")
CALENDARS = {OFFICE: AGENCY, NINE_TO_FIVE: compiled(weekly("09:00-17:00"))}
TIMELINES = Timelines(CALENDARS, ALWAYS)

ALICE = Actor(ActorKind.AGENT, "Alice", agent_id=AgentId("alice"))
BRUNO = Actor(ActorKind.CONTACT, "Bruno", contact_id=ContactId("bruno"))
ROBOT = Actor(ActorKind.SERVICE_ACCOUNT, "Deployment robot")

MONDAY = paris("2026-07-06 09:00").astimezone(UTC)

MATRIX_ROWS = {
    Impact.CRITICAL: (Priority.P0, Priority.P1, Priority.P2),
    Impact.MAJOR: (Priority.P1, Priority.P2, Priority.P2),
    Impact.MINOR: (Priority.P2, Priority.P3, Priority.P3),
    Impact.NONE: (Priority.P3, Priority.P3, Priority.P3),
}


def at(text: str) -> datetime:
    """Return the instant of a wall-clock time in Paris: "07-06 09:00" is in 2026."""
    return paris(f"2026-{text}").astimezone(UTC)


def on(text: str = "07-06 09:00", actor: Actor = ALICE) -> Occasion:
    """Return the occasion of an act: Alice's on Monday morning unless said."""
    return Occasion(at(text), actor)


def a_matrix(**changes: Any) -> PriorityMatrix:  # Any: the matrix's own fields
    """Return a matrix in which impact weighs more than urgency."""
    rows = {impact: dict(zip(Urgency, row, strict=True)) for impact, row in MATRIX_ROWS.items()}
    return replace(PriorityMatrix("simple", 1, rows), **changes)


def a_ticket(status: TicketStatus = TicketStatus.NEW, **changes: Any) -> Ticket:  # Any: its fields
    """Return Bruno's ticket of Monday morning: the contact form is silent."""
    ticket = Ticket(
        id=TicketId("ticket-1"),
        agency_id=AGENCY_ID,
        number="1",
        client_id=BRUNOS_CLIENT,
        requester_id=BRUNO.contact_id,
        site_id=SiteId("bruno.example"),
        contract_id=ContractId("contract-of-bruno"),
        subject="The contact form is silent",
        description="Nobody answers what my customers write.",
        channel=Channel.MAIL,
        kind=TicketKind.CORRECTIVE,
        impact=Impact.MAJOR,
        urgency=Urgency.NORMAL,
        priority=Priority.P2,
        criticality=Criticality.STANDARD,
        opened_at=MONDAY,
        status=status,
    )
    return replace(ticket, **changes)


def a_message_id(name: str = "message-1") -> MessageId:
    """Return the identity of a message."""
    return MessageId(name)


_USUAL_START = {
    SlaMetric.FIRST_RESPONSE: ClockStart.OPENING,
    SlaMetric.NEXT_RESPONSE: ClockStart.CLIENT_MESSAGE,
    SlaMetric.RESOLUTION: ClockStart.FIRST_RESPONSE,
    SlaMetric.DELIVERY: ClockStart.OPENING,
    SlaMetric.UPDATE: ClockStart.OPENING,
}


def a_target(
    metric: SlaMetric = SlaMetric.FIRST_RESPONSE,
    *,
    hours: float = 2,
    starts_on: ClockStart | None = None,
    **changes: Any,  # Any: the target's own fields
) -> Target:
    """Return a strict promise of so many office hours, which starts as the white paper says."""
    return replace(
        Target(
            metric=metric,
            amount=round(hours * 60),
            unit=TargetUnit.BUSINESS_MINUTES,
            calendar_id=OFFICE,
            is_strict=True,
            starts_on=starts_on or _USUAL_START[metric],
        ),
        **changes,
    )


def a_day_target(days: int, unit: TargetUnit, metric: SlaMetric = SlaMetric.DELIVERY) -> Target:
    """Return a strict promise of so many working days of the office."""
    return a_target(metric, amount=days, unit=unit)


def a_policy(
    *targets: Target,
    by_priority: Mapping[Priority, tuple[Target, ...]] | None = None,
    **clauses: Any,  # Any: the policy's own clauses
) -> SlaPolicy:
    """Return a policy that promises the same to every priority, or what `by_priority` says."""
    return SlaPolicy(by_priority or dict.fromkeys(Priority, targets), **clauses)


def fact(
    text: str,
    kind: ClockFactKind,
    priority: Priority | None = None,
    *,
    waiting_on: WaitingOn = WaitingOn.CLIENT,
    **more: Any,  # Any: the fact's own fields
) -> ClockFact:
    """Return a fact at a wall-clock time in Paris; an opening is a P2's unless said."""
    is_opening = kind is ClockFactKind.OPENED
    return ClockFact(
        at(text),
        kind,
        priority or (Priority.P2 if is_opening else None),
        pause_reason=None if kind is not ClockFactKind.PAUSED else waiting_on,
        **more,
    )


def clocks_of(policy: SlaPolicy, *facts: ClockFact) -> tuple[SlaClock, ...]:
    """Return the clocks of these facts on the calendars of the tests."""
    return reduced_clocks(facts, policy, TIMELINES)


def only_clock(policy: SlaPolicy, *facts: ClockFact) -> SlaClock:
    """Return the one clock of these facts."""
    (clock,) = clocks_of(policy, *facts)
    return clock


def a_viewer(**changes: Any) -> Viewer:  # Any: the viewer's own fields
    """Return Alice, who may do everything in her agency."""
    viewer = Viewer(
        kind=ActorKind.AGENT,
        agency_id=AGENCY_ID,
        name="Alice",
        locale=Locale.FR,
        scopes=frozenset(Scope),
        agent_id=ALICE.agent_id,
    )
    return replace(viewer, **changes)


def bruno_as_viewer(**changes: Any) -> Viewer:  # Any: the viewer's own fields
    """Return Bruno, bound to his client."""
    bound = a_viewer(
        kind=ActorKind.CONTACT,
        name="Bruno",
        client_id=BRUNOS_CLIENT,
        agent_id=None,
        contact_id=BRUNO.contact_id,
    )
    return replace(bound, **changes)


def some_terms(
    version: int = 1,
    effective_from: datetime = MONDAY,
    *,
    targets: Iterable[Target] = (a_target(),),
    **changes: Any,  # Any: the terms' own fields
) -> ContractTerms:
    """Return terms that promise a first response within two office hours."""
    terms = ContractTerms(
        reference="TMA-BRUNO",
        version=version,
        effective_from=effective_from,
        plan_code="essential",
        calendar_ids=frozenset(CALENDARS),
        matrix=a_matrix(),
        sla=a_policy(*targets),
    )
    return replace(terms, **changes)


def a_contract(name: str = "contract-of-bruno", **changes: Any) -> Contract:  # Any: its fields
    """Return Bruno's active contract for all of his sites."""
    contract = Contract(
        id=ContractId(name),
        agency_id=AGENCY_ID,
        client_id=BRUNOS_CLIENT,
        reference="TMA-BRUNO",
        name="Maintenance of bruno.example",
        status=ContractStatus.ACTIVE,
        starts_on=date(2026, 1, 1),
        ends_on=None,
        site_ids=frozenset(),
        terms=(some_terms(),),
    )
    return replace(contract, **changes)
