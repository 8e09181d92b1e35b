"""What was done on a site, as the JSON document that is kept of it."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from helpdesk.domain.site_record import (
    Backup,
    BackupKind,
    Certificate,
    Environment,
    Performance,
    RestoreTest,
    Severity,
    SiteCheck,
    SiteCheckKind,
    SiteFact,
    SiteRecordKind,
    Update,
    Vulnerability,
    VulnerabilityState,
)

Document = dict[str, Any]  # JSON, read back only by the functions below


def _figures(document: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in document.items()}


_KINDS: Mapping[SiteRecordKind, Callable[..., SiteFact]] = {
    SiteRecordKind.UPDATE: Update,
    SiteRecordKind.BACKUP: Backup,
    SiteRecordKind.RESTORE_TEST: RestoreTest,
    SiteRecordKind.CERTIFICATE: Certificate,
    SiteRecordKind.VULNERABILITY: Vulnerability,
    SiteRecordKind.PERFORMANCE: Performance,
    SiteRecordKind.CHECK: SiteCheck,
}

_READERS: Mapping[tuple[SiteRecordKind, str], Callable[[Any], object]] = {
    (SiteRecordKind.UPDATE, "environment"): Environment,
    (SiteRecordKind.UPDATE, "security_published_at"): datetime.fromisoformat,
    (SiteRecordKind.BACKUP, "what"): BackupKind,
    (SiteRecordKind.RESTORE_TEST, "backup_made_at"): datetime.fromisoformat,
    (SiteRecordKind.CERTIFICATE, "expires_at"): datetime.fromisoformat,
    (SiteRecordKind.VULNERABILITY, "severity"): Severity,
    (SiteRecordKind.VULNERABILITY, "state"): VulnerabilityState,
    (SiteRecordKind.PERFORMANCE, "figures"): _figures,
    (SiteRecordKind.CHECK, "what"): SiteCheckKind,
    (SiteRecordKind.CHECK, "valid_until"): date.fromisoformat,
}
"""How the fields are read that are more than the text, number or truth in the document."""


def site_document(fact: SiteFact) -> Document:
    """Return a fact about a site as a document; its kind is a column of its own."""
    return {field.name: _plain(getattr(fact, field.name)) for field in fields(fact)}


def site_fact_of(kind: SiteRecordKind, document: Mapping[str, Any]) -> SiteFact:
    """Return the fact that a document stands for."""
    values = {name: _read(kind, name, value) for name, value in document.items()}
    return _KINDS[kind](**values)


def _read(kind: SiteRecordKind, name: str, value: object) -> object:
    reader = _READERS.get((kind, name))
    return value if reader is None or value is None else reader(value)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # an instant is one, too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): str(each) for name, each in value.items()}
    return value
