"""Everything that can be asked about credits and broken promises."""

from typing import Annotated, Any

import strawberry

from helpdesk.domain.month import Month
from helpdesk.graphql.connection import Connection
from helpdesk.graphql.credit import MOST_BREACHES, Breach, Credit, CreditFilter, read_breaches
from helpdesk.graphql.fields import POINTS, paged
from helpdesk.graphql.ordering import CreditOrder
from helpdesk.graphql.request import Info
from helpdesk.usecases.read_models import Noun, Order, OrderField

_CONTRACT_ID = Annotated[
    strawberry.ID, strawberry.argument(description="The identity of the contract.")
]
_MONTH = Annotated[
    Month, strawberry.argument(description="The month of the breaches, where the agency is.")
]


# Any: a thing stands for the declared type.
@strawberry.type
class CreditQuery:
    """Everything that can be asked about credits and broken promises."""

    credits: Connection[Credit] = paged(
        "The credits for broken promises, the latest first; for a client, from their approval on.",
        Noun.CREDIT,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=CreditOrder,
        filters=CreditFilter,
    )

    @strawberry.field(
        description="The promises of a contract that were broken in a month, in the order in which "
        "they were: with what follows from each, and its credits.",
        graphql_type=list[Breach],
        metadata={POINTS: MOST_BREACHES},
    )
    async def breaches(self, info: Info, contract_id: _CONTRACT_ID, month: _MONTH) -> Any:
        """Return the breach register of a contract."""
        wanted = info.context.wanted(info.path)
        return await read_breaches(info.context, wanted, contract_id, month)
