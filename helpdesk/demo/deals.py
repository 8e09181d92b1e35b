"""What the clients of the demo buy beside their forfait, and what they are offered."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from helpdesk.demo import deeds, trade
from helpdesk.demo.cast import Cast, House
from helpdesk.demo.script import Beat, Thread


def deals(cast: Cast, now: datetime) -> Iterator[Thread]:
    """Return the packs that were bought and the gestures that were made before `now`."""
    manager = next(iter(cast.colleagues.values())).viewer
    for house in cast.houses.values():
        if house.contract is None:
            continue
        contract_id = house.contract.id
        for told in house.settled.get("packs", ()):
            yield _at(house, now, told["bought"], trade.selling(contract_id, manager, told))
        for told in house.settled.get("gestures", ()):
            yield _at(house, now, told["given"], trade.offering(contract_id, manager, told))


def _at(house: House, now: datetime, days: int, deed: deeds.Deed) -> Thread:
    """Return a deed in the agency's working hours, so many days ago."""
    at = house.working.after(now - timedelta(days=days), 0)
    return Thread(deeds.Case(), [Beat(at, deed)])
