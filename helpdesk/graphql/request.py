"""One request to the API: who asks, when, what is wanted, and where answers come from."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import strawberry
from graphql.pyutils import Path

from helpdesk.domain.access import Viewer
from helpdesk.graphql.plan import Plan, RootPlan
from helpdesk.graphql.scopes import require_scopes
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.explain_deadline import explain_deadline
from helpdesk.usecases.read_models import Branch, Reader, Reads, Wanted
from helpdesk.usecases.shown_clocks import STORIES, tell


@dataclass(slots=True)
class Request:
    """One request to the API."""

    desk: Desk
    reads: Reads
    viewer: Viewer
    at: datetime
    public_url: str
    id: str
    points_limit: int
    plan: Plan = field(default_factory=Plan)
    address: str = ""
    """The IP address that the request came from, empty where the server does not say."""

    def reader(self) -> Reader:
        """Return a reader for the viewer."""
        return self.reads.reader(self.viewer, self.at)

    def root(self, path: Path) -> RootPlan:
        """Return the plan of a root field."""
        return self.plan.roots[str(path.key)]

    def wanted(self, path: Path) -> Wanted:
        """Return what is wanted of a root field. Raises ScopeMissing before anything is read."""
        root = self.root(path)
        require_scopes(self.viewer, root.scopes)
        return root.wanted

    async def explain(self, reader: Reader, wanted: Wanted) -> None:
        """Give the clocks that were read the story that explains them, if it is wanted."""
        branches = _stories(wanted)
        if not reader.clocks or not branches:
            return
        ids = list(dict.fromkeys(clock.ticket_id for clock in reader.clocks))
        told = await explain_deadline(self.desk, viewer=self.viewer, ticket_ids=ids)
        views = {
            (ticket_id, view.clock.metric, view.clock.cycle): view
            for ticket_id, views in told.items()
            for view in views
        }
        for clock in reader.clocks:
            view = views[clock.ticket_id, clock.metric, clock.cycle]
            tell(clock, view, branches, locale=self.viewer.locale)


Info: TypeAlias = strawberry.Info[Request, None]


def _stories(wanted: Wanted) -> set[Branch]:
    """Return what is wanted of the stories of clocks, wherever they stand."""
    found = {branch for branch in wanted.branches if branch.name in STORIES}
    return found.union(*map(_stories, (*wanted.branches.values(), *wanted.on.values())))
