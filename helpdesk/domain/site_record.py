"""What was done on a site and seen there: updates, backups, checks; facts that are only added.

Other tools do the work on the client's servers; here it is written down (REQ-H33).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, TypeAlias

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, SiteId, SiteRecordId

SECURITY_UPDATE_WITHIN = timedelta(hours=72)
"""How long after its publication a security update may be applied (REQ-H03, CHK-A2)."""


class SiteRecordKind(StrEnum):
    """What kinds of things are written down about a site."""

    UPDATE = "UPDATE"
    BACKUP = "BACKUP"
    RESTORE_TEST = "RESTORE_TEST"
    CERTIFICATE = "CERTIFICATE"
    VULNERABILITY = "VULNERABILITY"
    PERFORMANCE = "PERFORMANCE"
    CHECK = "CHECK"


class Environment(StrEnum):
    """Which copy of a site."""

    PRODUCTION = "PRODUCTION"
    STAGING = "STAGING"


class BackupKind(StrEnum):
    """What was saved."""

    DATABASE = "DATABASE"
    FILES = "FILES"
    FULL = "FULL"


class Severity(StrEnum):
    """How bad a vulnerability is, as its publisher says; UNKNOWN where he does not."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MODERATE = "MODERATE"
    LOW = "LOW"
    INFO = "INFO"
    UNKNOWN = "UNKNOWN"


class VulnerabilityState(StrEnum):
    """What is known of a vulnerability now."""

    FOUND = "FOUND"
    FIXED = "FIXED"
    ACCEPTED = "ACCEPTED"


class SiteCheckKind(StrEnum):
    """What was looked at by a person or a tool (REQ-H15, H17, H19, H26, H28)."""

    LOGS = "LOGS"
    ACCESS_REVIEW = "ACCESS_REVIEW"
    FUNCTIONAL = "FUNCTIONAL"
    DEPENDENCY_AUDIT = "DEPENDENCY_AUDIT"
    DOCUMENTATION = "DOCUMENTATION"
    ROLLBACK_PROCEDURE = "ROLLBACK_PROCEDURE"
    OTHER = "OTHER"


class RecordToCome(HelpdeskError):
    """What has not been done yet is a plan, not a record."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{given} is yet to come: record what has been done."
    french: ClassVar[str] = "Le {given} est à venir : enregistrez ce qui a été fait."


class PublishedAfterUpdate(HelpdeskError):
    """Nobody applies an update before it exists."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The update of {at} was published at {published}, later: correct one."
    french: ClassVar[str] = (
        "La mise à jour du {at} aurait été publiée le {published}, plus tard : corrigez l'un des"
        " deux."
    )


class FigureNegative(HelpdeskError):
    """Times, sizes and scores are not less than nothing."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{name} cannot be {value}: give 0 or more."
    french: ClassVar[str] = "{name} ne peut pas valoir {value} : donnez 0 ou plus."


class FiguresMissing(HelpdeskError):
    """A measurement without a figure measured nothing."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Give at least one figure of the measurement."
    french: ClassVar[str] = "Donnez au moins une valeur de la mesure."


class AcceptanceUnexplained(HelpdeskError):
    """A vulnerability that is left open was weighed: the client may read why."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "Say in `note` why the vulnerability is accepted."
    french: ClassVar[str] = "Dites dans `note` pourquoi la vulnérabilité est acceptée."


@dataclass(frozen=True, slots=True)
class Update:
    """A component went from a version to another (REQ-H05).

    `security_published_at` is when the security fix was published, None for another update;
    `rolled_back` says that it was taken back.
    """

    component: str
    from_version: str
    to_version: str
    environment: Environment
    security_published_at: datetime | None = None
    is_tested_on_staging: bool = False
    rolled_back: bool = False
    note: str = ""

    kind: ClassVar[SiteRecordKind] = SiteRecordKind.UPDATE

    def is_late(self, at: datetime) -> bool | None:
        """Return whether a security update that was applied at `at` came after its 72 hours.

        None where the rule says nothing: no security update, on staging alone, or taken back.
        72 hours on the dot are in time ("dans les 72h").
        """
        published = self.security_published_at
        if published is None or self.environment is Environment.STAGING or self.rolled_back:
            return None
        return at - published > SECURITY_UPDATE_WITHIN


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup was made: of what, kept where, for how long, and whether it was verified."""

    what: BackupKind
    is_off_site: bool = False
    is_verified: bool = False
    is_automatic: bool = True
    retention_days: int | None = None
    size_bytes: int | None = None
    note: str = ""

    kind: ClassVar[SiteRecordKind] = SiteRecordKind.BACKUP


