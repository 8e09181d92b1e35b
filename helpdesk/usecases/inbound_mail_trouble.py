"""A message that could not be understood is tried again, then set aside where people see it."""

from dataclasses import replace

from helpdesk.domain.ids import AgencyId, InboundMailId
from helpdesk.domain.inbox import InboundMail, InboundMailReason, InboundMailState, retry_after
from helpdesk.domain.message import storable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_ports import SuspectMail

ERROR_LIMIT = 500


CRASHED = "Its reader ended without a word, {crashes} times in a row: a process was killed by it."


async def record_inbound_trouble(
    desk: Desk, agency_id: AgencyId, mail_id: InboundMailId, error: str
) -> InboundMail | None:
    """Write down why a message could not be understood, and when it is tried again.

    After the last try it is quarantined; its bytes stay. One that was understood meanwhile is
    left as it is. Returns None when there is no such row.
    """
    async with desk.store.transaction(agency_id) as records:
        mail = await records.mail.inbound(mail_id)
        if mail is None or not mail.waits:
            return mail
        attempts = mail.attempts + 1
        retry_at = retry_after(attempts, at=desk.now())
        troubled = replace(
            mail,
            state=InboundMailState.QUARANTINED if retry_at is None else InboundMailState.FAILED,
            reason=InboundMailReason.TROUBLE,
            attempts=attempts,
            retry_at=retry_at,
            last_error=storable(error)[:ERROR_LIMIT],
        )
        await records.mail.save_inbound(troubled)
        return troubled


async def set_crasher_aside(desk: Desk, suspect: SuspectMail) -> InboundMail:
    """Quarantine a message that ended its readers once too often, and return it.

    One that was understood meanwhile is left as it is.
    """
    async with desk.store.transaction(suspect.mail.agency_id) as records:
        mail = await records.mail.inbound(suspect.mail.id)
        if mail is None or not mail.waits:
            return mail or suspect.mail
        aside = replace(
            mail,
            state=InboundMailState.QUARANTINED,
            reason=InboundMailReason.TROUBLE,
            attempts=mail.attempts + suspect.crashes - 1,
            retry_at=None,
            last_error=CRASHED.format(crashes=suspect.crashes),
        )
        await records.mail.save_inbound(aside)
        return aside
