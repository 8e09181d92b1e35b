"""Everything that can be done."""

import strawberry

from helpdesk.graphql import other_mutations as other
from helpdesk.graphql import ticket_mutations as ticket
from helpdesk.graphql.mutating import mutation
from helpdesk.graphql.step_mutations import reasoned_step, step
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.deliver_ticket import deliver_ticket
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.reopen_ticket import reopen_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.resume_ticket import resume_ticket


@strawberry.type(
    description="Everything that can be done. What is refused changes nothing and says why."
)
class Mutation:
    """Everything that can be done."""

    open_ticket = mutation(
        "Open a ticket: number, priority and clocks are set at once.",
        ticket.opened,
        given=ticket.OpenTicketInput,
        gives=ticket.OpenTicketPayload,
    )
    reply_to_ticket = mutation(
        "Answer publicly. By a person of the agency it stops the first-response clock and is "
        "mailed to the requester; by the client it opens an answer cycle, ends a wait and reopens "
        "a resolved ticket.",
        ticket.replied,
        given=ticket.ReplyToTicketInput,
        gives=ticket.ReplyToTicketPayload,
    )
    add_internal_note = mutation(
        "Add a note that no client ever sees; no clock moves.",
        ticket.noted,
        given=ticket.AddInternalNoteInput,
        gives=ticket.AddInternalNotePayload,
    )
    assign_ticket = mutation(
        "Give a ticket to a person, a team, both, or back to nobody.",
        ticket.assigned,
        given=ticket.AssignTicketInput,
        gives=ticket.AssignTicketPayload,
    )
    set_priority = mutation(
        "Decide impact, urgency and priority; the clocks follow.",
        ticket.weighed,
        given=ticket.SetPriorityInput,
        gives=ticket.SetPriorityPayload,
    )
    wait_for_client = mutation(
        "Let a ticket wait; the contract says which of its clocks pause.",
        ticket.put_on_hold,
        given=ticket.WaitForClientInput,
        gives=ticket.WaitForClientPayload,
    )
    resume_ticket = step(
        "ResumeTicket",
        "End the wait of a ticket.",
        "A ticket that is in work again.",
        resume_ticket,
    )
    deliver_ticket = step(
        "DeliverTicket",
        "Record that the correction is on staging; the delivery clock stops.",
        "A ticket that was delivered.",
        deliver_ticket,
    )
    resolve_ticket = step(
        "ResolveTicket",
        "Record that the problem is corrected; every clock stops.",
        "A ticket that was resolved.",
        resolve_ticket,
    )
    close_ticket = step(
        "CloseTicket",
        "Close a resolved ticket for good.",
        "A ticket that was closed.",
        close_ticket,
    )
    reopen_ticket = reasoned_step(
        "ReopenTicket",
        "Let a finished ticket go on; the time it was finished never counts.",
        "A ticket that is in work again.",
        reopen_ticket,
        reason="Why; it may be empty.",
    )
    cancel_ticket = reasoned_step(
        "CancelTicket",
        "Give a request up before the work is done; its clocks are cancelled.",
        "A ticket that was given up.",
        cancel_ticket,
        reason="Why; the client and the report will read it.",
    )
    mark_spam = step(
        "MarkSpam",
        "Mark a ticket that never was a request; its clocks are cancelled.",
        "A ticket that was marked as spam.",
        mark_spam,
    )
    merge_tickets = mutation(
        "Let a ticket end in favour of another one of the same client.",
        ticket.merged,
        given=ticket.MergeTicketsInput,
        gives=ticket.MergeTicketsPayload,
    )
    link_tickets = mutation(
        "Say that a ticket relates to another one of the same client.",
        ticket.linked,
        given=ticket.LinkTicketsInput,
        gives=ticket.LinkTicketsPayload,
    )
    unlink_tickets = mutation(
        "Say that two tickets no longer relate.",
        ticket.unlinked,
        given=ticket.UnlinkTicketsInput,
        gives=ticket.UnlinkTicketsPayload,
    )
    create_client = mutation(
        "Add a client.",
        other.client_created,
        given=other.CreateClientInput,
        gives=other.CreateClientPayload,
    )
    create_site = mutation(
        "Add a site of a client.",
        other.site_created,
        given=other.CreateSiteInput,
        gives=other.CreateSitePayload,
    )
    create_contact = mutation(
        "Add a person of a client.",
        other.contact_created,
        given=other.CreateContactInput,
        gives=other.CreateContactPayload,
    )
    create_token = mutation(
        "Make a token; its secret is shown once.",
        other.token_created,
        given=other.CreateTokenInput,
        gives=other.CreateTokenPayload,
    )
    revoke_token = mutation(
        "Stop a token at once.",
        other.token_revoked,
        given=other.RevokeTokenInput,
        gives=other.RevokeTokenPayload,
    )
    requeue_inbound_message = mutation(
        "Have an inbound message read again; one that became a ticket stays as it is.",
        other.inbound_message_requeued,
        given=other.RequeueInboundMessageInput,
        gives=other.RequeueInboundMessagePayload,
    )
