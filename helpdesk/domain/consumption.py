"""What could be used of a unit of the forfait in a period, where it came from, what was used."""

from dataclasses import dataclass

from helpdesk.domain.gauge import GaugeState, gauge_state
from helpdesk.domain.retainer_terms import percent_used


@dataclass(frozen=True, slots=True)
class Consumption:
    """What could be used of a unit in a period and what was, in tickets or minutes.

    `opening` is what earlier lots still had, such as a pack bought last month. `adjust` may take
    away. `consumed` is what lots gave, or what an unlimited book was used for; `overage` is what
    no lot gave.
    """

    granted: int = 0
    rollover_in: int = 0
    purchased: int = 0
    gesture: int = 0
    adjust: int = 0
    opening: int = 0
    consumed: int = 0
    overage: int = 0
    is_unlimited: bool = False

    @property
    def total(self) -> int | None:
        """How much could be used; None without a limit.

        >>> Consumption(granted=120, rollover_in=60, consumed=105).total
        180
        """
        if self.is_unlimited:
            return None
        came_in = self.granted + self.rollover_in + self.purchased + self.gesture + self.adjust
        return max(0, self.opening + came_in)

    @property
    def used(self) -> int:
        """How much was used, over the total too."""
        return self.consumed + self.overage

    @property
    def percent(self) -> int | None:
        """How much of the total was used, half-up; None without a limit or an allowance (X-25).

        >>> Consumption(granted=120, rollover_in=60, consumed=105).percent
        58
        """
        return percent_used(self.used, self.total) if self.total else None

    @property
    def available(self) -> int | None:
        """How much is left to use; None without a limit."""
        return None if self.total is None else max(0, self.total - self.consumed)

    @property
    def state(self) -> GaugeState:
        """What the gauge says of it at a glance."""
        return gauge_state(self.percent, over=self.overage, is_unlimited=self.is_unlimited)
