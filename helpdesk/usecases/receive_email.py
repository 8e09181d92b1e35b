"""A stored message is understood: it opens a ticket, answers one, or says why it does neither."""

import asyncio
from dataclasses import dataclass, replace

from helpdesk.domain.agency import Contact
from helpdesk.domain.follow_up import is_finished
from helpdesk.domain.ids import AgencyId, InboundMailId
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.inbox import (
    InboundMail,
    InboundMailReason,
    InboundMailState,
    meaning_hash,
)
from helpdesk.domain.mail_notice import with_notices
from helpdesk.domain.mail_token import without_plus
from helpdesk.domain.mail_trust import (
    AuthOutcome,
    AuthVerdict,
    doubt_about,
    may_join,
)
from helpdesk.domain.message import SUBJECT_LIMIT
from helpdesk.domain.ticket import Ticket, TicketStep
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_answer import MailAnswer, add_mail_to_ticket, words_of
from helpdesk.usecases.mail_commands import (
    OrdersRefused,
    carry_out_orders,
    keep_refused_orders,
    ordered_mail,
)
from helpdesk.usecases.mail_delivery import Delivery
from helpdesk.usecases.mail_follow_up import goes_on, merely_thanks
from helpdesk.usecases.mail_handed_on import open_for_agent
from helpdesk.usecases.mail_keys import is_our_own
from helpdesk.usecases.mail_opening import open_by_mail, remember_reference
from helpdesk.usecases.mail_sender import client_party, new_contact
from helpdesk.usecases.mail_thread import thread_of
from helpdesk.usecases.mail_verdict import verdict_of
from helpdesk.usecases.ports import Records
from helpdesk.usecases.reached_again import hear_from
from helpdesk.usecases.take_bounce import take_bounce
from helpdesk.usecases.unsubscribe import unsubscribed_by_mail

MAX_HOPS = 50
"""A mail that passed more servers than this goes round in a circle."""


