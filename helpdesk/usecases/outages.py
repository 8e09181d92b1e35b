"""What a tool tells of a site becomes an incident with its ticket, and ends them (R-UPT, REQ-I03).

An outage opens a P0 once, however often it is told. Its end ends the incident; the ticket gets a
message, and is resolved when nobody has begun to work on it: who has begun decides himself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Site
from helpdesk.domain.contract import contract_for
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import IncidentId, MessageId, TicketId
from helpdesk.domain.incident import Incident, ended, recorded
from helpdesk.domain.message import SUBJECT_LIMIT, Message, storable
from helpdesk.domain.monitoring import Alert, AlertKind, MonitoringHook, SignalSiteUnknown
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.ticket import (
    Channel,
    Ticket,
    TicketEventKind,
    TicketKind,
    TicketStatus,
    changed,
)
from helpdesk.domain.ticket_life import Occasion, resolved
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.usecases.critical_news import acknowledge_critical
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.monitoring_hooks import watch_from_now
from helpdesk.usecases.open_ticket import OpenTicket, Parties, opened_ticket
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change

_UNTOUCHED = frozenset({TicketStatus.NEW, TicketStatus.OPEN})
_REASONS = {
    Locale.EN: "A probe found the site down.",
    Locale.FR: "Une sonde a trouvé le site indisponible.",
}
_OVER = {
    Locale.EN: "{tool} reports that “{title}” has been over since {at}.",
    Locale.FR: "{tool} signale que « {title} » a pris fin le {at}.",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A tool at the door: where it is heard, by which hook it came, and as whom it acts."""

    desk: Desk
    records: Records
    viewer: Viewer
    hook: MonitoringHook

    @property
    def on(self) -> Occasion:
        """Who acts, and now."""
        return Occasion(self.desk.now(), self.viewer.actor)


async def take_alert(call: Call, alert: Alert) -> str:
    """Do what an alert asks for, in the caller's transaction, and return a word on it.

    Raises SignalSiteUnknown.
    """
    known = await _known(call, alert)
    if known is not None:
        if alert.is_over and known.is_open:
            return await _end(call, known, alert)
        return f"known: {known.id}"
    if alert.is_over and alert.began_at is None:
        return "the end of nothing known"
    return await _begin(call, alert)


async def _known(call: Call, alert: Alert) -> Incident | None:
    """Return the incident that an alert tells of; without an occurrence, the one that lasts."""
    incidents = call.records.incidents
    if alert.occurrence:
        return await incidents.incident_of_key(call.hook.source, storable(alert.key))
    return await incidents.open_incident(call.hook.source, storable(alert.prefix))


async def _begin(call: Call, alert: Alert) -> str:
    site = await _site(call.records, call.hook, alert)
    incident = _incident(call, site, alert)
    await call.records.incidents.add(recorded(incident, at=call.on.at, actor=call.on.actor))
    await watch_from_now(call.desk, call.records, call.viewer, call.hook, site.id)
    if alert.is_over:
        return f"over already: {incident.id}"
    ticket = await _open_ticket(call, site, alert, incident)
    await call.records.incidents.set_ticket(incident.id, ticket.id)
    return f"incident {incident.id}, ticket {ticket.number}"


def _incident(call: Call, site: Site, alert: Alert) -> Incident:
    at = call.on.at
    began_at = min(alert.began_at or at, at)
    ended_at = _end_of(alert, began_at, at) if alert.is_over else None
    return Incident(
        id=IncidentId(call.desk.new_id()),
        agency_id=call.viewer.agency_id,
        site_id=site.id,
        source=call.hook.source,
        began_at=began_at,
        ended_at=ended_at,
        reason=OutageReason.UNKNOWN,
        title=storable(alert.title).strip()[:SUBJECT_LIMIT] or call.hook.name,
        external_key=storable(alert.key if alert.occurrence else f"{alert.prefix}{at.isoformat()}"),
        is_outage=alert.kind is AlertKind.OUTAGE,
    )


