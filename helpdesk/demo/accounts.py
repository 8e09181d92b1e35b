"""What the agency of the demo bills, and what it gives back for promises that it broke."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.demo.cast import Cast, House
from helpdesk.demo.script import Beat
from helpdesk.demo.story import document
from helpdesk.demo.turns import Turn
from helpdesk.domain.access import Viewer
from helpdesk.domain.compensation_life import Credit, CreditState
from helpdesk.domain.contract import Contract
from helpdesk.domain.fiscal_identity import FiscalIdentity
from helpdesk.domain.ids import ContractId, InvoiceId
from helpdesk.domain.month import Month, Months
from helpdesk.domain.party import Party, french_vat_number, party, postal_address
from helpdesk.domain.plan import BillingInterval
from helpdesk.usecases.approve_credit import ApproveCredit, approve_credit
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.issue_credit_note import IssueCreditNote, issue_credit_note
from helpdesk.usecases.record_invoice import RecordInvoice, record_invoice
from helpdesk.usecases.settle_breaches import SettleBreaches, settle_breaches
from helpdesk.usecases.update_identity import (
    UpdateClientIdentity,
    update_agency_identity,
    update_client_identity,
)
from helpdesk.usecases.use_credit_note import ApplyCreditNotes, apply_credit_notes

_VAT = 20_00
_MONTHS_A_YEAR = 12
_AN_HOUR = timedelta(hours=1)
_TWO_DAYS_LATER, _THREE_DAYS_LATER = 2, 3

_Told = dict[str, Any]  # a party as it is written, known by its reader


@dataclass
class Accounts:
    """The accounts of a year: `turns` are the months that were settled, from `since` on.

    In the first days of a month the one before is settled and its credits are decided; they become
    credit notes, and those pay the invoices that follow.
    """

    cast: Cast
    since: datetime
    turns: Sequence[Turn]
    _last: dict[ContractId, InvoiceId] = field(default_factory=dict, init=False)
    _numbers: Counter[int] = field(default_factory=Counter, init=False)

    def beats(self) -> Iterator[Beat]:
        """Return what Alice does with the books, month by month."""
        working = next(iter(self.cast.houses.values())).working
        settling = working.after(self.since, int(_AN_HOUR.total_seconds()))
        yield Beat(settling, self._introduced)
        yield Beat(settling + _AN_HOUR, partial(self._invoiced, 0))
        for number, turn in enumerate(self.turns, start=1):
            yield Beat(turn.after(1, 1), partial(self._settled, turn.month))
            yield Beat(turn.after(1, 3), partial(self._approved, turn))
            yield Beat(turn.after(_TWO_DAYS_LATER), partial(self._credited, turn.month))
            yield Beat(turn.after(_THREE_DAYS_LATER), partial(self._invoiced, number))

    async def _introduced(self, desk: Desk) -> None:
        told = document("parties.yaml")
        seller = FiscalIdentity(_party(told["agency"]))
        await update_agency_identity(desk, viewer=self._alice, request=seller)
        for name, house in self.cast.houses.items():
            buyer = UpdateClientIdentity(house.client.id, _party(told["clients"][name]))
            await update_client_identity(desk, viewer=self._alice, request=buyer)

    async def _settled(self, month: Month, desk: Desk) -> None:
        for _, contract in self._contracts():
            request = SettleBreaches(contract.id, month)
            await settle_breaches(desk, viewer=self._alice, request=request)

    async def _approved(self, turn: Turn, desk: Desk) -> None:
        waits = document("promises.yaml")["undecided"] if turn is self.turns[-1] else None
        for name, contract in self._contracts():
            if name == waits:
                continue
            for credit in await self._credits(desk, contract, turn.month):
                if credit.state is CreditState.PROPOSED:
                    request = ApproveCredit(credit.id)
                    await approve_credit(desk, viewer=self._alice, request=request)

    async def _credited(self, month: Month, desk: Desk) -> None:
        for _, contract in self._contracts():
            credits_ = await self._credits(desk, contract, month)
            if any(one.state is CreditState.APPROVED for one in credits_):
                reduced = (self._last[contract.id],)
                request = IssueCreditNote(contract.id, Months(month, month), invoice_ids=reduced)
                await issue_credit_note(desk, viewer=self._alice, request=request)

    async def _invoiced(self, number: int, desk: Desk) -> None:
        """Bill the month that began, the whole year once a year where that was agreed."""
        on = desk.now().astimezone(ZoneInfo(self.cast.agency.zone)).date()
        for name, contract in self._contracts():
            house = self.cast.houses[name]
            months = _months_billed(house)
            if number % months:
                continue
            self._numbers[on.year] += 1
            request = RecordInvoice(
                house.client.id,
                f"F{on.year}-{self._numbers[on.year]:04}",
                on,
                {_VAT: house.settled["monthly_cents"] * months},
                contract.id,
            )
            invoice = await record_invoice(desk, viewer=self._alice, request=request)
            self._last[contract.id] = invoice.id
            paid = ApplyCreditNotes(invoice.id)
            await apply_credit_notes(desk, viewer=self._alice, request=paid)

    async def _credits(self, desk: Desk, contract: Contract, month: Month) -> tuple[Credit, ...]:
        async with desk.store.reading(contract.agency_id) as records:
            return await records.credits.credits_of_month(contract.id, month)

    def _contracts(self) -> Iterator[tuple[str, Contract]]:
        for name, house in self.cast.houses.items():
            if house.contract is not None:
                yield name, house.contract

    @property
    def _alice(self) -> Viewer:
        return self.cast.colleagues["alice"].viewer


def _months_billed(house: House) -> int:
    is_yearly = house.settled.get("billing") == BillingInterval.YEARLY
    return _MONTHS_A_YEAR if is_yearly else 1


def _party(told: _Told) -> Party:
    seat = postal_address(told["street"], told["postcode"], told["city"])
    siren = told["siren"]
    return party(
        told["name"],
        seat,
        siren=siren,
        vat_number=french_vat_number(siren),
        legal_notice=told.get("notice", ""),
    )
