"""The credits of a contract for a month: one incident pays once, and a cap bounds them all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Generic, TypeVar

from helpdesk.domain.compensation_clause import SameIncident
from helpdesk.domain.money import half_up

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Claim(Generic[K]):
    """What a breach is worth before bounds, in cents, exactly.

    `at` is the instant of the breach, `incidents` name what broke the promise. `issued_cents` were
    issued already for the same key: they are never taken back, so they use up the cap.
    """

    key: K
    at: datetime
    cents: Fraction
    incidents: frozenset[str] = frozenset()
    issued_cents: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """What is left under the caps in cents, exactly; None is no bound."""

    month: Fraction | None = None
    year: Fraction | None = None

    @property
    def cents(self) -> Fraction | None:
        """The narrower of both bounds."""
        bounds = [one for one in (self.month, self.year) if one is not None]
        return max(Fraction(0), min(bounds)) if bounds else None

    def after(self, cents: int) -> "Room":
        """Return what is left once some more was credited."""
        return Room(*(None if one is None else one - cents for one in (self.month, self.year)))


@dataclass(frozen=True, slots=True)
class Award:
    """What a breach is worth in the end: `cents` rounded half-up once, after the cap.

    `outweighed` says that another credit of the same incident is higher. `room` is what the caps
    left for it, `capped_cents` what they took from it.
    """

    cents: int
    capped_cents: int
    outweighed: bool
    room: Fraction | None


def awarded(
    claims: Iterable[Claim[K]], same_incident: SameIncident, room: Room
) -> Mapping[K, Award]:
    """Return what each claim comes to, in chronological order (R-CMP 4 and 5).

    The caps are used up breach by breach; the last one that fits in part is paid in part.

    >>> from datetime import UTC
    >>> noon, one = datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 7, 1, 13, tzinfo=UTC)
    >>> claims = [Claim("b", one, Fraction(5970)), Claim("a", noon, Fraction(5970))]
    >>> awards = awarded(claims, SameIncident.CUMULATE, Room(Fraction(9950)))
    >>> [(key, each.cents, each.capped_cents) for key, each in awards.items()]
    [('a', 5970, 0), ('b', 3980, 1990)]
    """
    ordered = sorted(claims, key=lambda claim: claim.at)
    lost = _outweighed(ordered) if same_incident is SameIncident.HIGHEST else set()
    awards: dict[K, Award] = {}
    for claim in ordered:
        if claim.key in lost:
            awards[claim.key] = Award(0, 0, outweighed=True, room=room.cents)
            room = room.after(claim.issued_cents)
            continue
        full, left = rounded(claim.cents), room.cents
        cents = full if left is None else rounded(min(claim.cents, left))
        awards[claim.key] = Award(cents, full - cents, outweighed=False, room=left)
        room = room.after(max(cents, claim.issued_cents))
    return awards


def rounded(cents: Fraction) -> int:
    """Return cents half-up, the one rounding of a line."""
    return half_up(cents.numerator, cents.denominator)


def _outweighed(claims: Sequence[Claim[K]]) -> set[K]:
    """Return the claims that lose against others of the same incidents; the earlier wins a tie.

    A month below the promised availability has several incidents: it is weighed against the
    highest credits of all of them together.
    """
    lost: set[K] = set()
    for group in _sharing(claims):
        highest: dict[frozenset[str], Claim[K]] = {}
        for claim in group:
            best = highest.setdefault(claim.incidents, claim)
            if claim.cents > best.cents:
                highest[claim.incidents] = claim
        kept = _heavier_side(list(highest.values()))
        lost.update(claim.key for claim in group if claim.key not in kept)
    return lost


def _heavier_side(best: Sequence[Claim[K]]) -> set[K]:
    narrow = [claim for claim in best if len(claim.incidents) <= 1]
    wide = [claim for claim in best if len(claim.incidents) > 1]
    if not wide:
        return {claim.key for claim in narrow}
    highest = max(wide, key=lambda claim: claim.cents)
    if highest.cents >= sum(claim.cents for claim in narrow):
        return {highest.key}
    return {claim.key for claim in narrow}


def _sharing(claims: Sequence[Claim[K]]) -> list[list[Claim[K]]]:
    """Return the groups of claims that incidents tie together; one without incidents is alone."""
    groups: list[list[Claim[K]]] = []
    for claim in claims:
        tied = [group for group in groups if any(one.incidents & claim.incidents for one in group)]
        groups = [group for group in groups if group not in tied]
        groups.append([*(one for group in tied for one in group), claim])
    return groups
