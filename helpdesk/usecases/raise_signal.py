"""A person raises a warning signal of a site, or clears it, with what shows it."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import SignalEpisodeId, SiteId
from helpdesk.domain.message import BODY_LIMIT, required_text
from helpdesk.domain.secret_text import require_no_secret
from helpdesk.domain.signal import (
    Signal,
    SignalChange,
    SignalEpisode,
    SignalStands,
    cleared,
    raised,
)
from helpdesk.usecases.derive_signals import findings_of, follow_rule_of_three
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.site_in_hand import SiteInHand, site_for_agency


@dataclass(frozen=True, slots=True)
class MoveSignal:
    """Which signal of which site, and what shows that it stands or that it is over."""

    site_id: SiteId
    signal: Signal
    evidence: str


async def raise_signal(desk: Desk, *, viewer: Viewer, request: MoveSignal) -> SignalEpisode:
    """Raise a signal and return it; one that the data contradict is cleared by people alone.

    Raises AgencyOnly, ScopeMissing, NotFound, TextRequired, TextTooLong, SecretRefused, SignalUp.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await site_for_agency(desk, records, viewer, request.site_id)
        change = _change(held, request)
        finding = (await findings_of(held)).get(request.signal)
        episode = SignalEpisode(
            SignalEpisodeId(desk.new_id()),
            held.site.id,
            request.signal,
            change,
            is_against_data=finding is not None and finding.is_fine,
        )
        up = await records.diagnostics.signals_up(held.site.id)
        await records.diagnostics.raise_signal(raised(up, episode))
        await follow_rule_of_three(held)
        return episode


async def clear_signal(desk: Desk, *, viewer: Viewer, request: MoveSignal) -> SignalEpisode:
    """Clear a signal and return its episode.

    Raises AgencyOnly, ScopeMissing, NotFound, TextRequired, TextTooLong, SecretRefused, SignalDown,
    and SignalStands while the data still show it: what changed is to be recorded then.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await site_for_agency(desk, records, viewer, request.site_id)
        change = _change(held, request)
        up = await records.diagnostics.signals_up(held.site.id)
        episode = cleared(up, request.signal, change)
        finding = (await findings_of(held)).get(request.signal)
        if finding is not None and not finding.is_fine:
            evidence = finding.evidence(viewer.locale)
            raise SignalStands(path=("signal",), signal=request.signal, evidence=evidence)
        await records.diagnostics.clear_signal(episode)
        await follow_rule_of_three(held)
        return episode


def _change(held: SiteInHand, request: MoveSignal) -> SignalChange:
    evidence = required_text(request.evidence, field="evidence", limit=BODY_LIMIT)
    require_no_secret(evidence, field="evidence")
    return SignalChange(held.today, held.now, held.actor, evidence)
