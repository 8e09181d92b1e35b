"""How what came in by mail and what goes out is read."""

from datetime import datetime

from helpdesk.domain.outgoing_state import OutgoingState, kept_states, outgoing_state
from helpdesk.domain.sending import SendingState
from helpdesk.storage.reads import filters
from helpdesk.storage.reads.noun_table import Derived, NounTable, ToOne, Values
from helpdesk.storage.tables.mail import INBOUND_MAIL, OUTBOX_MAIL
from helpdesk.usecases.read_models import Noun


def _state(row: Values, _: datetime) -> OutgoingState:
    return outgoing_state(row["state"])


def _next_attempt(row: Values, _: datetime) -> datetime | None:
    send_after: datetime = row["send_after"]
    return send_after if row["state"] == SendingState.PENDING.value else None


def _text(row: Values, _: datetime) -> str:
    return str(row["document"].get("text", ""))


MAIL_TABLES = (
    NounTable(
        Noun.INBOUND_MESSAGE,
        INBOUND_MAIL,
        renamed={"from_address": "from_addr"},
        ones={"ticket": ToOne("ticket_id", Noun.TICKET)},
        filters={
            "states": filters.any_of(INBOUND_MAIL.c.state),
            "reasons": filters.any_of(INBOUND_MAIL.c.reason),
            "transports": filters.any_of(INBOUND_MAIL.c.transport),
            "mailboxes": filters.any_of(INBOUND_MAIL.c.mailbox),
            "from_address": filters.same_address(INBOUND_MAIL.c.from_addr),
            "subject": filters.containing(INBOUND_MAIL.c.subject),
            "received_from": filters.at_or_after(INBOUND_MAIL.c.received_at),
            "received_before": filters.before(INBOUND_MAIL.c.received_at),
        },
    ),
    NounTable(
        Noun.OUTGOING_MESSAGE,
        OUTBOX_MAIL,
        ones={"ticket": ToOne("ticket_id", Noun.TICKET)},
        derived={
            "outgoing_state": Derived(("state",), _state),
            "next_attempt_at": Derived(("state", "send_after"), _next_attempt),
            "text": Derived(("document",), _text),
        },
        filters={
            "states": filters.kept_as(OUTBOX_MAIL.c.state, kept_states),
            "recipient": filters.same_address(OUTBOX_MAIL.c.recipient),
            "subject": filters.containing(OUTBOX_MAIL.c.subject),
            "ticket_ids": filters.any_of(OUTBOX_MAIL.c.ticket_id),
            "is_bounced": filters.present(OUTBOX_MAIL.c.bounced_at),
            "created_from": filters.at_or_after(OUTBOX_MAIL.c.created_at),
            "created_before": filters.before(OUTBOX_MAIL.c.created_at),
        },
    ),
)
