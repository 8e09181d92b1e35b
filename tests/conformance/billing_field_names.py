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
    " hosting_sold excluded_reasons aggregate announced_at maintenance"
)
_MONEY = (
    "monthly_fee_ht base_ht annual_fee_ht active_days period_days nature vat_regime vat_rate"
    " monthly_cap_pct cap_pct already_credited_ht credited_ht yearly_cap_pct annual_cap_pct"
    " credited_this_year_ht year_credited_ht already_credited_year_ht same_incident"
)
_MONTH = "month month_minutes period_minutes month_hours month_days"
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
        f" fixed_ht amount_ht fixed {_MONTH}"
        " p0_resolution_ht uptime_ht"
    ),
    "compensation.job": "breaches runs",
    "compensation.recompute": "original_ht recomputed_ht cases",
    "compensation.transition": "transitions",
    "compensation.uptime": f"{_MONEY} {_UPTIME_RATE} {_UPTIME} {_MONTH}",
    "contract.activate": (
        f"{_TERM} calendar_definition calendar matrix_accepted matrix_acceptance included excluded"
        " perimeter compensation compensation_nature calendar_defined price monthly_fee_ht"
        " monthly_fee tax_basis"
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
    "creditnote.limit": (
        "invoices requested_ht vat_rate invoice_ht already_credited_ht number id ht"
    ),
    "creditnote.number_format": "numbers",
    "creditnote.sequence": "series width ops start last_date issue_date dates concurrent",
    "data.preset": "path",
    "einvoice.rules": (
        "type_code number contract preceding period notes seller_siren buyer_siren seller_vat"
        " seller_address buyer_address vat_rates currency process lines amount seller buyer"
        " totals BT-106 BT-109 BT-110 BT-112 BT-115"
    ),
    "einvoice.totals": "lines vat_regime",
    "intervention.tierce": "interventions",
    "ledger.alerts": "purchased_minutes consumed_minutes alert_pct alert_days today expires",
    "ledger.expiry": "purchases validity_months",
    "ledger.period": "instant opened worked at anchor_day",
    "ledger.run": (
        "unit allowance anchor_day year policy hourly_rate_ht ticket_price_ht rollover grants holds"
        " hold consume worked concurrent concurrent_holds borrow at hold_on expires opened released"
        " consumed resolved qty"
        " correction_minutes closed_period open_period tickets"
    ),
    "ledger.suspend": "suspended pack_expires purchased_minutes extend source anchor_day",
    "money.vat": "lines nature vat_regime vat_rate original_rate",
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
    "time.round": "entries increment mode scope minimum",
    "uptime.month": _UPTIME,
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
    "contract.notice": (
        "notice_ received requested announced price_announced price_change new_price"
    ),
    "contract.renew": "announced price_announced price_change new_price",
    "ledger.run": "january_ february_ march_ april_ may_ june_ july_ august_ september_ october_"
    " november_ december_",
}
"""How the names begin that tell what happened; their instants follow."""

_CLOCK_ALIASES = (
    "escalations=escalation_minutes escalation_levels=escalation_minutes"
    " escalation_offsets_minutes=escalation_minutes escalation_levels_minutes=escalation_minutes"
    " suspensions=suspended contract_suspended=suspended closed=closed_intervals"
    " closed_periods=closed_intervals starts_from=resolution_start start_from=resolution_start"
    " client_messages=client_message_at pause=pauses"
)
_MONTH_ALIASES = (
    "coverage_pct=coverage min_coverage_pct=min_coverage announced=announced_at"
    " maintenance_notice_hours=notice_hours maintenance_windows=maintenance"
    " excluded_windows=maintenance planned_maintenance=maintenance"
)
_NOTICE_ALIASES = "auto_renewal=tacit_renewal months=term_months"

