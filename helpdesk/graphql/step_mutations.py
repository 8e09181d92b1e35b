"""The steps of a ticket's life that need no more than the ticket, and perhaps a reason."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import strawberry

from helpdesk.domain.access import Viewer
from helpdesk.domain.ticket import Ticket as DomainTicket
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.mutating import (
    EXPECTED_VERSION,
    MutationInput,
    Outcome,
    mutation,
    payload,
)
from helpdesk.graphql.request import Request
from helpdesk.graphql.ticket import Ticket
from helpdesk.graphql.ticket_mutations import ticket_of
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_step import ReasonedStepRequest, TicketStepRequest


class Step(Protocol):
    """A use-case that takes a step."""

    def __call__(
        self, desk: Desk, *, viewer: Viewer, request: TicketStepRequest
    ) -> Awaitable[DomainTicket]:
        """Take the step."""
        ...


class ReasonedStep(Protocol):
    """A use-case that takes a step for a reason."""

    def __call__(
        self, desk: Desk, *, viewer: Viewer, request: ReasonedStepRequest
    ) -> Awaitable[DomainTicket]:
        """Take the step."""
        ...


def step(name: str, description: str, done: str, take: Step) -> Any:  # Any: a field
    """Declare a mutation that takes a step."""

    async def act(request: Request, given: Any) -> Outcome:  # Any: the input declared below
        asked = TicketStepRequest(ticket_of(given.ticket_id), given.expected_version)
        ticket = await take(request.desk, viewer=request.viewer, request=asked)
        return {"ticket": ticket.id}

    return _declared(name, description, done, act)


def reasoned_step(
    name: str, description: str, done: str, take: ReasonedStep, *, reason: str
) -> Any:  # Any: a field
    """Declare a mutation that takes a step for a reason; `reason` describes it."""

    async def act(request: Request, given: Any) -> Outcome:  # Any: the input declared below
        asked = ReasonedStepRequest(
            ticket_of(given.ticket_id), given.reason, given.expected_version
        )
        ticket = await take(request.desk, viewer=request.viewer, request=asked)
        return {"ticket": ticket.id}

    return _declared(name, description, done, act, reason=attribute(reason))


def _declared(
    name: str,
    description: str,
    done: str,
    act: Callable[[Request, Any], Awaitable[Outcome]],
    **reason: Any,
) -> Any:  # Any: fields of the API
    given = strawberry.input(
        type(
            f"{name}Input",
            (MutationInput,),
            {
                "__annotations__": {
                    "ticket_id": strawberry.ID,
                    **dict.fromkeys(reason, str),
                    "expected_version": int | None,
                },
                "__doc__": description,
                "ticket_id": attribute("The ticket."),
                **reason,
                "expected_version": optional(EXPECTED_VERSION),
            },
        ),
        description=description,
    )
    gives = payload(f"{name}Payload", done, ticket=(Ticket, "The ticket after it."))
    return mutation(description, act, given=given, gives=gives)
