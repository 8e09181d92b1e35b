"""The rows of the engine: dumb tables, one file per noun, all on the metadata of `base`."""

from helpdesk.storage.tables import (
    agency,
    batch,
    client,
    contract,
    correction,
    mail,
    sla_clock,
    ticket,
    webhook,
    worker,
)

__all__ = [
    "agency",
    "batch",
    "client",
    "contract",
    "correction",
    "mail",
    "sla_clock",
    "ticket",
    "webhook",
    "worker",
]
