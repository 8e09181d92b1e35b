"""The internal note that says by whose decision a message is on a ticket, and from where."""

from collections.abc import Mapping

from helpdesk.domain.access import Viewer
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import MessageId, TicketId
from helpdesk.domain.inbox import InboundMail, InboundMailReason
from helpdesk.domain.message import BODY_LIMIT, Message
from helpdesk.domain.ticket import Channel
from helpdesk.domain.ticket_life import Occasion, noted
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import visible_ticket

_WORDS: Mapping[Locale, str] = {
    Locale.EN: "{name} took this mail out of the inbox. It came on {at:%Y-%m-%d at %H:%M} UTC from"
    " {sender}; it had not been filed: {why}.",
    Locale.FR: "{name} a repris ce mail dans la boîte de réception. Il est arrivé le"
    " {at:%d/%m/%Y à %H:%M} UTC, de {sender}\u202f; il n'avait pas été classé\u00a0: {why}.",
}
_WHY: Mapping[Locale, Mapping[InboundMailReason | None, str]] = {
    Locale.EN: {
        None: "nobody had read it yet",
        InboundMailReason.TROUBLE: "it could not be read",
        InboundMailReason.NO_SENDER: "nobody can be named who sent it",
        InboundMailReason.LOOP: "it goes round in a circle",
        InboundMailReason.AUTOMATIC: "a program sent it",
        InboundMailReason.BOUNCE: "it says that a mail did not arrive",
        InboundMailReason.DUPLICATE: "it had been received before",
        InboundMailReason.OWN_MAIL: "it is a mail of our own",
        InboundMailReason.BLOCKED_SENDER: "its sender is blocked",
        InboundMailReason.SPAM: "it was marked as spam",
        InboundMailReason.DISCARDED: "it had been discarded",
    },
    Locale.FR: {
        None: "personne ne l'avait encore lu",
        InboundMailReason.TROUBLE: "il n'a pas pu être lu",
        InboundMailReason.NO_SENDER: "son expéditeur est inconnu",
        InboundMailReason.LOOP: "il tourne en rond",
        InboundMailReason.AUTOMATIC: "un programme l'a envoyé",
        InboundMailReason.BOUNCE: "il annonce qu'un mail n'est pas arrivé",
        InboundMailReason.DUPLICATE: "il avait déjà été reçu",
        InboundMailReason.OWN_MAIL: "c'est un mail à nous",
        InboundMailReason.BLOCKED_SENDER: "son expéditeur est bloqué",
        InboundMailReason.SPAM: "il était marqué comme indésirable",
        InboundMailReason.DISCARDED: "il avait été écarté",
    },
}


async def note_the_decision(
    desk: Desk, records: Records, viewer: Viewer, ticket_id: TicketId, mail: InboundMail
) -> None:
    """Write on the ticket who took the message out of the inbox, and why it had been there."""
    ticket = await visible_ticket(records, viewer, ticket_id)
    locale = (await records.agencies.agency()).locale
    why = _WHY[locale].get(mail.reason, str(mail.reason))
    sender = mail.from_addr or mail.envelope_from or "?"
    words = _WORDS[locale].format(name=viewer.name, at=mail.received_at, sender=sender, why=why)
    on = Occasion(desk.now(), viewer.actor)
    note = Message(
        id=MessageId(desk.new_id()),
        agency_id=viewer.agency_id,
        ticket_id=ticket.id,
        sent_at=on.at,
        author=viewer.actor,
        channel=Channel.API,
        body=words[:BODY_LIMIT],
        is_internal=True,
    )
    await save_change(desk, records, noted(ticket, note.id, on=on))
    await records.tickets.add_message(note)
