"""A stored message is understood: it opens a ticket, answers one, or says why it does neither."""

from dataclasses import dataclass, replace
from datetime import timedelta

from helpdesk.domain.access import ActorKind, Scope, Viewer
from helpdesk.domain.agency import Agency, Client, Contact, domains_of
from helpdesk.domain.contract import contract_for
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgencyId, ClientId, ContactId, InboundMailId, TicketId
from helpdesk.domain.inbound_email import (
    Address,
    InboundEmail,
    reasons_not_to_answer,
    subject_of,
)
from helpdesk.domain.inbox import (
    InboundMail,
    InboundMailReason,
    InboundMailState,
    meaning_hash,
    opens_nothing,
)
from helpdesk.domain.mail_trust import (
    AuthOutcome,
    AuthVerdict,
    doubt_about,
    may_join,
    verdict_on,
)
from helpdesk.domain.message import BODY_LIMIT, SUBJECT_LIMIT
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import Channel, LinkKind, Ticket, TicketStatus, TicketStep
from helpdesk.domain.ticket_life import (
    Occasion,
)
from helpdesk.domain.ticket_pair import linked
from helpdesk.usecases.critical_news import acknowledge_critical
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import promise_acknowledgement
from helpdesk.usecases.mail_answer import MailAnswer, add_mail_to_ticket
from helpdesk.usecases.mail_keys import is_our_own
from helpdesk.usecases.mail_thread import thread_of
from helpdesk.usecases.message_files import Enclosed
from helpdesk.usecases.open_ticket import OpenTicket, Parties, opened_ticket
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change

POOL_NAMES = {Locale.FR: "Expéditeurs inconnus", Locale.EN: "Unknown senders"}
MAX_HOPS = 50
"""A mail that passed more servers than this goes round in a circle."""

ACKNOWLEDGEMENTS_AN_HOUR = 10
"""How many new tickets of one author are acknowledged within an hour."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message being understood: the stored row, what it says, who it was written to.

    `verdict` is what our mail server says of its author.
    """

    mail: InboundMail
    email: InboundEmail
    agency: Agency
    verdict: AuthVerdict | None

    @property
    def is_machines(self) -> bool:
        """Whether a machine wrote it."""
        return opens_nothing(self.email, envelope_from=self.mail.envelope_from)

    def outcome(
        self,
        state: InboundMailState,
        reason: InboundMailReason,
        ticket_id: TicketId | None = None,
    ) -> InboundMail:
        """Return the row with what became of the message."""
        return replace(self.mail, state=state, reason=reason, ticket_id=ticket_id)


async def receive_email(desk: Desk, agency_id: AgencyId, mail_id: InboundMailId) -> InboundMail:
    """Turn a stored message into a ticket or an answer, and return the row with the outcome.

    Everything that follows from the message is one transaction with the outcome: a crash before
    the end leaves the message to be read again, one after it changes nothing. A message that was
    understood already is returned as it is.
    """
    async with desk.store.reading(agency_id) as records:
        stored = await records.mail.inbound(mail_id)
        raw = None if stored is None else await records.tickets.blob(stored.raw_sha256)
    email = desk.parse_email(raw or b"")
    async with desk.store.transaction(agency_id) as records:
        mail = await records.mail.inbound(mail_id)
        assert mail is not None  # noqa: S101 - rows of the inbox are never removed
        if mail.state not in {InboundMailState.STORED, InboundMailState.FAILED}:
            return mail
        verdict = _verdict_on(desk, email)
        described = _described(mail, email).with_verdict(verdict)
        delivery = Delivery(described, email, await records.agencies.agency(), verdict)
        outcome = replace(await _understood(desk, records, delivery), processed_at=desk.now())
        await records.mail.save_inbound(outcome)
        return outcome


def _verdict_on(desk: Desk, email: InboundEmail) -> AuthVerdict | None:
    return verdict_on(
        email.authentication,
        sender="" if email.from_ is None or email.has_doubtful_sender else email.from_.email,
        authserv_id=desk.mail_habits.authserv_id,
    )


def _described(mail: InboundMail, email: InboundEmail) -> InboundMail:
    return replace(
        mail,
        subject=email.subject[:SUBJECT_LIMIT],
        from_addr=email.from_.email or None if email.from_ else None,
        meaning_hash=meaning_hash(email),
        attempts=mail.attempts + 1,
        last_error=None,
        retry_at=None,
    )


