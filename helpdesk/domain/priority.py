"""Priority P0-P3 follows from impact and urgency by a matrix that the client accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError


class Priority(StrEnum):
    """The order in which tickets are handled, and the row of the SLA that applies."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class Impact(StrEnum):
    """How much of the service is hit, in the words of the guide's matrix (white paper 3.2)."""

    CRITICAL = "CRITICAL"
    MAJOR = "MAJOR"
    MINOR = "MINOR"
    NONE = "NONE"


class Urgency(StrEnum):
    """How long the client can go on without it."""

    HIGH = "HIGH"
    NORMAL = "NORMAL"
    LOW = "LOW"


class Criticality(StrEnum):
    """What the site is worth to the client's business; it never enters the priority (REQ-B12)."""

    VITAL = "VITAL"
    IMPORTANT = "IMPORTANT"
    STANDARD = "STANDARD"


class SecuritySign(StrEnum):
    """What makes a ticket a security incident, hence P0 (white paper 3.2, REQ-C19)."""

    DATA_COMPROMISED = "DATA_COMPROMISED"
    FLAW_EXPLOITED = "FLAW_EXPLOITED"


class MatrixIncomplete(HelpdeskError):
    """A matrix answers every question it can be asked; a hole would be filled by a guess."""

    code: ClassVar[ErrorCode] = ErrorCode.MATRIX_INCOMPLETE
    english: ClassVar[str] = "The priority matrix {code} has no priority for {missing}: add it."
    french: ClassVar[str] = (
        "La matrice de priorité {code} ne donne aucune priorité pour {missing} : ajoutez-la."
    )


class PriorityReasonRequired(HelpdeskError):
    """A priority that departs from the matrix changes a promise, so someone answers for it."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = (
        "The matrix gives {expected} and {wanted} was asked for: say why in `reason`."
    )
    french: ClassVar[str] = (
        "La matrice donne {expected} et {wanted} est demandée : dites pourquoi dans `reason`."
    )


@dataclass(frozen=True, slots=True)
class MatrixAcceptance:
    """Who accepted the matrix for the client, and when (REQ-C05)."""

    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class PriorityMatrix:
    """A versioned table, impact x urgency -> priority, part of the contract once accepted.

    Source: white paper 3.2. Raises MatrixIncomplete when a pair has no priority.
    """

    code: str
    version: int
    cells: Mapping[Impact, Mapping[Urgency, Priority]]
    acceptance: MatrixAcceptance | None = None

    def __post_init__(self) -> None:
        """Refuse a matrix with a hole."""
        missing = [
            f"{impact} x {urgency}"
            for impact in Impact
            for urgency in Urgency
            if urgency not in self.cells.get(impact, {})
        ]
        if missing:
            raise MatrixIncomplete(code=self.code, missing=", ".join(missing))

    def priority_for(self, impact: Impact, urgency: Urgency) -> Priority:
        """Return the priority that the contract gives to this impact and urgency."""
        return self.cells[impact][urgency]


@dataclass(frozen=True, slots=True)
class Triage:
    """What is known of a request's weight: the two axes and the signs of a security incident."""

    impact: Impact
    urgency: Urgency
    security_sign: SecuritySign | None = None


@dataclass(frozen=True, slots=True)
class PriorityDecision:
    """A priority, and the reason when it is not the one of the matrix."""

    priority: Priority
    reason: str | None = None


def decided_priority(
    matrix: PriorityMatrix,
    triage: Triage,
    *,
    wanted: Priority | None = None,
    reason: str | None = None,
) -> PriorityDecision:
    """Return the priority of a request: the matrix's, P0 for a security incident, or an override.

    A priority that differs from the contract's answer needs a reason, else PriorityReasonRequired.
    A reason given for the contract's own answer is not an override and is dropped.
    """
    expected = matrix.priority_for(triage.impact, triage.urgency)
    if triage.security_sign is not None:
        expected = Priority.P0
    if wanted is None or wanted is expected:
        return PriorityDecision(expected)
    if reason is None or not reason.strip():
        raise PriorityReasonRequired(path=("reason",), expected=expected, wanted=wanted)
    return PriorityDecision(wanted, reason.strip())
