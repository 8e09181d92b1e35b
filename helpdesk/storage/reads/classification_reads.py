"""What requests were taken for, as it is shown beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect
from helpdesk.storage.tables.classification import CLASSIFICATION
from helpdesk.usecases.read_models import Branch, Thing, Wanted

_SHOWN = (
    "ticket_id", "sequence", "state", "nature", "coverage", "funding", "rule", "why", "exclusion",
    "estimate_minutes", "client_agrees_run", "is_regression", "plan_code", "rules_say",
    "proposed_by", "proposed_at", "decided_by", "decided_at", "decision_reason", "disputed_by",
    "disputed_at", "dispute_reason",
)  # fmt: skip


async def read_classification(
    loader: Loader, tickets: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each ticket the classification that holds, if it has one."""
    ids = [ticket.id for ticket in tickets]
    rows = await loader.agency_rows("classifications", _latest, parents=ids)
    found = {row[0]: _thing(dict(zip(_SHOWN, row, strict=True))) for row in rows}
    for ticket in tickets:
        ticket.keep(branch, found.get(ticket.id))


def _thing(row: Mapping[str, Any]) -> Thing:  # Any: columns of every type
    rules_say = row["rules_say"]
    people = ("proposed_by", "decided_by", "disputed_by")
    return Thing(
        **{name: value for name, value in row.items() if name not in people},
        rules_coverage=rules_say["coverage"],
        rules_funding=rules_say["funding"],
        **{f"{name}_name": row[name]["name"] if row[name] else None for name in people},
    )


def _latest() -> AnySelect:
    return select(*(CLASSIFICATION.c[name] for name in _SHOWN)).where(
        CLASSIFICATION.c.agency_id == bindparam("agency_id"),
        in_list(CLASSIFICATION.c.ticket_id, "parents"),
        CLASSIFICATION.c.is_latest,
    )
