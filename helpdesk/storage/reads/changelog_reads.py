"""The shared changelog of sites: what was updated, and which requests were delivered."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Subquery, bindparam, func, select

from helpdesk.domain.changelog import ChangelogKind
from helpdesk.domain.site_record import SiteRecord, Update
from helpdesk.domain.ticket import TicketStatus
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect, NounTable, ToOne
from helpdesk.storage.site_record_store import STANDING, site_record_of
from helpdesk.storage.tables.site_record import SITE_RECORD
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.read_models import THINGS, Branch, Noun, Thing, Wanted, thing_of

USUAL_ENTRIES, MOST_ENTRIES = 20, 100

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_NOT_DONE = sorted(
    status.value for status in (TicketStatus.SPAM, TicketStatus.MERGED, TicketStatus.CANCELLED)
)

# An entry has no table that is read by selection, only a neighbour.
_ENTRIES = NounTable(Noun.CHANGELOG_ENTRY, TICKET, ones={"ticket": ToOne("ticket_id", Noun.TICKET)})


async def read_changelog(
    loader: Loader, sites: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each site the last of what was done on it, the latest first."""
    asked = dict(branch.ask) if isinstance(branch.ask, tuple) else {}
    first, before = _size(asked), asked.get("before") or _NEVER
    params = {"ids": [site.id for site in sites], "first": first, "before": before}
    found: dict[str, list[Thing]] = {site.id: [] for site in sites}
    for row in await loader.agency_rows("changelog_updates", _updates, **params):
        record = site_record_of(row)
        found[record.site_id].append(_update_entry(record))
    for row in await loader.agency_rows("changelog_tickets", _tickets, **params):
        site_id, at, ticket_id, subject = row
        found[site_id].append(_entry(ChangelogKind.REQUEST, at, subject, ticket_id))
    shown = {
        site_id: sorted(entries, key=lambda one: one.at, reverse=True)[:first]
        for site_id, entries in found.items()
    }
    await loader.fill(_ENTRIES, [one for entries in shown.values() for one in entries], wanted)
    for site in sites:
        site.keep(branch, shown[site.id])


def _size(asked: Mapping[str, object]) -> int:
    first = asked.get("first")
    return min(max(first, 0), MOST_ENTRIES) if isinstance(first, int) else USUAL_ENTRIES


def _update_entry(record: SiteRecord) -> Thing:
    update = record.fact
    assert isinstance(update, Update)  # noqa: S101 - it was asked for by its kind
    title = f"{update.component} {update.from_version} → {update.to_version}"
    kind = ChangelogKind.UPDATE
    if update.rolled_back:
        kind = ChangelogKind.ROLLBACK
    elif update.security_published_at is not None:
        kind = ChangelogKind.SECURITY_UPDATE
    return _entry(kind, record.at, title, None, environment=update.environment)


def _entry(
    kind: ChangelogKind,
    at: datetime,
    title: str,
    ticket_id: str | None,
    *,
    environment: object = None,
) -> Thing:
    return thing_of(
        THINGS[Noun.CHANGELOG_ENTRY],
        {
            "kind": kind,
            "at": at,
            "title": title,
            "ticket_id": ticket_id,
            "environment": environment,
        },
    )


def _updates() -> AnySelect:
    record = SITE_RECORD.c
    place = func.row_number().over(
        partition_by=record.site_id, order_by=(record.at.desc(), record.id.desc())
    )
    ranked = (
        select(SITE_RECORD, place.label("place"))
        .where(
            record.agency_id == bindparam("agency_id"),
            in_list(record.site_id, "ids"),
            record.kind == Update.kind.value,
            record.at < bindparam("before"),
            STANDING,
        )
        .subquery()
    )
    return _first(ranked, record.keys())


def _tickets() -> AnySelect:
    done_at = func.coalesce(TICKET.c.delivered_at, TICKET.c.resolved_at)
    place = func.row_number().over(
        partition_by=TICKET.c.site_id, order_by=(done_at.desc(), TICKET.c.id.desc())
    )
    ranked = (
        select(
            TICKET.c.agency_id,
            TICKET.c.site_id,
            done_at.label("at"),
            TICKET.c.id,
            TICKET.c.subject,
            place.label("place"),
        )
        .where(
            TICKET.c.agency_id == bindparam("agency_id"),
            in_list(TICKET.c.site_id, "ids"),
            done_at < bindparam("before"),
            TICKET.c.status.not_in(_NOT_DONE),
        )
        .subquery()
    )
    return _first(ranked, ("site_id", "at", "id", "subject"))


def _first(ranked: Subquery, names: Sequence[str]) -> AnySelect:
    return (
        select(*(ranked.c[name] for name in names))
        .where(ranked.c.agency_id == bindparam("agency_id"), ranked.c.place <= bindparam("first"))
        .order_by(ranked.c.site_id, ranked.c.place)
    )
