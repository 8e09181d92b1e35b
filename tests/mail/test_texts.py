"""What clients read, in their language."""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar

import pytest

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.mail.reply_cutting import reply_of
from helpdesk.mail.texts import (
    Letterhead,
    acknowledgement,
    agent_reply,
    refusal,
    spoken_time,
    tagged_subject,
)

FRENCH = Letterhead(
    locale=Locale.FR,
    agency_name="L'agence Exemple",
    recipient_name="Bruno",
    ticket_number=12,
    ticket_subject="Panier {vide}",
)
ENGLISH = replace(FRENCH, locale=Locale.EN, recipient_name="", ticket_subject="Empty basket")
PROMISED = datetime.fromisoformat("2026-03-02T10:05+01:00")


def test_the_french_acknowledgement_says_the_number_and_when() -> None:
    mail = acknowledgement(FRENCH, promised_at=PROMISED)

    assert mail.subject == "[#12] Panier {vide}"
    assert mail.text == (
        "-- Répondez au-dessus de cette ligne --\n\n"
        "Bonjour Bruno,\n\n"
        "Nous avons bien reçu votre demande « Panier {vide} ». Elle porte le numéro 12.\n\n"
        "Une personne de l'équipe vous répondra au plus tard le lundi 2 mars à 10 h 05.\n\n"
        "Un détail à ajouter, une capture d'écran ? Répondez simplement à ce message.\n\n"
        "À bientôt,\nL'agence Exemple\n"
    )


def test_the_english_acknowledgement_without_a_promise_promises_nothing() -> None:
    mail = acknowledgement(ENGLISH)

    assert mail.text == (
        "-- Please reply above this line --\n\n"
        "Hello,\n\n"
        "We have received your request “Empty basket”. Its number is 12.\n\n"
        "Someone from the team is reading it and will answer as soon as possible.\n\n"
        "Something to add, a screenshot? Simply reply to this message.\n\n"
        "Kind regards,\nL'agence Exemple\n"
    )


def test_a_reply_carries_the_words_of_the_agent_as_they_are() -> None:
    mail = agent_reply(ENGLISH, agent_name="Alice", body="Fixed {now}.\n\n%s done")

    assert mail.subject == "Re: [#12] Empty basket"
    assert "Alice has answered you about “Empty basket” (request 12):" in mail.text
    assert "\n\nFixed {now}.\n\n%s done\n\n" in mail.text


@pytest.mark.parametrize("head", [FRENCH, ENGLISH])
def test_an_answer_to_our_mail_is_cut_at_our_line(head: Letterhead) -> None:
    ours = agent_reply(head, agent_name="Alice", body="Voilà.").text

    assert reply_of(f"Merci !\n\n{ours}") == "Merci !"


class RequestRefused(HelpdeskError):
    """A refusal to show."""

    code: ClassVar[ErrorCode] = ErrorCode.TOO_LONG
    english: ClassVar[str] = "The text is longer than {limit} characters."
    french: ClassVar[str] = "Le texte dépasse {limit} caractères."


def test_a_refusal_says_why_and_that_nothing_is_lost() -> None:
    mail = refusal(RequestRefused(limit=10), FRENCH)

    assert "« Panier {vide} » n'a pas pu être pris en compte." in mail.text
    assert "Le texte dépasse 10 caractères.\n\nIl est conservé : rien n'est perdu." in mail.text


@pytest.mark.parametrize(
    ("subject", "tagged"),
    [
        ("Panne", "[#12] Panne"),
        ("Re: Réf : RE: [#12] Panne", "[#12] Panne"),
        ("RE: [#12] RE: Panne\n du site", "[#12] Panne du site"),
        ("", "[#12]"),
        ("x" * 300, "[#12] " + "x" * 194),
    ],
)
def test_a_subject_names_its_ticket_once(subject: str, tagged: str) -> None:
    assert tagged_subject(12, subject) == tagged


def test_the_first_of_the_month_is_said_as_people_say_it() -> None:
    first = datetime.fromisoformat("2026-05-01T09:00+02:00")

    assert spoken_time(first, locale=Locale.FR) == "vendredi 1er mai à 9 h 00"
    assert spoken_time(first, locale=Locale.EN) == "Friday 1 May at 09:00"
