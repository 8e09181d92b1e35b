"""A quote in the hands of each client, an intervention on his site, an exclusion of his request."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Viewer
from helpdesk.domain.exclusion import (
    CausalLink,
    Evidence,
    EvidenceKind,
    Exclusion,
    ExclusionCause,
    Intervention,
    InterventionAuthor,
)
from helpdesk.domain.ids import ExclusionId, InterventionId, QuoteId, SiteId
from helpdesk.domain.money import Money
from helpdesk.domain.quote import Quote, QuoteLine, QuoteStatus
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.classification_ports import SiteIntervention, TicketExclusion
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.read_models import Noun
from tests.graphql.credit_notes import add_credit_note

JULY = datetime(2026, 7, 1, 7, tzinfo=UTC)


async def add_coverage(
    desk: Desk, agent: Viewer, client: Viewer, ticket: Ticket
) -> dict[Noun, str]:
    """Add them past the verbs, so that the ticket stays as it is, and return their identities."""
    name = client.name.lower()
    quote = a_quote(client, ticket, name)
    intervention = SiteIntervention(
        id=InterventionId(f"intervention-{name}"),
        client_id=quote.client_id,
        site_id=SiteId(f"site-{name}"),
        intervention=Intervention(
            f"A plugin of {name}", JULY, InterventionAuthor.CLIENT, is_declared=True
        ),
        recorded_by=client.actor,
        recorded_at=JULY,
    )
    link = CausalLink(
        f"The plugin of {name}",
        JULY,
        agent.actor,
        JULY,
        (Evidence(EvidenceKind.ACTIVITY_LOG, f"log of {name}", JULY),),
    )
    exclusion = TicketExclusion(
        ExclusionId(f"exclusion-{name}"),
        ticket.id,
        Exclusion(ExclusionCause.CLIENT_INTERVENTION, link),
        intervention.id,
    )
    async with desk.store.transaction(agent.agency_id) as records:
        await records.quotes.add_quote(quote)
        await records.classifications.add_intervention(intervention)
        await records.classifications.add_exclusion(exclusion)
    return {
        Noun.QUOTE: quote.id,
        Noun.INTERVENTION: intervention.id,
        Noun.EXCLUSION: exclusion.id,
        **await add_credit_note(desk, client, name),
    }


def a_quote(client: Viewer, ticket: Ticket, name: str) -> Quote:
    """Return a quote in a client's hands."""
    assert client.client_id is not None
    return Quote(
        id=QuoteId(f"quote-{name}"),
        agency_id=client.agency_id,
        client_id=client.client_id,
        number=f"D-{name}",
        version=1,
        title=f"Quote for {name}",
        lines=(QuoteLine(f"A page of {name}", 2, Money(450_00), 20_00),),
        zone=ZoneInfo("Europe/Paris"),
        created_at=JULY,
        ticket_id=ticket.id,
        contract_id=ticket.contract_id,
        status=QuoteStatus.SENT,
        sent_at=JULY,
    )
