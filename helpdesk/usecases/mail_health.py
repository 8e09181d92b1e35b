"""How the ways in and out of the mails do, for those who look after them."""

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import AgencyId
from helpdesk.domain.mail_health import MailHealth
from helpdesk.usecases.desk import Desk


async def mail_health(desk: Desk) -> MailHealth:
    """Return how the mails of every agency of this installation do, for who runs the engine."""
    each = [await agency_mail_health(desk, agency.id) for agency in await desk.store.agencies()]
    return MailHealth(
        desk.now(),
        tuple(mailbox for health in each for mailbox in health.mailboxes),
        tuple(outgoing for health in each for outgoing in health.outgoing),
    )


async def agency_mail_health(desk: Desk, agency_id: AgencyId) -> MailHealth:
    """Return how the mails of an agency do."""
    async with desk.store.reading(agency_id) as records:
        return await records.mail.health(await records.agencies.agency(), at=desk.now())


async def shown_mail_health(desk: Desk, *, viewer: Viewer) -> MailHealth:
    """Return how the mails of the viewer's agency do. Raises AgencyOnly, ScopeMissing."""
    viewer.require_agency(Scope.MAIL_READ)
    return await agency_mail_health(desk, viewer.agency_id)
