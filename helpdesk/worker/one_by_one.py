"""Much the same is done for many contracts or sites: trouble with one of them stops no other."""

import logging
from collections.abc import Awaitable

from helpdesk.domain.errors import HelpdeskError

_log = logging.getLogger(__name__)


async def is_done(work: Awaitable[object], what: str) -> bool:
    """Return whether the work was done; trouble is logged, and the next look tries again.

    `what` is the id of the contract, the site or the quote that it is done for.
    """
    try:
        await work
    except HelpdeskError as refusal:
        _log.warning("upkeep_refused id=%s code=%s", what, refusal.code)
    except Exception:  # one that fails never blocks the next
        _log.exception("upkeep_failed id=%s", what)
    else:
        return True
    return False
