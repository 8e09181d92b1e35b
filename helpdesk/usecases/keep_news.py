"""What happened is kept as news in its own transaction; the worker tells them afterwards."""

from helpdesk.domain.access import Actor
from helpdesk.domain.ids import NewsId
from helpdesk.domain.news import News, telling_of
from helpdesk.domain.notification_catalogue import NotificationKind
from helpdesk.domain.quote import Quote
from helpdesk.domain.ticket import TicketChange
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


async def keep_news(desk: Desk, records: Records, change: TicketChange) -> None:
    """Keep what a step on a ticket is news of; of most steps there is none.

    Nothing is read: who wants to hear of it is found out when it is told.
    """
    telling = telling_of(change.events)
    if telling is None:
        return
    fact, now = telling.fact, desk.now()
    await records.notifications.add_news(
        News(
            id=NewsId(desk.new_id()),
            agency_id=records.agency_id,
            kinds=telling.kinds,
            at=now,
            actor_kind=fact.actor.kind,
            actor_name=fact.actor.name,
            tell_after=now,
            agent_id=fact.actor.agent_id,
            contact_id=fact.actor.contact_id,
            ticket_id=fact.ticket_id,
            message_id=telling.message_id,
            related_ticket_id=fact.related_ticket_id,
            reason=telling.reason,
            detail=fact.after.get("assignee_id"),
        )
    )


async def keep_quote_news(
    desk: Desk, records: Records, quote: Quote, actor: Actor, kind: NotificationKind
) -> None:
    """Keep that the client answered a quote, with the reason if he refused it."""
    now, refusal = desk.now(), quote.refusal
    await records.notifications.add_news(
        News(
            id=NewsId(desk.new_id()),
            agency_id=records.agency_id,
            kinds=(kind,),
            at=now,
            actor_kind=actor.kind,
            actor_name=actor.name,
            tell_after=now,
            agent_id=actor.agent_id,
            contact_id=actor.contact_id,
            ticket_id=quote.ticket_id,
            client_id=quote.client_id,
            reason=None if refusal is None else refusal.reason,
            detail=f"{quote.number} v{quote.version}",
        )
    )


async def keep_upkeep_news(
    desk: Desk, records: Records, actor: Actor, kind: NotificationKind, *, detail: str
) -> None:
    """Keep something that concerns the agency itself; `detail` names what it is about."""
    now = desk.now()
    await records.notifications.add_news(
        News(
            id=NewsId(desk.new_id()),
            agency_id=records.agency_id,
            kinds=(kind,),
            at=now,
            actor_kind=actor.kind,
            actor_name=actor.name,
            tell_after=now,
            agent_id=actor.agent_id,
            contact_id=actor.contact_id,
            detail=detail,
        )
    )
