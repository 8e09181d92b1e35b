"""Senders whose mails are set aside, in the database."""

from sqlalchemy import bindparam, select, update

from helpdesk.domain.sender_rule import SenderRule, rules_about
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.mail import SENDER_RULE

SHOWN = 1000

_RULES = RowMapper(SenderRule, SENDER_RULE, {})
_RULE = Query(
    select(*_RULES.columns).where(
        SENDER_RULE.c.agency_id == MINE, SENDER_RULE.c.sender == bindparam("sender")
    )
)
_HOLDING = Query(
    select(*_RULES.columns)
    .where(SENDER_RULE.c.agency_id == MINE, SENDER_RULE.c.lifted_at.is_(None))
    .order_by(SENDER_RULE.c.blocked_at.desc(), SENDER_RULE.c.sender)
    .limit(SHOWN)
)
_BLOCKED = Query(
    select(SENDER_RULE.c.sender)
    .where(
        SENDER_RULE.c.agency_id == MINE,
        in_list(SENDER_RULE.c.sender, "senders"),
        SENDER_RULE.c.lifted_at.is_(None),
    )
    .limit(1)
)
_NEW = insert(SENDER_RULE)
_BLOCK = Query(
    _NEW.on_conflict_do_update(
        index_elements=[SENDER_RULE.c.agency_id, SENDER_RULE.c.sender],
        set_={
            name: _NEW.excluded[name]
            for name in ("blocked_at", "blocked_by", "lifted_at", "lifted_by")
        },
        where=SENDER_RULE.c.lifted_at.is_not(None),
    )
)
_LIFT = Query(
    update(SENDER_RULE)
    .where(SENDER_RULE.c.agency_id == MINE, SENDER_RULE.c.sender == bindparam("sender_"))
    .values(lifted_at=bindparam("new_lifted_at"), lifted_by=bindparam("new_lifted_by"))
)


class SqlSenderRules:
    """SenderRules on a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def rule(self, sender: str) -> SenderRule | None:
        """Return the rule about a sender, a lifted one too; None when there never was one."""
        row = await self._session.fetch_one(_RULE, sender=sender)
        return None if row is None else _RULES.read(row)

    async def rules(self) -> tuple[SenderRule, ...]:
        """Return the rules that hold, the latest first."""
        return tuple(_RULES.read(row) for row in await self._session.fetch_all(_HOLDING))

    async def is_blocked(self, address: str) -> bool:
        """Return whether a rule that holds is about an address."""
        senders = list(rules_about(address))
        return await self._session.fetch_one(_BLOCKED, senders=senders) is not None

    async def block(self, rule: SenderRule) -> None:
        """Make a rule hold; one about the same sender that holds stays as it was."""
        await self._session.execute(
            _BLOCK, **{k: v for k, v in _RULES.params(rule).items() if k != "agency_id"}
        )

    async def lift(self, rule: SenderRule) -> None:
        """Write that a rule was lifted."""
        await self._session.execute(
            _LIFT,
            sender_=rule.sender,
            new_lifted_at=rule.lifted_at,
            new_lifted_by=rule.lifted_by,
        )
