"""A mail server that notes who wrote a mail, and mails as it hands them on."""

from dataclasses import dataclass, replace
from email.message import EmailMessage

from helpdesk.domain.inbox import InboundMail
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk, MailHabits
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.letters import Envelope, promise_letter
from tests.usecases.mails import Door
from tests.usecases.world import World

SERVER = "mx.alice.example"
ENTRANCE = "from far.example (far.example [192.0.2.1]) by mx.alice.example with ESMTPS; now"


@dataclass
class VouchingDoor(Door):
    """A door behind a server that notes what it found out about each author."""

    async def vouched(self, mail: EmailMessage, result: str) -> InboundMail:
        """Have a mail understood of which our server says this, `dmarc=pass` for example."""
        return await self.receive(self.noted(mail, result))

    def noted(self, mail: EmailMessage, result: str) -> bytes:
        """Return a mail as our server hands it on with what it found out."""
        domain = str(mail["From"]).rpartition("@")[2].strip(">")
        note = f"Authentication-Results: {SERVER}; {result} header.from={domain}\r\n"
        return f"{note}Received: {ENTRANCE}\r\n".encode() + bytes(mail)


def vouching(world: World) -> VouchingDoor:
    """Return the door of a world whose mail server notes who wrote a mail."""
    world.desk = vouching_desk(world.desk)
    return VouchingDoor(world)


def vouching_desk(desk: Desk) -> Desk:
    """Return the desk behind such a server."""
    return replace(desk, mail_habits=MailHabits(authserv_id=SERVER))


async def told(door: VouchingDoor, ticket: Ticket) -> str:
    """Promise Alice a mail about the ticket and return its Message-ID."""
    desk = door.world.desk
    async with desk.store.transaction(ticket.agency_id) as records:
        agent = await records.agencies.agent_by_email("alice@alice.example")
        agency = await records.agencies.agency()
        assert agent is not None
        await promise_letter(
            desk,
            records,
            ticket,
            Envelope(agency, agent, Letter(LetterKind.MAIL_LOOP, {})),
            key=f"told:{ticket.id}",
            auto_submitted=AutoSubmitted.AUTO_GENERATED,
        )
    return (await door.world.outbox())[-1].mail.message_id
