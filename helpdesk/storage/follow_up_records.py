"""What an agency says of mails on finished tickets, in the database."""

from sqlalchemy import select

from helpdesk.domain.follow_up import FollowUp, FollowUpRule
from helpdesk.storage.classification_documents import actor_document, actor_of
from helpdesk.storage.query import Query, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.agency import AGENCY
from helpdesk.storage.tables.mail import FOLLOW_UP
from helpdesk.usecases.mail_ports import AgencyFollowUp

_LATEST = Query(
    select(
        FOLLOW_UP.c.number,
        FOLLOW_UP.c.rule,
        FOLLOW_UP.c.reopen_days,
        FOLLOW_UP.c.set_by,
        FOLLOW_UP.c.set_at,
    )
    .where(FOLLOW_UP.c.agency_id == MINE)
    .order_by(FOLLOW_UP.c.number.desc())
    .limit(1)
)
_ADD = Query(insert(FOLLOW_UP))
_LOCK_AGENCY = Query(select(AGENCY.c.agency_id).where(AGENCY.c.agency_id == MINE).with_for_update())


async def latest_follow_up(session: Session) -> AgencyFollowUp | None:
    """Return what the agency said last, None while it said nothing."""
    row = await session.fetch_one(_LATEST)
    if row is None:
        return None
    _, rule, days, set_by, set_at = row
    return AgencyFollowUp(FollowUp(FollowUpRule(rule), days), actor_of(set_by), set_at)


async def keep_follow_up(session: Session, said: AgencyFollowUp) -> None:
    """Add what the agency says from now on."""
    await session.fetch_one(_LOCK_AGENCY)  # who says so at the same time waits here
    row = await session.fetch_one(_LATEST)
    await session.write(
        _ADD,
        number=1 if row is None else row[0] + 1,
        rule=said.follow_up.rule.value,
        reopen_days=said.follow_up.reopen_days,
        set_by=actor_document(said.set_by),
        set_at=said.set_at,
    )
