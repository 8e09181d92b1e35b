"""A mail that belongs to no ticket opens one, and its author hears of it."""

from helpdesk.domain.agency import Agency, Contact
from helpdesk.domain.contract import contract_for
from helpdesk.domain.ids import TicketId
from helpdesk.domain.inbound_email import (
    InboundEmail,
    reasons_not_to_answer,
    subject_of,
    without_ticket_numbers,
)
from helpdesk.domain.inbox import InboundMail, InboundMailReason, InboundMailState
from helpdesk.domain.mail_loop import ACKNOWLEDGED, FEWEST
from helpdesk.domain.message import BODY_LIMIT, SUBJECT_LIMIT
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import Channel, LinkKind, Ticket
from helpdesk.domain.ticket_life import Occasion
from helpdesk.domain.ticket_pair import linked
from helpdesk.usecases.critical_news import acknowledge_critical
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import promise_acknowledgement
from helpdesk.usecases.mail_delivery import Delivery
from helpdesk.usecases.mail_sender import contact_viewer
from helpdesk.usecases.message_files import Enclosed
from helpdesk.usecases.open_ticket import OpenTicket, Parties, opened_ticket
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import SavedTicket, save_change


async def open_by_mail(
    desk: Desk,
    records: Records,
    delivery: Delivery,
    requester: Contact,
    *,
    follows: Ticket | None = None,
) -> InboundMail:
    """Open the ticket of a mail for its requester, and return what became of the mail.

    It is linked to the ticket that it `follows`.
    """
    email, agency = delivery.email, delivery.agency
    contracts = await records.contracts.contracts_of(requester.client_id)
    parties = Parties(requester.client_id, requester, None, contract_for(contracts, None))
    subject = _subject(email, agency, follows)
    request = OpenTicket(
        subject=subject,
        description=email.text.strip()[:BODY_LIMIT] or subject,
        channel=Channel.MAIL,
        came_in_at=delivery.mail.received_at,
    )
    saved = await opened_ticket(
        desk,
        records,
        contact_viewer(requester),
        request,
        parties,
        enclosed=Enclosed(email.html, email.attachments, doubt=delivery.doubt),
    )
    ticket = saved.ticket
    if follows is not None:
        await _follow(desk, records, ticket, follows, requester)
    await remember_reference(desk, records, email, ticket.id)
    await _acknowledge(desk, records, delivery, saved, requester)
    return delivery.outcome(InboundMailState.DONE, InboundMailReason.OPENED_TICKET, ticket.id)


def _subject(email: InboundEmail, agency: Agency, follows: Ticket | None) -> str:
    """Return what the ticket is called; the number of the one that it follows is not its own."""
    subject = subject_of(email, locale=agency.locale)
    if follows is not None:
        subject = without_ticket_numbers(subject) or follows.subject
    return subject[:SUBJECT_LIMIT]


async def _acknowledge(
    desk: Desk, records: Records, delivery: Delivery, saved: SavedTicket, requester: Contact
) -> None:
    """Tell the author that his ticket is there, unless a machine or nobody would hear it."""
    to = delivery.mail.envelope_from
    unanswerable = reasons_not_to_answer(
        delivery.email, envelope_from=to, own_addresses=frozenset({delivery.agency.mailbox})
    )
    if unanswerable or not await _may_acknowledge(desk, records, delivery):
        return
    if await acknowledge_critical(desk, records, saved, answers_to=to):
        return
    promised_at = saved.deadline(SlaMetric.FIRST_RESPONSE)
    await promise_acknowledgement(
        desk, records, saved.ticket, requester, promised_at, answers_to=to
    )


async def _may_acknowledge(desk: Desk, records: Records, delivery: Delivery) -> bool:
    """Return whether the author of a new ticket may be told that it is there.

    A forged or doubtful address is somebody else's; another mailbox of this installation answers
    by itself; and who opened many tickets in a short time may be a machine that answers ours.
    """
    email = delivery.email
    if delivery.doubt is not None or email.from_ is None:
        return False
    author = email.from_.email.lower()
    if await desk.store.agency_of_mailbox(author) is not None:
        return False
    longest, _ = ACKNOWLEDGED[0]
    if await records.mail.opened_since(author, desk.now() - longest) < FEWEST:
        return True
    for span, most in ACKNOWLEDGED:
        if await records.mail.opened_since(author, desk.now() - span) >= most:
            return False
    return True


async def _follow(
    desk: Desk, records: Records, ticket: Ticket, earlier: Ticket, requester: Contact
) -> None:
    """Link a new ticket to the one that was over when its client wrote on it again."""
    on = Occasion(ticket.opened_at, contact_viewer(requester).actor)
    await records.tickets.link(ticket, earlier, LinkKind.FOLLOWS, at=on.at)
    await save_change(desk, records, linked(ticket, earlier, on=on))


async def remember_reference(
    desk: Desk, records: Records, email: InboundEmail, ticket_id: TicketId
) -> None:
    """Remember that answers to this mail belong to the ticket."""
    if email.message_id:
        await records.mail.add_reference(email.message_id, ticket_id, at=desk.now())
