"""What stands beside things: domains, members, authors, linked tickets; one query for them all."""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, exists, literal, select, union_all

from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect, NounTable, Predicate, ToOne, of_the_client
from helpdesk.storage.tables.agency import AGENT, TEAM_MEMBER
from helpdesk.storage.tables.client import CLIENT_DOMAIN
from helpdesk.storage.tables.ticket import TICKET, TICKET_LINK
from helpdesk.usecases.read_models import THINGS, Branch, Noun, Thing, Wanted, thing_of

# An actor and a link have no table that is read by selection, only neighbours.
_ACTORS = NounTable(
    Noun.ACTOR,
    AGENT,
    ones={
        "agent": ToOne("agent_id", Noun.AGENT),
        "contact": ToOne("contact_id", Noun.CONTACT),
    },
)
_LINKS = NounTable(
    Noun.TICKET_LINK, TICKET_LINK, ones={"ticket": ToOne("neighbour_id", Noun.TICKET)}
)


async def read_domains(loader: Loader, clients: Sequence[Thing], branch: Branch, _: Wanted) -> None:
    """Give each client its mail domains."""
    ids = [client.id for client in clients]
    found: dict[str, list[str]] = {client_id: [] for client_id in ids}
    for client_id, domain in await loader.rows("domains", _domains, ids=ids):
        found[client_id].append(domain)
    for client in clients:
        client.keep(branch, found[client.id])


async def read_actors(
    loader: Loader, things: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each message or event the one who wrote or did it, as the history keeps him."""
    prefix = branch.name
    actors = [
        thing_of(
            THINGS[Noun.ACTOR],
            {
                "kind": thing.__dict__[f"{prefix}_kind"],
                "name": thing.__dict__[f"{prefix}_name"],
                "agent_id": thing.__dict__["agent_id"],
                "contact_id": thing.__dict__["contact_id"],
            },
        )
        for thing in things
    ]
    await loader.fill(_ACTORS, actors, wanted)
    for thing, actor in zip(things, actors, strict=True):
        thing.keep(branch, actor)


async def read_links(
    loader: Loader, tickets: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each ticket its links, from whichever side they were made."""
    ids = list(dict.fromkeys(ticket.id for ticket in tickets))
    rows = await loader.rows("links", _links, parents=ids)
    links = [
        thing_of(
            THINGS[Noun.TICKET_LINK],
            {
                "neighbour_id": neighbour_id,
                "kind": kind,
                "linked_at": linked_at,
                "is_outgoing": bool(is_outgoing),
            },
        )
        for _, neighbour_id, kind, linked_at, is_outgoing in rows
    ]
    await loader.fill(_LINKS, links, wanted)
    found: dict[str, list[Thing]] = {ticket_id: [] for ticket_id in ids}
    for row, link in zip(rows, links, strict=True):
        found[row[0]].append(link)
    for ticket in tickets:
        ticket.keep(branch, found[ticket.id])


async def read_members(
    loader: Loader, teams: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each team its people, by name."""
    ids = list(dict.fromkeys(team.id for team in teams))
    rows = await loader.agency_rows("members", _members, ids=ids)
    people = await loader.by_ids(Noun.AGENT, list(dict.fromkeys(row[1] for row in rows)), wanted)
    found: dict[str, list[Thing]] = {team_id: [] for team_id in ids}
    for team_id, agent_id in rows:
        found[team_id].append(people[agent_id])
    for team in teams:
        team.keep(branch, found[team.id])


def _members() -> AnySelect:
    return (
        select(TEAM_MEMBER.c.team_id, TEAM_MEMBER.c.agent_id)
        .join_from(
            TEAM_MEMBER,
            AGENT,
            and_(
                AGENT.c.agency_id == TEAM_MEMBER.c.agency_id, AGENT.c.id == TEAM_MEMBER.c.agent_id
            ),
        )
        .where(
            TEAM_MEMBER.c.agency_id == bindparam("agency_id"), in_list(TEAM_MEMBER.c.team_id, "ids")
        )
        .order_by(AGENT.c.name, AGENT.c.id)
    )


def _domains(is_client: bool) -> AnySelect:  # noqa: FBT001 - called back by the reader
    return (
        select(CLIENT_DOMAIN.c.client_id, CLIENT_DOMAIN.c.domain)
        .where(
            CLIENT_DOMAIN.c.agency_id == bindparam("agency_id"),
            in_list(CLIENT_DOMAIN.c.client_id, "ids"),
            *([of_the_client(CLIENT_DOMAIN.c.client_id)] if is_client else []),
        )
        .order_by(CLIENT_DOMAIN.c.client_id, CLIENT_DOMAIN.c.domain)
    )


def _links(is_client: bool) -> AnySelect:  # noqa: FBT001 - likewise
    link, side = TICKET_LINK.c, [TICKET_LINK.c.kind, TICKET_LINK.c.linked_at]
    held: list[Predicate] = [link.agency_id == bindparam("agency_id")]
    if is_client:
        held.append(
            exists().where(
                TICKET.c.agency_id == link.agency_id,
                TICKET.c.id == link.ticket_id,
                of_the_client(TICKET.c.client_id),
            )
        )
    outgoing = select(
        link.ticket_id.label("owner"), link.other_id.label("neighbour"), *side, literal(1)
    ).where(*held, in_list(link.ticket_id, "parents"))
    incoming = select(link.other_id, link.ticket_id, *side, literal(0)).where(
        *held, in_list(link.other_id, "parents")
    )
    return union_all(outgoing, incoming).order_by("owner", "neighbour")  # type: ignore[return-value]  # a compound select is run like one
