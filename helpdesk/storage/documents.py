"""The JSON documents of the database: opening hours, contract terms, targets, mails."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from helpdesk.domain.business_hours import BusinessHours, Span, Weekday
from helpdesk.domain.contract import ContractTerms
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.letter_kind import Passage, PassageKind
from helpdesk.domain.mail_look import Logo, MailLook
from helpdesk.domain.outgoing_mail import AttachedFile, AutoSubmitted, OutgoingMail
from helpdesk.domain.priority import (
    Impact,
    MatrixAcceptance,
    Priority,
    PriorityMatrix,
    Triage,
    Urgency,
)
from helpdesk.storage.commercial_documents import commercial_document, commercial_terms_of
from helpdesk.storage.policy_documents import policy_document, policy_of

Document = dict[str, Any]  # JSON, read back only by the functions below


def hours_document(hours: BusinessHours) -> Document:
    """Return opening hours as a document: spans are minutes of the day, dates are ISO."""
    return {
        "zone": hours.zone,
        "week": {day.name: _spans(spans) for day, spans in hours.week.items()},
        "holidays": sorted(day.isoformat() for day in hours.holidays),
        "overrides": {day.isoformat(): _spans(s) for day, s in hours.overrides.items()},
        "breaks": {day.isoformat(): _spans(s) for day, s in hours.breaks.items()},
        "holiday_truncates": hours.holiday_truncates,
        "yearly_holidays": sorted([month, day] for month, day in hours.yearly_holidays),
        "recurring_closures": list(hours.recurring_closures),
    }


def hours_of(document: Mapping[str, Any]) -> BusinessHours:
    """Return the opening hours that a document stands for."""
    return BusinessHours(
        zone=document["zone"],
        week={Weekday[day]: _spans_of(spans) for day, spans in document["week"].items()},
        holidays=frozenset(date.fromisoformat(day) for day in document["holidays"]),
        overrides=_dated_spans(document["overrides"]),
        breaks=_dated_spans(document["breaks"]),
        holiday_truncates=document["holiday_truncates"],
        yearly_holidays=frozenset((month, day) for month, day in document["yearly_holidays"]),
        recurring_closures=tuple(document["recurring_closures"]),
    )


def terms_document(terms: ContractTerms) -> Document:
    """Return what was agreed as a document; version, date and plan are columns of their own."""
    return {
        "calendar_ids": sorted(terms.calendar_ids),
        "matrix": _matrix_document(terms.matrix),
        **policy_document(terms.sla),
        "default_impact": terms.default_triage.impact.value,
        "default_urgency": terms.default_triage.urgency.value,
        "commercial": None if terms.commercial is None else commercial_document(terms.commercial),
    }


def terms_of(
    document: Mapping[str, Any],
    *,
    reference: str,
    version: int,
    effective_from: datetime,
    plan_code: str,
) -> ContractTerms:
    """Return the terms that a document and its columns stand for.

    A document older than the commercial clauses has none.
    """
    commercial = document.get("commercial")
    return ContractTerms(
        reference=reference,
        version=version,
        effective_from=effective_from,
        plan_code=plan_code,
        calendar_ids=frozenset(CalendarId(one) for one in document["calendar_ids"]),
        matrix=_matrix_of(document["matrix"]),
        sla=policy_of(document),
        default_triage=Triage(
            Impact(document["default_impact"]), Urgency(document["default_urgency"])
        ),
        commercial=None if commercial is None else commercial_terms_of(commercial),
    )


def mail_document(mail: OutgoingMail) -> Document:
    """Return a mail to send as a document."""
    return {
        "sender": [mail.sender.name, mail.sender.email],
        "recipient": [mail.recipient.name, mail.recipient.email],
        "reply_to": [mail.reply_to.name, mail.reply_to.email] if mail.reply_to else None,
        "subject": mail.subject,
        "text": mail.text,
        "message_id": mail.message_id,
        "sent_at": mail.sent_at.isoformat(),
        "locale": mail.locale.value,
        "ticket_number": mail.ticket_number,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "auto_submitted": mail.auto_submitted.value,
        "files": [
            [file.name, file.content_type, b64encode(file.content).decode("ascii")]
            for file in mail.files
        ],
        "token": mail.token,
        "look": _look_document(mail.look),
        "passages": [[one.kind.value, one.first, one.end] for one in mail.passages],
        "unsubscribe": list(mail.unsubscribe),
        "bounces_to": mail.bounces_to,
        "answers_to": mail.answers_to,
    }


def mail_of(document: Mapping[str, Any]) -> OutgoingMail:
    """Return the mail that a document stands for."""
    reply_to = document["reply_to"]
    return OutgoingMail(
        sender=Address(*document["sender"]),
        recipient=Address(*document["recipient"]),
        reply_to=Address(*reply_to) if reply_to else None,
        subject=document["subject"],
        text=document["text"],
        message_id=document["message_id"],
        sent_at=datetime.fromisoformat(document["sent_at"]),
        locale=Locale(document["locale"]),
        ticket_number=document["ticket_number"],
        in_reply_to=document["in_reply_to"],
        references=tuple(document["references"]),
        auto_submitted=AutoSubmitted(document["auto_submitted"]),
        # Mails that were promised before files could go with them say nothing of any.
        files=tuple(
            AttachedFile(name, content_type, b64decode(content))
            for name, content_type, content in document.get("files", ())
        ),
        token=document.get("token"),
        look=_look_of(document.get("look")),
        passages=tuple(
            Passage(PassageKind(kind), first, end)
            for kind, first, end in document.get("passages", ())
        ),
        unsubscribe=tuple(document.get("unsubscribe", ())),
        bounces_to=document.get("bounces_to"),
        answers_to=document.get("answers_to"),
    )


def _look_document(look: MailLook | None) -> Document | None:
    """Return what the HTML of a mail takes of the look; its words are in the text."""
    if look is None:
        return None
    logo = look.logo
    shown = logo and [logo.sha256, logo.content_type, logo.width, logo.height]
    return {"accent": look.accent, "logo": shown}


def _look_of(document: Mapping[str, Any] | None) -> MailLook | None:
    if document is None:
        return None
    logo = document["logo"]
    return MailLook(accent=document["accent"], logo=Logo(*logo) if logo else None)


def _matrix_document(matrix: PriorityMatrix) -> Document:
    acceptance = matrix.acceptance
    return {
        "code": matrix.code,
        "version": matrix.version,
        "cells": {
            impact.value: {urgency.value: priority.value for urgency, priority in row.items()}
            for impact, row in matrix.cells.items()
        },
        "accepted_by": acceptance.accepted_by if acceptance else None,
        "accepted_at": acceptance.accepted_at.isoformat() if acceptance else None,
    }


def _matrix_of(document: Mapping[str, Any]) -> PriorityMatrix:
    accepted_at = document["accepted_at"]
    return PriorityMatrix(
        code=document["code"],
        version=document["version"],
        cells={
            Impact(impact): {Urgency(u): Priority(p) for u, p in row.items()}
            for impact, row in document["cells"].items()
        },
        acceptance=None
        if accepted_at is None
        else MatrixAcceptance(document["accepted_by"], datetime.fromisoformat(accepted_at)),
    )


def _spans(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start_minute, span.end_minute] for span in spans]


def _spans_of(spans: Iterable[Iterable[int]]) -> tuple[Span, ...]:
    return tuple(Span(*span) for span in spans)


def _dated_spans(document: Mapping[str, Any]) -> dict[date, tuple[Span, ...]]:
    return {date.fromisoformat(day): _spans_of(spans) for day, spans in document.items()}
