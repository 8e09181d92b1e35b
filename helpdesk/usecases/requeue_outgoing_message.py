"""A mail of ours that did not leave is sent after all, or given up for good."""

from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.ids import OutboxMailId
from helpdesk.domain.outgoing_state import OutgoingStanding
from helpdesk.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class OutgoingMessages:
    """The mails to act on."""

    outbox_mail_ids: tuple[OutboxMailId, ...]


async def requeue_outgoing_messages(
    desk: Desk, *, viewer: Viewer, request: OutgoingMessages
) -> tuple[OutgoingStanding, ...]:
    """Put mails back in the queue, due now with all their tries: all of them or none.

    They keep their Message-IDs. One that is being sent stays as it is. Raises AgencyOnly,
    ScopeMissing, NotFound, MailSentAlready of one that left and did not come back.
    """
    at = desk.now()
    return await _each(desk, viewer, request, lambda mail: mail.requeued(at=at))


async def discard_outgoing_messages(
    desk: Desk, *, viewer: Viewer, request: OutgoingMessages
) -> tuple[OutgoingStanding, ...]:
    """Give mails up for good, all of them or none; they are kept, and wait no more.

    One that is being sent stays as it is. Raises AgencyOnly, ScopeMissing, NotFound,
    MailSentAlready.
    """
    at = desk.now()
    return await _each(desk, viewer, request, lambda mail: mail.discarded(at=at, by=viewer.name))


async def _each(
    desk: Desk,
    viewer: Viewer,
    request: OutgoingMessages,
    act: Callable[[OutgoingStanding], OutgoingStanding],
) -> tuple[OutgoingStanding, ...]:
    viewer.require_agency(Scope.MAIL_WRITE)
    after: dict[OutboxMailId, OutgoingStanding] = {}
    async with desk.store.transaction(viewer.agency_id) as records:
        # Always in the same order, so that two people never wait for each other.
        for mail_id in sorted(set(request.outbox_mail_ids)):
            mail = await records.mail.outbox.standing(mail_id)
            if mail is None:
                raise NotFound(path=("outgoingMessageId",), what="OutgoingMessage", id=mail_id)
            after[mail_id] = act(mail)
            if after[mail_id] != mail:
                await records.mail.outbox.save(after[mail_id])
    return tuple(after[mail_id] for mail_id in request.outbox_mail_ids)
