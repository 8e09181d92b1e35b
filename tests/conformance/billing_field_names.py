"""The names in billing cases, by operation, and by operation and field for objects inside it.

Names are separated by blanks; an alias is written `spelling=name`.
"""

from collections.abc import Mapping

_CLOCK = (
    "calendar metric priority priority_changes targets_minutes target target_minutes target_days"
    " target_business_days mode strict due pauses waiting_on events messages postponement now at"
    " exclusion breached_at on_priority_change escalation_minutes escalation closed_intervals"
    " elapsed_minutes elapsed_seconds closure_added closures_added closures openings suspended"
    " resolution_start"
)
_CLOCK_STARTS = (
    "opened created first_response human_reply agent_ call client_message batch_ delivered"
    " resolved corrected reopened cancelled merged spam"
)
_UPTIME = (
    "period active now suspended incidents sites target min_coverage coverage notice_hours"
    " hosting_sold excluded_reasons aggregate announced maintenance"
)
_MONEY = (
    "monthly_fee_ht base_ht annual_fee_ht active_days period_days nature vat_regime vat_rate"
    " monthly_cap_pct cap_pct already_credited_ht credited_ht yearly_cap_pct annual_cap_pct"
    " credited_this_year_ht year_credited_ht already_credited_year_ht same_incident"
)
_TERM = (
    "start term term_months renewal_months tacit_renewal notice_months notice_days last_notice_day"
)
_UPTIME_RATE = (
    "contractual uptime total_minutes down_minutes counted_minutes tiers mode uptime_mode"
    " pct_per_step step_pct per_step_pct step step_points"
)
_BREACH = (
    "metric kind at breached_at resolved corrected stopped incident incident_id exclusion excluded"
    " target_minutes elapsed_minutes elapsed_seconds breached strict credit_pct pct ht"
)

KNOWN: Mapping[str, str] = {
    "calendar.due": (
        "calendar start target strict closure_added closures_added closures openings holidays"
    ),
    "checklist.counts": "",
    "checklist.evaluate": (
        "audited today kind failed red rouge unknown inconnu not_applicable na answers points"
        " statuses status"
    ),
    "classify": (
        "plan request nature estimate_minutes minutes estimated_minutes duration_minutes estimate"
        " estimate_hours client_agrees_run client_agrees exclusion cause regression"
    ),
    "compensation.compute": (
        f"{_MONEY} {_BREACH} {_UPTIME_RATE} {_UPTIME} {_CLOCK} breaches credits lines pct_per_hour"
        " fixed_ht amount_ht fixed month month_minutes period_minutes month_hours days_in_month"
        " p0_resolution_ht uptime_ht"
    ),
    "compensation.job": "breaches runs",
    "compensation.recompute": "original_ht recomputed_ht cases",
    "compensation.transition": "transitions",
    "compensation.uptime": f"{_MONEY} {_UPTIME_RATE} {_UPTIME}",
    "contract.activate": (
        f"{_TERM} calendar_definition calendar matrix_accepted matrix_acceptance included excluded"
        " perimeter compensation compensation_nature price monthly_fee_ht monthly_fee tax_basis"
    ),
    "contract.consumer_notice": (
        f"{_TERM} client_kind information_sent renewed_on prepaid_until termination_requested"
        " term_end term_end_exclusive"
    ),
    "contract.notice": f"{_TERM}",
    "contract.renew": f"{_TERM} count runs",
    "contract.suspend": "suspended reason at",
    "creditnote.apply": "open_credits_ttc contract next_invoice next_invoices_ttc",
    "creditnote.edit": "state action",
    "creditnote.limit": "invoices requested_ht vat_rate invoice_ht already_credited_ht number id ht",
    "creditnote.number_format": "numbers",
    "creditnote.sequence": "series width ops start last_date",
    "data.preset": "path",
    "einvoice.rules": (
        "type_code number contract preceding period notes seller_siren buyer_siren seller_vat"
        " seller_address buyer_address vat_rates currency process lines totals BT-106 BT-109"
        " BT-110 BT-112 BT-115"
    ),
    "einvoice.totals": "lines vat_regime",
    "intervention.tierce": "interventions",
    "ledger.alerts": "purchased_minutes consumed_minutes alert_pct alert_days today expires",
    "ledger.expiry": "purchases validity_months",
    "ledger.period": "instant opened worked at anchor_day",
    "ledger.run": (
        "unit allowance anchor_day year policy hourly_rate_ht ticket_price_ht rollover grants holds"
        " hold consume worked concurrent at hold_on expires opened released consumed resolved qty"
        " correction_minutes closed_period open_period tickets purchases gestures"
    ),
    "ledger.suspend": "suspended pack_expires purchased_minutes extend source anchor_day",
    "money.vat": "lines nature vat_regime vat_rate",
    "period.bounds": "months anchor_day",
    "period.prorate": (
        "active_days period_days fee_ht run_minutes minutes tickets start requested on period"
        " period_start period_end anchor_day"
    ),
    "plan.change": (
        "old new requested effective on remaining_days period period_start period_end period_days"
        " anchor_day old_fee_ht old_fee old_run_minutes old_minutes old_tickets new_fee_ht new_fee"
        " new_run_minutes new_minutes new_tickets"
    ),
    "quote.accept": "sent attempts at validity_days document_hash",
    "quote.sla": f"{_CLOCK} sent accepted refused answered expired",
    "quote.transition": "moves",
    "report": (
        "level events granted rollover_in purchased gesture adjust opening overage consumed"
        " unlimited is_unlimited at month now summary video_url"
    ),
    "signals.derive": "today last_update last_updates last_restore_test last_restore_tests",
    "signals.evaluate": "signals",
    "sla.outcome": _CLOCK,
}
"""What an adapter reads."""

IDLE: Mapping[str, str] = {
    "compensation.compute": "billing overage_ht packs_ht one_off_ht currency tickets",
    "compensation.uptime": "currency",
    "contract.consumer_notice": "monthly_fee_ht",
    "contract.notice": "reminders_days",
    "contract.suspend": "tickets_opened_during",
    "einvoice.totals": "type_code",
    "report": "expired",
    "sla.outcome": "quota_left auto_ack acknowledged pack_paid quote_answered",
    "compensation.compute breaches": "ticket id",
    "compensation.compute credits": "ticket id",
    "money.vat lines": "label id",
    "einvoice.rules lines": "label id",
    "einvoice.totals lines": "label id",
    "time.round entries": "id",
}
"""What a case may say that changes nothing by the rules."""

STARTS: Mapping[str, str] = {
    "sla.outcome": _CLOCK_STARTS,
    "quote.sla": _CLOCK_STARTS,
    "compensation.compute": _CLOCK_STARTS,
    "contract.notice": "notice_ received requested announced price_announced price_change new_price",
    "contract.renew": "announced price_announced price_change new_price",
    "ledger.run": "january_ february_ march_ april_ may_ june_ july_ august_ september_ october_"
    " november_ december_",
}
"""How the names begin that tell what happened; their instants follow."""

_EXCLUDED_WINDOWS = "announced_at=announced"
ALIASES: Mapping[str, str] = {
    "compensation.compute": (
        "days_in_month=days_in_month month_days=days_in_month minutes_in_month=month_minutes"
        " total_month_minutes=month_minutes"
    ),
}
INNER: Mapping[str, str] = {}
