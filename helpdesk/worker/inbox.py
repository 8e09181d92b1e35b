"""Stored messages are understood one by one; a bad one never stops the next."""

import logging

from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.inbox import InboundMail
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.inbound_mail_trouble import record_inbound_trouble
from helpdesk.usecases.receive_email import receive_email

BATCH = 50

_log = logging.getLogger(__name__)


async def understand_due(desk: Desk) -> int:
    """Understand the messages that wait, oldest first, and return how many were tried."""
    mails = await desk.store.queue().due_inbound(at=desk.now(), limit=BATCH)
    for mail in mails:
        await understand(desk, mail)
    return len(mails)


async def understand(desk: Desk, mail: InboundMail) -> InboundMail:
    """Understand one message and return its row; trouble is written down and tried again."""
    try:
        return await receive_email(desk, mail.agency_id, mail.id)
    except HelpdeskError as refusal:
        error = refusal.message(Locale.EN)
        _log.warning("mail_refused id=%s code=%s", mail.id, refusal.code)
    except Exception as bug:  # one bad message never blocks the next
        error = f"{type(bug).__name__}: {bug}"
        _log.exception("mail_failed id=%s", mail.id)
    return await record_inbound_trouble(desk, mail.agency_id, mail.id, error) or mail