async def _open_ticket(call: Call, site: Site, alert: Alert, incident: Incident) -> Ticket:
    desk, records, viewer = call.desk, call.records, call.viewer
    contracts = await records.contracts.contracts_of(site.client_id)
    parties = Parties(site.client_id, None, site, contract_for(contracts, site.id))
    is_outage = incident.is_outage
    request = OpenTicket(
        subject=incident.title,
        description=storable(alert.detail).strip() or incident.title,
        site_id=site.id,
        kind=TicketKind.MONITORING,
        channel=Channel.MONITORING,
        impact=Impact.CRITICAL if is_outage else None,
        urgency=Urgency.HIGH if is_outage else None,
        priority=Priority.P0 if is_outage else None,
        reason=_REASONS[viewer.locale] if is_outage else None,
    )
    saved = await opened_ticket(desk, records, viewer, request, parties)
    await acknowledge_critical(desk, records, saved)
    return saved.ticket


async def _end(call: Call, incident: Incident, alert: Alert) -> str:
    end = _end_of(alert, incident.began_at, call.on.at)
    over = ended(incident, end, at=call.on.at, actor=call.on.actor)
    await call.records.incidents.save(over)
    if incident.ticket_id is not None:
        await _tell_ticket(call, incident.ticket_id, incident, end)
    return f"over: {incident.id}"


async def _tell_ticket(call: Call, ticket_id: TicketId, incident: Incident, end: datetime) -> None:
    ticket = await call.records.tickets.ticket(ticket_id)
    assert ticket is not None  # noqa: S101 - tickets are never removed
    on = call.on
    message = Message(
        id=MessageId(call.desk.new_id()),
        agency_id=ticket.agency_id,
        ticket_id=ticket.id,
        sent_at=on.at,
        author=on.actor,
        channel=Channel.MONITORING,
        body=await _over(call, incident, end),
        is_automatic=True,
    )
    change = changed(
        ticket,
        TicketEventKind.AUTOMATIC_MESSAGE,
        at=on.at,
        actor=on.actor,
        message_id=message.id,
    )
    if await _is_untouched(call.records, ticket):
        change = change.then(resolved(change.ticket, on=on))
    await save_change(call.desk, call.records, change)
    await call.records.tickets.add_message(message)


async def _over(call: Call, incident: Incident, end: datetime) -> str:
    """Return what the ticket says of the end, at the time of the agency's wall."""
    agency = await call.records.agencies.agency()
    local = end.astimezone(ZoneInfo(agency.zone)).strftime("%Y-%m-%d %H:%M")
    return _OVER[agency.locale].format(tool=call.viewer.name, title=incident.title, at=local)


async def _is_untouched(records: Records, ticket: Ticket) -> bool:
    """Return whether nobody has begun to work: not taken, not answered, no time written on it."""
    if ticket.status not in _UNTOUCHED or ticket.first_responded_at is not None:
        return False
    if ticket.assignee_id is not None:
        return False
    return not await records.work_logs.work_of(ticket.id)


def _end_of(alert: Alert, began_at: datetime, at: datetime) -> datetime:
    """Return when a trouble was over: as told, but not before it began and not later than now."""
    told = min(alert.ended_at or at, at)
    return told if told >= began_at else at


async def _site(records: Records, hook: MonitoringHook, alert: Alert) -> Site:
    """Return the site of the hook, else the one at the address that the tool names."""
    if hook.site_id is not None:
        bound = await records.clients.site(hook.site_id)
        assert bound is not None  # noqa: S101 - sites are never removed
        return bound
    found = _at_address(await records.monitoring.sites(), alert.site)
    if len(found) != 1:
        raise SignalSiteUnknown(given=alert.site[:200])
    return found[0]


def _at_address(sites: Sequence[Site], given: str) -> list[Site]:
    """Return the sites whose name or address, else whose host, is the one given."""
    exact = [one for one in sites if given and given in {one.id, one.name, one.url}]
    if exact:
        return exact
    host = _host(given)
    return [one for one in sites if host and _host(one.url) == host]


def _host(address: str) -> str:
    """Return the host of an address with or without its scheme; nothing where there is none."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        return (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
