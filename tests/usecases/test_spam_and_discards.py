"""Messages that a person sets aside for good, and senders that are not heard any more."""

import asyncio

import pytest

from helpdesk.bootstrap import desk_on
from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbox import InboundMailReason, InboundMailState
from helpdesk.domain.sender_rule import OwnSenderBlocked, SenderInvalid
from helpdesk.domain.ticket import TicketStatus, TransitionRefused
from helpdesk.storage.database import open_database
from helpdesk.storage.tables.mail import SENDER_RULE
from helpdesk.usecases.block_sender import (
    BlockSender,
    LiftSenderBlock,
    block_sender,
    lift_sender_block,
    sender_rules,
)
from helpdesk.usecases.discard_inbound_message import (
    DiscardInboundMessages,
    discard_inbound_messages,
)
from helpdesk.usecases.inbound_in_hand import MessageOnTicket
from helpdesk.usecases.mark_inbound_message_spam import (
    MarkInboundMessagesSpam,
    SenderBlock,
    mark_inbound_messages_spam,
)
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.requeue_inbound_message import (
    RequeueInboundMessage,
    requeue_inbound_message,
)
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from helpdesk.worker.inbox import understand_due
from tests.factories import a_viewer
from tests.usecases.mails import STRANGER, Door, a_mail, an_answer
from tests.usecases.set_aside import (
    a_looping_message,
    a_message_of_a_program,
    a_message_of_nobody,
)
from tests.usecases.world import World

ASIDE = InboundMailState.QUARANTINED
BLOCKED = (ASIDE, InboundMailReason.BLOCKED_SENDER)
READS_MAIL = frozenset({Scope.MAIL_READ})


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


async def discard(door: Door, *ids: InboundMailId) -> None:
    request = DiscardInboundMessages(ids)
    await discard_inbound_messages(door.world.desk, viewer=door.world.alice, request=request)


async def mark(door: Door, *ids: InboundMailId, block: SenderBlock = SenderBlock.NOBODY) -> None:
    request = MarkInboundMessagesSpam(ids, block)
    await mark_inbound_messages_spam(door.world.desk, viewer=door.world.alice, request=request)


async def block(door: Door, sender: str) -> str:
    request = BlockSender(sender)
    return (await block_sender(door.world.desk, viewer=door.world.alice, request=request)).sender


async def lift(door: Door, sender: str) -> None:
    request = LiftSenderBlock(sender)
    await lift_sender_block(door.world.desk, viewer=door.world.alice, request=request)


async def test_a_discarded_message_waits_no_more_and_is_kept(door: Door) -> None:
    mail = await a_looping_message(door)

    await discard(door, mail.id)

    kept = await door.kept(mail.id)
    assert (kept.state, kept.reason) == ("IGNORED", "DISCARDED")
    assert (kept.settled_by, kept.raw_sha256) == ("Alice", mail.raw_sha256)


async def test_a_message_that_is_still_to_be_read_may_be_discarded(door: Door) -> None:
    mail = await door.store(a_mail())

    await discard(door, mail.id)

    assert await understand_due(door.world.desk) == 0
    assert await door.inbox() == [("IGNORED", "DISCARDED")]


async def test_a_discarded_message_may_be_read_again(door: Door) -> None:
    mail = await door.store(a_mail())
    await discard(door, mail.id)

    request = RequeueInboundMessage(mail.id)
    await requeue_inbound_message(door.world.desk, viewer=door.world.alice, request=request)

    assert (await door.kept(mail.id)).settled_by is None
    await understand_due(door.world.desk)
    assert await door.inbox() == [("DONE", "OPENED_TICKET")]


async def test_what_needs_nobody_already_stays_as_it_is(door: Door) -> None:
    mail = await a_message_of_a_program(door)
    before = await door.world.everything()

    await discard(door, mail.id, mail.id)

    assert await door.world.everything() == before


async def test_several_are_discarded_or_none(door: Door) -> None:
    first, second = await a_looping_message(door), await a_message_of_nobody(door)

    async with door.world.refused(NotFound):
        await discard(door, first.id, InboundMailId("nothing"))
    await discard(door, second.id, first.id)

    assert {reason for _, reason in await door.inbox()} == {"DISCARDED"}


async def test_what_is_on_a_ticket_is_not_discarded(door: Door) -> None:
    mail = await door.receive(a_mail())

    async with door.world.refused(MessageOnTicket):
        await discard(door, mail.id)


