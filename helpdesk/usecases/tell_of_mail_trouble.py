"""Managers hear that a mailbox is not read any more, and that mails wait for somebody to decide."""

from zoneinfo import ZoneInfo

from helpdesk.domain.agency import Agency
from helpdesk.domain.ids import AgencyId
from helpdesk.domain.mail_health import MailboxHealth, MailHealth, is_office_time
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.mail_health import agency_mail_health
from helpdesk.usecases.ports import Records


async def tell_of_mail_trouble(desk: Desk, agency_id: AgencyId) -> None:
    """Promise the managers what they should know of the mails, in office hours.

    Of a mailbox once for each time that it could not be read for half an hour; of what waits in
    quarantine or could not leave at most once a day. Asked as often as you like.
    """
    async with desk.store.reading(agency_id) as records:
        agency = await records.agencies.agency()
    at = desk.now()
    if not is_office_time(at, zone=agency.zone):
        return
    health = await agency_mail_health(desk, agency_id)
    unread = [mailbox for mailbox in health.mailboxes if mailbox.is_to_be_told(at=at)]
    if not unread and not health.quarantined and not health.failed:
        return
    async with desk.store.transaction(agency_id) as records:
        for mailbox in unread:
            await _tell_unread(desk, records, agency, mailbox)
        if health.quarantined or health.failed:
            await _tell_waiting(desk, records, agency, health)


async def _tell_unread(
    desk: Desk, records: Records, agency: Agency, mailbox: MailboxHealth
) -> None:
    since = mailbox.trouble_since(at=desk.now())
    assert since is not None  # noqa: S101 - it is told only while there is trouble
    for manager in await records.agencies.managers():
        letter = desk.alerts.mailbox_unread(mailbox, since=since, agency=agency, agent=manager)
        # What was read last tells one time that it stopped from the next, whatever it fails by.
        stopped_at = mailbox.last_success_at or since
        key = f"mailbox-unread:{mailbox.address}:{stopped_at.isoformat()}:{manager.id}"
        await _promise(desk, records, Envelope(agency, manager, letter), key)


async def _tell_waiting(desk: Desk, records: Records, agency: Agency, health: MailHealth) -> None:
    today = desk.now().astimezone(ZoneInfo(agency.zone)).date()
    letter: Letter = desk.alerts.mails_waiting(waiting=health.quarantined, given_up=health.failed)
    for manager in await records.agencies.managers():
        key = f"mails-waiting:{today}:{manager.id}"
        await _promise(desk, records, Envelope(agency, manager, letter), key)


async def _promise(desk: Desk, records: Records, envelope: Envelope, key: str) -> None:
    if await records.mail.promised([key]):
        return
    await promise_letter(
        desk, records, None, envelope, key=key, auto_submitted=AutoSubmitted.AUTO_GENERATED
    )
