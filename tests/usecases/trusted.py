"""A mail server that notes who wrote a mail, and mails as it hands them on."""

from dataclasses import dataclass, replace
from email.message import EmailMessage

from helpdesk.domain.inbox import InboundMail
from helpdesk.usecases.desk import Desk, MailHabits
from tests.usecases.mails import Door
from tests.usecases.world import World

SERVER = "mx.alice.example"
ENTRANCE = "from far.example (far.example [192.0.2.1]) by mx.alice.example with ESMTPS; now"


@dataclass
class VouchingDoor(Door):
    """A door behind a server that notes what it found out about each author."""

    async def vouched(self, mail: EmailMessage, result: str) -> InboundMail:
        """Have a mail understood of which our server says this, `dmarc=pass` for example."""
        domain = str(mail["From"]).rpartition("@")[2].strip(">")
        note = f"Authentication-Results: {SERVER}; {result} header.from={domain}\r\n"
        return await self.receive(f"{note}Received: {ENTRANCE}\r\n".encode() + bytes(mail))


def vouching(world: World) -> VouchingDoor:
    """Return the door of a world whose mail server notes who wrote a mail."""
    world.desk = vouching_desk(world.desk)
    return VouchingDoor(world)


def vouching_desk(desk: Desk) -> Desk:
    """Return the desk behind such a server."""
    return replace(desk, mail_habits=MailHabits(authserv_id=SERVER))
