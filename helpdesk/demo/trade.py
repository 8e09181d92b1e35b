"""What work comes to in the demo: each deed is a verb of the engine, ready to be done at a desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from helpdesk.demo.deeds import Case, Deed
from helpdesk.demo.work import Effort
from helpdesk.domain.access import Viewer
from helpdesk.domain.classification import Coverage, Funding
from helpdesk.domain.ids import ContractId, QuoteId
from helpdesk.domain.money import Money
from helpdesk.domain.quote import AfterRefusal, QuoteLine
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.retainer_use import InsufficientAllowance
from helpdesk.usecases.answer_quote import AcceptQuote, RefuseQuote, accept_quote, refuse_quote
from helpdesk.usecases.classify_ticket import ClassifyTicket, classify_ticket
from helpdesk.usecases.confirm_classification import (
    ConfirmClassification,
    confirm_classification,
)
from helpdesk.usecases.contest_classification import (
    ContestClassification,
    contest_classification,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.draft_quote import DraftQuote, draft_quote
from helpdesk.usecases.give_gesture import GiveGesture, give_gesture
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.purchase_pack import PurchasePack, purchase_pack
from helpdesk.usecases.quote_step import visible_quote
from helpdesk.usecases.send_quote import SendQuote, send_quote

_VAT = 20_00
_AN_HOUR = 60
_HOURLY = Money(85_00)
_READ_FROM = "192.0.2.44"
_USED_UP = "Le forfait du mois est épuisé : nous vous proposons un devis."

_Told = Mapping[str, Any]  # a deal as it is written, known by its reader


@dataclass(slots=True)
class HeldQuote:
    """A quote on its way: it has an id once it was drafted."""

    quote_id: QuoteId | None = None

    @property
    def id(self) -> QuoteId:
        """Return the quote; an answer before its drafting is a mistake in the script."""
        assert self.quote_id is not None  # noqa: S101 - it is drafted first
        return self.quote_id


def classifying(case: Case, viewer: Viewer, effort: Effort) -> Deed:
    """Weigh the request against the contract and confirm what the rules say.

    What the forfait has no room for is quoted.
    """

    async def deed(desk: Desk) -> None:
        request = ClassifyTicket(case.id, effort.nature, effort.estimate)
        await classify_ticket(desk, viewer=viewer, request=request)
        confirmed = ConfirmClassification(case.id)
        try:
            await confirm_classification(desk, viewer=viewer, request=confirmed)
        except InsufficientAllowance:
            quoted = ConfirmClassification(case.id, _USED_UP, Coverage.QUOTE, Funding.QUOTE)
            await confirm_classification(desk, viewer=viewer, request=quoted)

    return deed


def contesting(case: Case, viewer: Viewer, reason: str) -> Deed:
    """Let the client contest the class of the request."""
    return lambda desk: contest_classification(
        desk, viewer=viewer, request=ContestClassification(case.id, reason)
    )


def deciding(case: Case, viewer: Viewer, reason: str) -> Deed:
    """Answer a dispute: the class stays, and the client reads why."""
    return lambda desk: confirm_classification(
        desk, viewer=viewer, request=ConfirmClassification(case.id, reason)
    )


def working(case: Case, viewer: Viewer, minutes: int, note: str) -> Deed:
    """Write down the time that was just worked."""

    def deed(desk: Desk) -> Any:  # Any: the coroutine of the verb
        began = desk.now() - timedelta(minutes=minutes)
        request = LogWork(case.id, minutes, started_at=began, note=note)
        return log_work(desk, viewer=viewer, request=request)

    return deed


def quoting(held: HeldQuote, case: Case, viewer: Viewer, title: str, effort: Effort) -> Deed:
    """Draft a quote for the request and send it; the request waits for the answer."""

    async def deed(desk: Desk) -> None:
        hours = -(-effort.longest // _AN_HOUR)
        lines = (QuoteLine(f"{title} (heures)", hours, _HOURLY, _VAT),)
        request = DraftQuote(title, lines, ticket_id=case.id)
        held.quote_id = (await draft_quote(desk, viewer=viewer, request=request)).id
        await send_quote(desk, viewer=viewer, request=SendQuote(held.id))

    return deed


def accepting(held: HeldQuote, viewer: Viewer) -> Deed:
    """Let the client accept the quote that he read."""

    async def deed(desk: Desk) -> None:
        async with desk.store.reading(viewer.agency_id) as records:
            quote = await visible_quote(records, viewer, held.id)
        request = AcceptQuote(quote.id, quote.document_hash, _READ_FROM)
        await accept_quote(desk, viewer=viewer, request=request)

    return deed


def refusing(held: HeldQuote, viewer: Viewer, reason: str) -> Deed:
    """Let the client refuse the quote; the request is closed."""
    return lambda desk: refuse_quote(
        desk, viewer=viewer, request=RefuseQuote(held.id, reason, AfterRefusal.CLOSE)
    )


def selling(contract_id: ContractId, viewer: Viewer, told: _Told) -> Deed:
    """Sell a pack of minutes."""
    order = PurchasePack(contract_id, told["minutes"], reference=told["order"])
    return lambda desk: purchase_pack(desk, viewer=viewer, request=order)


def offering(contract_id: ContractId, viewer: Viewer, told: _Told) -> Deed:
    """Offer something beside the forfait."""
    unit = RetainerUnit(told["unit"])
    request = GiveGesture(contract_id, unit, told["quantity"], told["reason"])
    return lambda desk: give_gesture(desk, viewer=viewer, request=request)
