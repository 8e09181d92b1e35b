"""What can be done about the mails."""

import strawberry

from helpdesk.graphql import mail_mutations as mail
from helpdesk.graphql.mutating import mutation


@strawberry.type
class MailMutation:
    """What can be done about the mails."""

    make_ticket_from_inbound_message = mutation(
        "Open the ticket of a message that was set aside; its clocks run from when we were handed "
        "it. One that cannot be read is enclosed.",
        mail.ticket_made,
        given=mail.MakeTicketFromInboundMessageInput,
        gives=mail.MakeTicketFromInboundMessagePayload,
    )
    add_inbound_message_to_ticket = mutation(
        "File a message that was set aside on a ticket, as its author's words.",
        mail.message_filed,
        given=mail.AddInboundMessageToTicketInput,
        gives=mail.AddInboundMessageToTicketPayload,
    )
    mark_inbound_messages_spam = mutation(
        "Say that messages are spam, with the tickets that they opened; all of them or none.",
        mail.messages_marked,
        given=mail.MarkInboundMessagesSpamInput,
        gives=mail.MarkInboundMessagesSpamPayload,
    )
    discard_inbound_messages = mutation(
        "Say that messages need nobody; all of them or none. They are kept.",
        mail.messages_discarded,
        given=mail.DiscardInboundMessagesInput,
        gives=mail.DiscardInboundMessagesPayload,
    )
    requeue_outgoing_messages = mutation(
        "Have mails sent that did not leave or came back; all of them or none.",
        mail.mails_requeued,
        given=mail.RequeueOutgoingMessagesInput,
        gives=mail.RequeueOutgoingMessagesPayload,
    )
    discard_outgoing_messages = mutation(
        "Give up mails that did not leave; all of them or none. They are kept.",
        mail.mails_discarded,
        given=mail.DiscardOutgoingMessagesInput,
        gives=mail.DiscardOutgoingMessagesPayload,
    )
    block_sender = mutation(
        "Set the next mails of a sender aside.",
        mail.sender_blocked,
        given=mail.BlockSenderInput,
        gives=mail.BlockSenderPayload,
    )
    lift_sender_block = mutation(
        "Let a sender be heard again; what was set aside meanwhile stays so.",
        mail.block_lifted,
        given=mail.LiftSenderBlockInput,
        gives=mail.LiftSenderBlockPayload,
    )
    rotate_mail_key = mutation(
        "Sign our mails with a new key; what the earlier ones signed is believed still. Managers "
        "alone may.",
        mail.key_rotated,
        given=mail.RotateMailKeyInput,
        gives=mail.RotateMailKeyPayload,
    )
    retire_mail_key = mutation(
        "Believe no more what a key signed, such as one that got into wrong hands. Managers alone "
        "may.",
        mail.key_retired,
        given=mail.RetireMailKeyInput,
        gives=mail.RetireMailKeyPayload,
    )
