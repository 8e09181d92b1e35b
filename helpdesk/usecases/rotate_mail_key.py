"""An agency signs its mails with a new key."""

from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.mail_token import MAX_KEYS, KeyInUse, KeysUsedUp, MailKey
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager


@dataclass(frozen=True, slots=True)
class RetireMailKey:
    """The number of the key whose tokens are believed no more."""

    number: int


async def rotate_mail_key(desk: Desk, *, viewer: Viewer) -> tuple[MailKey, ...]:
    """Make the key that signs from now on, and return all keys, that one first.

    The earlier ones still verify: an answer to an old mail finds its ticket. Raises AgencyOnly,
    ScopeMissing, ManagersOnly, KeysUsedUp.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        keys = await records.mail.mail_keys()
        number = keys[0].number + 1 if keys else 1
        if number > MAX_KEYS:
            raise KeysUsedUp(limit=MAX_KEYS)
        key = MailKey(viewer.agency_id, number, desk.new_secret())
        await records.mail.add_mail_key(key, at=desk.now())
        return await records.mail.mail_keys()


async def retire_mail_key(
    desk: Desk, *, viewer: Viewer, request: RetireMailKey
) -> tuple[MailKey, ...]:
    """Believe the tokens of a key no more, and return all keys, the one that signs first.

    Answers to the mails that it signed are found by their other headers alone, and prove nobody.
    One that was retired before stays as it was. Raises AgencyOnly, ScopeMissing, ManagersOnly,
    NotFound, KeyInUse.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        await _require_old_key(records, request.number)
        await records.mail.retire_mail_key(request.number, at=desk.now())
        return await records.mail.mail_keys()


async def mail_keys(desk: Desk, *, viewer: Viewer) -> tuple[MailKey, ...]:
    """Return the keys of the agency, the one that signs first.

    Raises AgencyOnly, ScopeMissing, ManagersOnly.
    """
    async with desk.store.reading(viewer.agency_id) as records:
        await require_manager(records, viewer)
        return await records.mail.mail_keys()


async def _require_old_key(records: Records, number: int) -> None:
    keys = await records.mail.mail_keys()
    if number not in {key.number for key in keys}:
        raise NotFound(path=("number",), what="MailKey", id=str(number))
    if number == keys[0].number:
        raise KeyInUse(path=("number",), number=number)
