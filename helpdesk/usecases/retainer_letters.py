"""The letters about forfaits, as use-cases need them."""

from dataclasses import dataclass
from typing import Protocol

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.usecases.due_alerts import DueAlert
from helpdesk.usecases.letter_ports import Letter


@dataclass(frozen=True, slots=True)
class RetainerNews:
    """An alert, with the names of the contract and of the client that it is about."""

    due: DueAlert
    reference: str
    client_name: str


class RetainerLetters(Protocol):
    """The texts of these mails."""

    def retainer_alert(
        self, news: RetainerNews, *, agency: Agency, reader: Agent | Contact
    ) -> Letter:
        """Return what is read when a forfait is nearly used up, or a pack nearly over."""
        ...