ALIASES: Mapping[str, str] = {
    "sla.outcome": _CLOCK_ALIASES,
    "quote.sla": _CLOCK_ALIASES,
    "compensation.compute": (
        f"{_CLOCK_ALIASES} {_MONTH_ALIASES} days_in_month=month_days minutes_in_month=month_minutes"
        " total_month_minutes=month_minutes month_total_minutes=month_minutes"
    ),
    "compensation.compute breaches": "amount_ht=ht amount=ht credit_ht=ht",
    "compensation.compute credits": "amount_ht=ht amount=ht credit_ht=ht",
    "compensation.uptime": (
        f"{_MONTH_ALIASES} days_in_month=month_days minutes_in_month=month_minutes"
    ),
    "contract.activate": (
        f"{_NOTICE_ALIASES} compensation_enabled=compensation nature=compensation_nature"
        " fee_ht=monthly_fee_ht perimeter_lists=perimeter inclusions=included exclusions=excluded"
        " renewal_tacit=tacit_renewal"
    ),
    "contract.activate perimeter": "inclusions=included exclusions=excluded",
    "contract.consumer_notice": "notice_deadline=last_notice_day",
    "contract.notice": _NOTICE_ALIASES,
    "contract.renew": f"{_NOTICE_ALIASES} times=runs",
    "creditnote.apply": (
        "credits_ttc=open_credits_ttc open_credits=open_credits_ttc credits=open_credits_ttc"
        " credit_ttc=open_credits_ttc invoice_ttc=next_invoice next_invoice_ttc=next_invoice"
        " amount_ttc=next_invoice total_ttc=next_invoice invoice=next_invoice"
        " invoices=next_invoices_ttc invoices_ttc=next_invoices_ttc"
        " next_invoices=next_invoices_ttc"
    ),
    "creditnote.apply next_invoice": "total_ttc=ttc amount_ttc=ttc amount=ttc",
    "creditnote.apply next_invoices_ttc": "total_ttc=ttc amount_ttc=ttc amount=ttc",
    "creditnote.apply open_credits_ttc": "number=id left=remaining ttc=remaining issued_on=issued",
    "creditnote.limit": (
        "invoice_ht_per_rate=invoice_ht already_credited_ht_per_rate=already_credited_ht"
        " requested_ht_per_rate=requested_ht invoice_ht_by_rate=invoice_ht"
        " already_credited_ht_by_rate=already_credited_ht requested_ht_by_rate=requested_ht"
        " invoice=invoice_ht already_credited=already_credited_ht requested=requested_ht"
    ),
    "creditnote.sequence": "last=start",
    "einvoice.rules": (
        "BT-1=number BT-3=type_code BT-5=currency BT-12=contract contract_reference=contract"
        " contract_ref=contract BG-3=preceding BG-14=period billing_period=period BT-23=process"
        " BG-1=notes BT-30=seller_siren BT-47=buyer_siren BT-31=seller_vat BT-34=seller_address"
        " BT-49=buyer_address vat_rate=vat_rates rate=vat_rates rates=vat_rates BT-119=vat_rates"
        " siren=seller_siren net=amount net_ht=amount vat=BT-110"
    ),
    "ledger.run": (
        "price_per_ticket_ht=ticket_price_ht price_ht=ticket_price_ht lots=grants"
        " overage_policy=policy price_per_hour_ht=hourly_rate_ht"
    ),
    "ledger.run consume": "minutes=qty tickets=qty quantity=qty idempotency_key=key",
    "ledger.run holds": "minutes=qty tickets=qty quantity=qty idempotency_key=key",
    "ledger.run concurrent": "minutes=qty tickets=qty quantity=qty idempotency_key=key",
    "ledger.run grants": "minutes=qty tickets=qty quantity=qty",
    "ledger.suspend": "extend_packs=extend suspensions=suspended expires=pack_expires",
    "period.prorate": "from=start days=active_days",
    "plan.change": (
        "from=old to=new old_plan=old new_plan=new from_plan=old to_plan=new"
        " from_fee_ht=old_fee_ht to_fee_ht=new_fee_ht from_run_minutes=old_run_minutes"
        " to_run_minutes=new_run_minutes from_tickets=old_tickets to_tickets=new_tickets"
    ),
    "money.vat lines": "net=ht rate=vat_rate quantity=qty unit_price_ht=unit_ht price_ht=unit_ht",
    "signals.derive": (
        "restore_tests=last_restore_tests restore_test=last_restore_test updates=last_updates"
    ),
    "uptime.month": f"{_MONTH_ALIASES} timezone=tz",
    "uptime.month incidents": "announced=announced_at start=from end=to",
    "compensation.uptime incidents": "announced=announced_at start=from end=to",
    "compensation.compute incidents": "announced=announced_at start=from end=to",
    "uptime.month maintenance": "announced=announced_at start=from end=to",
}
"""How else a case may spell a name."""

_REQUEST = "at qty key site scope ticket source id"
_INCIDENT = "from to reason source site announced_at id"
_PLAN = "fee_ht fee run_minutes minutes tickets"
_SITE = "incidents coverage name id"

INNER: Mapping[str, str] = {
    **{
        f"{operation} {name}": names
        for operation in ("sla.outcome", "quote.sla", "compensation.compute")
        for name, names in (
            ("pauses", "from to reason"),
            ("events", "type kind at"),
            ("messages", "type kind at"),
            ("priority_changes", "at from to"),
            (
                "postponement",
                "at recorded_at decided_at announced_at client_notified_at new_due reason author",
            ),
        )
    },
    **{
        f"{operation} {name}": names
        for operation in ("uptime.month", "compensation.uptime", "compensation.compute")
        for name, names in (("incidents", _INCIDENT), ("maintenance", "from to announced_at"))
    },
    **{f"plan.change {side}": _PLAN for side in ("old", "new")},
    **{
        f"ledger.run {name}": _REQUEST
        for name in ("consume", "holds", "hold", "worked", "concurrent")
    },
    "compensation.compute breaches": f"{_BREACH} {_CLOCK} {_MONEY} {_UPTIME_RATE}",
    "compensation.compute credits": f"{_BREACH} {_CLOCK} {_MONEY} {_UPTIME_RATE}",
    "contract.activate perimeter": "included excluded",
    "creditnote.apply next_invoice": "ttc",
    "creditnote.apply next_invoices_ttc": "ttc id number",
    "creditnote.apply open_credits_ttc": "id remaining date issued",
    "ledger.run grants": "id qty effective expires source scope priority",
    "ledger.run rollover": "mode cap_pct cap_qty cap_quantity valid_periods",
    "money.vat lines": "ht vat_rate qty unit_ht",
    "einvoice.rules lines": "net ht vat_rate price qty",
    "einvoice.totals lines": "net ht vat_rate price qty",
    "time.round entries": "ticket day minutes",
}
"""What is read of the objects inside a case."""
