"""What people do in the demo: each deed is a verb of the engine, ready to be done at a desk."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.ids import AgentId, BatchId, TeamId, TicketId
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.priority import Priority, Triage
from helpdesk.domain.ticket import (
    LinkKind,
)
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.add_internal_note import AddInternalNote, add_internal_note
from helpdesk.usecases.add_to_batch import AddToBatch, add_to_batch
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.create_batch import CreateBatch, create_batch
from helpdesk.usecases.deliver_ticket import deliver_ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.link_tickets import LinkTickets, link_tickets
from helpdesk.usecases.log_call import LogCall, log_call
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.open_batch import BatchStepRequest, open_batch
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.postpone_ticket import PostponeTicket, postpone_ticket
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.reopen_ticket import reopen_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.resume_ticket import resume_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from helpdesk.usecases.ticket_step import ReasonedStepRequest, TicketStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client

Deed = Callable[[Desk], Awaitable[object]]


@dataclass(slots=True)
class Case:
    """A request on its way: its ticket has an id once it was opened."""

    ticket_id: TicketId | None = None

    @property
    def id(self) -> TicketId:
        """Return the ticket; a deed before the opening is a mistake in the script."""
        assert self.ticket_id is not None  # noqa: S101 - the opening is the first deed of a case
        return self.ticket_id


@dataclass(slots=True)
class HeldBatch:
    """A batch that is being filled: it has an id once it was planned."""

    batch_id: BatchId | None = None

    @property
    def id(self) -> BatchId:
        """Return the batch; a deed before its planning is a mistake in the script."""
        assert self.batch_id is not None  # noqa: S101 - it is planned first
        return self.batch_id


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that somebody writes to the agency."""

    sender: str
    subject: str
    text: str


def opening(case: Case, viewer: Viewer, request: OpenTicket) -> Deed:
    """Open the ticket."""

    async def deed(desk: Desk) -> None:
        case.ticket_id = (await open_ticket(desk, viewer=viewer, request=request)).id

    return deed


def mailing(case: Case, agency: Agency, letter: Letter) -> Deed:
    """Let a mail come in by the mail door and open the ticket."""

    async def deed(desk: Desk) -> None:
        message = EmailMessage()
        message["From"], message["To"] = letter.sender, agency.mailbox
        message["Subject"], message["Date"] = letter.subject, desk.now()
        message["Message-ID"] = f"<{desk.new_id()}@mail.example>"
        message.set_content(letter.text)
        received = ReceivedMail(
            transport=Transport.SMTP,
            envelope_from=message["From"].addresses[0].addr_spec,
            recipients=(agency.mailbox,),
            raw=message.as_bytes(),
            received_at=desk.now(),
        )
        [stored] = await store_inbound_mail(desk, received)
        case.ticket_id = (await receive_email(desk, agency.id, stored.mail.id)).ticket_id

    return deed


def triaging(
    case: Case,
    viewer: Viewer,
    triage: Triage,
    *,
    wanted: Priority | None = None,
    reason: str | None = None,
) -> Deed:
    """Weigh the request; with `wanted`, against the matrix and with a reason."""
    return lambda desk: set_priority(
        desk,
        viewer=viewer,
        request=SetPriority(
            ticket_id=case.id,
            impact=triage.impact,
            urgency=triage.urgency,
            security_sign=triage.security_sign,
            priority=wanted,
            reason=reason,
        ),
    )


def assigning(case: Case, viewer: Viewer, agent_id: AgentId, team_id: TeamId) -> Deed:
    """Give the ticket to an agent and his team."""
    return lambda desk: assign_ticket(
        desk, viewer=viewer, request=AssignTicket(case.id, agent_id, team_id)
    )


def replying(case: Case, viewer: Viewer, text: str, *, asks: bool = False) -> Deed:
    """Write a public message; `asks` makes the ticket wait for the client."""
    return lambda desk: reply_to_ticket(
        desk, viewer=viewer, request=ReplyToTicket(case.id, text, wait_for_client=asks)
    )


