"""What can be corrected of the past, openly: first tried, then done."""

from datetime import datetime

import strawberry

from helpdesk.domain.ids import ContractId, TicketId
from helpdesk.graphql.calendar_input import (
    HolidaysInput,
    OpeningHoursInput,
    holidays_given,
    hours_given,
)
from helpdesk.graphql.contract_mutations import PolicyInput, policy_change
from helpdesk.graphql.correction import (
    Correction,
    MovedSlaClock,
    correction_thing,
    move_things,
)
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.usecases.correct_calendar import CorrectCalendar, correct_calendar
from helpdesk.usecases.correct_contract_terms import CorrectContractTerms, correct_contract_terms
from helpdesk.usecases.correct_event_time import CorrectEventTime, correct_event_time
from helpdesk.usecases.corrections import CorrectionOutcome
from helpdesk.usecases.read_models import Noun, Thing

_REASON = "Why it has to be corrected; it is kept with what it moved."
_DRY_RUN = "Whether only to tell which clocks would move, and to change nothing."


@strawberry.input(description="The hours that a version of a calendar should have had.")
class CorrectCalendarInput(MutationInput):
    """The hours that a version of a calendar should have had."""

    code: str = attribute("The name of the calendar.")
    version: int = attribute("The version that says the wrong hours.")
    hours: OpeningHoursInput = attribute("When it really was open, all of it.")
    holidays: HolidaysInput | None = optional("The public holidays that close it, if any.")
    reason: str = attribute(_REASON)
    dry_run: bool = attribute(_DRY_RUN)


@strawberry.input(description="The instant at which something really happened to a ticket.")
class CorrectEventTimeInput(MutationInput):
    """The instant at which something really happened to a ticket."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    sequence: int = attribute("The number of the event in the ticket's history.")
    at: datetime = attribute("When it really happened; the order of events stays.")
    reason: str = attribute(_REASON)
    dry_run: bool = attribute(_DRY_RUN)


@strawberry.input(
    description="The promises and clauses that a version of a contract should have had; what is "
    "left out stays as that version says."
)
class CorrectContractTermsInput(PolicyInput):
    """The promises and clauses that a version of a contract should have had."""

    contract_id: strawberry.ID = attribute("The contract.")
    version: int = attribute("The version that says the wrong promises.")
    reason: str = attribute(_REASON)
    dry_run: bool = attribute(_DRY_RUN)


def _payload(name: str, description: str) -> type:
    # mypy: a payload is a type made at run time
    made: type = payload(
        name,
        description,
        moves=(list[MovedSlaClock], "Every clock that moves, or would."),
        correction=(Correction, "The correction that was kept; absent after a dry run."),
    )
    return made


CorrectCalendarPayload = _payload("CorrectCalendarPayload", "A calendar that was corrected.")
CorrectContractTermsPayload = _payload(
    "CorrectContractTermsPayload", "A contract that was corrected."
)
CorrectEventTimePayload = _payload("CorrectEventTimePayload", "An instant that was corrected.")


async def calendar_corrected(request: Request, given: CorrectCalendarInput) -> Outcome:
    """Correct a version of a calendar."""
    asked = CorrectCalendar(
        code=given.code,
        version=given.version,
        hours=hours_given(given.hours),
        reason=given.reason,
        is_dry_run=given.dry_run,
        holidays=holidays_given(given.holidays),
    )
    return _shown(await correct_calendar(request.desk, viewer=request.viewer, request=asked))


async def contract_terms_corrected(request: Request, given: CorrectContractTermsInput) -> Outcome:
    """Correct a version of a contract."""
    asked = CorrectContractTerms(
        contract_id=ContractId(id_of(Noun.CONTRACT, given.contract_id, path=("contractId",))),
        version=given.version,
        change=policy_change(given),
        reason=given.reason,
        is_dry_run=given.dry_run,
    )
    return _shown(await correct_contract_terms(request.desk, viewer=request.viewer, request=asked))


async def event_time_corrected(request: Request, given: CorrectEventTimeInput) -> Outcome:
    """Correct the instant of an event."""
    asked = CorrectEventTime(
        ticket_id=TicketId(id_of(Noun.TICKET, given.ticket_id, path=("ticketId",))),
        sequence=given.sequence,
        at=given.at,
        reason=given.reason,
        is_dry_run=given.dry_run,
    )
    return _shown(await correct_event_time(request.desk, viewer=request.viewer, request=asked))


def _shown(outcome: CorrectionOutcome) -> Outcome:
    moves: list[Thing] = move_things(outcome.moves)
    if outcome.correction is None:
        return {"moves": moves}
    return {"moves": moves, "correction": correction_thing(outcome.correction)}
