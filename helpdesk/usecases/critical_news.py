"""The client of a critical incident is informed at once, and told when he hears more (R-P0)."""

from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaClock, SlaMetric, TargetUnit
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.alert_letters import CriticalPromise
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import SavedTicket

_MINUTES = {TargetUnit.BUSINESS_MINUTES, TargetUnit.CALENDAR_MINUTES}


async def acknowledge_critical(
    desk: Desk, records: Records, saved: SavedTicket, *, answers_to: str | None = None
) -> bool:
    """Promise the requester of a new P0 the mail that acknowledges it and says what follows.

    It stands for the usual acknowledgement, by whatever door the request came in. Returns whether
    the request is one; a P0 of nobody has nobody to tell. That of a mail goes to the sender of its
    envelope, `answers_to`.
    """
    is_critical = saved.ticket.priority is Priority.P0
    if is_critical:
        key = f"acknowledgement:{saved.ticket.id}"
        await _promise(desk, records, saved, key=key, is_new=True, answers_to=answers_to)
    return is_critical


async def tell_if_critical_now(
    desk: Desk, records: Records, before: Ticket, saved: SavedTicket
) -> None:
    """Promise the requester the same news when a request became a P0 after its opening."""
    ticket = saved.ticket
    if ticket.priority is Priority.P0 and before.priority is not Priority.P0:
        key = f"critical:{ticket.id}:{ticket.version}"
        await _promise(desk, records, saved, key=key, is_new=False)


async def _promise(
    desk: Desk,
    records: Records,
    saved: SavedTicket,
    *,
    key: str,
    is_new: bool,
    answers_to: str | None = None,
) -> None:
    ticket = saved.ticket
    requester_id = ticket.requester_id
    contact = None if requester_id is None else await records.clients.contact(requester_id)
    if contact is None:
        return
    agency = await records.agencies.agency()
    letter = desk.alerts.critical(
        ticket, _promised(saved), agency=agency, contact=contact, is_new=is_new
    )
    await promise_letter(
        desk,
        records,
        ticket,
        Envelope(agency, contact, letter, answers_to=answers_to),
        key=key,
        auto_submitted=AutoSubmitted.AUTO_REPLIED if is_new else AutoSubmitted.AUTO_GENERATED,
    )


def _promised(saved: SavedTicket) -> CriticalPromise:
    running = {
        one.clock.metric: one.clock
        for one in saved.clocks
        if one.clock.stopped_at is None and one.clock.cancelled_at is None
    }
    answer, news = running.get(SlaMetric.FIRST_RESPONSE), running.get(SlaMetric.UPDATE)
    return CriticalPromise(
        answer_by=None if answer is None else answer.deadline_at,
        news_by=None if news is None else news.deadline_at,
        news_every_seconds=_rhythm(news),
        is_in_opening_hours=news is not None
        and news.target.unit is not TargetUnit.CALENDAR_MINUTES,
    )


def _rhythm(news: SlaClock | None) -> int | None:
    if news is None or news.target.unit not in _MINUTES:
        return None
    return news.target.amount * 60
