"""How the mails do, who is not heard, and which keys sign, for those who look after them."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from helpdesk.domain.inbound_email import Transport
from helpdesk.domain.mail_health import MailboxState
from helpdesk.domain.mail_token import MailKey
from helpdesk.domain.sender_rule import SenderRule as Rule
from helpdesk.graphql.fields import attribute, described_enum
from helpdesk.graphql.request import Request
from helpdesk.usecases.block_sender import sender_rules
from helpdesk.usecases.mail_health import shown_mail_health
from helpdesk.usecases.read_models import Thing
from helpdesk.usecases.rotate_mail_key import mail_keys

MOST_MAILBOXES, MOST_RULES, MOST_KEYS = 10, 100, 10

described_enum(
    MailboxState,
    "MailboxState",
    "How a way in does.",
    {
        MailboxState.OK: "It is read, or nothing says that it is not.",
        MailboxState.LATE: "It was not read, or what came was not understood, for 15 minutes.",
        MailboxState.FAILING: "It cannot be read: `lastError` says why.",
    },
)


@strawberry.type(description="A way in: a mailbox on another server, or a door of ours.")
class Mailbox:
    """A way in."""

    address: str = attribute("The mailbox elsewhere, or the agency's address.")
    transport: Transport = attribute("How messages come by it.")
    state: MailboxState = attribute("How it does.")
    last_success_at: datetime | None = attribute(
        "When it was last read, or when a message last came by the door; absent when never."
    )
    failing_since: datetime | None = attribute("Since when it cannot be read; absent while it can.")
    last_error: str | None = attribute("Why it cannot be read; absent while it can.")
    waiting: int = attribute("How many of its messages are not understood yet.")
    oldest_waiting_at: datetime | None = attribute(
        "When the first of them came that no try failed at; absent without any."
    )
    quarantined: int = attribute(
        "How many of its messages wait for a person; those of blocked senders do not."
    )


@strawberry.type(description="A sender whose mails are set aside.")
class SenderRule:
    """A sender whose mails are set aside."""

    sender: str = attribute("An address, or everybody of a domain, as `@example.org`.")
    blocked_at: datetime = attribute("Since when.")
    blocked_by: str = attribute("Who said so, by his name of that day.")
    lifted_at: datetime | None = attribute("When it was lifted; absent while it holds.")
    lifted_by: str | None = attribute("Who lifted it; absent while it holds.")


@strawberry.type(description="A key that signs our mails, so that answers to them are known.")
class MailSigningKey:
    """A key that signs our mails."""

    number: int = attribute("Which key it is, from 1 on.")
    is_signing: bool = attribute("Whether it signs what is written now; one does.")
    retired_at: datetime | None = attribute(
        "When what it signed stopped to be believed; absent while it is."
    )


async def read_mailboxes(request: Request) -> list[Thing]:
    """Return how each way in does; none to a client."""
    if not request.viewer.is_of_agency:
        return []
    health = await shown_mail_health(request.desk, viewer=request.viewer)
    return [
        Thing(
            address=one.address,
            transport=one.transport,
            state=one.state(at=health.at),
            last_success_at=one.last_success_at,
            failing_since=one.failing_since,
            last_error=one.last_error,
            waiting=one.waiting,
            oldest_waiting_at=one.oldest_at,
            quarantined=one.quarantined,
        )
        for one in health.mailboxes
    ]


async def read_sender_rules(request: Request) -> list[Thing]:
    """Return the rules that hold, the latest first; none to a client."""
    if not request.viewer.is_of_agency:
        return []
    return [rule_thing(rule) for rule in await sender_rules(request.desk, viewer=request.viewer)]


async def read_mail_keys(request: Request) -> list[Thing]:
    """Return the keys, the one that signs first; raises as `mail_keys`."""
    return key_things(await mail_keys(request.desk, viewer=request.viewer))


def rule_thing(rule: Rule) -> Thing:
    """Return a rule as the API shows it."""
    return Thing(
        sender=rule.sender,
        blocked_at=rule.blocked_at,
        blocked_by=rule.blocked_by,
        lifted_at=rule.lifted_at,
        lifted_by=rule.lifted_by,
    )


def key_things(keys: Sequence[MailKey]) -> list[Thing]:
    """Return keys as the API shows them, without their secrets."""
    return [
        Thing(number=key.number, is_signing=key is keys[0], retired_at=key.retired_at)
        for key in keys
    ]
