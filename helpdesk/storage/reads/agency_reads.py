"""What an agency settled about how it works, as it is shown beside it."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from helpdesk.domain.classification import ClassificationRule
from helpdesk.domain.follow_up import FollowUpRule
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect
from helpdesk.storage.tables.classification import AUTOMATIC_RULES
from helpdesk.storage.tables.mail import FOLLOW_UP
from helpdesk.usecases.mail_follow_up import DEFAULT_FOLLOW_UP
from helpdesk.usecases.read_models import Branch, Thing, Wanted


async def read_automatic_rules(
    loader: Loader, agencies: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give the agency what it said last about rules that need no person; nothing to a client."""
    rows = (
        await loader.agency_rows("automatic_rules", _latest) if loader.viewer.is_of_agency else []
    )
    said = [
        Thing(
            rules=[rule for rule in ClassificationRule if rule in rules],
            set_by_name=set_by["name"],
            set_at=set_at,
        )
        for rules, set_by, set_at in rows
    ]
    for agency in agencies:
        agency.keep(branch, said[0] if said else None)


async def read_follow_up(
    loader: Loader, agencies: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give the agency what mails on finished tickets do there; nothing to a client."""
    if not loader.viewer.is_of_agency:
        for agency in agencies:
            agency.keep(branch, None)
        return
    rows = await loader.agency_rows("follow_up", _latest_follow_up)
    rule, days, set_by, set_at = rows[0] if rows else (*_UNSAID, None, None)
    said = Thing(
        rule=FollowUpRule(rule),
        reopen_days=days,
        set_by_name=None if set_by is None else set_by["name"],
        set_at=set_at,
    )
    for agency in agencies:
        agency.keep(branch, said)


_UNSAID = (DEFAULT_FOLLOW_UP.rule, DEFAULT_FOLLOW_UP.reopen_days)


def _latest_follow_up() -> AnySelect:
    said = FOLLOW_UP.c
    return (
        select(said.rule, said.reopen_days, said.set_by, said.set_at)
        .where(said.agency_id == bindparam("agency_id"))
        .order_by(said.number.desc())
        .limit(1)
    )


def _latest() -> AnySelect:
    said = AUTOMATIC_RULES.c
    return (
        select(said.rules, said.set_by, said.set_at)
        .where(said.agency_id == bindparam("agency_id"))
        .order_by(said.number.desc())
        .limit(1)
    )