def calling(case: Case, viewer: Viewer, text: str) -> Deed:
    """Note a call with the client."""
    return lambda desk: log_call(desk, viewer=viewer, request=LogCall(case.id, text))


def postponing(case: Case, viewer: Viewer, new_due: datetime, reason: str) -> Deed:
    """Put the delivery off."""
    return lambda desk: postpone_ticket(
        desk, viewer=viewer, request=PostponeTicket(case.id, new_due, reason)
    )


def planning(held: HeldBatch, viewer: Viewer, request: CreateBatch) -> Deed:
    """Plan a batch."""

    async def deed(desk: Desk) -> None:
        held.batch_id = (await create_batch(desk, viewer=viewer, request=request)).id

    return deed


def batching(case: Case, held: HeldBatch, viewer: Viewer) -> Deed:
    """Put the ticket into a batch."""
    return lambda desk: add_to_batch(desk, viewer=viewer, request=AddToBatch(held.id, (case.id,)))


def opening_batch(held: HeldBatch, viewer: Viewer) -> Deed:
    """Open a batch; everybody who asked for something in it is told."""
    return lambda desk: open_batch(desk, viewer=viewer, request=BatchStepRequest(held.id))


def noting(case: Case, viewer: Viewer, text: str) -> Deed:
    """Write an internal note."""
    return lambda desk: add_internal_note(
        desk, viewer=viewer, request=AddInternalNote(case.id, text)
    )


def waiting(case: Case, viewer: Viewer, waiting_on: WaitingOn, reason: str) -> Deed:
    """Put the ticket on hold for somebody."""
    return lambda desk: wait_for_client(
        desk, viewer=viewer, request=WaitForClient(case.id, reason, waiting_on)
    )


def resuming(case: Case, viewer: Viewer) -> Deed:
    """Take the ticket up again."""
    return lambda desk: resume_ticket(desk, viewer=viewer, request=TicketStepRequest(case.id))


def delivering(case: Case, viewer: Viewer) -> Deed:
    """Deliver on staging."""
    return lambda desk: deliver_ticket(desk, viewer=viewer, request=TicketStepRequest(case.id))


def resolving(case: Case, viewer: Viewer) -> Deed:
    """Resolve the ticket."""
    return lambda desk: resolve_ticket(desk, viewer=viewer, request=TicketStepRequest(case.id))


def closing(case: Case, viewer: Viewer) -> Deed:
    """Close the ticket."""
    return lambda desk: close_ticket(desk, viewer=viewer, request=TicketStepRequest(case.id))


def reopening(case: Case, viewer: Viewer, reason: str) -> Deed:
    """Reopen the ticket."""
    return lambda desk: reopen_ticket(
        desk, viewer=viewer, request=ReasonedStepRequest(case.id, reason)
    )


def cancelling(case: Case, viewer: Viewer, reason: str) -> Deed:
    """Give the ticket up."""
    return lambda desk: cancel_ticket(
        desk, viewer=viewer, request=ReasonedStepRequest(case.id, reason)
    )


def discarding(case: Case, viewer: Viewer) -> Deed:
    """Mark the ticket as spam."""
    return lambda desk: mark_spam(desk, viewer=viewer, request=TicketStepRequest(case.id))


def merging(duplicate: Case, survivor: Case, viewer: Viewer) -> Deed:
    """Merge the duplicate into the ticket that goes on."""
    return lambda desk: merge_tickets(
        desk, viewer=viewer, request=MergeTickets(duplicate.id, survivor.id)
    )


def linking(case: Case, other: Case, kind: LinkKind, viewer: Viewer) -> Deed:
    """Say how the ticket relates to another."""
    return lambda desk: link_tickets(
        desk, viewer=viewer, request=LinkTickets(case.id, other.id, kind)
    )
