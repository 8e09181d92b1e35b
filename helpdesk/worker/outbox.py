"""Promised mails are sent, at least once; a failure is tried again, then given up visibly."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from helpdesk.domain.outgoing_mail import (
    DeliveryFailed,
    DeliveryRefused,
    OutgoingMail,
    RecipientRefused,
)
from helpdesk.domain.undelivered import refusal
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.usecases.record_undelivered import reason_not_to_send, record_refused
from helpdesk.worker.sending import tried

BATCH = 50
RETRY_LIMIT = 10

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
    for number in range(BATCH):
        mails = await queue.due_outbox(at=desk.now(), limit=1)
        if not mails:
            return number
        await _send(desk, sender, mails[0])
    return BATCH


async def _send(desk: Desk, sender: MailSender, mail: OutboxMail) -> None:
    queue = desk.store.queue()
    reason = await reason_not_to_send(desk, mail)
    if reason is not None:
        await queue.mark_suppressed(mail, reason)
        _log.info("mail_suppressed id=%s", mail.id)
        return
    failure = await tried(sender.send(mail.mail), expected=(DeliveryFailed, OSError))
    if failure is None:
        await queue.mark_sent(mail, at=desk.now())
        return
    retry_at = _retry_at(mail, failure.error, at=desk.now())
    if isinstance(failure.error, RecipientRefused):
        # before the mail is given up: a crash in between has it refused, and recorded, once more
        await record_refused(desk, mail.agency_id, mail.id, refusal(failure.text))
    await queue.mark_failed(mail, failure.text, retry_at=retry_at)
    _log.warning("mail_not_sent id=%s retry_at=%s", mail.id, retry_at, exc_info=failure.bug)


def _retry_at(mail: OutboxMail, failure: Exception, *, at: datetime) -> datetime | None:
    attempts = mail.attempts + 1
    if isinstance(failure, DeliveryRefused) or attempts >= RETRY_LIMIT:
        return None
    return at + timedelta(minutes=2 ** (attempts - 1))
