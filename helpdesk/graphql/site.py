"""Sites: the websites and applications under maintenance."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.graphql.audit import Audit
from helpdesk.graphql.availability import (
    MONTH,
    OF_MONTH,
    Incident,
    IncidentFilter,
    PlannedMaintenance,
    SiteAvailability,
)
from helpdesk.graphql.client import Client
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.fields import asked, attribute, condition, paged
from helpdesk.graphql.node import Node
from helpdesk.graphql.ordering import IncidentOrder, TicketOrder
from helpdesk.graphql.scalars import Url
from helpdesk.graphql.site_care import (
    CHANGELOG_BEFORE,
    CHANGELOG_FIRST,
    AuditCall,
    ChangelogEntry,
    SiteSheet,
    WarningSignal,
)
from helpdesk.graphql.site_record import (
    SiteBackup,
    SiteCertificate,
    SiteCheck,
    SitePerformance,
    SiteRestoreTest,
    SiteUpdate,
    SiteVulnerability,
)
from helpdesk.graphql.ticket_enums import Criticality
from helpdesk.graphql.ticket_filter import TicketFilter
from helpdesk.usecases.read_models import Noun, Order, OrderField

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket


@strawberry.type(description="A website or application under maintenance.")
class Site(Node):
    """A website or application under maintenance."""

    name: str = attribute("What people call the site.")
    url: Url = attribute("Where the site is.")
    criticality: Criticality = attribute("What the site is worth to the client's business.")
    client: Client = attribute("Whose site it is.")
    tickets: Connection[Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")]] = paged(
        "The requests about the site.",
        Noun.TICKET,
        order=Order(OrderField.OPENED_AT, is_descending=True),
        orders=TicketOrder,
        filters=TicketFilter,
    )
    incidents: Connection[Incident] = paged(
        "When it was not available, and what tools warned of, the latest first.",
        Noun.INCIDENT,
        order=Order(OrderField.BEGAN_AT, is_descending=True),
        orders=IncidentOrder,
        filters=IncidentFilter,
    )
    availability: SiteAvailability = asked(
        "How long it was available in a month, under the contract that covers it.",
        points=10,
        month=MONTH,
    )
    maintenance: list[PlannedMaintenance] = asked(
        "The work on it that was announced, the latest first.", points=5, month=OF_MONTH
    )
    updates: list[SiteUpdate] = asked(
        "What was updated, the latest first.", points=10, month=OF_MONTH
    )
    backups: list[SiteBackup] = asked(
        "The backups that were made, the latest first.", points=10, month=OF_MONTH
    )
    restore_tests: list[SiteRestoreTest] = asked(
        "Whether backups could be put back, the latest first.", points=5, month=OF_MONTH
    )
    certificates: list[SiteCertificate] = asked(
        "What its TLS certificates say, the latest first.", points=5, month=OF_MONTH
    )
    vulnerabilities: list[SiteVulnerability] = asked(
        "What was found out about vulnerabilities, the latest first: the first of a component and "
        "an identifier is what is known now.",
        points=10,
        month=OF_MONTH,
    )
    performance: list[SitePerformance] = asked(
        "What was measured of its pages, the latest first.", points=5, month=OF_MONTH
    )
    checks: list[SiteCheck] = asked(
        "What was looked at, the latest first.", points=5, month=OF_MONTH
    )
    sheet: SiteSheet | None = attribute(
        "What is known of it now; absent while nobody described it."
    )
    sheet_history: list[SiteSheet] = attribute(
        "Every version of what was known of it, by number.", points=5
    )
    audits: list[Audit] = attribute(
        "Its audits, the first one at the front; for a client those that were made for him and are "
        "completed.",
        points=5,
    )
    signals: list[WarningSignal] = attribute(
        "The warning signals that are up; none for a client.", points=5
    )
    past_signals: list[WarningSignal] = attribute(
        "The warning signals that fell; none for a client.", points=5
    )
    audit_call: AuditCall | None = attribute(
        "That three critical signals call for an audit; absent where they do not, and for a client."
    )
    changelog: list[ChangelogEntry] = asked(
        "What was updated and delivered on it, the latest first.",
        points=20,
        first=CHANGELOG_FIRST,
        before=CHANGELOG_BEFORE,
    )


@strawberry.input(description="Conditions on sites that all hold.")
class SiteFilter:
    """Conditions on sites that all hold."""

    client_id: list[strawberry.ID] | None = condition(
        "Whose site it is: any of these clients.", "client_ids", ids_of=Noun.CLIENT
    )
