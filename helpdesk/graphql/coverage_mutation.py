"""What can be done about who pays: quotes, classifications, exclusions, interventions."""

import strawberry

from helpdesk.graphql import classification_mutations as classification
from helpdesk.graphql import quote_mutations as quote
from helpdesk.graphql.mutating import mutation


@strawberry.type(description="What can be done about who pays for a request.")
class CoverageMutation:
    """What can be done about who pays for a request."""

    draft_quote = mutation(
        "Draft a quote; the client sees it once it is sent.",
        quote.quote_drafted,
        given=quote.DraftQuoteInput,
        gives=quote.DraftQuotePayload,
    )
    edit_quote = mutation(
        "Write other lines into a draft.",
        quote.quote_edited,
        given=quote.EditQuoteInput,
        gives=quote.EditQuotePayload,
    )
    send_quote = mutation(
        "Send a quote by mail; the request that it is about waits for the answer.",
        quote.quote_sent,
        given=quote.SendQuoteInput,
        gives=quote.SendQuotePayload,
    )
    revise_quote = mutation(
        "Replace a sent quote by a draft of its next version; the request goes on.",
        quote.quote_revised,
        given=quote.ReviseQuoteInput,
        gives=quote.ReviseQuotePayload,
    )
    cancel_quote = mutation(
        "Withdraw a quote; the request goes on.",
        quote.quote_cancelled,
        given=quote.CancelQuoteInput,
        gives=quote.CancelQuotePayload,
    )
    accept_quote = mutation(
        "Accept a quote, as a person of the client; the request goes on.",
        quote.quote_accepted,
        given=quote.AcceptQuoteInput,
        gives=quote.AcceptQuotePayload,
    )
    refuse_quote = mutation(
        "Refuse a quote, as a person of the client; the request is closed or given back.",
        quote.quote_refused,
        given=quote.RefuseQuoteInput,
        gives=quote.RefuseQuotePayload,
    )
    convert_quote = mutation(
        "Turn an accepted quote into work, once.",
        quote.quote_converted,
        given=quote.ConvertQuoteInput,
        gives=quote.ConvertQuotePayload,
    )
    classify_ticket = mutation(
        "Propose by the rules whether the contract covers a request, and who pays.",
        classification.ticket_classified,
        given=classification.ClassifyTicketInput,
        gives=classification.ClassifyTicketPayload,
    )
    confirm_classification = mutation(
        "Make a classification final, as a person of the agency.",
        classification.classification_confirmed,
        given=classification.ConfirmClassificationInput,
        gives=classification.ConfirmClassificationPayload,
    )
    contest_classification = mutation(
        "Contest a classification, as a person of the client.",
        classification.classification_contested,
        given=classification.ContestClassificationInput,
        gives=classification.ContestClassificationPayload,
    )
    declare_intervention = mutation(
        "Say that others than the agency change a site.",
        classification.intervention_declared,
        given=classification.DeclareInterventionInput,
        gives=classification.DeclareInterventionPayload,
    )
    validate_intervention = mutation(
        "Agree to an intervention beforehand: what follows from it stays covered.",
        classification.intervention_validated,
        given=classification.ValidateInterventionInput,
        gives=classification.ValidateInterventionPayload,
    )
    exclude_ticket = mutation(
        "Exclude a request from maintenance, with evidence; it is handled as before.",
        classification.ticket_excluded,
        given=classification.ExcludeTicketInput,
        gives=classification.ExcludeTicketPayload,
    )
    lift_exclusion = mutation(
        "Lift an exclusion as a gesture.",
        classification.exclusion_lifted,
        given=classification.LiftExclusionInput,
        gives=classification.LiftExclusionPayload,
    )
