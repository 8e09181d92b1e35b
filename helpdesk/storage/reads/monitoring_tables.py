"""Incidents, doors for monitoring tools and their calls as kinds of things that are read."""

from sqlalchemy import exists

from helpdesk.storage.reads import filters
from helpdesk.storage.reads.noun_table import (
    Beside,
    NounTable,
    Predicate,
    ToMany,
    ToOne,
    of_the_client,
)
from helpdesk.storage.reads.uptime_reads import read_incident_facts
from helpdesk.storage.tables.availability import INCIDENT
from helpdesk.storage.tables.client import SITE
from helpdesk.storage.tables.monitoring import MONITORING_HOOK, MONITORING_SIGNAL
from helpdesk.usecases.read_models import Noun


def _incident_of_the_client() -> Predicate:
    return exists().where(
        SITE.c.agency_id == INCIDENT.c.agency_id,
        SITE.c.id == INCIDENT.c.site_id,
        of_the_client(SITE.c.client_id),
    )


MONITORING_TABLES = (
    NounTable(
        Noun.INCIDENT,
        INCIDENT,
        for_client=_incident_of_the_client,
        private=frozenset({"source"}),
        ones={
            "site": ToOne("site_id", Noun.SITE),
            "ticket": ToOne("ticket_id", Noun.TICKET),
        },
        beside={"facts": Beside(read_incident_facts)},
        filters={
            "site_ids": filters.any_of(INCIDENT.c.site_id),
            "is_over": filters.present(INCIDENT.c.ended_at),
            "began_from": filters.at_or_after(INCIDENT.c.began_at),
            "began_before": filters.before(INCIDENT.c.began_at),
        },
    ),
    NounTable(
        Noun.MONITORING_HOOK,
        MONITORING_HOOK,
        ones={"site": ToOne("site_id", Noun.SITE)},
        manys={"signals": ToMany(Noun.MONITORING_SIGNAL, "hook_id")},
    ),
    NounTable(
        Noun.MONITORING_SIGNAL,
        MONITORING_SIGNAL,
        ones={"hook": ToOne("hook_id", Noun.MONITORING_HOOK)},
        filters={"states": filters.any_of(MONITORING_SIGNAL.c.state)},
    ),
)
