"""News are told, and digests are sent when they are due; trouble with one stops no other."""

import logging

from helpdesk.usecases.desk import Desk
from helpdesk.usecases.send_digest import put_off_digest, send_digest
from helpdesk.usecases.tell_news import record_news_trouble, tell_news

BATCH = 50

_log = logging.getLogger(__name__)


async def tell_due(desk: Desk) -> int:
    """Tell the news that are due, then promise the digests that are, and return how many."""
    queue, at = desk.store.queue().notifications, desk.now()
    told = 0
    for agency_id, news_id in await queue.due_news(at=at, limit=BATCH):
        try:
            told += await tell_news(desk, agency_id, news_id)
        except Exception as error:  # one that fails never blocks the next
            _log.exception("news_not_told id=%s", news_id)
            await record_news_trouble(desk, agency_id, news_id, f"{type(error).__name__}: {error}")
    for agency_id, reader_id in await queue.due_digests(at=at, limit=BATCH):
        try:
            told += await send_digest(desk, agency_id, reader_id)
        except Exception:
            _log.exception("digest_not_promised reader=%s", reader_id)
            await put_off_digest(desk, agency_id, reader_id)
    return told
