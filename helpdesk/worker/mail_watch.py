"""Somebody hears of it when mails are not read, not understood, or do not leave."""

from collections.abc import Callable

from helpdesk.usecases.desk import Desk
from helpdesk.usecases.tell_of_mail_trouble import tell_of_mail_trouble
from helpdesk.worker.one_by_one import is_done

LOOK_SECONDS = 60.0


async def watch_mails(desk: Desk, is_stopping: Callable[[], bool]) -> int:
    """Tell the managers of every agency what they should know; it is all done then, so return 0.

    Trouble with one agency is logged and delays no other.
    """
    for agency in await desk.store.agencies():
        if not is_stopping():
            await is_done(tell_of_mail_trouble(desk, agency.id), agency.id)
    return 0


async def look_pause() -> float:
    """Return how long to wait before looking again."""
    return LOOK_SECONDS