async def test_spam_waits_no_more_and_is_kept(door: Door) -> None:
    mail = await a_looping_message(door)

    await mark(door, mail.id)

    kept = await door.kept(mail.id)
    assert (kept.state, kept.reason, kept.settled_by) == ("IGNORED", "SPAM", "Alice")
    assert await door.world.rows(SENDER_RULE) == []


async def test_the_ticket_that_spam_opened_is_marked_too(door: Door) -> None:
    mail = await door.receive(a_mail())

    await mark(door, mail.id)

    assert (await door.ticket_of(mail)).status is TicketStatus.SPAM
    kept = await door.kept(mail.id)
    assert (kept.state, kept.reason, kept.ticket_id) == ("DONE", "SPAM", mail.ticket_id)


async def test_a_ticket_that_is_marked_already_does_not_stand_in_the_way(door: Door) -> None:
    mail = await door.receive(a_mail())
    await mark(door, mail.id)
    before = await door.world.everything()

    await mark(door, mail.id)

    assert await door.world.everything() == before


async def test_spam_whose_ticket_was_marked_first_is_marked_too(door: Door) -> None:
    mail = await door.receive(a_mail())
    assert mail.ticket_id is not None
    step = TicketStepRequest(mail.ticket_id)
    await mark_spam(door.world.desk, viewer=door.world.alice, request=step)

    await mark(door, mail.id)

    assert (await door.kept(mail.id)).reason == "SPAM"
    assert (await door.kinds(mail.ticket_id)).count("MARKED_SPAM") == 1


async def test_a_ticket_that_was_worked_on_to_its_end_was_no_spam(door: Door) -> None:
    mail = await door.receive(a_mail())
    assert mail.ticket_id is not None
    step = TicketStepRequest(mail.ticket_id)
    await resolve_ticket(door.world.desk, viewer=door.world.alice, request=step)

    async with door.world.refused(TransitionRefused):
        await mark(door, mail.id)


async def test_spam_on_a_ticket_of_somebody_leaves_the_ticket_as_it_is(door: Door) -> None:
    ticket = await door.open()
    answer = await door.receive(an_answer("first@bruno.example"))

    await mark(door, answer.id)

    assert (await door.world.kept(ticket.id)).status is TicketStatus.NEW
    assert (await door.kept(answer.id)).reason == "SPAM"


@pytest.mark.parametrize(
    ("what", "sender"),
    [(SenderBlock.ADDRESS, "dora@nowhere.example"), (SenderBlock.DOMAIN, "@nowhere.example")],
)
async def test_the_next_mails_of_a_blocked_sender_are_set_aside(
    door: Door, what: SenderBlock, sender: str
) -> None:
    spam = await door.receive(a_mail(sender=STRANGER))
    await mark(door, spam.id, block=what)

    again = await door.receive(a_mail(sender=STRANGER.upper(), message_id="2@nowhere.example"))
    other = await door.receive(a_mail(message_id="3@bruno.example"))

    assert (again.state, again.reason) == BLOCKED
    assert other.state is InboundMailState.DONE
    [rule] = await sender_rules(door.world.desk, viewer=door.world.alice)
    assert (rule.sender, rule.blocked_by, rule.is_domain) == (
        sender,
        "Alice",
        sender.startswith("@"),
    )


async def test_somebody_of_a_subdomain_is_of_the_domain(door: Door) -> None:
    assert await block(door, "Nowhere.example") == "@nowhere.example"

    outcome = await door.receive(a_mail(sender="Eve <eve@mail.nowhere.example>"))

    assert (outcome.state, outcome.reason) == BLOCKED


async def test_another_agency_hears_the_sender_still(door: Door) -> None:
    await block(door, "bruno@bruno.example")

    stored = await door.store_all(a_mail(), recipients=("support@zoe.example",))
    await understand_due(door.world.desk)

    kept = await door.kept(stored[0].mail.id, stored[0].mail.agency_id)
    assert kept.state is InboundMailState.DONE


async def test_the_sender_of_an_unreadable_message_is_that_of_its_envelope(door: Door) -> None:
    stored = await door.store(a_mail(), envelope_from="Win@casino.example")

    await mark(door, stored.id, block=SenderBlock.ADDRESS)

    [rule] = await sender_rules(door.world.desk, viewer=door.world.alice)
    assert rule.sender == "win@casino.example"


async def test_a_message_that_names_nobody_blocks_nobody(door: Door) -> None:
    stored = await door.store(a_mail(sender=None), envelope_from="")

    async with door.world.refused(SenderInvalid):
        await mark(door, stored.id, block=SenderBlock.ADDRESS)


