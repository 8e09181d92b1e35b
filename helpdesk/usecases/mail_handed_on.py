"""What an agent sends to the mailbox: a client's mail that he hands on, or a request of his own."""

from dataclasses import replace
from datetime import datetime

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Agent, Contact
from helpdesk.domain.contract import contract_for
from helpdesk.domain.ids import MessageId
from helpdesk.domain.inbound_email import Address, ForwardedMail, InboundEmail, subject_of
from helpdesk.domain.inbox import InboundMail, InboundMailReason, InboundMailState
from helpdesk.domain.mail_trust import AuthOutcome
from helpdesk.domain.message import BODY_LIMIT, SUBJECT_LIMIT, Message
from helpdesk.domain.ticket import Channel, Ticket
from helpdesk.domain.ticket_life import Occasion, noted
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_commands import agent_viewer
from helpdesk.usecases.mail_delivery import Delivery
from helpdesk.usecases.mail_opening import remember_reference
from helpdesk.usecases.mail_sender import contact_viewer, new_contact, pool
from helpdesk.usecases.message_files import Enclosed
from helpdesk.usecases.open_ticket import OpenTicket, Parties, opened_ticket
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change

MOST_ADDRESSES = 20
"""How many readers of a mail are looked at to find the client that it is for."""


async def open_for_agent(desk: Desk, records: Records, delivery: Delivery) -> InboundMail | None:
    """Open the ticket of an agent's mail and return what became of it; None when it is no agent's.

    Our server has to vouch for him. A mail that he hands on is the request of whoever wrote it, who
    is read in a text that nobody signed: he gets no automatic mail until somebody confirms him.
    What he writes to a client with a copy to the desk is about that client; whose request anything
    else is, somebody has to say.
    """
    agent = await _vouched_agent(records, delivery)
    if agent is None:
        return None
    email = delivery.email
    if email.forwarded is not None:
        requester = await _requester(desk, records, delivery, email.forwarded.sender)
        viewer = agent_viewer(agent) if requester is None else contact_viewer(requester)
    else:
        requester, viewer = await _written_to(records, email), agent_viewer(agent)
    ticket = await _opened(desk, records, delivery, viewer, requester)
    if email.forwarded is not None and email.forwarded.own_words.strip():
        await _note(desk, records, ticket, agent, email.forwarded.own_words)
    await remember_reference(desk, records, email, ticket.id)
    return delivery.outcome(InboundMailState.DONE, InboundMailReason.OPENED_TICKET, ticket.id)


async def _vouched_agent(records: Records, delivery: Delivery) -> Agent | None:
    author, verdict = delivery.email.from_, delivery.verdict
    if author is None or verdict is None or verdict.outcome is not AuthOutcome.PASS:
        return None
    return await records.agencies.agent_by_email(author.email.lower())


async def _requester(
    desk: Desk, records: Records, delivery: Delivery, sender: Address | None
) -> Contact | None:
    """Return the client's person who wrote the original; None when no such person is named."""
    if sender is None or await _is_of_the_house(desk, records, sender):
        return None
    known = await records.clients.contact_by_email(sender.email.lower())
    return known or await new_contact(desk, records, delivery.agency, sender)


async def _written_to(records: Records, email: InboundEmail) -> Contact | None:
    """Return the first contact among those that the mail is addressed to."""
    for address in (email.to + email.cc)[:MOST_ADDRESSES]:
        contact = await records.clients.contact_by_email(address.email.lower())
        if contact is not None:
            return contact
    return None


async def _is_of_the_house(desk: Desk, records: Records, sender: Address) -> bool:
    if await records.agencies.agent_by_email(sender.email.lower()) is not None:
        return True
    return await desk.store.agency_of_mailbox(sender.email) is not None


async def _opened(
    desk: Desk, records: Records, delivery: Delivery, viewer: Viewer, requester: Contact | None
) -> Ticket:
    email, passed_on = delivery.email, delivery.email.forwarded
    if requester is None:
        client_id = (await pool(desk, records, delivery.agency)).id
    else:
        client_id = requester.client_id
    contracts = await records.contracts.contracts_of(client_id)
    contract = contract_for(contracts, None)
    text = email.text if passed_on is None else passed_on.text or email.text
    subject = _subject(email, delivery)
    request = OpenTicket(
        subject=subject,
        description=text.strip()[:BODY_LIMIT] or subject,
        channel=Channel.MAIL,
        came_in_at=delivery.mail.received_at,
    )
    enclosed = Enclosed(
        # What the agent adds to the original stands in the HTML too.
        html=email.html if passed_on is None else None,
        files=email.attachments,
        written_at=_written_at(passed_on, delivery.mail.received_at),
    )
    is_unsigned = requester is None or passed_on is not None
    parties = Parties(client_id, requester, None, contract, is_unconfirmed=is_unsigned)
    saved = await opened_ticket(desk, records, viewer, request, parties, enclosed=enclosed)
    return saved.ticket


def _subject(email: InboundEmail, delivery: Delivery) -> str:
    passed_on = email.forwarded
    shown = email if passed_on is None else replace(email, subject=passed_on.subject)
    subject = subject_of(shown if shown.subject.strip() else email, locale=delivery.agency.locale)
    return subject[:SUBJECT_LIMIT]


def _written_at(passed_on: ForwardedMail | None, received_at: datetime) -> datetime | None:
    """Return when the original says that it was written; a day to come is a slip or a lie."""
    written_at = None if passed_on is None else passed_on.sent_at
    return written_at if written_at is not None and written_at <= received_at else None


async def _note(desk: Desk, records: Records, ticket: Ticket, agent: Agent, text: str) -> None:
    on = Occasion(desk.now(), agent_viewer(agent).actor)
    note = Message(
        id=MessageId(desk.new_id()),
        agency_id=ticket.agency_id,
        ticket_id=ticket.id,
        sent_at=on.at,
        author=on.actor,
        channel=Channel.MAIL,
        body=text.strip()[:BODY_LIMIT],
        is_internal=True,
    )
    await save_change(desk, records, noted(ticket, note.id, on=on))
    await records.tickets.add_message(note)
