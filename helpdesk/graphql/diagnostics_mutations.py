"""What can be done about audits, signals, sheets, reviews and emergency procedures."""

from datetime import date
from typing import Any

import strawberry

from helpdesk.domain.audit import AuditKind
from helpdesk.domain.checklist import PointStatus
from helpdesk.domain.emergency import EmergencyContact, EmergencyProcedure
from helpdesk.domain.ids import AuditId, ContractId, SiteId
from helpdesk.domain.message import storable
from helpdesk.domain.review import ReviewRhythm
from helpdesk.domain.signal import Signal
from helpdesk.domain.site_sheet import SiteSheet
from helpdesk.graphql.audit import Audit
from helpdesk.graphql.contract import Contract
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.graphql.site import Site
from helpdesk.usecases.answer_audit_point import (
    AnswerAuditPoint,
    answer_audit_point,
    complete_audit,
)
from helpdesk.usecases.contract_care import (
    RecordReview,
    SetEmergencyProcedure,
    SetReviewRhythm,
    record_review,
    set_emergency_procedure,
    set_review_rhythm,
)
from helpdesk.usecases.describe_site import DescribeSite, describe_site
from helpdesk.usecases.raise_signal import MoveSignal, clear_signal, raise_signal
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.start_audit import StartAudit, start_audit

_SITE_ID, _CONTRACT_ID, _AUDIT_ID = "The site.", "The contract.", "The audit."


@strawberry.input(description="An audit to begin.")
class StartAuditInput(MutationInput):
    """An audit to begin."""

    site_id: strawberry.ID = attribute(_SITE_ID)
    kind: AuditKind = attribute("What it is for.")


@strawberry.input(description="An answer to a point of an audit.")
class AnswerAuditPointInput(MutationInput):
    """An answer to a point."""

    audit_id: strawberry.ID = attribute(_AUDIT_ID)
    point: str = attribute("The code of the point, `A1` to `E9`.")
    status: PointStatus = attribute("What is known of it.")
    evidence: str = optional("What shows it; required for green and red.", "")
    reason: str = optional("Why it does not apply; required then.", "")
    expires_on: date | None = optional(
        "The day from which on the answer holds no more; as long as usual if left out."
    )


@strawberry.input(description="An audit to complete.")
class CompleteAuditInput(MutationInput):
    """An audit to complete."""

    audit_id: strawberry.ID = attribute(_AUDIT_ID)


@strawberry.input(description="A signal to raise.")
class RaiseSignalInput(MutationInput):
    """A signal to raise."""

    site_id: strawberry.ID = attribute(_SITE_ID)
    signal: Signal = attribute("Which signal.")
    evidence: str = attribute("What shows it.")


@strawberry.input(description="A signal to clear.")
class ClearSignalInput(MutationInput):
    """A signal to clear."""

    site_id: strawberry.ID = attribute(_SITE_ID)
    signal: Signal = attribute("Which signal.")
    evidence: str = attribute("What shows that it is over.")


@strawberry.input(description="What is known of a site anew; what is left out stays as it was.")
class DescribeSiteInput(MutationInput):
    """What is known of a site anew."""

    site_id: strawberry.ID = attribute(_SITE_ID)
    cms: str | None = optional("The CMS or framework.")
    cms_version: str | None = optional("Its version.")
    is_cms_supported: bool | None = optional("Whether that version is supported.")
    php_version: str | None = optional("The version of PHP.")
    php_supported_until: date | None = optional("The last day of its security fixes.")
    host: str | None = optional("Who hosts it.")
    theme: str | None = optional("Its theme.")
    plugin_count: int | None = optional("How many plugins it has.")
    obsolete_plugin_count: int | None = optional("How many of them are obsolete or abandoned.")
    publications_a_month: int | None = optional("How often something is published on it.")
    monthly_minutes: int | None = optional("The estimated workload a month, in minutes.")
    has_staging: bool | None = optional("Whether there is a staging environment.")
    has_monitoring: bool | None = optional("Whether its uptime is monitored.")
    has_waf: bool | None = optional("Whether a WAF or a CDN protects it.")
    has_error_tracking: bool | None = optional("Whether errors are tracked.")
    has_password_manager: bool | None = optional(
        "Whether its accesses are in a shared password manager."
    )
    documented_on: date | None = optional("The day of the latest technical documentation.")


@strawberry.input(description="A review that was held.")
class RecordReviewInput(MutationInput):
    """A review that was held."""

    contract_id: strawberry.ID = attribute(_CONTRACT_ID)
    held_on: date = attribute("The local day on which it was held.")
    attendees: str = attribute("Who came.")
    minutes: str = attribute("What was said; the client reads it.")


@strawberry.input(description="How often a contract is reviewed.")
class SetReviewRhythmInput(MutationInput):
    """How often a contract is reviewed."""

    contract_id: strawberry.ID = attribute(_CONTRACT_ID)
    every_months: int = attribute("Every how many months, 1 to 12.")


@strawberry.input(description="Somebody to call when everything is down.")
class EmergencyContactInput:
    """Somebody to call."""

    name: str = attribute("Who.")
    role: str = attribute("What for.")
    phone: str = optional("The telephone number.", "")
    email: str = optional("The address; it or the number is needed.", "")


