"""Signals go up and down by what the engine knows of each site, and three of them call for help."""

from collections.abc import Mapping

from helpdesk.domain.access import SYSTEM, system_viewer
from helpdesk.domain.diagnosis import derived_signals
from helpdesk.domain.finding import Finding
from helpdesk.domain.ids import AgencyId, SignalEpisodeId, SiteId
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.signal import (
    AuditCall,
    Signal,
    SignalAction,
    SignalChange,
    SignalEpisode,
    calls_for,
    cleared,
    signals_up,
)
from helpdesk.domain.ticket import Channel, TicketKind
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.known_of_site import has_left, known_of_site
from helpdesk.usecases.open_ticket import OpenTicket, Parties, opened_ticket
from helpdesk.usecases.site_in_hand import SiteInHand, site_in_hand


async def derive_signals(desk: Desk, agency_id: AgencyId) -> int:
    """Raise and clear the signals of every site by its data, and return how many moved.

    Each site is a transaction of its own, so that none holds up the others.
    """
    sites = await sites_to_derive(desk, agency_id)
    return sum([await derive_site_signals(desk, agency_id, site_id) for site_id in sites])


async def sites_to_derive(desk: Desk, agency_id: AgencyId) -> tuple[SiteId, ...]:
    """Return every site of an agency."""
    async with desk.store.reading(agency_id) as records:
        return tuple(site.id for site in await records.diagnostics.sites())


async def derive_site_signals(desk: Desk, agency_id: AgencyId, site_id: SiteId) -> int:
    """Raise and clear the signals of a site by its data, and return how many moved.

    Safe to repeat: what stands already is not raised again. A site whose contracts are over is left
    alone. Source: R-SIG, rules 9.
    """
    async with desk.store.transaction(agency_id) as records:
        held = await site_in_hand(desk, records, site_id, SYSTEM)
        assert held is not None  # noqa: S101 - no site is ever removed
        contracts = await records.contracts.contracts_of(held.site.client_id)
        if has_left(contracts, site_id):
            return 0
        findings = await findings_of(held)
        up = signals_up(await records.diagnostics.signals_up(site_id))
        moved = 0
        for signal, finding in findings.items():
            moved += await _follow(held, up.get(signal), signal, finding)
        if moved:
            await follow_rule_of_three(held)
        return moved


async def findings_of(held: SiteInHand) -> Mapping[Signal, Finding]:
    """Return what the data of a site tell of its signals today."""
    return derived_signals(await known_of_site(held), today=held.today)


async def follow_rule_of_three(held: SiteInHand) -> None:
    """Open one audit task when the three criticals stand together, once until one of them falls."""
    diagnostics, site = held.records.diagnostics, held.site
    up = signals_up(await diagnostics.signals_up(site.id))
    is_called = calls_for(up.keys()) is SignalAction.IMMEDIATE_AUDIT
    standing = await diagnostics.standing_call(site.id)
    if is_called and standing is None:
        await _call_for_audit(held)
    elif standing is not None and not is_called:
        await diagnostics.end_call(site.id, held.today)


async def _follow(
    held: SiteInHand, standing: SignalEpisode | None, signal: Signal, finding: Finding
) -> int:
    """Raise or clear one signal; a person who knew better than the data is not overruled."""
    change = SignalChange(held.today, held.now, SYSTEM, finding.evidence(held.agency.locale))
    diagnostics = held.records.diagnostics
    if standing is None and not finding.is_fine:
        episode_id = SignalEpisodeId(held.desk.new_id())
        await diagnostics.raise_signal(
            SignalEpisode(episode_id, held.site.id, signal, change, is_derived=True)
        )
        return 1
    if standing is not None and finding.is_fine and not standing.is_against_data:
        await diagnostics.clear_signal(cleared([standing], signal, change))
        return 1
    return 0


async def _call_for_audit(held: SiteInHand) -> None:
    """Open the task under no contract: it is the agency's own, no promise runs and nobody pays."""
    desk, agency, site = held.desk, held.agency, held.site
    text = desk.diagnostics.audit_text(site, locale=agency.locale)
    request = OpenTicket(
        subject=text.subject,
        description=text.body,
        kind=TicketKind.PREVENTIVE,
        channel=Channel.MONITORING,
        impact=Impact.MAJOR,
        urgency=Urgency.HIGH,
    )
    engine = system_viewer(agency.id, agency.locale)
    parties = Parties(site.client_id, requester=None, site=site, contract=None)
    saved = await opened_ticket(desk, held.records, engine, request, parties)
    call = AuditCall(site.id, held.today, held.now)
    await held.records.diagnostics.add_call(call, saved.ticket.id)
