"""What may be supposed about a request that has not come in, as it is given."""

from datetime import datetime

import strawberry

from helpdesk.domain.supposition import SupposedWait, Supposition
from helpdesk.domain.waiting import WaitingOn
from helpdesk.graphql.fields import attribute, optional


@strawberry.input(description="A time during which the request would wait for somebody.")
class WaitInput:
    """A time during which the request would wait."""

    start: datetime = attribute("When the wait would begin.", name="from")
    end: datetime | None = optional("When it would end; it goes on if left out.", name="to")
    waiting_on: WaitingOn = attribute("Whom or what it would wait for.", name="on")


@strawberry.input(description="What would happen to the request after it came in.")
class SuppositionInput:
    """What would happen to the request."""

    first_response_at: datetime | None = optional(
        "When a person of the agency would answer; nobody has if left out."
    )
    waits: list[WaitInput] = strawberry.field(
        description="When it would wait, and for whom.", default_factory=list
    )
    resolved_at: datetime | None = optional("When it would be resolved, if it is.")
    read_at: datetime | None = optional(
        "When one looks at its clocks: when the last of this has happened, if left out."
    )


def supposition_given(given: SuppositionInput | None) -> Supposition:
    """Return what is supposed; nothing more than the opening when nothing is given."""
    if given is None:
        return Supposition()
    return Supposition(
        first_response_at=given.first_response_at or None,
        waits=tuple(
            SupposedWait(wait.start, wait.end or None, wait.waiting_on) for wait in given.waits
        ),
        resolved_at=given.resolved_at or None,
        read_at=given.read_at or None,
    )
