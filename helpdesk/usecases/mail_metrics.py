"""How the mails do, as programs that watch the engine read it; nobody is named."""

import re
from collections.abc import Callable, Iterable

from helpdesk.domain.mail_health import (
    MailboxHealth,
    MailboxState,
    MailHealth,
    age_in_seconds,
    oldest,
)

ERROR_LIMIT = 120
_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")


def _age(one: MailboxHealth, health: MailHealth) -> int | None:
    """Return how long ago a way in last worked, None of one that never did."""
    last = one.last_success_at
    return None if last is None else age_in_seconds(last, at=health.at)


_PER_MAILBOX: tuple[tuple[str, str, Callable[[MailboxHealth, MailHealth], int | None]], ...] = (
    (
        "mailbox_age_seconds",
        "How long ago a mailbox was last read, or a message last came by a door.",
        _age,
    ),
    (
        "mailbox_failing_seconds",
        "How long a mailbox has not been readable; 0 while it is.",
        lambda one, health: age_in_seconds(one.failing_since, at=health.at),
    ),
    (
        "mailbox_is_well",
        "1 of a way in that is well, 0 of one that fails or is late.",
        lambda one, health: int(one.state(at=health.at) is MailboxState.OK),
    ),
    (
        "mailbox_waiting",
        "Messages of a way in that are not understood yet.",
        lambda one, _: one.waiting,
    ),
    (
        "mailbox_oldest_waiting_seconds",
        "How long the oldest of them waits that no try failed at.",
        lambda one, health: age_in_seconds(one.oldest_at, at=health.at),
    ),
    (
        "mailbox_quarantined",
        "Messages of a way in that wait for a person.",
        lambda one, _: one.quarantined,
    ),
)


def mail_metrics(health: MailHealth) -> str:
    """Return the figures in the text format of Prometheus.

    Ways in are told apart by the opaque id of their agency, their transport and a number.
    """
    lines = [
        _gauge(
            name, meaning, ((_labels(health, one), value(one, health)) for one in health.mailboxes)
        )
        for name, meaning, value in _PER_MAILBOX
    ]
    unsent_since = oldest(outgoing.oldest_at for outgoing in health.outgoing)
    lines += [
        _gauge(
            "outbox_mails_failed",
            "Mails that were given up after all their tries: dead letters.",
            [("", health.failed)],
        ),
        _gauge(
            "outbox_oldest_waiting_seconds",
            "How long the oldest promised mail that did not leave waits.",
            [("", age_in_seconds(unsent_since, at=health.at))],
        ),
    ]
    return "".join(lines)


def mail_detail(health: MailHealth) -> dict[str, object]:
    """Return what `/readyz` says of the mails: the state, why, and each way in."""
    return {
        "state": health.state.value.lower(),
        "reasons": list(health.reasons),
        "mailboxes": [
            {
                "transport": one.transport.value,
                "state": one.state(at=health.at).value.lower(),
                "ageSeconds": _age(one, health),
                "waiting": one.waiting,
                "quarantined": one.quarantined,
                "lastError": None if one.last_error is None else _unnamed(one.last_error),
            }
            for one in health.mailboxes
        ],
        "outgoingFailed": health.failed,
    }


def _labels(health: MailHealth, one: MailboxHealth) -> str:
    alike = [
        each
        for each in health.mailboxes
        if (each.agency_id, each.transport) == (one.agency_id, one.transport)
    ]
    number = alike.index(one) + 1
    return f'{{agency="{one.agency_id}",transport="{one.transport.value}",number="{number}"}}'


def _gauge(name: str, meaning: str, values: Iterable[tuple[str, int | None]]) -> str:
    known = ((labels, value) for labels, value in values if value is not None)
    told = "".join(f"helpdesk_{name}{labels} {value}\n" for labels, value in known)
    return f"# HELP helpdesk_{name} {meaning}\n# TYPE helpdesk_{name} gauge\n{told}"


def _unnamed(error: str) -> str:
    """Return an error without the addresses in it: whoever asks may read it."""
    return _ADDRESS.sub("…", error)[:ERROR_LIMIT]
