"""Promised mails are sent, at least once; a failure is tried again, then given up visibly."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from helpdesk.domain.message import storable
from helpdesk.domain.outgoing_mail import DeliveryFailed, DeliveryRefused, OutgoingMail
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import OutboxMail

BATCH = 50
RETRY_LIMIT = 10
ERROR_LIMIT = 500

_log = logging.getLogger(__name__)


class MailSender(Protocol):
    """The way out."""

    async def send(self, mail: OutgoingMail) -> None:
        """Return once the mail is handed over; DeliveryFailed otherwise."""
        ...


async def send_due(desk: Desk, sender: MailSender) -> int:
    """Send the mails that are due, and return how many were tried.

    Each is claimed just before it is sent: behind a slow relay the claims of a whole batch would
    run out before their turn, and another worker would send the same mails.
    """
    queue = desk.store.queue()
    for tried in range(BATCH):
        mails = await queue.due_outbox(at=desk.now(), limit=1)
        if not mails:
            return tried
        await _send(desk, sender, mails[0])
    return BATCH


async def _send(desk: Desk, sender: MailSender, mail: OutboxMail) -> None:
    queue = desk.store.queue()
    try:
        await sender.send(mail.mail)
    except Exception as failure:  # one bad mail never blocks the next
        retry_at = _retry_at(mail, failure, at=desk.now())
        is_expected = isinstance(failure, DeliveryFailed | OSError)
        error = str(failure) if is_expected else f"{type(failure).__name__}: {failure}"
        await queue.mark_failed(mail, storable(error)[:ERROR_LIMIT], retry_at=retry_at)
        _log.warning("mail_not_sent id=%s retry_at=%s", mail.id, retry_at, exc_info=not is_expected)
    else:
        await queue.mark_sent(mail, at=desk.now())


def _retry_at(mail: OutboxMail, failure: Exception, *, at: datetime) -> datetime | None:
    attempts = mail.attempts + 1
    if isinstance(failure, DeliveryRefused) or attempts >= RETRY_LIMIT:
        return None
    return at + timedelta(minutes=2 ** (attempts - 1))
