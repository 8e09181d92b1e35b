"""What maintenance does not answer for: causes outside it, each with its evidence."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError


class ExclusionCause(StrEnum):
    """The four causes that are no matter of maintenance (001 L433-438)."""

    CLIENT_INTERVENTION = "CLIENT_INTERVENTION"
    THIRD_PARTY_INTERVENTION = "THIRD_PARTY_INTERVENTION"
    HOSTING_FAILURE = "HOSTING_FAILURE"
    PRE_EXISTING = "PRE_EXISTING"


class InterventionAuthor(StrEnum):
    """Who changed a site that the agency maintains."""

    CLIENT = "CLIENT"
    THIRD_PARTY = "THIRD_PARTY"


class EvidenceKind(StrEnum):
    """What shows that something happened."""

    ACTIVITY_LOG = "ACTIVITY_LOG"
    COMMIT = "COMMIT"
    HOST_STATUS = "HOST_STATUS"
    ENTRY_AUDIT = "ENTRY_AUDIT"
    OTHER = "OTHER"


class InterventionValidated(HelpdeskError):
    """Who has a change validated stays covered: that is what the validation is for (REQ-E20)."""

    code: ClassVar[ErrorCode] = ErrorCode.EXCLUSION_REFUSED
    english: ClassVar[str] = (
        "{validator} validated “{what}” before it was done: what follows from it stays covered."
    )
    french: ClassVar[str] = (
        "{validator} a validé « {what} » avant que ce soit fait : ses conséquences restent"
        " couvertes."
    )


class InterventionLater(HelpdeskError):
    """What was done after a trouble began did not cause it."""

    code: ClassVar[ErrorCode] = ErrorCode.EXCLUSION_REFUSED
    english: ClassVar[str] = "“{what}” was done at {at}, after the trouble began at {began_at}."
    french: ClassVar[str] = "« {what} » date du {at}, après le début du problème ({began_at})."


class CausalLinkMissing(HelpdeskError):
    """That a client changed something proves nothing: an agent says how it led to the trouble."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "Say in `explanation` how the cause led to the trouble."
    french: ClassVar[str] = "Dites dans `explanation` comment la cause a mené au problème."


class EvidenceMissing(HelpdeskError):
    """An exclusion takes away what was promised, so it can be shown (X-15)."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Attach at least one piece of evidence: a log, a commit, a status."
    french: ClassVar[str] = "Joignez au moins une preuve : un journal, un commit, un statut."


class RegressionNotExcluded(HelpdeskError):
    """What the agency broke it repairs: a regression is never excluded and never charged."""

    code: ClassVar[ErrorCode] = ErrorCode.EXCLUSION_REFUSED
    english: ClassVar[str] = "A regression of the agency cannot be excluded: it is under warranty."
    french: ClassVar[str] = (
        "Une régression due à l'agence ne peut pas être exclue : elle est sous garantie."
    )


class HostingSold(HelpdeskError):
    """An agency that sells the hosting answers for it (R-UPT 2)."""

    code: ClassVar[ErrorCode] = ErrorCode.EXCLUSION_REFUSED
    english: ClassVar[str] = "The contract sells the hosting: its failures are covered."
    french: ClassVar[str] = "Le contrat comprend l'hébergement : ses défaillances sont couvertes."


class ProblemNotOlder(HelpdeskError):
    """A problem pre-exists when the entry audit lists it or it is shown older than the contract."""

    code: ClassVar[ErrorCode] = ErrorCode.EXCLUSION_REFUSED
    english: ClassVar[str] = (
        "The problem is neither listed in the entry audit nor shown to be older than the contract,"
        " which began on {starts_on}."
    )
    french: ClassVar[str] = (
        "Le problème ne figure pas dans l'audit d'entrée et rien ne montre qu'il soit antérieur au"
        " contrat, commencé le {starts_on}."
    )


class ExclusionAgencyOnly(HelpdeskError):
    """A person of the agency answers for an exclusion and for the gesture that lifts it (X-15)."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = "Only a person of the agency decides an exclusion: {name} is none."
    french: ClassVar[str] = (
        "Seule une personne de l'agence décide d'une exclusion : {name} n'en est pas une."
    )


