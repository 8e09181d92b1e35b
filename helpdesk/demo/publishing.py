"""The monthly reports of the demo: the last few months are published, the present one is not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from helpdesk.demo.cast import Cast, House
from helpdesk.demo.script import Beat
from helpdesk.demo.story import document
from helpdesk.demo.turns import Turn
from helpdesk.domain.month import Month
from helpdesk.domain.plan import ReportLevel
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.edit_report import EditReport, edit_report
from helpdesk.usecases.known_of_site import services_of
from helpdesk.usecases.publish_report import PublishReport, publish_report

PUBLISHED_MONTHS = 3
_DAYS_LATER = 4


@dataclass(frozen=True, slots=True)
class Publishing:
    """The reports of the last of these months, each with a few words from a person."""

    cast: Cast
    turns: Sequence[Turn]

    def beats(self) -> Iterator[Beat]:
        """Return when each month is told, once it is settled and billed."""
        latest = reversed(self.turns[-PUBLISHED_MONTHS:])
        for months_ago, turn in enumerate(latest, start=1):
            for number, (house, name) in enumerate(reported(self.cast)):
                message = document("promises.yaml")["messages"][name][months_ago]
                deed = partial(self._published, house, turn.month, message)
                yield Beat(turn.after(_DAYS_LATER, 1 + number / 4), deed)

    async def _published(self, house: House, month: Month, message: str, desk: Desk) -> None:
        alice = self.cast.colleagues["alice"].viewer
        assert house.contract is not None  # noqa: S101 - a report is of a contract
        words = EditReport(house.contract.id, month, message=message)
        await edit_report(desk, viewer=alice, request=words)
        await publish_report(desk, viewer=alice, request=PublishReport(house.contract.id, month))


def reported(cast: Cast) -> Iterator[tuple[House, str]]:
    """Return the clients whose contract has a monthly report, with the names the files use."""
    for name, house in cast.houses.items():
        if house.terms is not None:
            report = services_of(house.terms.commercial).report
            if report is not None and report.value is not ReportLevel.NONE:
                yield house, name
