"""Every kind of thing that is read, with its neighbours and the rows that exist for a client."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, exists, not_

from helpdesk.domain.sending import SendingState
from helpdesk.domain.ticket import INTERNAL_EVENTS
from helpdesk.storage.reads import filters
from helpdesk.storage.reads.agency_reads import read_automatic_rules, read_follow_up
from helpdesk.storage.reads.care_reads import CARE_OF_A_CONTRACT
from helpdesk.storage.reads.changelog_reads import read_changelog
from helpdesk.storage.reads.classification_reads import read_classification
from helpdesk.storage.reads.clock_reads import read_clocks
from helpdesk.storage.reads.commercial_tables import COMMERCIAL_TABLES
from helpdesk.storage.reads.contract_fact_reads import (
    read_history,
    read_suspensions,
    read_term_records,
)
from helpdesk.storage.reads.contract_reads import (
    read_sites,
    read_targets,
    read_terms,
    read_versions,
)
from helpdesk.storage.reads.credit_note_reads import read_client_identity, read_fiscal_identity
from helpdesk.storage.reads.credit_note_tables import CREDIT_NOTE_TABLES
from helpdesk.storage.reads.credit_reads import CREDIT_TABLES
from helpdesk.storage.reads.diagnostic_reads import DIAGNOSTICS_OF_A_SITE
from helpdesk.storage.reads.diagnostic_tables import DIAGNOSTIC_TABLES
from helpdesk.storage.reads.firing_reads import read_escalations
from helpdesk.storage.reads.mail_tables import MAIL_TABLES
from helpdesk.storage.reads.monitoring_tables import MONITORING_TABLES
from helpdesk.storage.reads.neighbours import (
    read_actors,
    read_domains,
    read_links,
    read_members,
)
from helpdesk.storage.reads.noun_table import (
    Beside,
    Derived,
    NounTable,
    Predicate,
    ToMany,
    ToOne,
    Values,
    of_the_client,
)
from helpdesk.storage.reads.report_tables import REPORT_TABLES
from helpdesk.storage.reads.retainer_reads import (
    read_alerts,
    read_balances,
    read_work_logs,
    read_worked_time,
)
from helpdesk.storage.reads.retainer_tables import RETAINER_ENTRIES, read_statements
from helpdesk.storage.reads.site_reads import CARE_OF_A_SITE
from helpdesk.storage.reads.undeliverable_reads import UNREACHED
from helpdesk.storage.reads.uptime_reads import read_contract_availability
from helpdesk.storage.tables.agency import AGENCY, AGENT, TEAM, TOKEN
from helpdesk.storage.tables.batch import BATCH
from helpdesk.storage.tables.client import CLIENT, CONTACT, SITE
from helpdesk.storage.tables.contract import CONTRACT
from helpdesk.storage.tables.ticket import (
    ATTACHMENT,
    MESSAGE,
    TICKET,
    TICKET_EVENT,
)
from helpdesk.storage.tables.webhook import WEBHOOK, WEBHOOK_DELIVERY
from helpdesk.usecases.read_models import Noun, Thing


def _has_come(column: str) -> Derived:
    def value(row: Values, at: datetime) -> bool:
        return row[column] is not None and row[column] <= at

    return Derived((column,), value)


def _changes(row: Values, _: datetime) -> list[Thing]:
    before, after = row["before"], row["after"]
    return [
        Thing(field=name, before=before.get(name), after=after.get(name))
        for name in sorted({*before, *after})
    ]


def _next_attempt(row: Values, _: datetime) -> datetime | None:
    send_after: datetime = row["send_after"]
    return send_after if row["state"] == SendingState.PENDING.value else None


def _agency_of_the_client() -> Predicate:
    return exists().where(CLIENT.c.agency_id == AGENCY.c.agency_id, of_the_client(CLIENT.c.id))


def _agent_of_the_client() -> Predicate:
    return exists().where(
        TICKET.c.agency_id == AGENT.c.agency_id,
        TICKET.c.assignee_id == AGENT.c.id,
        of_the_client(TICKET.c.client_id),
    )


def _message_of_the_client() -> Predicate:
    return and_(
        not_(MESSAGE.c.is_internal),
        exists().where(
            TICKET.c.agency_id == MESSAGE.c.agency_id,
            TICKET.c.id == MESSAGE.c.ticket_id,
            of_the_client(TICKET.c.client_id),
        ),
    )


def _event_of_the_client() -> Predicate:
    return and_(
        TICKET_EVENT.c.kind.not_in(sorted(kind.value for kind in INTERNAL_EVENTS)),
        exists().where(
            TICKET.c.agency_id == TICKET_EVENT.c.agency_id,
            TICKET.c.id == TICKET_EVENT.c.ticket_id,
            of_the_client(TICKET.c.client_id),
        ),
    )


def _attachment_of_the_client() -> Predicate:
    return exists().where(
        MESSAGE.c.agency_id == ATTACHMENT.c.agency_id,
        MESSAGE.c.id == ATTACHMENT.c.message_id,
        not_(MESSAGE.c.is_internal),
        TICKET.c.agency_id == MESSAGE.c.agency_id,
        TICKET.c.id == MESSAGE.c.ticket_id,
        of_the_client(TICKET.c.client_id),
    )


_BY_WHOM = ("agent_id", "contact_id")

_NOUN_TABLES = (
    NounTable(
        Noun.AGENCY,
        AGENCY,
        key="agency_id",
        for_client=_agency_of_the_client,
        renamed={"id": "agency_id"},
        manys={
            "teams": ToMany(Noun.TEAM, "agency_id"),
            "agents": ToMany(Noun.AGENT, "agency_id"),
        },
        beside={
            "fiscal_identity": Beside(read_fiscal_identity, ()),
            "automatic_rules": Beside(read_automatic_rules),
            "follow_up": Beside(read_follow_up),
        },
    ),
    NounTable(Noun.TEAM, TEAM, beside={"members": Beside(read_members)}),
    NounTable(
        Noun.AGENT,
        AGENT,
        for_client=_agent_of_the_client,
        private=frozenset({"email", "role", "locale"}),
        beside=UNREACHED,
    ),
    NounTable(
        Noun.TOKEN,
        TOKEN,
        ones={
            "client": ToOne("client_id", Noun.CLIENT),
            "agent": ToOne("agent_id", Noun.AGENT),
            "contact": ToOne("contact_id", Noun.CONTACT),
        },
    ),
    NounTable(
        Noun.CLIENT,
        CLIENT,
        for_client=lambda: of_the_client(CLIENT.c.id),
        manys={
            "sites": ToMany(Noun.SITE, "client_id"),
            "contacts": ToMany(Noun.CONTACT, "client_id"),
            "contracts": ToMany(Noun.CONTRACT, "client_id"),
            "tickets": ToMany(Noun.TICKET, "client_id"),
        },
        beside={
            "domains": Beside(read_domains),
            "billing_identity": Beside(read_client_identity),
        },
    ),
    NounTable(
        Noun.SITE,
        SITE,
        for_client=lambda: of_the_client(SITE.c.client_id),
        ones={"client": ToOne("client_id", Noun.CLIENT)},
        manys={
            "tickets": ToMany(Noun.TICKET, "site_id"),
            "incidents": ToMany(Noun.INCIDENT, "site_id"),
            "audits": ToMany(Noun.AUDIT, "site_id", is_paged=False),
        },
        beside={
            **CARE_OF_A_SITE,
            **DIAGNOSTICS_OF_A_SITE,
            "changelog": Beside(read_changelog),
        },
        filters={"client_ids": filters.any_of(SITE.c.client_id)},
    ),
    NounTable(
        Noun.CONTACT,
        CONTACT,
        for_client=lambda: of_the_client(CONTACT.c.client_id),
        ones={"client": ToOne("client_id", Noun.CLIENT)},
        manys={"tickets": ToMany(Noun.TICKET, "requester_id")},
        beside=UNREACHED,
        filters={
            "client_ids": filters.any_of(CONTACT.c.client_id),
            "email": filters.equal_to(CONTACT.c.email),
        },
    ),
    NounTable(
        Noun.CONTRACT,
        CONTRACT,
        for_client=lambda: of_the_client(CONTRACT.c.client_id),
        ones={"client": ToOne("client_id", Noun.CLIENT)},
        manys={
            "tickets": ToMany(Noun.TICKET, "contract_id"),
            "credits": ToMany(Noun.CREDIT, "contract_id"),
            "reports": ToMany(Noun.REPORT, "contract_id"),
            "ledger": ToMany(Noun.RETAINER_ENTRY, "contract_id"),
        },
        beside={
            "sites": Beside(read_sites),
            "terms": Beside(read_terms),
            "versions": Beside(read_versions),
            "sla_targets": Beside(read_targets),
            "history": Beside(read_history),
            "term_records": Beside(read_term_records),
            "suspensions": Beside(read_suspensions),
            "balances": Beside(read_balances),
            "availability": Beside(read_contract_availability),
            **CARE_OF_A_CONTRACT,
            "alerts": Beside(read_alerts),
            "statements": Beside(read_statements),
        },
        filters={
            "client_ids": filters.any_of(CONTRACT.c.client_id),
            "statuses": filters.any_of(CONTRACT.c.status),
            "reference": filters.equal_to(CONTRACT.c.reference),
        },
    ),
    NounTable(
        Noun.BATCH,
        BATCH,
        for_client=lambda: of_the_client(BATCH.c.client_id),
        ones={"client": ToOne("client_id", Noun.CLIENT)},
        manys={"tickets": ToMany(Noun.TICKET, "batch_id")},
        filters={
            "client_ids": filters.any_of(BATCH.c.client_id),
            "statuses": filters.any_of(BATCH.c.status),
        },
    ),
    NounTable(
        Noun.TICKET,
        TICKET,
        for_client=lambda: of_the_client(TICKET.c.client_id),
        ones={
            "client": ToOne("client_id", Noun.CLIENT),
            "requester": ToOne("requester_id", Noun.CONTACT),
            "site": ToOne("site_id", Noun.SITE),
            "contract": ToOne("contract_id", Noun.CONTRACT),
            "batch": ToOne("batch_id", Noun.BATCH),
            "assignee": ToOne("assignee_id", Noun.AGENT),
            "team": ToOne("team_id", Noun.TEAM),
            "merged_into": ToOne("merged_into_id", Noun.TICKET),
        },
        manys={
            "messages": ToMany(Noun.MESSAGE, "ticket_id"),
            "timeline": ToMany(Noun.TICKET_EVENT, "ticket_id"),
            "quotes": ToMany(Noun.QUOTE, "ticket_id"),
            "exclusions": ToMany(Noun.EXCLUSION, "ticket_id", is_paged=False),
        },
        derived={"is_breached": _has_come("breached_at")},
        beside={
            "classification": Beside(read_classification),
            "clocks": Beside(read_clocks),
            "escalations": Beside(read_escalations),
            "links": Beside(read_links),
            "work_logs": Beside(read_work_logs, ("id", "contract_id")),
            "worked_time": Beside(read_worked_time, ("id", "contract_id")),
        },
        filters={
            "statuses": filters.any_of(TICKET.c.status),
            "priorities": filters.any_of(TICKET.c.priority),
            "kinds": filters.any_of(TICKET.c.kind),
            "channels": filters.any_of(TICKET.c.channel),
            "client_ids": filters.any_of(TICKET.c.client_id),
            "site_ids": filters.any_of(TICKET.c.site_id),
            "contract_ids": filters.any_of(TICKET.c.contract_id),
            "batch_ids": filters.any_of(TICKET.c.batch_id),
            "requester_ids": filters.any_of(TICKET.c.requester_id),
            "assignee_ids": filters.any_of(TICKET.c.assignee_id),
            "team_ids": filters.any_of(TICKET.c.team_id),
            "classifications": filters.classified_as(TICKET.c.id, TICKET.c.agency_id),
            "is_assigned": filters.present(TICKET.c.assignee_id),
            "is_breached": filters.reached(TICKET.c.breached_at),
            "is_requester_unconfirmed": filters.true(TICKET.c.is_requester_unconfirmed),
            "opened_from": filters.at_or_after(TICKET.c.opened_at),
            "opened_before": filters.before(TICKET.c.opened_at),
            "updated_from": filters.at_or_after(TICKET.c.updated_at),
            "due_before": filters.before(TICKET.c.next_deadline_at),
        },
    ),
    NounTable(
        Noun.MESSAGE,
        MESSAGE,
        for_client=_message_of_the_client,
        ones={"ticket": ToOne("ticket_id", Noun.TICKET)},
        manys={"attachments": ToMany(Noun.ATTACHMENT, "message_id", is_paged=False)},
        beside={"author": Beside(read_actors, ("author_kind", "author_name", *_BY_WHOM))},
        filters={"is_internal": filters.true(MESSAGE.c.is_internal)},
    ),
    NounTable(
        Noun.ATTACHMENT,
        ATTACHMENT,
        for_client=_attachment_of_the_client,
        ones={"message": ToOne("message_id", Noun.MESSAGE)},
    ),
    NounTable(
        Noun.TICKET_EVENT,
        TICKET_EVENT,
        key="ticket_id",
        for_client=_event_of_the_client,
        ones={
            "message": ToOne("message_id", Noun.MESSAGE),
            "related_ticket": ToOne("related_ticket_id", Noun.TICKET),
        },
        derived={"changes": Derived(("before", "after"), _changes)},
        beside={"actor": Beside(read_actors, ("actor_kind", "actor_name", *_BY_WHOM))},
    ),
    NounTable(
        Noun.WEBHOOK,
        WEBHOOK,
        manys={"deliveries": ToMany(Noun.WEBHOOK_DELIVERY, "webhook_id")},
    ),
    NounTable(
        Noun.WEBHOOK_DELIVERY,
        WEBHOOK_DELIVERY,
        ones={"webhook": ToOne("webhook_id", Noun.WEBHOOK)},
        derived={"next_attempt_at": Derived(("state", "send_after"), _next_attempt)},
        filters={"states": filters.any_of(WEBHOOK_DELIVERY.c.state)},
    ),
)

NOUN_TABLES: Mapping[Noun, NounTable] = {
    table.noun: table
    for table in (
        *_NOUN_TABLES,
        *COMMERCIAL_TABLES,
        RETAINER_ENTRIES,
        *CREDIT_TABLES,
        *CREDIT_NOTE_TABLES,
        *REPORT_TABLES,
        *MONITORING_TABLES,
        *DIAGNOSTIC_TABLES,
        *MAIL_TABLES,
    )
}
