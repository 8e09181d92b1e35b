"""The viewer: who asks, for which agency, and what that lets him do."""

import strawberry

from helpdesk.domain.access import ActorKind, Scope
from helpdesk.graphql.agency import Agency, Agent
from helpdesk.graphql.client import Client
from helpdesk.graphql.contact import Contact
from helpdesk.graphql.fields import attribute
from helpdesk.graphql.notification import (
    MOST_TOPICS,
    NotificationPreference,
    own_preferences,
)
from helpdesk.graphql.request import Request
from helpdesk.graphql.scalars import LocaleCode
from helpdesk.usecases.read_models import Branch, Noun, Thing, Wanted, one


@strawberry.type(description="Who asks: a person of the agency, of a client, or a program.")
class Viewer:
    """Who asks."""

    kind: ActorKind = attribute("What he is.")
    name: str = attribute("His name.")
    locale: LocaleCode = attribute("The language that messages are given to him in.")
    scopes: list[Scope] = attribute("What his token lets him do, in this agency or for his client.")
    agency: Agency = attribute("The agency.")
    client: Client | None = attribute(
        "The one client that he is bound to; absent for the agency's own."
    )
    agent: Agent | None = attribute("The person of the agency that he is; absent if he is none.")
    contact: Contact | None = attribute("The person of a client that he is; absent if he is none.")
    notification_preferences: list[NotificationPreference] = attribute(
        "When he is told by mail about what; empty for a program.", points=MOST_TOPICS
    )


async def read_viewer(request: Request, wanted: Wanted) -> Thing:
    """Return the viewer with the neighbours that are wanted."""
    viewer, reader = request.viewer, request.reader()
    shown = Thing(
        kind=viewer.kind,
        name=viewer.name,
        locale=viewer.locale,
        scopes=sorted(scope for scope in viewer.scopes if viewer.may(scope)),
    )
    neighbours = (
        ("client", Noun.CLIENT, viewer.client_id),
        ("agent", Noun.AGENT, viewer.agent_id),
        ("contact", Noun.CONTACT, viewer.contact_id),
    )
    if Branch("agency") in wanted.branches:
        shown.keep(
            Branch("agency"),
            await one(reader, Noun.AGENCY, viewer.agency_id, wanted.along("agency")),
        )
    for name, noun, thing_id in neighbours:
        found = {}
        if thing_id is not None and Branch(name) in wanted.branches:
            found = await reader.by_ids(noun, [thing_id], wanted.along(name))
        shown.keep(Branch(name), found.get(thing_id or ""))
    if Branch("notification_preferences") in wanted.branches:
        preferences = await own_preferences(request)
        shown.keep(Branch("notification_preferences"), preferences)
    await request.explain(reader, wanted)
    return shown
