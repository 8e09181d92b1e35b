"""Messages to understand: taken by one reader at a time, and those apart that ended one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, bindparam, or_, select, text, update

from helpdesk.domain.ids import AgencyId
from helpdesk.domain.inbound_email import Transport
from helpdesk.domain.inbox import (
    InboundMail,
    InboundMailReason,
    InboundMailState,
)
from helpdesk.domain.mail_trust import AuthMethod, AuthOutcome
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query, in_list
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE
from helpdesk.storage.tables.mail import INBOUND_MAIL, IS_WAITING
from helpdesk.usecases.mail_ports import SuspectMail

LEASE = timedelta(minutes=5)
"""How long a claim holds whose reader may still live; those of a dead one are freed sooner."""

INBOUND = RowMapper(
    InboundMail,
    INBOUND_MAIL,
    {
        "transport": Transport,
        "envelope_to": tuple,
        "state": InboundMailState,
        "reason": InboundMailReason,
        "auth_outcome": AuthOutcome,
        "auth_method": AuthMethod,
    },
)
CLAIM_ENDED: dict[str, Any] = {"claimed_at": None, "claimed_by": None, "crashes": 0}
"""What is written of a claim with the outcome, whatever it is. Any: values of columns."""

_ANY_NUMBER = 2**31 - 1
_REASON = "one worker reads the mail of every agency"
_WAITING = (InboundMailState.STORED.value, InboundMailState.FAILED.value)
_ROW = INBOUND_MAIL.c
# Literal: with parameters in it, the index that holds only these rows is not used.
_WAITS = text(IS_WAITING)
_IS_DUE = (
    _WAITS,
    or_(_ROW.retry_at.is_(None), _ROW.retry_at <= bindparam("at")),
)
_IS_UNTROUBLED = or_(_ROW.claimed_at.is_(None), _ROW.claimed_by == bindparam("reader"))
_IS_SUSPECT = and_(
    _ROW.claimed_at.is_not(None),
    _ROW.crashes <= bindparam("most_crashes"),
    or_(
        _ROW.claimed_by.is_(None),
        and_(_ROW.claimed_by != bindparam("reader"), _ROW.claimed_at <= bindparam("expired_at")),
    ),
)


def _due(condition: ColumnElement[bool], *columns: Column[Any]) -> Select[*tuple[Any, ...]]:
    # Any: columns and values of every type.
    return (
        select(*columns)
        .where(*_IS_DUE, condition)
        .order_by(_ROW.received_at, _ROW.id)
        .limit(bindparam("limit"))
    )


_ANY_DUE = Query.across_agencies(_due(_IS_UNTROUBLED, _ROW.id), reason=_REASON)
_ANY_SUSPECT = Query.across_agencies(_due(_IS_SUSPECT, _ROW.id), reason=_REASON)
_DUE = Query.across_agencies(
    _due(_IS_UNTROUBLED, *INBOUND.columns).with_for_update(skip_locked=True), reason=_REASON
)
_SUSPECT = Query.across_agencies(
    _due(_IS_SUSPECT, _ROW.crashes, *INBOUND.columns).with_for_update(skip_locked=True),
    reason=_REASON,
)
_CLAIM = Query(
    update(INBOUND_MAIL)
    .where(_ROW.agency_id == MINE, in_list(_ROW.id, "ids"))
    .values(claimed_at=bindparam("new_claimed_at"), claimed_by=bindparam("new_claimed_by"))
)
_CLAIM_ALONE = Query(
    update(INBOUND_MAIL)
    .where(_ROW.agency_id == MINE, _ROW.id == bindparam("id_"))
    .values(
        claimed_at=bindparam("new_claimed_at"),
        claimed_by=bindparam("new_claimed_by"),
        crashes=bindparam("new_crashes"),
    )
)
_POSTPONE = Query(
    update(INBOUND_MAIL)
    .where(_ROW.agency_id == MINE, _ROW.id == bindparam("id_"), _ROW.state.in_(_WAITING))
    .values(retry_at=bindparam("new_retry_at"), **CLAIM_ENDED)
)
_READERS = Query.across_agencies(
    select(_ROW.claimed_by)
    .where(_WAITS, _ROW.claimed_by.is_not(None))
    .distinct()
    .order_by(_ROW.claimed_by)
    .limit(100),
    reason=_REASON,
)
_FREE = Query.across_agencies(
    update(INBOUND_MAIL).where(_WAITS, in_list(_ROW.claimed_by, "readers")).values(claimed_by=None),
    reason=_REASON,
)


class SqlInboundQueue:
    """InboundQueue on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, reader: str, *, at: datetime, limit: int) -> tuple[InboundMail, ...]:
        """Take messages to understand, oldest first, so that no other reader has them."""
        async with self._database.reading() as connection:
            if not await connection.fetch_all(_ANY_DUE, at=at, reader=reader, limit=1):
                return ()
        async with self._database.writing() as connection:
            rows = await connection.fetch_all(_DUE, at=at, reader=reader, limit=limit)
            mails = tuple(INBOUND.read(row) for row in rows)
            for agency_id, ids in _by_agency(mails).items():
                await connection.execute(
                    _CLAIM, agency_id=agency_id, ids=ids, new_claimed_at=at, new_claimed_by=reader
                )
        return mails

    async def claim_suspect(
        self, reader: str, *, at: datetime, is_untried: bool = False
    ) -> SuspectMail | None:
        """Take the oldest message whose reader never came back, counted before it is read.

        With `is_untried`, one that was never taken alone yet.
        """
        limits = {"most_crashes": 0 if is_untried else _ANY_NUMBER, "limit": 1}
        asked = {"at": at, "reader": reader, "expired_at": at - LEASE, **limits}
        async with self._database.reading() as connection:
            if not await connection.fetch_all(_ANY_SUSPECT, **asked):
                return None
        async with self._database.writing() as connection:
            rows = await connection.fetch_all(_SUSPECT, **asked)
            if not rows:
                return None
            suspect = SuspectMail(INBOUND.read(rows[0][1:]), rows[0][0] + 1)
            await connection.execute(
                _CLAIM_ALONE,
                agency_id=suspect.mail.agency_id,
                id_=suspect.mail.id,
                new_claimed_at=at,
                new_claimed_by=reader,
                new_crashes=suspect.crashes,
            )
        return suspect

    async def postpone(self, mail: InboundMail, *, until: datetime) -> None:
        """Give a claimed message back, to be taken at an instant; it counts as no try."""
        async with self._database.writing() as connection:
            await connection.execute(
                _POSTPONE, agency_id=mail.agency_id, id_=mail.id, new_retry_at=until
            )

    async def readers(self) -> tuple[str, ...]:
        """Return who holds messages."""
        async with self._database.reading() as connection:
            return tuple(reader for (reader,) in await connection.fetch_all(_READERS))

    async def free(self, readers: Iterable[str]) -> None:
        """Say that these readers are dead: what they held is taken at once, with care."""
        async with self._database.writing() as connection:
            await connection.execute(_FREE, readers=sorted(readers))


def _by_agency(mails: Iterable[InboundMail]) -> dict[AgencyId, list[str]]:
    ids: dict[AgencyId, list[str]] = {}
    for mail in mails:
        ids.setdefault(mail.agency_id, []).append(mail.id)
    return ids
