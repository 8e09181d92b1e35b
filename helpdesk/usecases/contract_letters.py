"""The letters about contracts, as use-cases need them."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.plan import PlanPrice
from helpdesk.usecases.letter_ports import Letter


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """The last local day to give notice, and from when on the contract is renewed otherwise."""

    reference: str
    client_name: str
    last_day: date
    renewed_on: date


@dataclass(frozen=True, slots=True)
class RenewalToCome:
    """That a contract is renewed on a local day for so many months, unless refused until another.

    `last_day` is the last local day to refuse, included.
    """

    reference: str
    renewed_on: date
    months: int
    last_day: date


@dataclass(frozen=True, slots=True)
class PriceToCome:
    """That a contract costs more a month from a local day on, unless notice is given until another.

    `last_day` is the last local day to give notice, included.
    """

    reference: str
    since: date
    before: PlanPrice
    after: PlanPrice
    last_day: date


class ContractLetters(Protocol):
    """The texts of these mails."""

    def notice_reminder(self, notice: NoticeDay, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads before the last notice day of a contract."""
        ...

    def renewal_information(
        self, renewal: RenewalToCome, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a consumer reads before a tacit renewal (L. 215-1), its last day in a box."""
        ...

    def price_announcement(self, price: PriceToCome, *, agency: Agency, contact: Contact) -> Letter:
        """Return what a client reads of a higher price, while he may still leave."""
        ...
