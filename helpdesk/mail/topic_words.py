"""What topics and happenings are called, in both languages."""

from collections.abc import Mapping

from helpdesk.domain.errors import Locale
from helpdesk.domain.notification import NotificationTopic
from helpdesk.domain.notification_catalogue import NotificationKind

WHY_HEADS = {
    Locale.FR: "Vous recevez ce message parce que vous suivez : {topics}.",
    Locale.EN: "You receive this message because you follow: {topics}.",
}
TOPIC_NAMES: Mapping[Locale, Mapping[NotificationTopic, str]] = {
    Locale.FR: {
        NotificationTopic.CONVERSATION: "vos échanges avec l'agence",
        NotificationTopic.CONTRACT: "votre contrat",
        NotificationTopic.RECEIPTS: "les accusés de réception",
        NotificationTopic.YOUR_TURN: "les demandes qui vous attendent",
        NotificationTopic.PROGRESS: "l'avancement de vos demandes",
        NotificationTopic.COLLEAGUES: "les demandes de vos collègues",
        NotificationTopic.ALERTS: "les alertes",
        NotificationTopic.NEW_TICKETS: "les nouvelles demandes",
        NotificationTopic.ASSIGNMENTS: "les demandes qui vous sont confiées",
        NotificationTopic.CLIENT_NEWS: "les réponses des clients",
        NotificationTopic.NOTES: "les notes internes",
        NotificationTopic.QUOTE_ANSWERS: "les réponses aux devis",
        NotificationTopic.DOUBTFUL_MAIL: "les messages à vérifier",
        NotificationTopic.UPKEEP: "le fonctionnement de l'outil",
    },
    Locale.EN: {
        NotificationTopic.CONVERSATION: "your conversations with the agency",
        NotificationTopic.CONTRACT: "your contract",
        NotificationTopic.RECEIPTS: "receipts of your requests",
        NotificationTopic.YOUR_TURN: "requests that wait for you",
        NotificationTopic.PROGRESS: "how your requests go on",
        NotificationTopic.COLLEAGUES: "the requests of your colleagues",
        NotificationTopic.ALERTS: "alerts",
        NotificationTopic.NEW_TICKETS: "new requests",
        NotificationTopic.ASSIGNMENTS: "requests that are given to you",
        NotificationTopic.CLIENT_NEWS: "what clients answer",
        NotificationTopic.NOTES: "internal notes",
        NotificationTopic.QUOTE_ANSWERS: "answers to quotes",
        NotificationTopic.DOUBTFUL_MAIL: "messages to check",
        NotificationTopic.UPKEEP: "how the tool runs",
    },
}
HAPPENED: Mapping[Locale, Mapping[NotificationKind, str]] = {
    Locale.FR: {
        NotificationKind.TICKET_CRITICAL: "demande critique (P0)",
        NotificationKind.TICKET_ASSIGNED: "demande qui vous est confiée",
        NotificationKind.TEAM_ASSIGNED: "demande confiée à votre équipe",
        NotificationKind.TICKET_OPENED: "nouvelle demande",
        NotificationKind.TICKET_REOPENED: "demande relancée",
        NotificationKind.CLIENT_WROTE: "réponse du client",
        NotificationKind.CLASSIFICATION_CONTESTED: "classement contesté",
        NotificationKind.MAIL_UNVERIFIED: "message à vérifier",
        NotificationKind.NOTE_WRITTEN: "note interne",
        NotificationKind.QUOTE_ACCEPTED: "devis accepté",
        NotificationKind.QUOTE_REFUSED: "devis refusé",
        NotificationKind.WEBHOOK_DISABLED: "webhook désactivé",
        NotificationKind.QUESTION_ASKED: "demande en attente de votre réponse",
        NotificationKind.REQUEST_DELIVERED: "correction en recette, à vérifier",
        NotificationKind.REQUEST_RESOLVED: "demande résolue",
        NotificationKind.REQUEST_CLOSED: "demande close",
        NotificationKind.REQUEST_REOPENED: "demande de nouveau en cours",
        NotificationKind.REQUEST_CANCELLED: "demande annulée",
        NotificationKind.REQUEST_MERGED: "demande poursuivie dans une autre",
        NotificationKind.REQUEST_OPENED: "demande ouverte",
    },
    Locale.EN: {
        NotificationKind.TICKET_CRITICAL: "critical request (P0)",
        NotificationKind.TICKET_ASSIGNED: "request given to you",
        NotificationKind.TEAM_ASSIGNED: "request given to your team",
        NotificationKind.TICKET_OPENED: "new request",
        NotificationKind.TICKET_REOPENED: "request taken up again",
        NotificationKind.CLIENT_WROTE: "the client answered",
        NotificationKind.CLASSIFICATION_CONTESTED: "classification contested",
        NotificationKind.MAIL_UNVERIFIED: "message to check",
        NotificationKind.NOTE_WRITTEN: "internal note",
        NotificationKind.QUOTE_ACCEPTED: "quote accepted",
        NotificationKind.QUOTE_REFUSED: "quote refused",
        NotificationKind.WEBHOOK_DISABLED: "webhook disabled",
        NotificationKind.QUESTION_ASKED: "request that waits for your answer",
        NotificationKind.REQUEST_DELIVERED: "correction on staging, to be checked",
        NotificationKind.REQUEST_RESOLVED: "request resolved",
        NotificationKind.REQUEST_CLOSED: "request closed",
        NotificationKind.REQUEST_REOPENED: "request in work again",
        NotificationKind.REQUEST_CANCELLED: "request cancelled",
        NotificationKind.REQUEST_MERGED: "request that goes on in another one",
        NotificationKind.REQUEST_OPENED: "request opened",
    },
}
