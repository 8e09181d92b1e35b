"""The rows of the engine: dumb tables, one file per noun, all on the metadata of `base`."""

from helpdesk.storage.tables import agency, client, contract, mail, ticket

__all__ = ["agency", "client", "contract", "mail", "ticket"]
