"""The care of a contract: its emergency procedure, its reviews, its routines."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.routine import RoutineKind
from helpdesk.graphql import diagnostic_enums  # noqa: F401 - declares the enumerations
from helpdesk.graphql.fields import attribute, computed

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket


@strawberry.type(description="Somebody to call when everything is down.")
class EmergencyContact:
    """Somebody to call."""

    name: str = attribute("Who.")
    role: str = attribute("What for.")
    phone: str = attribute("The telephone number; it may be empty.")
    email: str = attribute("The address; it may be empty.")


@strawberry.type(description="What is done when everything is down, in one version.")
class EmergencyProcedure:
    """What is done when everything is down."""

    version: int = attribute("The number of the version; versions are never edited.")
    at: datetime = attribute("When it was set.")
    by_name: str = attribute("Who set it.")
    contacts: list[EmergencyContact] = attribute("Whom to call, in this order.", points=2)
    rollback: str = attribute("How to go back to what worked.")
    escalation: str = attribute("Who takes over, and when.")


@strawberry.type(description="A review that was held with the client.")
class ReviewMeeting:
    """A review that was held with the client."""

    held_on: date = attribute("The local day on which it was held.")
    attendees: str = attribute("Who came.")
    minutes: str = attribute("What was said.")
    recorded_at: datetime = attribute("When it was written down.")
    recorded_by_name: str = attribute("Who wrote it down.")


@strawberry.type(description="How a contract is reviewed with its client.")
class ContractReviews:
    """How a contract is reviewed with its client."""

    every_months: int = attribute("Every how many months: once a year at least.")
    next_on: date = attribute("By which day the next one is held.")
    is_overdue: bool = attribute("Whether that day is over.")
    meetings: list[ReviewMeeting] = attribute("What was held, the latest first.", points=5)


@strawberry.type(description="Work that is done over and over, because its service is sold.")
class Routine:
    """Work that is done over and over."""

    kind: RoutineKind = attribute("What is done.")
    label: str = computed(
        "What it is called, in the viewer's language.",
        lambda one, request: request.desk.diagnostics.routine_label(one.kind)[
            request.viewer.locale
        ],
        needs=("kind",),
    )
    every_months: int = attribute("Every how many months.")
    first_week: int = attribute("The first week of the month in which it is done, from 1.")
    last_week: int = attribute("The last such week.")
    next_opens_on: date | None = attribute(
        "The working day on which it opens next, or has opened; absent once the contract is over."
    )
    next_due_on: date | None = attribute(
        "The working day by which it is done; absent once the contract is over."
    )


@strawberry.type(description="A routine that became a ticket.")
class RoutineRun:
    """A routine that became a ticket."""

    kind: RoutineKind = attribute("What is done.")
    month: str = attribute("Of which month, such as `2026-07`.")
    opens_on: date = attribute("The working day on which it was to open.")
    due_on: date = attribute("The working day by which it is done.")
    opened_at: datetime = attribute("When its ticket was opened.")
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] = attribute(
        "The ticket, which takes nothing of the forfait."
    )
