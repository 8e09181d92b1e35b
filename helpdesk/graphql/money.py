"""Amounts of money."""

import strawberry

from helpdesk.graphql.fields import attribute


@strawberry.type(description="An amount of money; a negative one is owed to the client.")
class Money:
    """An amount of money."""

    cents: int = attribute("Whole cents of the currency.")
    currency: str = attribute("The currency, as ISO 4217 calls it, such as `EUR`.")


@strawberry.input(description="An amount of money.")
class MoneyInput:
    """An amount of money."""

    cents: int = attribute("Whole cents of the currency.")
    currency: str = attribute("The currency, as ISO 4217 calls it, such as `EUR`.")