@strawberry.input(description="What is done when everything is down.")
class SetEmergencyProcedureInput(MutationInput):
    """What is done when everything is down."""

    contract_id: strawberry.ID = attribute(_CONTRACT_ID)
    contacts: list[EmergencyContactInput] = attribute("Whom to call, in this order.")
    rollback: str = attribute("How to go back to what worked.")
    escalation: str = attribute("Who takes over, and when.")


_SITE_AFTER = (Site, "The site after it.")
_AUDIT_AFTER = (Audit, "The audit after it.")
_CONTRACT_AFTER = (Contract, "The contract after it.")
StartAuditPayload = payload("StartAuditPayload", "An audit that began.", audit=_AUDIT_AFTER)
AnswerAuditPointPayload = payload(
    "AnswerAuditPointPayload", "A point that was answered.", audit=_AUDIT_AFTER
)
CompleteAuditPayload = payload(
    "CompleteAuditPayload", "An audit that was completed.", audit=_AUDIT_AFTER
)
RaiseSignalPayload = payload("RaiseSignalPayload", "A signal that is up.", site=_SITE_AFTER)
ClearSignalPayload = payload("ClearSignalPayload", "A signal that fell.", site=_SITE_AFTER)
DescribeSitePayload = payload("DescribeSitePayload", "A site that is described.", site=_SITE_AFTER)
RecordReviewPayload = payload(
    "RecordReviewPayload", "A review that was written down.", contract=_CONTRACT_AFTER
)
SetReviewRhythmPayload = payload(
    "SetReviewRhythmPayload", "How often a contract is reviewed.", contract=_CONTRACT_AFTER
)
SetEmergencyProcedurePayload = payload(
    "SetEmergencyProcedurePayload", "A procedure that was set.", contract=_CONTRACT_AFTER
)


async def audit_started(request: Request, given: StartAuditInput) -> Outcome:
    """Begin an audit."""
    asked = StartAudit(_site(given.site_id), given.kind)
    return {"audit": (await start_audit(request.desk, viewer=request.viewer, request=asked)).id}


async def point_answered(request: Request, given: AnswerAuditPointInput) -> Outcome:
    """Answer a point."""
    asked = AnswerAuditPoint(
        audit_id=_audit(given.audit_id),
        point=given.point,
        status=given.status,
        evidence=given.evidence,
        reason=given.reason,
        expires_on=given.expires_on,
    )
    audit = await answer_audit_point(request.desk, viewer=request.viewer, request=asked)
    return {"audit": audit.id}


async def audit_completed(request: Request, given: CompleteAuditInput) -> Outcome:
    """Complete an audit."""
    audit_id = _audit(given.audit_id)
    await complete_audit(request.desk, viewer=request.viewer, audit_id=audit_id)
    return {"audit": audit_id}


async def signal_raised(request: Request, given: RaiseSignalInput) -> Outcome:
    """Raise a signal."""
    asked = MoveSignal(_site(given.site_id), given.signal, given.evidence)
    await raise_signal(request.desk, viewer=request.viewer, request=asked)
    return {"site": asked.site_id}


async def signal_cleared(request: Request, given: ClearSignalInput) -> Outcome:
    """Clear a signal."""
    asked = MoveSignal(_site(given.site_id), given.signal, given.evidence)
    await clear_signal(request.desk, viewer=request.viewer, request=asked)
    return {"site": asked.site_id}


async def site_described(request: Request, given: DescribeSiteInput) -> Outcome:
    """Describe a site."""
    said: dict[str, Any] = {name: getattr(given, name) for name in SiteSheet.__dataclass_fields__}
    for name, value in said.items():
        if isinstance(value, str):
            said[name] = storable(value).strip()
    asked = DescribeSite(_site(given.site_id), SiteSheet(**said))
    await describe_site(request.desk, viewer=request.viewer, request=asked)
    return {"site": asked.site_id}


async def review_recorded(request: Request, given: RecordReviewInput) -> Outcome:
    """Write a review down."""
    asked = RecordReview(
        _contract(given.contract_id), given.held_on, given.attendees, given.minutes
    )
    await record_review(request.desk, viewer=request.viewer, request=asked)
    return {"contract": asked.contract_id}


async def review_rhythm_set(request: Request, given: SetReviewRhythmInput) -> Outcome:
    """Settle how often a contract is reviewed."""
    asked = SetReviewRhythm(_contract(given.contract_id), ReviewRhythm(given.every_months))
    await set_review_rhythm(request.desk, viewer=request.viewer, request=asked)
    return {"contract": asked.contract_id}


async def procedure_set(request: Request, given: SetEmergencyProcedureInput) -> Outcome:
    """Set an emergency procedure."""
    contacts = tuple(
        EmergencyContact(
            *(storable(part).strip() for part in (one.name, one.role, one.phone, one.email))
        )
        for one in given.contacts
    )
    procedure = EmergencyProcedure(
        contacts, storable(given.rollback).strip(), storable(given.escalation).strip()
    )
    asked = SetEmergencyProcedure(_contract(given.contract_id), procedure)
    await set_emergency_procedure(request.desk, viewer=request.viewer, request=asked)
    return {"contract": asked.contract_id}


def _site(given: strawberry.ID) -> SiteId:
    return SiteId(id_of(Noun.SITE, given, path=("siteId",)))


def _audit(given: strawberry.ID) -> AuditId:
    return AuditId(id_of(Noun.AUDIT, given, path=("auditId",)))


def _contract(given: strawberry.ID) -> ContractId:
    return ContractId(id_of(Noun.CONTRACT, given, path=("contractId",)))
