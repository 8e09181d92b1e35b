"""What can be done about diagnostics: audits, signals, sheets, reviews, procedures."""

import strawberry

from helpdesk.graphql import diagnostics_mutations as diagnostics
from helpdesk.graphql.mutating import mutation


@strawberry.type(description="What can be done about diagnostics.")
class DiagnosticsMutation:
    """What can be done about diagnostics."""

    start_audit = mutation(
        "Begin an audit of a site; what the data tell is answered at once.",
        diagnostics.audit_started,
        given=diagnostics.StartAuditInput,
        gives=diagnostics.StartAuditPayload,
    )
    answer_audit_point = mutation(
        "Answer a point of an audit, with what shows it. A critical point does not apply only once "
        "two people say so.",
        diagnostics.point_answered,
        given=diagnostics.AnswerAuditPointInput,
        gives=diagnostics.AnswerAuditPointPayload,
    )
    complete_audit = mutation(
        "Give an audit its verdict of today; a client reads an audit that was made for him.",
        diagnostics.audit_completed,
        given=diagnostics.CompleteAuditInput,
        gives=diagnostics.CompleteAuditPayload,
    )
    raise_signal = mutation(
        "Raise a warning signal of a site; three certain ones together open an audit task.",
        diagnostics.signal_raised,
        given=diagnostics.RaiseSignalInput,
        gives=diagnostics.RaiseSignalPayload,
    )
    clear_signal = mutation(
        "Clear a warning signal; not while the data still show it.",
        diagnostics.signal_cleared,
        given=diagnostics.ClearSignalInput,
        gives=diagnostics.ClearSignalPayload,
    )
    describe_site = mutation(
        "Write down what is known of a site; what looks like a secret is refused.",
        diagnostics.site_described,
        given=diagnostics.DescribeSiteInput,
        gives=diagnostics.DescribeSitePayload,
    )
    record_review = mutation(
        "Write down a review that was held with the client.",
        diagnostics.review_recorded,
        given=diagnostics.RecordReviewInput,
        gives=diagnostics.RecordReviewPayload,
    )
    set_review_rhythm = mutation(
        "Settle how often a contract is reviewed, once a year at least. Managers alone may.",
        diagnostics.review_rhythm_set,
        given=diagnostics.SetReviewRhythmInput,
        gives=diagnostics.SetReviewRhythmPayload,
    )
    set_emergency_procedure = mutation(
        "Set what is done under a contract when everything is down: contacts, rollback, "
        "escalation.",
        diagnostics.procedure_set,
        given=diagnostics.SetEmergencyProcedureInput,
        gives=diagnostics.SetEmergencyProcedurePayload,
    )
