"""The actions of a step: who is told, who takes over, what changes; and in words what was done."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.agency import Agent
from helpdesk.domain.errors import Locale
from helpdesk.domain.escalated import raised_priority
from helpdesk.domain.escalation import EscalationAction, EscalationActionKind
from helpdesk.domain.ids import TeamId
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.ticket import Ticket, TicketChange
from helpdesk.domain.ticket_life import Occasion, assigned
from helpdesk.usecases.alert_letters import Alert
from helpdesk.usecases.deadline_ports import FiringKey
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.ports import Records
from helpdesk.usecases.promise_webhook import promise_webhook

EVENT = "sla.escalated"

_Act = Callable[["Escalation", EscalationAction], Awaitable[str]]

_REASONS = {
    Locale.FR: "Priorité relevée : l'engagement de délai est en danger.",
    Locale.EN: "Priority raised: the promised time is in danger.",
}
"""The client and the report read it."""


@dataclass
class Escalation:
    """A step that is being taken: what it tells, what it changes on the way, what was done."""

    desk: Desk
    records: Records
    key: FiringKey
    alert: Alert
    change: TicketChange = field(init=False)
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.change = TicketChange(self.alert.ticket, ())

    @property
    def ticket(self) -> Ticket:
        """The ticket after what was done so far."""
        return self.change.ticket

    async def act(self, action: EscalationAction) -> None:
        """Do one action of the step and note what became of it."""
        said = await _ACTS[action.kind](self, action)
        self.done.append(f"{action.kind}: {said}")

    async def notify_assignee(self, _: EscalationAction) -> str:
        """Tell who takes care of the ticket, and say who was told."""
        return await self._tell(await self._assignee())

    async def notify_team(self, action: EscalationAction) -> str:
        """Tell a team: the one that the step names, else that of the ticket."""
        return await self._tell(await self._team(action.team_id or self.ticket.team_id))

    async def notify_managers(self, _: EscalationAction) -> str:
        """Tell who answers for the promises of the agency as a whole."""
        return await self._tell(await self.records.agencies.managers())

    async def _assignee(self) -> Sequence[Agent]:
        """Return who is assigned, else the team, else the managers: somebody always hears."""
        assignee_id = self.ticket.assignee_id
        agent = None if assignee_id is None else await self.records.agencies.agent(assignee_id)
        return await self._team(self.ticket.team_id) if agent is None else (agent,)

    async def _team(self, team_id: TeamId | None) -> Sequence[Agent]:
        agencies = self.records.agencies
        members = () if team_id is None else await agencies.team_members(team_id)
        return members or await agencies.managers()

    async def _tell(self, agents: Sequence[Agent]) -> str:
        agency = await self.records.agencies.agency()
        for agent in agents:
            letter = self.desk.alerts.to_agent(self.alert, agency=agency, agent=agent)
            await promise_letter(
                self.desk,
                self.records,
                self.ticket,
                Envelope(agency, agent, letter),
                # Who is told by two actions of a step gets one mail.
                key=f"escalation:{self.key}:{agent.id}",
                auto_submitted=AutoSubmitted.AUTO_GENERATED,
            )
        return ", ".join(agent.name for agent in agents) or "there is nobody to tell"

    async def notify_client(self, _: EscalationAction) -> str:
        """Tell the requester, and nobody else of the client."""
        requester_id = self.ticket.requester_id
        contact = None if requester_id is None else await self.records.clients.contact(requester_id)
        if contact is None:
            return "nobody asked for it"
        agency = await self.records.agencies.agency()
        letter = self.desk.alerts.to_client(self.alert, agency=agency, contact=contact)
        await promise_letter(
            self.desk,
            self.records,
            self.ticket,
            Envelope(agency, contact, letter),
            key=f"escalation:{self.key}:{contact.id}",
            auto_submitted=AutoSubmitted.AUTO_GENERATED,
        )
        return contact.name

    async def reassign(self, action: EscalationAction) -> str:
        """Give the ticket to whom the step names."""
        agencies = self.records.agencies
        agent = None if action.agent_id is None else await agencies.agent(action.agent_id)
        team = None if action.team_id is None else await agencies.team(action.team_id)
        if agent is None and team is None:
            return "skipped: whom the contract names is no longer there"
        occasion = Occasion(self.desk.now(), SYSTEM)
        team_id = self.ticket.team_id if team is None else team.id
        change = assigned(self.ticket, agent.id if agent else None, team_id, on=occasion)
        self.change = self.change.then(change)
        return ", ".join(one.name for one in (agent, team) if one is not None)

    async def raise_priority(self, _: EscalationAction) -> str:
        """Raise the priority by one; its clocks follow."""
        agency = await self.records.agencies.agency()
        reason = _REASONS[agency.locale]
        change = raised_priority(self.ticket, reason, on=Occasion(self.desk.now(), SYSTEM))
        if change is None:
            return "skipped: it is P0 already"
        before = self.ticket.priority
        self.change = self.change.then(change)
        return f"{before} to {self.ticket.priority}"

    async def call_webhook(self, action: EscalationAction) -> str:
        """Promise a call of the webhook that the step names."""
        assert action.webhook_id is not None  # noqa: S101 - a ladder refuses a call of nobody
        webhook = await self.records.webhooks.webhook(action.webhook_id)
        if webhook is None:
            return "skipped: the webhook is no longer there"
        await promise_webhook(
            self.desk, self.records, webhook, EVENT, self._body(), key=f"escalation:{self.key}"
        )
        return webhook.name

    def _body(self) -> dict[str, object]:
        alert, ticket = self.alert, self.ticket
        instants = {"deadlineAt": alert.deadline_at, "breachedAt": alert.broken_at}
        return {
            "ticketNumber": ticket.number,
            "subject": ticket.subject,
            "client": alert.client_name,
            "priority": ticket.priority.value,
            "metric": alert.metric.value,
            "cycle": self.key.cycle,
            "step": alert.step,
            "level": alert.level,
            "contract": alert.reference,
            **{name: at and at.isoformat() for name, at in instants.items()},
        }


_ACTS: Mapping[EscalationActionKind, _Act] = {
    EscalationActionKind.NOTIFY_ASSIGNEE: Escalation.notify_assignee,
    EscalationActionKind.NOTIFY_TEAM: Escalation.notify_team,
    EscalationActionKind.NOTIFY_MANAGERS: Escalation.notify_managers,
    EscalationActionKind.NOTIFY_CLIENT: Escalation.notify_client,
    EscalationActionKind.REASSIGN: Escalation.reassign,
    EscalationActionKind.RAISE_PRIORITY: Escalation.raise_priority,
    EscalationActionKind.CALL_WEBHOOK: Escalation.call_webhook,
}
