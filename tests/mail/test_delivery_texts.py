"""What clients read about deliveries, in their language."""

from dataclasses import replace
from datetime import datetime

from helpdesk.domain.errors import Locale
from helpdesk.mail.delivery_texts import ListedRequest, batch_opened, delivery_postponed
from helpdesk.mail.texts import Heading, Letterhead

FRENCH = Letterhead(
    locale=Locale.FR,
    agency_name="L'agence Exemple",
    recipient_name="Bruno",
    ticket_number=12,
    ticket_subject="Panier {vide}",
)
ENGLISH = replace(FRENCH, locale=Locale.EN, recipient_name="", ticket_subject="Empty basket")
OLD_DUE = datetime.fromisoformat("2026-03-02T10:05+01:00")
NEW_DUE = datetime.fromisoformat("2026-03-09T18:00+01:00")


def test_a_batch_that_opens_lists_its_requests() -> None:
    heading = Heading(locale=Locale.FR, agency_name="L'agence Exemple", recipient_name="Bruno")
    requests = [ListedRequest("12", "Panier {vide}"), ListedRequest("15", "Un mot")]

    mail = batch_opened(heading, number="3", name="Lot de\nmars {2026}", requests=requests)

    assert mail.subject == "Lot 3 ouvert : Lot de mars {2026}"
    assert mail.text == (
        "-- Répondez au-dessus de cette ligne --\n\n"
        "Bonjour Bruno,\n\n"
        "Le lot 3, « Lot de\nmars {2026} », est ouvert : nous commençons ce qu'il contient.\n\n"
        "- demande 12 : Panier {vide}\n"
        "- demande 15 : Un mot\n\n"
        "Une question ? Répondez simplement à ce message.\n\n"
        "À bientôt,\nL'agence Exemple\n"
    )


def test_a_delivery_that_is_put_off_says_both_dates_and_why() -> None:
    mail = delivery_postponed(
        ENGLISH, old_due=OLD_DUE, new_due=NEW_DUE, reason="The host is {late}"
    )

    assert mail.subject == "[#12] Empty basket"
    assert mail.text == (
        "-- Please reply above this line --\n\n"
        "Hello,\n\n"
        "The delivery of your request “Empty basket” (number 12) is put off.\n\n"
        "It was due on Monday 2 March at 10:05; it is now due on Monday 9 March at 18:00.\n\n"
        "Reason: The host is {late}\n\n"
        "A question? Simply reply to this message.\n\n"
        "Kind regards,\nL'agence Exemple\n"
    )


def test_during_a_wait_there_is_one_date() -> None:
    mail = delivery_postponed(FRENCH, old_due=None, new_due=NEW_DUE, reason="Hôte en retard")

    assert "\n\nElle est maintenant prévue pour le lundi 9 mars à 18 h 00.\n\n" in mail.text