async def _understood(desk: Desk, records: Records, delivery: Delivery) -> InboundMail:
    email = delivery.email
    aside = await _set_aside(records, delivery)
    if aside is not None:
        return aside
    assert email.from_ is not None  # noqa: S101 - who has no sender was set aside
    contact = await records.clients.contact_by_email(email.from_.email.lower())
    answer = await _answer_of(records, delivery, contact)
    if answer is not None:
        return await _answer(desk, records, delivery, answer)
    if delivery.is_machines:
        reason = InboundMailReason.BOUNCE if email.is_bounce else InboundMailReason.AUTOMATIC
        return delivery.outcome(InboundMailState.IGNORED, reason)
    requester = contact or await _new_contact(desk, records, delivery.agency, email.from_)
    return await _open(desk, records, delivery, requester)


async def _set_aside(records: Records, delivery: Delivery) -> InboundMail | None:
    """Return the outcome of a mail that says nothing new: one that goes round, ours, a copy."""
    email = delivery.email
    if email.received_count > MAX_HOPS or await is_our_own(records, email):
        return delivery.outcome(InboundMailState.QUARANTINED, InboundMailReason.LOOP)
    if email.from_ is None or not email.from_.email:
        return delivery.outcome(InboundMailState.QUARANTINED, InboundMailReason.NO_SENDER)
    if email.from_.email.lower() == delivery.agency.mailbox:
        return delivery.outcome(InboundMailState.IGNORED, InboundMailReason.OWN_MAIL)
    if await records.mail.is_known_message(delivery.mail):
        return delivery.outcome(InboundMailState.IGNORED, InboundMailReason.DUPLICATE)
    return None


async def _answer_of(
    records: Records, delivery: Delivery, contact: Contact | None
) -> MailAnswer | None:
    """Return what the mail answers and what its author is there, None when it answers nothing.

    Who is no party of the ticket is heard there when he shows a token, and with a doubt; a machine
    is not. A number in the subject leads only parties, and never a From line that our server found
    forged.
    """
    email, verdict, author = delivery.email, delivery.verdict, delivery.email.from_
    thread = await thread_of(records, email, envelope_to=delivery.mail.envelope_to)
    if thread is None or author is None:
        return None
    sender = None
    if not email.has_doubtful_sender:
        agent = await records.agencies.agent_by_email(author.email.lower())
        sender = agent or await _client_party(records, thread.ticket, contact)
    is_his = sender is not None and thread.has_token_of(author.email)
    doubt = doubt_about(
        verdict, is_party=sender is not None, has_token=thread.has_token, is_token_his=is_his
    )
    if not may_join(
        is_party=sender is not None,
        has_token=thread.has_token and not delivery.is_machines,
        is_by_number=thread.is_by_number_alone,
        doubt=doubt,
    ):
        return None
    is_proven = is_his and verdict is not None and verdict.outcome is AuthOutcome.PASS
    return MailAnswer(thread.ticket, sender, author, doubt, is_proven=is_proven)


async def _client_party(
    records: Records, ticket: Ticket, contact: Contact | None
) -> Contact | None:
    """Return the contact if he may write on the ticket: threading headers prove nothing.

    The people of a client are parties of all its tickets. The senders of the pool have nothing in
    common: each of them is a party of his own.
    """
    if contact is None or contact.client_id != ticket.client_id:
        return None
    client = await records.clients.client(contact.client_id)
    is_of_pool = client is not None and client.is_unknown_sender_pool
    return contact if contact.id == ticket.requester_id or not is_of_pool else None


async def _answer(
    desk: Desk, records: Records, delivery: Delivery, answer: MailAnswer
) -> InboundMail:
    email, ticket, sender = delivery.email, answer.ticket, answer.sender
    is_over = ticket.status is TicketStatus.CLOSED or (
        TicketStep.REPLY not in ticket.possible_steps()
    )
    is_sure = answer.doubt is None
    if is_sure and isinstance(sender, Contact) and is_over and not delivery.is_machines:
        return await _open(desk, records, delivery, sender, follows=ticket)
    await add_mail_to_ticket(desk, records, answer, email, is_automatic=delivery.is_machines)
    if is_sure:
        await _remember_reference(desk, records, email, ticket.id)
    return delivery.outcome(InboundMailState.DONE, InboundMailReason.ANSWERED_TICKET, ticket.id)


