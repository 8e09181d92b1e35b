"""An address counts as reached again: its owner wrote from there, or somebody says so."""

from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.agency import Agent, Contact
from helpdesk.domain.mail_token import tokens_of
from helpdesk.domain.mail_trust import AuthOutcome
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_delivery import Delivery
from helpdesk.usecases.mail_keys import tokens_made_here
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class ClearUndeliverableAddress:
    """An address that mails are to be sent to again."""

    address: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Whose address it is: a person of a client, or of the agency, or nobody's that is known."""

    contact: Contact | None
    agent: Agent | None


async def clear_undeliverable_address(
    desk: Desk, *, viewer: Viewer, request: ClearUndeliverableAddress
) -> Reached:
    """Send mails to an address again, and return whose it is; earlier failures are forgotten.

    Raises NotFound when the address is not marked.
    """
    viewer.require_agency(Scope.MAIL_WRITE)
    address = request.address.strip().lower()
    async with desk.store.transaction(viewer.agency_id) as records:
        known = await records.undelivered.address(address)
        if known is None or not known.is_marked:
            raise NotFound(what="UndeliverableAddress", id=address)
        await records.undelivered.clear(address, at=desk.now(), by=viewer.name)
        contact = await records.clients.contact_by_email(address)
        return Reached(contact, await records.agencies.agent_by_email(address))


async def hear_from(desk: Desk, records: Records, delivery: Delivery) -> None:
    """Send mails again to the author of a mail, when it is sure that he wrote it.

    Our server vouches for him, or he shows the token of a mail that had been written to him. A
    From line alone proves nothing.
    """
    author, verdict = delivery.email.from_, delivery.verdict
    if author is None or delivery.email.has_doubtful_sender or delivery.email.is_bounce:
        return
    outcome = None if verdict is None else verdict.outcome
    if outcome is AuthOutcome.PASS or (
        outcome is not AuthOutcome.FAIL and await _shows_his_token(records, delivery)
    ):
        await records.undelivered.clear(author.email.lower(), at=desk.now(), by="mail")


async def _shows_his_token(records: Records, delivery: Delivery) -> bool:
    author, email = delivery.email.from_, delivery.email
    clues = tokens_of(email, envelope_to=delivery.mail.envelope_to)
    shown = (*clues.in_addresses, *clues.in_ids, *clues.in_text)
    tokens = await tokens_made_here(records, shown)
    return author is not None and any(token.was_sent_to(author.email) for token in tokens)