class ExclusionLiftReason(HelpdeskError):
    """A gesture that nobody explained would be asked for again as a right."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "Say in `reason` why the exclusion is lifted."
    french: ClassVar[str] = "Dites dans `reason` pourquoi l'exclusion est levée."


@dataclass(frozen=True, slots=True)
class Evidence:
    """A trace that others can check: its kind, where it is, and the instant it shows (UTC)."""

    kind: EvidenceKind
    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Intervention:
    """A change that somebody else made on the site ("intervention tierce", 000 FAQ, REQ-E20).

    `is_declared` says that its author told the agency; otherwise something like an activity log
    `detected` it. `validated_by` is the person of the agency who agreed beforehand.
    """

    what: str
    at: datetime
    by: InterventionAuthor
    is_declared: bool
    detected_by: EvidenceKind | None = None
    validated_by: str | None = None

    @property
    def is_covered(self) -> bool:
        """Whether what follows from it stays covered: only if it was validated."""
        return self.validated_by is not None


@dataclass(frozen=True, slots=True)
class CausalLink:
    """How a cause led to a trouble that began at `began_at`, who says so, and what shows it."""

    explanation: str
    began_at: datetime
    recorded_by: Actor
    recorded_at: datetime
    evidence: tuple[Evidence, ...]

    def __post_init__(self) -> None:
        """Refuse what could not be shown to the client."""
        _require_agent(self.recorded_by)
        if not self.explanation.strip():
            raise CausalLinkMissing(path=("explanation",))
        if not self.evidence:
            raise EvidenceMissing(path=("evidence",))


@dataclass(frozen=True, slots=True)
class Lifting:
    """Who lifted an exclusion as a gesture, when, and why."""

    by: Actor
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A cause outside maintenance, with what shows it; kept for good, even when it is lifted."""

    cause: ExclusionCause
    link: CausalLink
    lifting: Lifting | None = None

    @property
    def is_standing(self) -> bool:
        """Whether it counts: the ticket is still handled, its funding changes (X-15)."""
        return self.lifting is None

    def lifted(self, reason: str, *, by: Actor, at: datetime) -> "Exclusion":
        """Return the exclusion with the gesture that lifts it; the first gesture stands."""
        _require_agent(by)
        if not reason.strip():
            raise ExclusionLiftReason(path=("reason",))
        if self.lifting is not None:
            return self
        return replace(self, lifting=Lifting(by, at, reason.strip()))


_CAUSES = {
    InterventionAuthor.CLIENT: ExclusionCause.CLIENT_INTERVENTION,
    InterventionAuthor.THIRD_PARTY: ExclusionCause.THIRD_PARTY_INTERVENTION,
}


def excluded_by_intervention(
    intervention: Intervention, link: CausalLink, *, is_regression: bool = False
) -> Exclusion:
    """Return the exclusion of what an unvalidated change led to (001 L435-436).

    Raises RegressionNotExcluded, InterventionValidated and InterventionLater.
    """
    _require_no_regression(is_regression=is_regression)
    if intervention.validated_by is not None:
        raise InterventionValidated(validator=intervention.validated_by, what=intervention.what)
    if intervention.at > link.began_at:
        raise InterventionLater(
            what=intervention.what,
            at=intervention.at.isoformat(),
            began_at=link.began_at.isoformat(),
        )
    return Exclusion(_CAUSES[intervention.by], link)


def excluded_by_host(
    link: CausalLink, *, is_hosting_sold: bool, is_regression: bool = False
) -> Exclusion:
    """Return the exclusion of a failure of the host: server down, domain not renewed (001 L437).

    Raises RegressionNotExcluded and HostingSold.
    """
    _require_no_regression(is_regression=is_regression)
    if is_hosting_sold:
        raise HostingSold
    return Exclusion(ExclusionCause.HOSTING_FAILURE, link)


def excluded_as_older(
    link: CausalLink, *, starts_on: date, seen_on: date | None, is_regression: bool = False
) -> Exclusion:
    """Return the exclusion of a problem found before the contract started (001 L438).

    The entry audit lists it, or it was seen on a local day before the start. Raises
    RegressionNotExcluded and ProblemNotOlder.
    """
    _require_no_regression(is_regression=is_regression)
    is_listed = any(one.kind is EvidenceKind.ENTRY_AUDIT for one in link.evidence)
    is_older = seen_on is not None and seen_on < starts_on
    if not (is_listed or is_older):
        raise ProblemNotOlder(starts_on=starts_on)
    return Exclusion(ExclusionCause.PRE_EXISTING, link)


def is_compensable(exclusion: Exclusion | None) -> bool:
    """Return whether a breach earns compensation; an excluded one stays visible (R-SLA 6)."""
    return exclusion is None or not exclusion.is_standing


def _require_no_regression(*, is_regression: bool) -> None:
    if is_regression:
        raise RegressionNotExcluded


def _require_agent(actor: Actor) -> None:
    if not actor.is_human_agent:
        raise ExclusionAgencyOnly(name=actor.name)
