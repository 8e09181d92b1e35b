"""The look of an agency's mails: read and changed."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import Viewer
from helpdesk.domain.mail_look import (
    MailLook,
    closing_lines,
    logo_of,
    readable_accent,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.require_manager import require_manager


@dataclass(frozen=True, slots=True)
class SetMailLook:
    """What changes; None leaves it as it is, and an empty logo, footer or signature removes it."""

    accent: str | None = None
    footer: tuple[str, ...] | None = None
    signature: str | None = None
    logo: bytes | None = None


async def mail_look(desk: Desk, *, viewer: Viewer) -> MailLook:
    """Return the look of the agency's mails. Raises AgencyOnly, ScopeMissing and ManagersOnly."""
    async with desk.store.reading(viewer.agency_id) as records:
        await require_manager(records, viewer)
        return await records.wording.look()


async def set_mail_look(desk: Desk, *, viewer: Viewer, request: SetMailLook) -> MailLook:
    """Change the look of the mails that are promised from now on, and return it.

    Raises AgencyOnly, ScopeMissing, ManagersOnly, AccentInvalid, AccentTooPale, LogoRefused,
    and LookTextTooLong.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        known = await records.wording.look()
        look = _changed(known, request)
        if request.logo and look.logo is not None:
            await records.tickets.add_blob(look.logo.sha256, request.logo)
        if look != known:
            await records.wording.add_look(look, by=viewer.actor, at=desk.now())
        return look


def _changed(known: MailLook, request: SetMailLook) -> MailLook:
    look = known
    if request.accent is not None:
        look = replace(look, accent=readable_accent(request.accent))
    if request.footer is not None:
        look = replace(look, footer=closing_lines(request.footer, field="footer"))
    if request.signature is not None:
        look = replace(
            look, signature="\n".join(closing_lines([request.signature], field="signature"))
        )
    if request.logo is not None:
        look = replace(look, logo=logo_of(request.logo) if request.logo else None)
    return look
