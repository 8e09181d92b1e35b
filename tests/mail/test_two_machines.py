"""Two machines over real sockets: whatever the other one does, the mails between them end."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage, Message

import pytest

from helpdesk.domain.inbound_email import ReceivedMail
from helpdesk.mail.listener import Door as Listening
from helpdesk.mail.listener import MailListener
from helpdesk.mail.outbound import SmtpSender, SmtpSettings
from helpdesk.storage.database import Database
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.desk import MailHabits
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from helpdesk.worker.inbox import understand_due
from helpdesk.worker.outbox import send_due
from tests.usecases.world import MAILBOX, World, build_world

ROBOT = "robot@robots.example"
MOST_MAILS = 6
PATIENCE_ROUNDS = 60

Answers = Callable[["Robot", ReceivedMail, Message], tuple[EmailMessage, str, str] | None]
"""What a machine makes of a mail: an answer, its envelope sender, whom it goes to."""


@dataclass
class Robot:
    """A mailbox that a machine answers, over SMTP, each mail that it gets."""

    answers: Answers
    mails: list[ReceivedMail] = field(default_factory=list)
    port: int = 0
    said: int = 0

    async def store(self, mail: ReceivedMail) -> None:
        """Take a mail and answer it."""
        self.mails.append(mail)
        answer = self.answers(self, mail, message_from_bytes(mail.raw))
        if answer is not None:
            await self.send(*answer)

    async def send(self, mail: EmailMessage, sender: str, to: str) -> None:
        """Write to the engine."""

        def talk() -> None:
            with smtplib.SMTP("127.0.0.1", self.port, local_hostname="robots") as server:
                server.sendmail(sender, [to], bytes(mail))

        await asyncio.to_thread(talk)

    async def accepts(self, _: str) -> bool:
        """Have every mailbox."""
        return True

    def mail(self, subject: str, **headers: str) -> EmailMessage:
        """Return a mail of its own, with another id and another text each time."""
        self.said += 1
        mail = EmailMessage()
        given = {"From": ROBOT, "To": MAILBOX, "Subject": subject}
        given["Message-ID"] = f"<{self.said}@robots.example>"
        for name, value in (given | headers).items():
            mail[name.replace("_", "-")] = value
        mail.set_content(f"Nobody is here, for the time number {self.said}.")
        return mail


def _begins_anew(robot: Robot, _: ReceivedMail, __: Message) -> tuple[EmailMessage, str, str]:
    """Write to the From, in a thread of its own, without a word of being a machine."""
    return robot.mail(f"Away {robot.said}"), ROBOT, MAILBOX


def _goes_on(robot: Robot, _: ReceivedMail, heard: Message) -> tuple[EmailMessage, str, str]:
    """Write to the Reply-To in the same thread, without a word of being a machine."""
    to = str(heard["Reply-To"] or heard["From"]).rpartition("<")[2].strip("<>")
    subject = f"Re: {heard['Subject']}"
    return robot.mail(subject, In_Reply_To=str(heard["Message-ID"])), ROBOT, to


def _names_the_number(
    robot: Robot, _: ReceivedMail, heard: Message
) -> tuple[EmailMessage, str, str]:
    """Write to the From with our subject, and no header of the thread."""
    return robot.mail(str(heard["Subject"])), ROBOT, MAILBOX


def _says_so(robot: Robot, mail: ReceivedMail, _: Message) -> tuple[EmailMessage, str, str]:
    """Answer everything to the envelope, and say that a machine does."""
    answer = robot.mail("Absence du bureau", Auto_Submitted="auto-replied")
    return answer, "", mail.envelope_from or MAILBOX


def _is_polite(
    robot: Robot, mail: ReceivedMail, heard: Message
) -> tuple[EmailMessage, str, str] | None:
    """Answer what a person wrote, to the envelope (RFC 3834)."""
    if not mail.envelope_from or (heard["Auto-Submitted"] or "no") != "no":
        return None
    return robot.mail("Auto", Auto_Submitted="auto-replied"), "", mail.envelope_from


@dataclass
class Wire:
    """The engine and the robot, with the sockets between them."""

    world: World
    robot: Robot
    sender: SmtpSender

    async def until_silence(self) -> None:
        """Let both work until neither has anything to do."""
        for _ in range(PATIENCE_ROUNDS):
            understood = await understand_due(self.world.desk)
            sent = await send_due(self.world.desk, self.sender)
            if not understood and not sent:
                return
            self.world.now.advance(minutes=0.1)
        pytest.fail(f"after {len(self.robot.mails)} mails they still talk")

    def to_robot(self) -> list[ReceivedMail]:
        """Return what the robot got."""
        return [mail for mail in self.robot.mails if mail.recipients == (ROBOT,)]


@pytest.fixture
async def wire(sqlite_database: Database) -> AsyncIterator[Wire]:
    """Both, not yet talking."""
    world = await build_world(sqlite_database)
    world.desk = replace(world.desk, mail_habits=MailHabits(has_plus_addresses=True))
    robot = Robot(_begins_anew)

    async def store(mail: ReceivedMail) -> None:
        await store_inbound_mail(world.desk, mail)

    async def accepts(address: str) -> bool:
        return await world.desk.store.agency_of_mailbox(address) is not None

    engine = MailListener(Listening(store=store, accepts=accepts, now=world.now))
    mailbox = MailListener(Listening(store=robot.store, accepts=robot.accepts, now=world.now))
    await engine.start()
    await mailbox.start()
    robot.port = engine.port
    settings = SmtpSettings(host="127.0.0.1", port=mailbox.port, timeout_seconds=30)
    yield Wire(world, robot, SmtpSender(settings))
    await mailbox.close()
    await engine.close()


@pytest.mark.parametrize(
    "answers", [_begins_anew, _goes_on, _names_the_number, _says_so, _is_polite]
)
async def test_mails_between_two_machines_end_after_a_few(wire: Wire, answers: Answers) -> None:
    wire.robot.answers = answers

    await wire.robot.send(wire.robot.mail("The site is slow"), ROBOT, MAILBOX)
    await wire.until_silence()

    assert 1 <= len(wire.to_robot()) <= MOST_MAILS
    tickets = await wire.world.rows(TICKET)
    assert len(tickets) <= MOST_MAILS


@pytest.mark.parametrize("answers", [_goes_on, _says_so, _is_polite])
async def test_what_a_person_writes_is_answered_once_by_the_machine(
    wire: Wire, answers: Answers
) -> None:
    wire.robot.answers = answers
    await wire.robot.send(wire.robot.mail("The site is slow"), ROBOT, MAILBOX)
    await wire.until_silence()
    before = len(wire.to_robot())
    (ticket,) = await wire.world.rows(TICKET)

    request = ReplyToTicket(ticket["id"], "We look into it.")
    await reply_to_ticket(wire.world.desk, viewer=wire.world.alice, request=request)
    await wire.until_silence()

    assert len(wire.to_robot()) == before + 1
    assert len(await wire.world.rows(TICKET)) == 1


async def test_every_automatic_mail_says_so_to_other_machines(wire: Wire) -> None:
    wire.robot.answers = lambda *_: None
    await wire.robot.send(wire.robot.mail("The site is slow"), ROBOT, MAILBOX)
    await wire.until_silence()

    (acknowledgement,) = wire.to_robot()

    head = message_from_bytes(acknowledgement.raw)
    assert acknowledgement.envelope_from == ""
    assert head["Auto-Submitted"] == "auto-replied"
    assert head["Precedence"] == "auto_reply"
    assert head["X-Auto-Response-Suppress"] == "All"
    assert head["In-Reply-To"] == "<1@robots.example>"
    assert head["References"] == "<1@robots.example>"
    assert head["X-Helpdesk-Ref"]


async def test_an_acknowledgement_goes_to_the_envelope_and_never_to_a_no_reply_address(
    wire: Wire,
) -> None:
    wire.robot.answers = lambda *_: None
    forwarded = "srs0=ab=robots.example=robot@relay.example"
    await wire.robot.send(wire.robot.mail("The site is slow"), forwarded, MAILBOX)
    await wire.robot.send(wire.robot.mail("A form"), "no-reply@robots.example", MAILBOX)

    await wire.until_silence()

    recipients = [mail.recipients for mail in wire.robot.mails]
    assert (forwarded,) in recipients
    assert all("no-reply" not in one for each in recipients for one in each)
    assert len(await wire.world.rows(TICKET)) == 2


MACHINES: dict[str, dict[str, str]] = {
    "generated": {"Auto_Submitted": "auto-generated"},
    "replied": {"Auto_Submitted": "auto-replied (vacation)"},
    "notified": {"Auto_Submitted": "auto-notified; owner-email=a@b.example"},
    "bulk": {"Precedence": "bulk"},
    "junk": {"Precedence": "Junk"},
    "list": {"Precedence": "list"},
    "auto-reply": {"Precedence": "auto_reply"},
    "list-id": {"List_Id": "<news.robots.example>"},
    "list-unsubscribe": {"List_Unsubscribe": "<mailto:leave@robots.example>"},
    "suppress-all": {"X_Auto_Response_Suppress": "All"},
    "suppress-several": {"X_Auto_Response_Suppress": "DR, RN, OOF"},
    "suppress-autoreply": {"X_Auto_Response_Suppress": "AutoReply"},
    "autoreply": {"X_Autoreply": "yes"},
    "autorespond": {"X_Autorespond": "away"},
    "autoresponder": {"X_Autoresponder": "1"},
    "generated-by": {"X_FC_MachineGenerated": "true"},
    "feedback": {"Feedback_ID": "1:campaign:robots"},
    "copied": {"To": "somebody@else.example"},
}
PEOPLE: dict[str, dict[str, str]] = {
    "person": {},
    "says-no": {"Auto_Submitted": "no"},
    "first-class": {"Precedence": "first-class"},
    "no-receipts": {"X_Auto_Response_Suppress": "RN, NRN"},
    "no-autoreply": {"X_Autoreply": "no"},
    "in-copy": {"To": "somebody@else.example", "Cc": MAILBOX},
}


async def test_people_are_acknowledged_and_machines_are_not(wire: Wire) -> None:
    wire.robot.answers = lambda *_: None
    for name, headers in (MACHINES | PEOPLE).items():
        author = f"{name}@robots.example"
        mail = wire.robot.mail(f"About {name}", **({"From": author} | headers))
        await wire.robot.send(mail, author, MAILBOX)
    for author, sender in (
        ("null@robots.example", ""),
        ("MAILER-DAEMON@robots.example", "MAILER-DAEMON@robots.example"),
        ("postmaster@robots.example", "postmaster@robots.example"),
        (MAILBOX, "spoofed@robots.example"),
    ):
        await wire.robot.send(wire.robot.mail("About nothing", From=author), sender, MAILBOX)

    await wire.until_silence()

    acknowledged = {mail.recipients[0] for mail in wire.robot.mails if not mail.envelope_from}
    assert acknowledged == {f"{name}@robots.example" for name in PEOPLE}