@dataclass(frozen=True, slots=True)
class RestoreTest:
    """A backup was put back somewhere to see whether that works (CHK-C3)."""

    has_succeeded: bool
    backup_made_at: datetime | None = None
    minutes_taken: int | None = None
    note: str = ""

    kind: ClassVar[SiteRecordKind] = SiteRecordKind.RESTORE_TEST


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the TLS certificate of a site says: until when it is valid, for whom, from whom."""

    host: str
    expires_at: datetime
    issuer: str = ""
    is_renewed_automatically: bool = False

    kind: ClassVar[SiteRecordKind] = SiteRecordKind.CERTIFICATE


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """What is known of a vulnerability of a component; the last word about it stands."""

    component: str
    identifier: str
    severity: Severity
    title: str
    tool: str
    state: VulnerabilityState = VulnerabilityState.FOUND
    affected_versions: str = ""
    fixed_in: str = ""
    url: str = ""
    note: str = ""

    kind: ClassVar[SiteRecordKind] = SiteRecordKind.VULNERABILITY

    @property
    def name(self) -> tuple[str, str]:
        """What makes two statements be about the same vulnerability."""
        return self.component, self.identifier


@dataclass(frozen=True, slots=True)
class Performance:
    """What a tool measured of a page: scores from 0 to 100, times in milliseconds.

    The names are those of Lighthouse and of the Core Web Vitals; a figure that was not measured is
    not there.
    """

    url: str
    tool: str
    figures: Mapping[str, Decimal]
    form_factor: str = ""

    kind: ClassVar[SiteRecordKind] = SiteRecordKind.PERFORMANCE


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """Something was looked at, with what came of it and until when that is good enough."""

    what: SiteCheckKind
    is_ok: bool
    note: str = ""
    valid_until: date | None = None

    kind: ClassVar[SiteRecordKind] = SiteRecordKind.CHECK


SiteFact: TypeAlias = (
    Update | Backup | RestoreTest | Certificate | Vulnerability | Performance | SiteCheck
)


@dataclass(frozen=True, slots=True)
class SiteRecord:
    """A fact about a site: what was done or seen at `at`, and who wrote it down when (UTC).

    One that `corrects` another stands instead of it; both are kept.
    """

    id: SiteRecordId
    agency_id: AgencyId
    site_id: SiteId
    at: datetime
    fact: SiteFact
    recorded_at: datetime
    recorded_by: Actor
    corrects: SiteRecordId | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot have been.

        Raises RecordToCome, PublishedAfterUpdate, FigureNegative, FiguresMissing and
        AcceptanceUnexplained.
        """
        if self.at > self.recorded_at:
            raise RecordToCome(path=("at",), given=self.at.isoformat())
        _require_possible(self.fact, self.at)


def counting(records: Iterable[SiteRecord]) -> tuple[SiteRecord, ...]:
    """Return the records without those that were corrected, in the order of what they tell."""
    known = tuple(records)
    corrected = {record.corrects for record in known if record.corrects is not None}
    standing = [record for record in known if record.id not in corrected]
    return tuple(sorted(standing, key=lambda one: (one.at, one.recorded_at, one.id)))


def open_vulnerabilities(records: Iterable[SiteRecord]) -> tuple[Vulnerability, ...]:
    """Return the vulnerabilities whose last word is that they were found, by component."""
    last: dict[tuple[str, str], Vulnerability] = {}
    for record in counting(records):
        if isinstance(record.fact, Vulnerability):
            last[record.fact.name] = record.fact
    found = (one for one in last.values() if one.state is VulnerabilityState.FOUND)
    return tuple(sorted(found, key=lambda one: one.name))


def _require_possible(fact: SiteFact, at: datetime) -> None:
    if isinstance(fact, Update):
        _require_published(fact, at)
    elif isinstance(fact, Backup):
        _require_positive(retentionDays=fact.retention_days, sizeBytes=fact.size_bytes)
    elif isinstance(fact, RestoreTest):
        _require_positive(minutesTaken=fact.minutes_taken)
    elif isinstance(fact, Performance):
        if not fact.figures:
            raise FiguresMissing(path=("figures",))
        _require_positive(**fact.figures)
    elif isinstance(fact, Vulnerability):
        _require_explained(fact)


def _require_published(update: Update, at: datetime) -> None:
    published = update.security_published_at
    if published is not None and published > at:
        raise PublishedAfterUpdate(
            path=("securityPublishedAt",), at=at.isoformat(), published=published.isoformat()
        )


def _require_explained(vulnerability: Vulnerability) -> None:
    is_accepted = vulnerability.state is VulnerabilityState.ACCEPTED
    if is_accepted and not vulnerability.note.strip():
        raise AcceptanceUnexplained(path=("note",))


def _require_positive(**figures: int | Decimal | None) -> None:
    for name, value in figures.items():
        if value is not None and value < 0:
            raise FigureNegative(path=(name,), name=name, value=value)
