"""What the requests of the demo are before their contracts, and how long they take."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from helpdesk.demo.story import document
from helpdesk.domain.classification import RequestNature


@dataclass(frozen=True, slots=True)
class Effort:
    """What kind of request a story is, and how many minutes it takes at least and at most.

    `estimate` is what the agency says beforehand; None where it does not.
    """

    nature: RequestNature
    shortest: int
    longest: int
    estimate: int | None

    def drawn(self, chance: Random) -> int:
        """Return how long it takes this time."""
        return chance.randint(self.shortest, self.longest)


@cache
def efforts() -> Mapping[str, Effort]:
    """Return the effort of each story by its code."""
    return {
        code: Effort(
            RequestNature(told["nature"]),
            shortest=told["minutes"][0],
            longest=told["minutes"][1],
            estimate=told.get("estimate"),
        )
        for code, told in document("work.yaml").items()
    }
