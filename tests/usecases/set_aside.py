"""Messages that wait in the inbox for a person."""

from dataclasses import replace

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.inbox import InboundMail, InboundMailState
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.receive_email import receive_email
from tests.factories import AGENCY_ID
from tests.usecases.mails import CHLOE, Door, a_mail, raw_mail

UNREADABLE = raw_mail(b"UNREADABLE")


def at_a_desk_that_cannot_read(desk: Desk, word: bytes = b"UNREADABLE") -> Desk:
    """Return a desk whose parser fails at messages with a word."""

    def parse(raw: bytes) -> InboundEmail:
        if word in raw:
            raise ValueError(raw)
        return desk.parse_email(raw)

    return replace(desk, parse_email=parse)


async def a_looping_message(door: Door, **changes: str) -> InboundMail:
    """Return a message of Bruno that passed too many servers."""
    mail = a_mail(**changes)
    trace = "".join(f"Received: from mx{n}.example\r\n" for n in range(60)).encode()
    return await _aside(door, trace + bytes(mail))


async def a_message_of_nobody(door: Door) -> InboundMail:
    """Return a message without a sender."""
    return await _aside(door, bytes(a_mail(sender=None)))


async def a_message_of_a_program(door: Door, sender: str = CHLOE) -> InboundMail:
    """Return a message that a program wrote and that opened nothing."""
    return await _aside(door, bytes(a_mail(sender=sender, Auto_Submitted="auto-generated")))


async def a_message_that_nobody_read(door: Door) -> InboundMail:
    """Return a message at which the parser failed as often as it is tried."""
    stored = await door.store(UNREADABLE)
    async with door.world.desk.store.transaction(AGENCY_ID) as records:
        await records.mail.save_inbound(replace(stored, state=InboundMailState.QUARANTINED))
    return await door.kept(stored.id)


async def _aside(door: Door, raw: bytes) -> InboundMail:
    stored = await door.store(raw)
    outcome = await receive_email(door.world.desk, AGENCY_ID, stored.id)
    assert outcome.ticket_id is None
    return outcome
