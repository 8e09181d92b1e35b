"""Every mail that the engine writes by itself: who reads it, on which topic, what it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.domain.notification import NotificationTopic


class Audience(StrEnum):
    """Who is told; everybody once, and never who did it.

    RESPONSIBLE is who is assigned, else the team, else the managers. What a REQUESTER is told,
    those of his colleagues are told too who follow the requests of the others.
    """

    REQUESTER = "REQUESTER"
    NOTICE_READERS = "NOTICE_READERS"
    RESPONSIBLE = "RESPONSIBLE"
    ASSIGNEE = "ASSIGNEE"
    TEAM = "TEAM"
    MANAGERS = "MANAGERS"
    BY_CONTRACT = "BY_CONTRACT"
    AUTHOR = "AUTHOR"


class NotificationKind(StrEnum):
    """What is told. Of two that reach a reader at once, he is told the one that comes first."""

    TICKET_CRITICAL = "TICKET_CRITICAL"
    TICKET_ASSIGNED = "TICKET_ASSIGNED"
    TEAM_ASSIGNED = "TEAM_ASSIGNED"
    TICKET_OPENED = "TICKET_OPENED"
    TICKET_REOPENED = "TICKET_REOPENED"
    CLIENT_WROTE = "CLIENT_WROTE"
    CLASSIFICATION_CONTESTED = "CLASSIFICATION_CONTESTED"
    MAIL_UNVERIFIED = "MAIL_UNVERIFIED"
    NOTE_WRITTEN = "NOTE_WRITTEN"
    QUOTE_ACCEPTED = "QUOTE_ACCEPTED"
    QUOTE_REFUSED = "QUOTE_REFUSED"
    WEBHOOK_DISABLED = "WEBHOOK_DISABLED"
    QUESTION_ASKED = "QUESTION_ASKED"
    REQUEST_DELIVERED = "REQUEST_DELIVERED"
    REQUEST_RESOLVED = "REQUEST_RESOLVED"
    REQUEST_CLOSED = "REQUEST_CLOSED"
    REQUEST_REOPENED = "REQUEST_REOPENED"
    REQUEST_CANCELLED = "REQUEST_CANCELLED"
    REQUEST_MERGED = "REQUEST_MERGED"
    REQUEST_OPENED = "REQUEST_OPENED"


@dataclass(frozen=True, slots=True)
class Notification:
    """Who is told, on which topic, and what, in one sentence."""

    audience: Audience
    topic: NotificationTopic
    says: str


_TOPIC = NotificationTopic

CATALOGUE: Mapping[NotificationKind, Notification] = {
    NotificationKind.TICKET_CRITICAL: Notification(
        Audience.RESPONSIBLE, _TOPIC.ALERTS, "A ticket is P0, from its opening on or since now."
    ),
    NotificationKind.TICKET_ASSIGNED: Notification(
        Audience.ASSIGNEE, _TOPIC.ASSIGNMENTS, "A ticket was given to him."
    ),
    NotificationKind.TEAM_ASSIGNED: Notification(
        Audience.TEAM, _TOPIC.ASSIGNMENTS, "A ticket was given to his team, and to nobody of it."
    ),
    NotificationKind.TICKET_OPENED: Notification(
        Audience.RESPONSIBLE, _TOPIC.NEW_TICKETS, "A ticket was opened."
    ),
    NotificationKind.TICKET_REOPENED: Notification(
        Audience.RESPONSIBLE,
        _TOPIC.CLIENT_NEWS,
        "A finished ticket goes on: the client did not accept what was delivered, or wrote again.",
    ),
    NotificationKind.CLIENT_WROTE: Notification(
        Audience.RESPONSIBLE, _TOPIC.CLIENT_NEWS, "The client wrote on a ticket."
    ),
    NotificationKind.CLASSIFICATION_CONTESTED: Notification(
        Audience.RESPONSIBLE, _TOPIC.CLIENT_NEWS, "The client contests how a ticket was classified."
    ),
    NotificationKind.MAIL_UNVERIFIED: Notification(
        Audience.RESPONSIBLE,
        _TOPIC.DOUBTFUL_MAIL,
        "A mail on a ticket may not be its author's and waits for a person to judge it.",
    ),
    NotificationKind.NOTE_WRITTEN: Notification(
        Audience.ASSIGNEE, _TOPIC.NOTES, "Somebody wrote an internal note on a ticket."
    ),
    NotificationKind.QUOTE_ACCEPTED: Notification(
        Audience.RESPONSIBLE, _TOPIC.QUOTE_ANSWERS, "The client accepted a quote."
    ),
    NotificationKind.QUOTE_REFUSED: Notification(
        Audience.RESPONSIBLE, _TOPIC.QUOTE_ANSWERS, "The client refused a quote, and why."
    ),
    NotificationKind.WEBHOOK_DISABLED: Notification(
        Audience.MANAGERS, _TOPIC.UPKEEP, "A webhook is called no more."
    ),
    NotificationKind.QUESTION_ASKED: Notification(
        Audience.REQUESTER, _TOPIC.YOUR_TURN, "His request waits for him, and for what."
    ),
    NotificationKind.REQUEST_DELIVERED: Notification(
        Audience.REQUESTER, _TOPIC.YOUR_TURN, "A correction is on staging, for him to check."
    ),
    NotificationKind.REQUEST_RESOLVED: Notification(
        Audience.REQUESTER, _TOPIC.PROGRESS, "His request is resolved."
    ),
    NotificationKind.REQUEST_CLOSED: Notification(
        Audience.REQUESTER, _TOPIC.PROGRESS, "His request is closed."
    ),
    NotificationKind.REQUEST_REOPENED: Notification(
        Audience.REQUESTER, _TOPIC.PROGRESS, "His request is in work again."
    ),
    NotificationKind.REQUEST_CANCELLED: Notification(
        Audience.REQUESTER, _TOPIC.PROGRESS, "His request was given up, and why."
    ),
    NotificationKind.REQUEST_MERGED: Notification(
        Audience.REQUESTER, _TOPIC.PROGRESS, "His request goes on in another one of his side."
    ),
    NotificationKind.REQUEST_OPENED: Notification(
        Audience.REQUESTER, _TOPIC.PROGRESS, "A request was opened in his name."
    ),
}
"""What is told of news; a preference of the reader decides when."""

LETTERS: Mapping[str, Notification] = {
    "acknowledgement": Notification(
        Audience.REQUESTER, _TOPIC.RECEIPTS, "His request has arrived; of a P0 he always hears."
    ),
    "critical": Notification(
        Audience.REQUESTER, _TOPIC.CONVERSATION, "His request is handled as critical."
    ),
    "message": Notification(
        Audience.REQUESTER, _TOPIC.CONVERSATION, "What the agency answered him."
    ),
    "quote": Notification(Audience.REQUESTER, _TOPIC.CONVERSATION, "A quote to answer."),
    "batch": Notification(
        Audience.REQUESTER, _TOPIC.CONVERSATION, "A batch opened, and which requests are in it."
    ),
    "postponement": Notification(
        Audience.REQUESTER, _TOPIC.CONVERSATION, "A delivery is put off, to when and why."
    ),
    "renewal": Notification(
        Audience.NOTICE_READERS, _TOPIC.CONTRACT, "A contract is about to renew itself."
    ),
    "price": Notification(Audience.NOTICE_READERS, _TOPIC.CONTRACT, "A price is to change."),
    "credit-note": Notification(
        Audience.NOTICE_READERS, _TOPIC.CONTRACT, "A credit note was issued."
    ),
    "report": Notification(
        Audience.NOTICE_READERS, _TOPIC.CONTRACT, "The report of a month is published."
    ),
    "retainer": Notification(
        Audience.BY_CONTRACT, _TOPIC.CONTRACT, "The forfait runs low, as the contract says."
    ),
    "escalation": Notification(
        Audience.BY_CONTRACT, _TOPIC.ALERTS, "A promise is in danger or broken; a client may hear."
    ),
    "orders": Notification(
        Audience.AUTHOR, _TOPIC.ALERTS, "The orders in his mail were not carried out, and why."
    ),
    "undeliverable": Notification(
        Audience.RESPONSIBLE, _TOPIC.ALERTS, "Mails to an address come back."
    ),
    "loop": Notification(
        Audience.MANAGERS, _TOPIC.ALERTS, "Two machines answer each other on a ticket."
    ),
    "mailbox-unread": Notification(
        Audience.MANAGERS, _TOPIC.ALERTS, "A mailbox is not read any more."
    ),
    "mails-waiting": Notification(
        Audience.MANAGERS, _TOPIC.ALERTS, "Mails wait for somebody to decide, or could not leave."
    ),
    "notice": Notification(
        Audience.MANAGERS, _TOPIC.ALERTS, "The day to give notice of a contract comes near."
    ),
    "credits": Notification(Audience.MANAGERS, _TOPIC.ALERTS, "Credits wait to be decided."),
    "owed": Notification(Audience.MANAGERS, _TOPIC.ALERTS, "Credits are owed and not issued."),
}
"""The mails that are written in the transaction of what they tell, by the start of their key."""
