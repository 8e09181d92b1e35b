"""`helpdesk explain`: the story of a ticket's clocks, told in sentences or as JSON."""

from collections.abc import Iterable
from enum import StrEnum

import orjson

from helpdesk.bootstrap import Engine
from helpdesk.domain.access import NotFound, system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.errors import Locale
from helpdesk.domain.explanation_text import METRICS, clock_story
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.clock_views import ClockView
from helpdesk.usecases.explain_deadline import explain_deadline


class ToldAs(StrEnum):
    """How the story is told: in lines like a table's, in plain sentences, or for a program."""

    LINES = "lines"
    SENTENCES = "sentences"
    JSON = "json"


async def explain(
    engine: Engine, agency: Agency, number: str, *, locale: Locale, told_as: ToldAs
) -> str:
    """Return the story of the ticket with this number. Raises NotFound."""
    async with engine.desk.store.reading(agency.id) as records:
        ticket = await records.tickets.ticket_by_number(number.removeprefix("#"))
    if ticket is None:
        raise NotFound(what="Ticket", id=number)
    viewer = system_viewer(agency.id, locale)
    told = await explain_deadline(engine.desk, viewer=viewer, ticket_ids=[ticket.id])
    views = told[ticket.id]
    if told_as is ToldAs.JSON:
        return orjson.dumps(_document(ticket, views), option=orjson.OPT_INDENT_2).decode()
    lines = [f"#{ticket.number} {ticket.subject} [{ticket.priority}, {ticket.status}]"]
    for view in views:
        lines.append("")
        if told_as is ToldAs.SENTENCES:
            lines.append(f"{METRICS[locale][view.clock.metric]}")
            lines += view.sentences(locale)
        else:
            lines += clock_story(
                view.clock, view.reading, view.segments, locale=locale, zone=agency.zone
            )
    return "\n".join(lines)


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
                        "calendarVersion": segment.calendar_version,
                        "termsVersion": segment.terms_version,
                    }
                    for segment in view.segments
                ],
            }
            for view in views
        ],
    }