async def _open(
    desk: Desk,
    records: Records,
    delivery: Delivery,
    requester: Contact,
    *,
    follows: Ticket | None = None,
) -> InboundMail:
    email, agency = delivery.email, delivery.agency
    contracts = await records.contracts.contracts_of(requester.client_id)
    parties = Parties(requester.client_id, requester, None, contract_for(contracts, None))
    subject = subject_of(email, locale=agency.locale)[:SUBJECT_LIMIT]
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
        enclosed=Enclosed(email.html, email.attachments),
    )
    ticket = saved.ticket
    if follows is not None:
        await _follow(desk, records, ticket, follows, requester)
    await _remember_reference(desk, records, email, ticket.id)
    unanswerable = reasons_not_to_answer(
        email,
        envelope_from=delivery.mail.envelope_from,
        own_addresses=frozenset({agency.mailbox}),
    )
    may_answer = not unanswerable and await _may_acknowledge(desk, records, delivery)
    if may_answer and not await acknowledge_critical(desk, records, saved):
        promised_at = saved.deadline(SlaMetric.FIRST_RESPONSE)
        await promise_acknowledgement(desk, records, ticket, requester, promised_at)
    return delivery.outcome(InboundMailState.DONE, InboundMailReason.OPENED_TICKET, ticket.id)


async def _may_acknowledge(desk: Desk, records: Records, delivery: Delivery) -> bool:
    """Return whether the author of a new ticket may be told that it is there.

    A forged or doubtful address is somebody else's; and who opened many tickets within the hour
    may be a machine that answers our answers.
    """
    email, verdict = delivery.email, delivery.verdict
    is_forged = verdict is not None and verdict.outcome is AuthOutcome.FAIL
    if is_forged or email.has_doubtful_sender or email.from_ is None:
        return False
    since = desk.now() - timedelta(hours=1)
    opened = await records.mail.opened_since(email.from_.email, since)
    return opened < ACKNOWLEDGEMENTS_AN_HOUR


async def _follow(
    desk: Desk, records: Records, ticket: Ticket, earlier: Ticket, requester: Contact
) -> None:
    """Link a new ticket to the one that was over when its client wrote on it again."""
    on = Occasion(ticket.opened_at, contact_viewer(requester).actor)
    await records.tickets.link(ticket, earlier, LinkKind.FOLLOWS, at=on.at)
    await save_change(desk, records, linked(ticket, earlier, on=on))


async def _remember_reference(
    desk: Desk, records: Records, email: InboundEmail, ticket_id: TicketId
) -> None:
    if email.message_id:
        await records.mail.add_reference(email.message_id, ticket_id, at=desk.now())


async def _new_contact(desk: Desk, records: Records, agency: Agency, address: Address) -> Contact:
    """Return the sender as a contact of the client that owns his domain, else of the pool."""
    client = await records.clients.client_of_domains(domains_of(address.email))
    client = client or await _pool(desk, records, agency)
    contact = Contact(
        id=ContactId(desk.new_id()),
        agency_id=agency.id,
        client_id=client.id,
        name=address.name or address.email,
        email=address.email.lower(),
        locale=agency.locale,
    )
    await records.clients.add_contact(contact)
    return contact


async def _pool(desk: Desk, records: Records, agency: Agency) -> Client:
    pool = await records.clients.unknown_sender_pool()
    if pool is None:
        pool = Client(
            id=ClientId(desk.new_id()),
            agency_id=agency.id,
            name=POOL_NAMES[agency.locale],
            domains=frozenset(),
            is_unknown_sender_pool=True,
        )
        await records.clients.add_client(pool)
    return pool


def contact_viewer(contact: Contact) -> Viewer:
    """Return the principal of a contact who acts by mail."""
    return Viewer(
        kind=ActorKind.CONTACT,
        agency_id=contact.agency_id,
        name=contact.name,
        locale=contact.locale,
        scopes=frozenset({Scope.TICKETS_READ, Scope.TICKETS_WRITE}),
        client_id=contact.client_id,
        contact_id=contact.id,
    )
