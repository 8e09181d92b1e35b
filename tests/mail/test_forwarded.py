"""A mail that was passed on names who wrote it, and is never cut."""

from helpdesk.domain.inbound_email import Address
from helpdesk.mail.parse import parse_email
from tests.mail.mails import HEAD, a_mail, a_multipart, a_text

FORWARD = HEAD.replace("Le site est lent", "TR : Le site est lent")


def test_an_attached_message_names_its_sender() -> None:
    inner = "Content-Type: message/rfc822\n\nFrom: =?utf-8?Q?Chlo=C3=A9?= <c@autre.example>\n\nx"

    email = parse_email(a_multipart("mixed", a_text("À traiter."), inner, head=FORWARD))

    assert email.forwarded_from == Address("Chloé", "c@autre.example")


def test_a_gmail_forward_in_french_names_its_sender_and_keeps_all() -> None:
    text = (
        "Peux-tu regarder ?\n\n---------- Forwarded message ---------\n"
        "De : Chloé Petit <chloe@autre.example>\nDate: lun. 2 mars 2026 à 09:00\n"
        "Subject: Le site est lent\nTo: Bruno <bruno@client.example>\n\nLe site est lent."
    )

    email = parse_email(a_mail(text, head=HEAD.replace("Le site", "Fwd: Le site")))

    assert email.forwarded_from == Address("Chloé Petit", "chloe@autre.example")
    assert email.reply_text == text


def test_an_outlook_forward_is_known_by_its_subject() -> None:
    text = (
        "Pour vous.\n\nDe : Chloé Petit [mailto:chloe@autre.example]\n"
        "Envoyé : lundi 2 mars 2026 09:00\nÀ : Bruno Martin\nObjet : Le site est lent\n\nBonjour,"
    )

    email = parse_email(a_mail(text, head=FORWARD))

    assert email.forwarded_from == Address("Chloé Petit", "chloe@autre.example")
    assert email.reply_text == text


def test_an_answer_that_quotes_a_forward_is_no_forward() -> None:
    text = "Merci.\n\n> ---------- Forwarded message ---------\n> De : C <c@autre.example>\n"

    email = parse_email(a_mail(text, more="In-Reply-To: <x@agence.example>\n"))

    assert email.forwarded_from is None
    assert email.reply_text == "Merci."


def test_an_answer_with_an_attached_mail_is_no_forward() -> None:
    inner = "Content-Type: message/rfc822\n\nFrom: c@autre.example\n\nx"

    raw = a_multipart(
        "mixed", a_text("Voici."), inner, head=f"{HEAD}In-Reply-To: <x@agence.example>\n"
    )

    assert parse_email(raw).forwarded_from is None


def test_a_forward_without_a_readable_sender_names_nobody() -> None:
    email = parse_email(a_mail("Voir ci-dessous.\n\nDe : Chloé\n", head=FORWARD))

    assert email.forwarded_from is None


def test_a_long_mail_called_forward_is_searched_only_at_its_top() -> None:
    text = "ligne\n" * 200 + "De : c@autre.example\n"

    assert parse_email(a_mail(text, head=FORWARD)).forwarded_from is None
