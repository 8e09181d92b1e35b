"""What is known of the addresses of people: since when, and why, our mails do not reach them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect, Beside
from helpdesk.storage.tables.undeliverable import UNDELIVERABLE_ADDRESS
from helpdesk.usecases.read_models import Branch, Thing, Wanted

_ADDRESS = UNDELIVERABLE_ADDRESS.c


async def read_unreached(
    loader: Loader, people: Sequence[Thing], branch: Branch, _: Wanted
) -> None:
    """Give each person since when, or why, mails do not reach him; nothing to a client."""
    rows = []
    if loader.viewer.is_of_agency:
        addresses = sorted({person.email.lower() for person in people})
        rows = await loader.agency_rows("unreached", _unreached, addresses=addresses)
    known = {address: (since, reason) for address, since, reason in rows}
    is_instant = branch.name == "undeliverable_since"
    for person in people:
        since, reason = known.get((person.__dict__.get("email") or "").lower(), (None, None))
        person.keep(branch, since if is_instant else reason)


UNREACHED = {
    "undeliverable_since": Beside(read_unreached, ("email",)),
    "undeliverable_reason": Beside(read_unreached, ("email",)),
}
"""What stands beside a person of the agency or of a client."""


def _unreached() -> AnySelect:
    return select(_ADDRESS.address, _ADDRESS.since, _ADDRESS.reason).where(
        _ADDRESS.agency_id == bindparam("agency_id"),
        in_list(_ADDRESS.address, "addresses"),
        _ADDRESS.cleared_at.is_(None),
    )
