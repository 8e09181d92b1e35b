"""What an agent orders in the first lines of his answer is done with it, or nothing of it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from helpdesk.domain.access import ActorKind, Scope, Viewer
from helpdesk.domain.agency import Agent
from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.mail_command import (
    MailCommand,
    MailOrders,
    MailVerb,
    assignee_wanted,
    is_mere_signature,
    mail_orders,
    priority_wanted,
    wait_wanted,
)
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.ticket import Ticket, TicketChange
from helpdesk.domain.ticket_life import (
    Occasion,
    cancelled,
    closed,
    delivered,
    marked_spam,
    reopened,
    resolved,
    resumed,
    waiting,
)
from helpdesk.usecases.assign_ticket import AssignTicket, assigned_ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.mail_answer import MailAnswer, MailWords, add_mail_to_ticket
from helpdesk.usecases.ports import Records
from helpdesk.usecases.set_priority import SetPriority, weighed_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest, agency_step, visible_ticket

_BEFORE_WORDS = (MailVerb.ASSIGN, MailVerb.PRIORITY, MailVerb.REOPEN, MailVerb.RESUME)
_AFTER_WORDS = (
    *(MailVerb.WAIT, MailVerb.DELIVER, MailVerb.RESOLVE),
    *(MailVerb.CLOSE, MailVerb.CANCEL, MailVerb.SPAM),
)
_STEPS: dict[MailVerb, Callable[[Ticket, str, Occasion], TicketChange]] = {
    MailVerb.REOPEN: lambda ticket, reason, on: reopened(ticket, reason, on=on),
    MailVerb.RESUME: lambda ticket, _, on: resumed(ticket, on=on),
    MailVerb.WAIT: lambda ticket, said, on: waiting(ticket, *wait_wanted(said), on=on),
    MailVerb.DELIVER: lambda ticket, _, on: delivered(ticket, on=on),
    MailVerb.RESOLVE: lambda ticket, _, on: resolved(ticket, on=on),
    MailVerb.CLOSE: lambda ticket, _, on: closed(ticket, on=on),
    MailVerb.CANCEL: lambda ticket, reason, on: cancelled(ticket, reason, on=on),
    MailVerb.SPAM: lambda ticket, _, on: marked_spam(ticket, on=on),
}
_NOT_PROVEN = {
    Locale.FR: (
        "[Commandes non exécutées : rien ne prouve assez que cet agent a écrit ce mail. Répondez à"
        " un mail du ticket qui vous était adressé.]"
    ),
    Locale.EN: (
        "[Commands not carried out: it is not proven enough that this agent wrote the mail. Answer"
        " a mail of the ticket that was written to you.]"
    ),
}
_REFUSED = {
    Locale.FR: "[Commandes refusées, rien n'a été exécuté ni envoyé au client :]",
    Locale.EN: "[Commands refused, nothing was done or sent to the client:]",
}


class OrdersRefused(Exception):
    """Orders that cannot be carried out: whoever catches it undoes what was begun, and says so."""

    def __init__(self, refusals: Sequence[HelpdeskError]) -> None:
        super().__init__()
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class OrderedMail:
    """A mail of an agent on a ticket, with what its first lines order."""

    answer: MailAnswer
    agent: Agent
    email: InboundEmail
    words: MailWords
    orders: MailOrders


def ordered_mail(answer: MailAnswer, email: InboundEmail, words: MailWords) -> OrderedMail | None:
    """Return the mail with its orders; None when its author is no agent, or orders nothing."""
    if not isinstance(answer.sender, Agent) or words.is_automatic:
        return None
    orders = mail_orders(words.text)
    return OrderedMail(answer, answer.sender, email, words, orders) if orders.are_given else None


async def carry_out_orders(desk: Desk, records: Records, ordered: OrderedMail) -> None:
    """Do what the mail orders, and add its other words to the ticket.

    Only who is proven may order; what anybody else writes is kept as a note that says so. Raises
    OrdersRefused, when the caller's transaction must not be kept.
    """
    answer, orders = ordered.answer, ordered.orders
    if not answer.is_proven:
        await _keep(desk, records, ordered, _NOT_PROVEN[ordered.agent.locale])
        return
    if orders.refusals:
        raise OrdersRefused(orders.refusals)
    try:
        await _carried_out(desk, records, ordered)
    except HelpdeskError as refusal:
        raise OrdersRefused((refusal,)) from refusal


async def keep_refused_orders(
    desk: Desk, records: Records, ordered: OrderedMail, refused: OrdersRefused
) -> None:
    """Keep the mail as a note with what was wrong, and write to its author what is possible."""
    agent = ordered.agent
    reasons = tuple(refusal.message(agent.locale) for refusal in refused.refusals)
    told = "\n".join((_REFUSED[agent.locale], *(f"- {reason}" for reason in reasons)))
    ticket = await _keep(desk, records, ordered, told)
    agency = await records.agencies.agency()
    letter = desk.alerts.orders_refused(reasons, agent=agent)
    await promise_letter(
        desk,
        records,
        ticket,
        Envelope(agency, agent, letter),
        key=f"orders:{ordered.words.message_id}",
        auto_submitted=AutoSubmitted.AUTO_REPLIED,
    )


def agent_viewer(agent: Agent) -> Viewer:
    """Return the principal of an agent who acts by mail: he does what tickets need, no more."""
    return Viewer(
        kind=ActorKind.AGENT,
        agency_id=agent.agency_id,
        name=agent.name,
        locale=agent.locale,
        scopes=frozenset({Scope.TICKETS_READ, Scope.TICKETS_WRITE}),
        agent_id=agent.id,
    )


async def _keep(desk: Desk, records: Records, ordered: OrderedMail, told: str) -> Ticket:
    text = f"{ordered.words.text}\n\n{told}"
    words = replace(ordered.words, text=text, is_note=True)
    return await add_mail_to_ticket(desk, records, ordered.answer, ordered.email, words)


async def _carried_out(desk: Desk, records: Records, ordered: OrderedMail) -> None:
    """Give the ticket to somebody and weigh it, add the words, and take its further steps.

    So the words stand before the wait or the end that they announce.
    """
    orders, answer = ordered.orders, ordered.answer
    viewer = agent_viewer(ordered.agent)
    for command in orders.of(*_BEFORE_WORDS):
        await _done(desk, records, viewer, ordered, command)
    ticket = await visible_ticket(records, viewer, answer.ticket.id)
    agency = await records.agencies.agency()
    says_nothing = is_mere_signature(orders.words, names=(ordered.agent.name, agency.name))
    is_inside = says_nothing or bool(orders.of(MailVerb.NOTE, MailVerb.SPAM))
    text = ordered.words.text if says_nothing else orders.words
    words = replace(ordered.words, text=text, is_note=is_inside or ordered.words.is_note)
    answer = replace(answer, ticket=ticket)
    await add_mail_to_ticket(desk, records, answer, ordered.email, words)
    for command in orders.of(*_AFTER_WORDS):
        await _done(desk, records, viewer, ordered, command)


async def _done(
    desk: Desk, records: Records, viewer: Viewer, ordered: OrderedMail, command: MailCommand
) -> None:
    ticket_id, message_id = ordered.answer.ticket.id, ordered.words.message_id
    if command.verb is MailVerb.ASSIGN:
        wanted = await _assignment(records, ordered, command.argument)
        await assigned_ticket(desk, records, viewer, wanted, asked_in=message_id)
    elif command.verb is MailVerb.PRIORITY:
        priority, reason = priority_wanted(command.argument)
        weight = SetPriority(ticket_id, priority=priority, reason=reason)
        await weighed_ticket(desk, records, viewer, weight, asked_in=message_id)
    else:
        step = _STEPS[command.verb]
        await agency_step(
            desk,
            records,
            viewer,
            TicketStepRequest(ticket_id),
            lambda ticket, on: step(ticket, command.argument, on),
            asked_in=message_id,
        )


async def _assignment(records: Records, ordered: OrderedMail, name: str) -> AssignTicket:
    """Return whom the ticket goes to: a person takes it within the team that has it."""
    ticket = ordered.answer.ticket
    wanted = assignee_wanted(
        name,
        me=ordered.agent.id,
        agents=await records.agencies.agents(),
        teams=await records.agencies.teams(),
    )
    team_id = wanted.team_id or (ticket.team_id if wanted.agent_id else None)
    return AssignTicket(ticket.id, wanted.agent_id, team_id)
