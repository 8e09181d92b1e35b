"""Corrections of the past: who corrected what, why, and which clocks that moved."""

from collections.abc import Iterable
from datetime import datetime

import strawberry

from helpdesk.domain.access import Scope
from helpdesk.domain.correction import (
    Correction as KeptCorrection,
)
from helpdesk.domain.correction import (
    CorrectionKind,
    Gainer,
    MovedClock,
    Standing,
)
from helpdesk.graphql.fields import attribute, described_enum
from helpdesk.graphql.global_ids import global_id
from helpdesk.graphql.request import Request
from helpdesk.graphql.sla_clock import SlaMetric, SlaState
from helpdesk.usecases.read_models import Noun, Thing

MOST_CORRECTIONS = 100

described_enum(
    CorrectionKind,
    "CorrectionKind",
    "What was corrected.",
    {
        CorrectionKind.CALENDAR: "The hours of a version of a calendar.",
        CorrectionKind.CONTRACT_TERMS: "The promises of a version of a contract.",
        CorrectionKind.EVENT_TIME: "The instant at which something happened to a ticket.",
    },
)
described_enum(
    Gainer,
    "Gainer",
    "Who is better off when a clock moves.",
    {
        Gainer.CLIENT: "The client: an earlier deadline, or a breach that was not seen.",
        Gainer.AGENCY: "The agency: a later deadline, or a breach that was none.",
        Gainer.NOBODY: "Nobody: neither deadline nor breach changes.",
    },
)


@strawberry.type(description="How a clock stands on one side of a correction.")
class ClockStanding:
    """How a clock stands on one side of a correction."""

    deadline_at: datetime | None = attribute("When the promise is due; absent where unknown.")
    breached_at: datetime | None = attribute("When the promise broke; absent where it holds.")
    state: SlaState = attribute("How the clock stands.")


@strawberry.type(description="A clock that a correction moves.")
class MovedSlaClock:
    """A clock that a correction moves."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    ticket_number: str = attribute("The ticket's number for people.")
    metric: SlaMetric = attribute("What the clock measures.")
    cycle: int = attribute("The number of the cycle.")
    before: ClockStanding | None = attribute("Before the correction; absent without such a clock.")
    after: ClockStanding | None = attribute("After it; absent without such a clock.")
    gainer: Gainer = attribute("Who is better off.")


@strawberry.type(description="A correction that was carried out.")
class Correction:
    """A correction that was carried out."""

    kind: CorrectionKind = attribute("What was corrected.")
    at: datetime = attribute("When it was corrected.")
    by: str = attribute("Who corrected it.")
    reason: str = attribute("Why.")
    moves: list[MovedSlaClock] = attribute("The clocks that it moved.", points=20)


async def read_corrections(request: Request) -> list[Thing]:
    """Return the latest corrections; for a client they do not exist."""
    viewer = request.viewer
    viewer.require_agency(Scope.AGENCY_READ)
    async with request.desk.store.reading(viewer.agency_id) as records:
        kept = await records.upkeep.corrections(limit=MOST_CORRECTIONS)
    return [correction_thing(one) for one in kept]


def correction_thing(correction: KeptCorrection) -> Thing:
    """Return a correction as it is shown."""
    return Thing(
        kind=correction.kind,
        at=correction.at,
        by=correction.actor.name,
        reason=correction.reason,
        moves=move_things(correction.moves),
    )


def move_things(moves: Iterable[MovedClock]) -> list[Thing]:
    """Return moved clocks as they are shown."""
    return [
        Thing(
            ticket_id=global_id(Noun.TICKET, move.ticket_id),
            ticket_number=move.number,
            metric=move.metric,
            cycle=move.cycle,
            before=_standing(move.before),
            after=_standing(move.after),
            gainer=move.gainer,
        )
        for move in moves
    ]


def _standing(standing: Standing | None) -> Thing | None:
    if standing is None:
        return None
    return Thing(
        deadline_at=standing.deadline_at, breached_at=standing.breached_at, state=standing.state
    )
