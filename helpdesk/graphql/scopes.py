"""Which scope it takes to read things of a type, wherever they stand in a query."""

from collections.abc import Iterable, Mapping

from helpdesk.domain.access import CLIENT_SCOPES, Scope, Viewer
from helpdesk.usecases.read_models import Noun

SCOPE_OF_TYPE: Mapping[str, Scope] = {
    Noun.TOKEN.value: Scope.AGENCY_READ,
    Noun.CLIENT.value: Scope.CLIENTS_READ,
    Noun.SITE.value: Scope.CLIENTS_READ,
    Noun.CONTACT.value: Scope.CLIENTS_READ,
    Noun.CONTRACT.value: Scope.CONTRACTS_READ,
    Noun.BATCH.value: Scope.TICKETS_READ,
    Noun.TICKET.value: Scope.TICKETS_READ,
    Noun.MESSAGE.value: Scope.TICKETS_READ,
    Noun.ATTACHMENT.value: Scope.TICKETS_READ,
    Noun.TICKET_EVENT.value: Scope.TICKETS_READ,
    Noun.INBOUND_MESSAGE.value: Scope.MAIL_READ,
    Noun.OUTGOING_MESSAGE.value: Scope.MAIL_READ,
    Noun.QUOTE.value: Scope.TICKETS_READ,
    Noun.CREDIT.value: Scope.CONTRACTS_READ,
    Noun.INTERVENTION.value: Scope.TICKETS_READ,
    Noun.EXCLUSION.value: Scope.TICKETS_READ,
    Noun.CREDIT_NOTE.value: Scope.CONTRACTS_READ,
    Noun.INVOICE.value: Scope.CONTRACTS_READ,
    Noun.REPORT.value: Scope.CONTRACTS_READ,
    Noun.INCIDENT.value: Scope.CLIENTS_READ,
    Noun.AUDIT.value: Scope.CLIENTS_READ,
    Noun.MONITORING_HOOK.value: Scope.AGENCY_READ,
    Noun.MONITORING_SIGNAL.value: Scope.AGENCY_READ,
    Noun.RETAINER_ENTRY.value: Scope.CONTRACTS_READ,
    Noun.WEBHOOK.value: Scope.AGENCY_READ,
    Noun.WEBHOOK_DELIVERY.value: Scope.AGENCY_READ,
}
"""The agency itself, its agents and teams come with what names them; their lists take a scope."""

SCOPE_OF_NODE: Mapping[Noun, Scope] = {
    **{Noun(name): scope for name, scope in SCOPE_OF_TYPE.items()},
    Noun.AGENT: Scope.AGENCY_READ,
    Noun.TEAM: Scope.AGENCY_READ,
}
"""Which scope it takes to ask for a thing by its identity."""


def require_scopes(viewer: Viewer, scopes: Iterable[Scope]) -> None:
    """Refuse with ScopeMissing unless the viewer holds every scope.

    What belongs to the agency alone is not forbidden to a client: it does not exist for him.
    """
    for scope in sorted(scopes):
        if viewer.is_of_agency or scope in CLIENT_SCOPES:
            viewer.require(scope)
