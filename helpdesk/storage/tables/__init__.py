"""The rows of the engine: dumb tables, one file per noun, all on the metadata of `base`."""

from helpdesk.storage.tables import (
    agency,
    batch,
    classification,
    client,
    contract,
    correction,
    mail,
    quote,
    retainer,
    sla_clock,
    ticket,
    webhook,
    work_log,
    worker,
)

__all__ = [
    "agency",
    "batch",
    "classification",
    "client",
    "contract",
    "correction",
    "mail",
    "quote",
    "retainer",
    "sla_clock",
    "ticket",
    "webhook",
    "work_log",
    "worker",
]