async def receive_email(desk: Desk, agency_id: AgencyId, mail_id: InboundMailId) -> InboundMail:
    """Turn a stored message into a ticket or an answer, and return the row with the outcome.

    Everything that follows from the message is one transaction with the outcome: a crash before
    the end leaves the message to be read again, one after it changes nothing. A message that was
    understood already is returned as it is. Orders that cannot be carried out are undone as a
    whole, and the message is kept as a note in a second try.
    """
    async with desk.store.reading(agency_id) as records:
        stored = await records.mail.inbound(mail_id)
        raw = None if stored is None else await records.tickets.blob(stored.raw_sha256)
    # a large mail takes a moment, in which others are answered
    email = await asyncio.to_thread(desk.parse_email, raw or b"")
    verdict = None if stored is None else await verdict_of(desk, stored, email, raw or b"")
    read = ReadMail(agency_id, mail_id, email, verdict)
    try:
        return await _received(desk, read)
    except OrdersRefused as refused:
        return await _received(desk, read, refused=refused)


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A stored message that was read: what it says, and what our server says of its author."""

    agency_id: AgencyId
    mail_id: InboundMailId
    email: InboundEmail
    verdict: AuthVerdict | None


async def _received(
    desk: Desk, read: ReadMail, *, refused: OrdersRefused | None = None
) -> InboundMail:
    email, verdict = read.email, read.verdict
    async with desk.store.transaction(read.agency_id) as records:
        mail = await records.mail.inbound(read.mail_id)
        assert mail is not None  # noqa: S101 - rows of the inbox are never removed
        if mail.state not in {InboundMailState.STORED, InboundMailState.FAILED}:
            return mail
        described = _described(mail, email).with_verdict(verdict)
        agency = await records.agencies.agency()
        shown = with_notices(email, locale=agency.locale)
        delivery = Delivery(described, shown, agency, verdict, refused)
        outcome = replace(await _understood(desk, records, delivery), processed_at=desk.now())
        await records.mail.save_inbound(outcome)
        return outcome


def _described(mail: InboundMail, email: InboundEmail) -> InboundMail:
    return replace(
        mail,
        subject=email.subject[:SUBJECT_LIMIT],
        from_addr=email.from_.email.lower() or None if email.from_ else None,
        meaning_hash=meaning_hash(email),
        attempts=mail.attempts + 1,
        last_error=None,
        retry_at=None,
    )


async def _understood(desk: Desk, records: Records, delivery: Delivery) -> InboundMail:
    email = delivery.email
    aside = await take_bounce(desk, records, delivery) or await _set_aside(records, delivery)
    if aside is not None:
        return aside
    if await unsubscribed_by_mail(desk, records, email.subject):
        return delivery.outcome(InboundMailState.IGNORED, InboundMailReason.UNSUBSCRIBED)
    assert email.from_ is not None  # noqa: S101 - who has no sender was set aside
    await hear_from(desk, records, delivery)
    contact = await records.clients.contact_by_email(email.from_.email.lower())
    delivery = replace(delivery, is_clients=await _is_of_a_client(records, delivery, contact))
    answer = await _answer_of(records, delivery, contact)
    if answer is not None:
        return await _answer(desk, records, delivery, answer)
    if delivery.is_machines:
        reason = InboundMailReason.BOUNCE if email.is_bounce else InboundMailReason.AUTOMATIC
        return delivery.outcome(InboundMailState.IGNORED, reason)
    handed_on = await open_for_agent(desk, records, delivery)
    if handed_on is not None:
        return handed_on
    requester = contact or await new_contact(desk, records, delivery.agency, email.from_)
    return await open_by_mail(desk, records, delivery, requester)


async def _is_of_a_client(records: Records, delivery: Delivery, contact: Contact | None) -> bool:
    """Return whether the author is a person of a client; the pool of strangers is none."""
    if contact is None or delivery.doubt is not None or not delivery.email.automatic_reasons:
        return False
    client = await records.clients.client(contact.client_id)
    return client is not None and not client.is_unknown_sender_pool


async def _set_aside(records: Records, delivery: Delivery) -> InboundMail | None:
    """Return the outcome of a mail that says nothing new: one that goes round, ours, a copy."""
    email = delivery.email
    if email.received_count > MAX_HOPS or await is_our_own(records, email):
        return delivery.outcome(InboundMailState.QUARANTINED, InboundMailReason.LOOP)
    if email.from_ is None or not email.from_.email:
        return delivery.outcome(InboundMailState.QUARANTINED, InboundMailReason.NO_SENDER)
    if without_plus(email.from_.email) == delivery.agency.mailbox:
        return delivery.outcome(InboundMailState.IGNORED, InboundMailReason.OWN_MAIL)
    if await records.mail.senders.is_blocked(email.from_.email):
        return delivery.outcome(InboundMailState.QUARANTINED, InboundMailReason.BLOCKED_SENDER)
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
        sender = agent or await client_party(records, thread.ticket, contact)
    is_his = sender is not None and thread.has_token_of(author.email)
    doubt = doubt_about(
        verdict,
        is_party=sender is not None,
        has_token=thread.has_token,
        is_token_his=is_his,
        is_by_number=thread.is_by_number_alone,
    )
    if not may_join(
        is_party=sender is not None,
        has_token=thread.has_token and not delivery.is_machines,
        is_by_number=thread.is_by_number_alone,
        doubt=doubt,
    ):
        return None
    is_proven = is_his and verdict is not None and verdict.outcome is AuthOutcome.PASS
    is_inside = thread.is_inside_for(author.email)
    return MailAnswer(thread.ticket, sender, author, doubt, is_proven, verdict, is_inside)


async def _answer(
    desk: Desk, records: Records, delivery: Delivery, answer: MailAnswer
) -> InboundMail:
    email, ticket, sender = delivery.email, answer.ticket, answer.sender
    is_sure = answer.doubt is None
    words = replace(
        await words_of(desk, records, answer, email),
        is_automatic=delivery.is_machines,
        # what is passed on to the desk is no answer, and what answers a note is another one
        is_note=email.forwarded is not None or answer.is_inside,
    )
    if is_sure and isinstance(sender, Contact) and not delivery.is_machines:
        is_thanks = await merely_thanks(records, ticket, sender, email, words.text)
        words = replace(words, is_thanks=is_thanks)
        if not is_thanks and _is_over(ticket):
            at = delivery.mail.received_at
            if not await goes_on(records, ticket, at=at):
                return await open_by_mail(desk, records, delivery, sender, follows=ticket)
    ordered = ordered_mail(answer, email, words)
    if ordered is None:
        await add_mail_to_ticket(desk, records, answer, email, words)
    elif delivery.refused is not None:
        await keep_refused_orders(desk, records, ordered, delivery.refused)
    else:
        await carry_out_orders(desk, records, ordered)
    if is_sure:
        await remember_reference(desk, records, email, ticket.id)
    return delivery.outcome(InboundMailState.DONE, InboundMailReason.ANSWERED_TICKET, ticket.id)


def _is_over(ticket: Ticket) -> bool:
    return is_finished(ticket) or TicketStep.REPLY not in ticket.possible_steps()
