"""What each kind of letter is for: who reads it, and what he reads."""

from collections.abc import Mapping
from types import MappingProxyType

from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind

LETTER_PURPOSES: Mapping[LetterKind, Mapping[Locale, str]] = MappingProxyType(
    {
        LetterKind.ACKNOWLEDGEMENT: {
            Locale.FR: "Un client lit que sa demande est devenue un ticket.",
            Locale.EN: "A client reads that his request has become a ticket.",
        },
        LetterKind.AGENT_REPLY: {
            Locale.FR: "Un client lit ce que l'agence lui répond.",
            Locale.EN: "A client reads what the agency answered him.",
        },
        LetterKind.BATCH_OPENED: {
            Locale.FR: "Un client lit que son lot est ouvert, et ce qu'il contient.",
            Locale.EN: "A client reads that his batch is open, and what is in it.",
        },
        LetterKind.DELIVERY_POSTPONED: {
            Locale.FR: "Un client lit qu'une livraison est reportée, à quand et pourquoi.",
            Locale.EN: "A client reads that a delivery is put off, to when and why.",
        },
        LetterKind.QUOTE_SENT: {
            Locale.FR: (
                "Un client lit un devis, avec ses lignes, son total et sa durée de validité."
            ),
            Locale.EN: (
                "A client reads a quote, with its lines, what they come to and how long it holds."
            ),
        },
        LetterKind.CRITICAL_INCIDENT: {
            Locale.FR: (
                "Un client lit que sa demande est traitée comme critique, et quand il"
                " aura des nouvelles."
            ),
            Locale.EN: (
                "A client reads that his request is handled as critical, and when he hears more."
            ),
        },
        LetterKind.ALERT_TO_CLIENT: {
            Locale.FR: "Un client lit qu'un engagement envers lui est en danger ou rompu.",
            Locale.EN: "A client reads that a promise made to him is in danger or broken.",
        },
        LetterKind.ALERT_TO_AGENT: {
            Locale.FR: (
                "Une personne de l'agence lit qu'un engagement est en danger ou rompu,"
                " et par quelle règle."
            ),
            Locale.EN: (
                "A person of the agency reads that a promise is in danger or broken,"
                " and by which rule."
            ),
        },
        LetterKind.MAIL_LOOP: {
            Locale.FR: "Un responsable lit que deux machines se répondent sur une demande.",
            Locale.EN: "A manager reads that two machines answer each other on a request.",
        },
        LetterKind.ORDERS_REFUSED: {
            Locale.FR: "Un agent lit pourquoi les commandes de son mail n'ont pas été exécutées.",
            Locale.EN: "An agent reads why the commands of his mail were not carried out.",
        },
        LetterKind.ADDRESS_UNREACHED: {
            Locale.FR: "Une personne de l'agence lit que les mails n'arrivent pas à une adresse.",
            Locale.EN: "A person of the agency reads that mails do not reach an address.",
        },
        LetterKind.MAILBOX_UNREAD: {
            Locale.FR: "Un responsable lit qu'une boîte mail n'est plus relevée.",
            Locale.EN: "A manager reads that a mailbox is not read any more.",
        },
        LetterKind.MAILS_WAITING: {
            Locale.FR: "Un responsable lit que des mails attendent qu'une personne décide.",
            Locale.EN: "A manager reads that mails wait for somebody to decide.",
        },
        LetterKind.RETAINER_USED: {
            Locale.FR: "On lit qu'un forfait est bientôt épuisé.",
            Locale.EN: "One reads that a forfait is nearly used up.",
        },
        LetterKind.PACK_EXPIRES: {
            Locale.FR: "On lit qu'un crédit-temps arrive bientôt à échéance.",
            Locale.EN: "One reads that a time pack is nearly over.",
        },
        LetterKind.NOTICE_REMINDER: {
            Locale.FR: "Un responsable lit jusqu'à quand un contrat peut être dénoncé.",
            Locale.EN: "A manager reads until when notice of a contract can be given.",
        },
        LetterKind.RENEWAL_INFORMATION: {
            Locale.FR: (
                "Un consommateur lit que son contrat sera reconduit, et comment refuser (L. 215-1)."
            ),
            Locale.EN: (
                "A consumer reads that his contract will be renewed, and how to refuse (L. 215-1)."
            ),
        },
        LetterKind.PRICE_ANNOUNCEMENT: {
            Locale.FR: (
                "Un client lit que son contrat coûtera plus cher, tant qu'il peut"
                " encore le quitter."
            ),
            Locale.EN: (
                "A client reads that his contract will cost more, while he may still leave it."
            ),
        },
        LetterKind.CREDIT_NOTE_ISSUED: {
            Locale.FR: "Un client lit un message auquel un avoir est joint.",
            Locale.EN: "A client reads a message that a credit note is enclosed with.",
        },
        LetterKind.PENALTY_STATEMENT_ISSUED: {
            Locale.FR: "Un client lit un message auquel un décompte de pénalités est joint.",
            Locale.EN: "A client reads a message that a penalty statement is enclosed with.",
        },
        LetterKind.CREDITS_WAITING: {
            Locale.FR: "Un responsable lit que des crédits attendent sa décision.",
            Locale.EN: "A manager reads that credits wait for his decision.",
        },
        LetterKind.OWED_AT_END: {
            Locale.FR: "Un responsable lit qu'un contrat terminé laisse des avoirs à rembourser.",
            Locale.EN: (
                "A manager reads that a contract is over and something of its credit notes is left."
            ),
        },
        LetterKind.REPORT_PUBLISHED: {
            Locale.FR: "Un client lit un message auquel le rapport du mois est joint.",
            Locale.EN: "A client reads a message that the report of the month is enclosed with.",
        },
        LetterKind.QUESTION_ASKED: {
            Locale.FR: "Un client lit que sa demande attend sa réponse, et à quoi.",
            Locale.EN: "A client reads that his request waits for his answer, and to what.",
        },
        LetterKind.REQUEST_DELIVERED: {
            Locale.FR: "Un client lit qu'une correction est en recette, à vérifier.",
            Locale.EN: "A client reads that a correction is on staging, for him to check.",
        },
        LetterKind.REQUEST_RESOLVED: {
            Locale.FR: "Un client lit que sa demande est résolue.",
            Locale.EN: "A client reads that his request is resolved.",
        },
        LetterKind.REQUEST_CLOSED: {
            Locale.FR: "Un client lit que sa demande est close.",
            Locale.EN: "A client reads that his request is closed.",
        },
        LetterKind.REQUEST_REOPENED: {
            Locale.FR: "Un client lit que sa demande est de nouveau en cours.",
            Locale.EN: "A client reads that his request is in work again.",
        },
        LetterKind.REQUEST_CANCELLED: {
            Locale.FR: "Un client lit que sa demande est annulée, et pourquoi.",
            Locale.EN: "A client reads that his request is cancelled, and why.",
        },
        LetterKind.REQUEST_MERGED: {
            Locale.FR: "Un client lit que sa demande se poursuit dans une autre.",
            Locale.EN: "A client reads that his request goes on in another one.",
        },
        LetterKind.REQUEST_OPENED: {
            Locale.FR: (
                "Un client lit qu'une demande a été ouverte en son nom, ou par un"
                " collègue qu'il suit."
            ),
            Locale.EN: (
                "A client reads that a request was opened in his name, or by a"
                " colleague whom he follows."
            ),
        },
        LetterKind.AGENT_NEWS: {
            Locale.FR: (
                "Une personne de l'agence lit ce qui s'est passé sur une demande, un"
                " devis ou un webhook."
            ),
            Locale.EN: (
                "A person of the agency reads what happened to a request, a quote or a webhook."
            ),
        },
        LetterKind.DIGEST: {
            Locale.FR: "On lit en un message tout ce qui s'est passé, demande par demande.",
            Locale.EN: "One reads in one message all that happened, request by request.",
        },
    }
)
"""In both languages."""
