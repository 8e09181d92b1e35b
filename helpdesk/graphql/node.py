"""What every thing with an identity has in common."""

import strawberry

from helpdesk.graphql.fields import attribute


@strawberry.interface(description="A thing that can be asked for again by its identity.")
class Node:
    """A thing that can be asked for again by its identity."""

    id: strawberry.ID = attribute("The opaque identity of the thing, the same for ever.")
