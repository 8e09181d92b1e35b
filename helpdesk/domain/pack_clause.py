"""What a contract says about bought hours: when it rests, and when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk.domain.money import Money
from helpdesk.domain.retainer_terms import RetainerUnit, priced


@dataclass(frozen=True, slots=True)
class PackClause:
    """Whether packs last longer for the days of a rest, and at which price the rest is paid back.

    `refunds` is the price of an hour, or of a ticket, that was bought and not used when the
    contract ends; what it does not name is lost then. Source: R-LIFE 5 and 6.
    """

    is_prolonged_by_rests: bool = True
    refunds: Mapping[RetainerUnit, Money] = field(default_factory=dict)

    def refund(self, unit: RetainerUnit, quantity: int) -> Money | None:
        """Return what is paid back for a quantity that is left; None where it is lost.

        >>> PackClause(refunds={RetainerUnit.PACK_MINUTES: Money(80_00)}).refund(
        ...     RetainerUnit.PACK_MINUTES, 90
        ... )
        Money(cents=12000, currency='EUR')
        """
        price = self.refunds.get(unit)
        return None if price is None else priced(price, quantity, unit)
