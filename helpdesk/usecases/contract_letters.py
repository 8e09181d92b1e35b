"""The letters about contracts, as use-cases need them."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from helpdesk.domain.agency import Agency, Agent
from helpdesk.usecases.letter_ports import Letter


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """The last local day to give notice, and from when on the contract is renewed otherwise."""

    reference: str
    client_name: str
    last_day: date
    renewed_on: date


class ContractLetters(Protocol):
    """The texts of these mails."""

    def notice_reminder(self, notice: NoticeDay, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads before the last notice day of a contract."""
        ...
