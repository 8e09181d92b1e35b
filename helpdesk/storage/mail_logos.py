"""The logos of mails that leave: kept once for an agency, not with each mail."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from helpdesk.storage.database import Database
from helpdesk.storage.query import Query, in_list
from helpdesk.storage.tables.ticket import BLOB
from helpdesk.usecases.mail_ports import OutboxMail

_LOGOS = Query.across_agencies(
    select(BLOB.c.agency_id, BLOB.c.sha256, BLOB.c.content).where(
        in_list(BLOB.c.agency_id, "agency_ids"), in_list(BLOB.c.sha256, "digests")
    ),
    reason="one worker sends the mail of every agency",
)


async def with_logos(database: Database, mails: Sequence[OutboxMail]) -> tuple[OutboxMail, ...]:
    """Return the mails with the pictures that their look names; read only when one does."""
    named = {(mail.agency_id, digest) for mail in mails if (digest := _digest(mail))}
    if not named:
        return tuple(mails)
    async with database.reading() as connection:
        rows = await connection.fetch_all(
            _LOGOS,
            agency_ids=sorted({agency_id for agency_id, _ in named}),
            digests=sorted({digest for _, digest in named}),
        )
    kept = {(agency_id, digest): content for agency_id, digest, content in rows}
    return tuple(
        replace(mail, mail=replace(mail.mail, logo=kept.get((mail.agency_id, _digest(mail)), b"")))
        for mail in mails
    )


def _digest(mail: OutboxMail) -> str:
    look = mail.mail.look
    return "" if look is None or look.logo is None else look.logo.sha256
