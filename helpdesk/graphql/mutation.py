"""Everything that can be done."""

import strawberry

from helpdesk.graphql import calendar_mutations as calendar
from helpdesk.graphql import contract_life_mutations as life
from helpdesk.graphql import contract_mutations as contract
from helpdesk.graphql import correction_mutations as correction
from helpdesk.graphql import delivery_mutations as delivery
from helpdesk.graphql import other_mutations as other
from helpdesk.graphql import team_mutations as team
from helpdesk.graphql import ticket_mutations as ticket
from helpdesk.graphql import webhook_mutations as webhook
from helpdesk.graphql.billing_mutation import BillingMutation
from helpdesk.graphql.coverage_mutation import CoverageMutation
from helpdesk.graphql.credit_mutation import CreditMutation
from helpdesk.graphql.diagnostics_mutation import DiagnosticsMutation
from helpdesk.graphql.doubtful_mail_mutations import DoubtfulMailMutation
from helpdesk.graphql.forfait_mutation import ForfaitMutation
from helpdesk.graphql.mail_mutation import MailMutation
from helpdesk.graphql.mail_template import MailTemplateMutation
from helpdesk.graphql.mutating import mutation
from helpdesk.graphql.notification import NotificationMutation
from helpdesk.graphql.report_mutations import ReportMutation
from helpdesk.graphql.site_care_mutation import SiteCareMutation
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
class Mutation(
    BillingMutation,
    CoverageMutation,
    CreditMutation,
    DiagnosticsMutation,
    DoubtfulMailMutation,
    ForfaitMutation,
    MailMutation,
    MailTemplateMutation,
    NotificationMutation,
    ReportMutation,
    SiteCareMutation,
):
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
    log_call = mutation(
        "Note a call with the client, who reads it; no mail is sent. Where the contract counts "
        "calls it stops the clocks that an answer stops.",
        ticket.call_logged,
        given=ticket.LogCallInput,
        gives=ticket.LogCallPayload,
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
    postpone_ticket = mutation(
        "Put the delivery of a ticket off to a new date; the requester is told by mail.",
        delivery.put_off,
        given=delivery.PostponeTicketInput,
        gives=delivery.PostponeTicketPayload,
    )
    create_batch = mutation(
        "Plan a batch for a client.",
        delivery.batch_created,
        given=delivery.CreateBatchInput,
        gives=delivery.CreateBatchPayload,
    )
    add_to_batch = mutation(
        "Put tickets into a batch; in an open one their delivery counts from now on.",
        delivery.added_to_batch,
        given=delivery.AddToBatchInput,
        gives=delivery.AddToBatchPayload,
    )
    remove_from_batch = mutation(
        "Take tickets out of a batch that is only planned.",
        delivery.removed_from_batch,
        given=delivery.RemoveFromBatchInput,
        gives=delivery.RemoveFromBatchPayload,
    )
    open_batch = mutation(
        "Open a batch: its deliveries count from now on, and the requesters are told by mail.",
        delivery.batch_opened,
        given=delivery.OpenBatchInput,
        gives=delivery.OpenBatchPayload,
    )
    close_batch = mutation(
        "Close a batch of which everything was delivered or given up.",
        delivery.batch_closed,
        given=delivery.CloseBatchInput,
        gives=delivery.CloseBatchPayload,
    )
    amend_contract = mutation(
        "Publish a version of what was agreed; the deadlines that it moves follow at once. "
        "Managers alone may.",
        contract.contract_amended,
        given=contract.AmendContractInput,
        gives=contract.AmendContractPayload,
    )
    create_contract = mutation(
        "Draft a contract from a plan, whose values are copied into it, or on free terms. Managers "
        "alone may.",
        life.contract_created,
        given=life.CreateContractInput,
        gives=life.CreateContractPayload,
    )
    revise_contract = mutation(
        "Settle what is missing in a draft. Managers alone may.",
        life.contract_revised,
        given=life.ReviseContractInput,
        gives=life.ReviseContractPayload,
    )
    activate_contract = mutation(
        "Put a draft in force, once everything is settled: requests fall under it from now on. "
        "Managers alone may.",
        life.contract_activated,
        given=life.ActivateContractInput,
        gives=life.ActivateContractPayload,
    )
    suspend_contract = mutation(
        "Let a contract rest from today on: its open tickets wait and their clocks pause. Managers "
        "alone may.",
        life.contract_suspended,
        given=life.SuspendContractInput,
        gives=life.SuspendContractPayload,
    )
    resume_contract = mutation(
        "End the rest of a contract: its tickets go on as they were. Managers alone may.",
        life.contract_resumed,
        given=life.ResumeContractInput,
        gives=life.ResumeContractPayload,
    )
    give_notice = mutation(
        "Record a notice of today: the contract ends with its term, or with the next one after the "
        "last notice day. A consumer who was not told in time of the last renewal leaves today. "
        "Managers alone may.",
        life.notice_given,
        given=life.GiveNoticeInput,
        gives=life.GiveNoticePayload,
    )
    end_contract = mutation(
        "Record that a contract of which notice was given is over. Managers alone may.",
        life.contract_ended,
        given=life.EndContractInput,
        gives=life.EndContractPayload,
    )
    renew_contract = mutation(
        "Record the terms that began by today, each once. Managers alone may.",
        life.contract_renewed,
        given=life.RenewContractInput,
        gives=life.RenewContractPayload,
    )
    change_plan = mutation(
        "Give a contract another plan: a larger one at once, a smaller one with the next period; "
        "the deadlines that it moves follow. Managers alone may.",
        life.plan_changed,
        given=life.ChangePlanInput,
        gives=life.ChangePlanPayload,
    )
    create_client = mutation(
        "Add a client.",
        other.client_created,
        given=other.CreateClientInput,
        gives=other.CreateClientPayload,
    )
    update_client = mutation(
        "Change a client: its name, what it is before the law, who reads its notices.",
        other.client_updated,
        given=other.UpdateClientInput,
        gives=other.UpdateClientPayload,
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
    create_calendar = mutation(
        "Make a calendar that promises can be counted on.",
        calendar.calendar_created,
        given=calendar.CreateCalendarInput,
        gives=calendar.CreateCalendarPayload,
    )
    add_calendar_version = mutation(
        "Give a calendar other hours from an instant to come; what was counted before it stays.",
        calendar.calendar_version_added,
        given=calendar.AddCalendarVersionInput,
        gives=calendar.AddCalendarVersionPayload,
    )
    create_agent = mutation(
        "Add a person of the agency; managers alone may.",
        team.agent_created,
        given=team.CreateAgentInput,
        gives=team.CreateAgentPayload,
    )
    update_agency = mutation(
        "Change how the agency works; managers alone may.",
        team.agency_updated,
        given=team.UpdateAgencyInput,
        gives=team.UpdateAgencyPayload,
    )
    create_team = mutation(
        "Make a team; managers alone may.",
        team.team_created,
        given=team.CreateTeamInput,
        gives=team.CreateTeamPayload,
    )
    add_team_member = mutation(
        "Take an agent into a team; one who is of it stays so. Managers alone may.",
        team.team_member_added,
        given=team.AddTeamMemberInput,
        gives=team.AddTeamMemberPayload,
    )
    remove_team_member = mutation(
        "Take an agent out of a team; his tickets stay his. Managers alone may.",
        team.team_member_removed,
        given=team.RemoveTeamMemberInput,
        gives=team.RemoveTeamMemberPayload,
    )
    create_webhook = mutation(
        "Have an address told of events; its secret is shown once. Managers alone may.",
        webhook.webhook_created,
        given=webhook.CreateWebhookInput,
        gives=webhook.CreateWebhookPayload,
    )
    disable_webhook = mutation(
        "Call a webhook no more and give up what waits for it. Managers alone may.",
        webhook.webhook_disabled,
        given=webhook.DisableWebhookInput,
        gives=webhook.DisableWebhookPayload,
    )
    try_webhook = mutation(
        "Have a webhook called with the event `webhook.test`. Managers alone may.",
        webhook.webhook_tried,
        given=webhook.TryWebhookInput,
        gives=webhook.TryWebhookPayload,
    )
    requeue_webhook_delivery = mutation(
        "Have a delivery made again, under the same id, with all its tries. Managers alone may.",
        webhook.delivery_requeued,
        given=webhook.RequeueWebhookDeliveryInput,
        gives=webhook.RequeueWebhookDeliveryPayload,
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
    clear_undeliverable_address = mutation(
        "Send automatic mails to an address again that they came back from.",
        other.address_cleared,
        given=other.ClearUndeliverableAddressInput,
        gives=other.ClearUndeliverableAddressPayload,
    )
    correct_calendar = mutation(
        "Correct the hours of a version of a calendar for the past, too, and see every clock that "
        "moves; for managers.",
        correction.calendar_corrected,
        given=correction.CorrectCalendarInput,
        gives=correction.CorrectCalendarPayload,
    )
    correct_contract_terms = mutation(
        "Correct the promises of a version of a contract from its first day on, and see every "
        "clock that moves; for managers.",
        correction.contract_terms_corrected,
        given=correction.CorrectContractTermsInput,
        gives=correction.CorrectContractTermsPayload,
    )
    correct_event_time = mutation(
        "Correct the instant at which something happened to a ticket, and see every clock that "
        "moves; for managers.",
        correction.event_time_corrected,
        given=correction.CorrectEventTimeInput,
        gives=correction.CorrectEventTimePayload,
    )
