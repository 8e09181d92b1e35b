"""What an agency settled about how it works, as it is shown beside it."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from helpdesk.domain.classification import ClassificationRule
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect
from helpdesk.storage.tables.classification import AUTOMATIC_RULES
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


def _latest() -> AnySelect:
    said = AUTOMATIC_RULES.c
    return (
        select(said.rules, said.set_by, said.set_at)
        .where(said.agency_id == bindparam("agency_id"))
        .order_by(said.number.desc())
        .limit(1)
    )
