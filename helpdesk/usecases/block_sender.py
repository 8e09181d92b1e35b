"""Senders whose mails wait for a person, until somebody lifts it."""

from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.mail_token import without_plus
from helpdesk.domain.sender_rule import OwnSenderBlocked, SenderRule, rules_about, sender_of_rule
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class BlockSender:
    """An address, or a domain as `@example.org`."""

    sender: str


@dataclass(frozen=True, slots=True)
class LiftSenderBlock:
    """The sender that is heard again, as the rule names it."""

    sender: str


async def block_sender(desk: Desk, *, viewer: Viewer, request: BlockSender) -> SenderRule:
    """Set the next mails of a sender aside, and return the rule; one that holds stays as it is.

    Raises AgencyOnly, ScopeMissing, SenderInvalid, OwnSenderBlocked.
    """
    viewer.require_agency(Scope.MAIL_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        return await blocked_sender(desk, records, viewer, request.sender)


async def blocked_sender(desk: Desk, records: Records, viewer: Viewer, given: str) -> SenderRule:
    """Return the rule about a sender that holds, made now unless it was there."""
    sender = sender_of_rule(given)
    await _require_stranger(records, sender)
    await records.mail.senders.block(
        SenderRule(viewer.agency_id, sender, blocked_at=desk.now(), blocked_by=viewer.name)
    )
    return await _existing(records, sender)


async def lift_sender_block(desk: Desk, *, viewer: Viewer, request: LiftSenderBlock) -> SenderRule:
    """Let a sender be heard again and return his rule; what was set aside meanwhile stays so.

    Raises AgencyOnly, ScopeMissing, SenderInvalid, NotFound.
    """
    viewer.require_agency(Scope.MAIL_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        rule = await _existing(records, sender_of_rule(request.sender))
        lifted = rule.lifted(at=desk.now(), by=viewer.name)
        await records.mail.senders.lift(lifted)
        return lifted


async def sender_rules(desk: Desk, *, viewer: Viewer) -> tuple[SenderRule, ...]:
    """Return the senders that are blocked now, the latest first.

    Raises AgencyOnly, ScopeMissing.
    """
    viewer.require_agency(Scope.MAIL_READ)
    async with desk.store.reading(viewer.agency_id) as records:
        return await records.mail.senders.rules()


async def _existing(records: Records, sender: str) -> SenderRule:
    rule = await records.mail.senders.rule(sender)
    if rule is None:
        raise NotFound(path=("sender",), what="SenderRule", id=sender)
    return rule


async def _require_stranger(records: Records, sender: str) -> None:
    agency = await records.agencies.agency()
    is_own = without_plus(sender) in rules_about(agency.mailbox)
    if is_own or await records.agencies.agent_by_email(sender) is not None:
        raise OwnSenderBlocked(path=("sender",), sender=sender)
