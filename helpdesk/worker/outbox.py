"""Promised mails are sent, at least once; a failure is tried again, then given up visibly."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from helpdesk.domain.outgoing_mail import DeliveryFailed, DeliveryRefused, OutgoingMail
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import OutboxMail

BATCH = 50
RETRY_LIMIT = 10

_log = logging.getLogger(__name__)


class MailSender(Protocol):
    """The way out."""

    async def send(self, mail: OutgoingMail) -> None:
        """Return once the mail is handed over; DeliveryFailed otherwise."""
        ...


async def send_due(desk: Desk, sender: MailSender) -> int:
    """Send the mails that are due, and return how many were tried."""
    queue = desk.store.queue()
    mails = await queue.due_outbox(at=desk.now(), limit=BATCH)
    for mail in mails:
        try:
            await sender.send(mail.mail)
        except (DeliveryFailed, OSError) as failure:
            retry_at = _retry_at(mail, failure, at=desk.now())
            await queue.mark_failed(mail, str(failure), retry_at=retry_at)
            _log.warning("mail_not_sent id=%s retry_at=%s", mail.id, retry_at)
        else:
            await queue.mark_sent(mail, at=desk.now())
    return len(mails)


def _retry_at(mail: OutboxMail, failure: Exception, *, at: datetime) -> datetime | None:
    attempts = mail.attempts + 1
    if isinstance(failure, DeliveryRefused) or attempts >= RETRY_LIMIT:
        return None
    return at + timedelta(minutes=2 ** (attempts - 1))
