"""What the engine knows of a site: its sheet, its contract, its tickets, its records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from helpdesk.domain.month import Month
from helpdesk.domain.plan import PlanServices
from helpdesk.domain.site_record import SiteCheckKind
from helpdesk.domain.site_sheet import SiteSheet
from helpdesk.domain.ticket import Channel

LOOKBACK_MONTHS = 3
"""How far back tickets, updates and fixes are looked at."""


@dataclass(frozen=True, slots=True)
class ContractTold:
    """What the contract of a site says of itself."""

    starts_on: date
    has_response_sla: bool = False
    has_resolution_sla: bool = False
    is_matrix_accepted: bool = False
    lists_exclusions: bool = False
    has_emergency_procedure: bool = False
    has_update_calendar: bool = False
    last_review_on: date | None = None
    services: PlanServices = field(default=PlanServices())


@dataclass(frozen=True, slots=True)
class CheckTold:
    """Something was looked at on a day: whether it was fine, and until when that is good enough.

    `valid_until` is the last such day, None where nobody said.
    """

    on: date
    is_ok: bool
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class RecordsTold:
    """What the records of a site tell: updates, backups, checks; None is never, as far as we know.

    Counts look back LOOKBACK_MONTHS. A late fix is a security update applied more than 72 h after
    its publication; an untested update went to production without staging.
    """

    last_update_on: date | None = None
    update_count: int = 0
    untested_update_count: int = 0
    fix_count: int = 0
    late_fix_count: int = 0
    last_backup_on: date | None = None
    is_backup_off_site: bool | None = None
    has_backup_retention: bool | None = None
    last_restore_test_on: date | None = None
    has_restore_failed: bool = False
    last_performance_audit_on: date | None = None
    certificate_expires_on: date | None = None
    is_certificate_renewed: bool = False
    checks: Mapping[SiteCheckKind, CheckTold] = field(default_factory=dict)
    is_probed: bool = False


@dataclass(frozen=True, slots=True)
class SiteKnowledge:
    """All that the engine knows of a site; what is None, nobody told it.

    `requests` counts, over the last LOOKBACK_MONTHS, by which channel requests came in, and
    `ticket_count` every ticket. `last_reported` is the last month whose report was published.
    `watched_since` is since when records would be there.
    """

    watched_since: date | None = None
    contract: ContractTold | None = None
    sheet: SiteSheet | None = None
    records: RecordsTold = field(default=RecordsTold())
    requests: Mapping[Channel, int] = field(default_factory=dict)
    ticket_count: int = 0
    last_reported: Month | None = None
