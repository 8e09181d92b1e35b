"""`helpdesk explain`: the story of a ticket's clocks, told in sentences or as JSON."""

from collections.abc import Iterable

import orjson

from helpdesk.bootstrap import Engine
from helpdesk.domain.access import NotFound, system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.errors import Locale
from helpdesk.domain.explanation_text import clock_story
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.clock_views import ClockView
from helpdesk.usecases.explain_deadline import explain_deadline


async def explain(
    engine: Engine, agency: Agency, number: str, *, locale: Locale, as_json: bool
) -> str:
    """Return the story of the ticket with this number. Raises NotFound."""
    async with engine.desk.store.reading(agency.id) as records:
        ticket = await records.tickets.ticket_by_number(number.removeprefix("#"))
    if ticket is None:
        raise NotFound(what="Ticket", id=number)
    viewer = system_viewer(agency.id, locale)
    told = await explain_deadline(engine.desk, viewer=viewer, ticket_ids=[ticket.id])
    views = told[ticket.id]
    if as_json:
        return orjson.dumps(_document(ticket, views), option=orjson.OPT_INDENT_2).decode()
    return "\n".join(_sentences(ticket, views, agency, locale))


def _sentences(
    ticket: Ticket, views: Iterable[ClockView], agency: Agency, locale: Locale
) -> Iterable[str]:
    yield f"#{ticket.number} {ticket.subject} [{ticket.priority}, {ticket.status}]"
    for view in views:
        yield ""
        yield from clock_story(
            view.clock, view.reading, view.segments, locale=locale, zone=agency.zone
        )


def _document(ticket: Ticket, views: Iterable[ClockView]) -> dict[str, object]:
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "priority": ticket.priority,
        "status": ticket.status,
        "clocks": [
            {
                "metric": view.clock.metric,
                "cycle": view.clock.cycle,
                "state": view.reading.state,
                "termsVersion": view.terms_version,
                "calendarVersion": view.calendar_version,
                "startedAt": view.clock.started_at,
                "deadlineAt": view.clock.deadline_at,
                "breachedAt": view.clock.breached_at,
                "stoppedAt": view.clock.stopped_at,
                "elapsedSeconds": view.reading.elapsed_seconds,
                "remainingSeconds": view.reading.remaining_seconds,
                "segments": [
                    {
                        "from": segment.start,
                        "to": segment.end,
                        "kind": segment.kind,
                        "reason": segment.reason,
                        "seconds": segment.seconds,
                        "runningTotal": segment.running_total,
                    }
                    for segment in view.segments
                ],
            }
            for view in views
        ],
    }