async def test_a_sender_whose_block_was_lifted_is_heard_again(door: Door) -> None:
    await block(door, "bruno@bruno.example")
    mail = await door.receive(a_mail())

    await lift(door, " Bruno@bruno.example")

    assert await sender_rules(door.world.desk, viewer=door.world.alice) == ()
    request = RequeueInboundMessage(mail.id)
    await requeue_inbound_message(door.world.desk, viewer=door.world.alice, request=request)
    await understand_due(door.world.desk)
    assert await door.inbox() == [("DONE", "OPENED_TICKET")]


async def test_lifting_and_blocking_twice_is_once(door: Door) -> None:
    await block(door, "bruno@bruno.example")
    once = await door.world.rows(SENDER_RULE)
    door.world.now.advance(hours=1)
    await block(door, "BRUNO@bruno.example")
    assert await door.world.rows(SENDER_RULE) == once

    await lift(door, "bruno@bruno.example")
    [lifted] = await door.world.rows(SENDER_RULE)
    door.world.now.advance(hours=1)
    await lift(door, "bruno@bruno.example")
    assert await door.world.rows(SENDER_RULE) == [lifted]
    assert lifted["lifted_by"] == "Alice"

    await block(door, "bruno@bruno.example")
    [anew] = await door.world.rows(SENDER_RULE)
    assert (anew["blocked_at"], anew["lifted_at"]) == (door.world.now(), None)


async def test_the_rules_are_listed_the_latest_first(door: Door) -> None:
    for sender in ("a@a.example", "@b.example"):
        await block(door, sender)
        door.world.now.advance(hours=1)

    rules = await sender_rules(door.world.desk, viewer=door.world.alice)

    assert [rule.sender for rule in rules] == ["@b.example", "a@a.example"]


@pytest.mark.parametrize("sender", ["", "nobody", "@", "a b@c.example", "localhost", "@.example"])
async def test_a_rule_that_fits_nobody_is_refused(door: Door, sender: str) -> None:
    async with door.world.refused(SenderInvalid):
        await block(door, sender)


@pytest.mark.parametrize(
    "sender",
    ["support@alice.example", "Support+x@alice.example", "@alice.example", "alice@alice.example"],
)
async def test_the_agency_does_not_block_itself(door: Door, sender: str) -> None:
    async with door.world.refused(OwnSenderBlocked):
        await block(door, sender)


async def test_a_rule_that_never_was_is_not_lifted(door: Door) -> None:
    async with door.world.refused(NotFound):
        await lift(door, "bruno@bruno.example")


async def test_two_people_at_once_mark_it_once(both_worlds: World, database_url: str) -> None:
    door = Door(both_worlds)
    mail = await door.receive(a_mail(sender=STRANGER))
    request = MarkInboundMessagesSpam((mail.id,), SenderBlock.ADDRESS)
    second = await open_database(database_url)
    desks = (both_worlds.desk, desk_on(second, now=both_worlds.now))

    await asyncio.gather(
        *(
            mark_inbound_messages_spam(desk, viewer=both_worlds.alice, request=request)
            for desk in desks
        )
    )
    await second.close()

    assert mail.ticket_id is not None
    assert (await door.kinds(mail.ticket_id)).count("MARKED_SPAM") == 1
    assert len(await both_worlds.rows(SENDER_RULE)) == 1


async def test_a_client_may_do_none_of_this_nor_a_token_without_the_scope(door: Door) -> None:
    mail = await door.receive(a_mail())
    desk = door.world.desk
    for viewer, error in (
        (door.world.bruno, AgencyOnly),
        (a_viewer(scopes=READS_MAIL), ScopeMissing),
    ):
        discarded, marked = DiscardInboundMessages((mail.id,)), MarkInboundMessagesSpam((mail.id,))
        blocked, lifted = BlockSender("a@b.example"), LiftSenderBlock("a@b.example")
        async with door.world.refused(error):
            await discard_inbound_messages(desk, viewer=viewer, request=discarded)
        async with door.world.refused(error):
            await mark_inbound_messages_spam(desk, viewer=viewer, request=marked)
        async with door.world.refused(error):
            await block_sender(desk, viewer=viewer, request=blocked)
        async with door.world.refused(error):
            await lift_sender_block(desk, viewer=viewer, request=lifted)
    async with door.world.refused(AgencyOnly):
        await sender_rules(desk, viewer=door.world.bruno)
    async with door.world.refused(ScopeMissing):
        scopes = frozenset({Scope.MAIL_WRITE})
        request = MarkInboundMessagesSpam((mail.id,))
        await mark_inbound_messages_spam(desk, viewer=a_viewer(scopes=scopes), request=request)
