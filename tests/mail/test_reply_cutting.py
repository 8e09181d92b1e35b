"""What a person wrote this time is told from what his mail program quoted."""

import pytest

from helpdesk.mail.parse import parse_email
from helpdesk.mail.reply_cutting import MAX_CHARACTERS, reply_of
from helpdesk.mail.reply_marks import REPLY_ABOVE_EN, REPLY_ABOVE_FR, is_device_line
from tests.mail.mails import a_multipart, a_page, a_text

ANSWER = "Bonjour Alice,\n\nOui, toujours lent.\nBruno"

GMAIL = "Le lun. 2 mars 2026 à 09:12, Alice <support@agence.example> a écrit :"
GMAIL_WRAPPED = (
    "Le lun. 2 mars 2026 à 09:12, L'équipe de l'agence Exemple\n<support@agence.example> a\nécrit :"
)
THUNDERBIRD = "Le 02/03/2026 à 09:12, Alice a écrit :"
APPLE = "Le 2 mars 2026 à 09:12, Alice Petit <support@agence.example> a écrit :\n\n\ufeff"
YAHOO = "Le lundi 2 mars 2026 à 09:12:31 UTC+1, Alice <support@agence.example> a écrit :"
OUTLOOK = (
    "________________________________\nDe : Alice <support@agence.example>\n"
    "Envoyé : lundi 2 mars 2026 09:12\nÀ : Bruno Martin\nObjet : RE: [#12] Le site est lent"
)
OUTLOOK_BOLD = (
    "*De :* Alice [mailto:support@agence.example]\n*Envoyé :* lundi 2 mars 2026 09:12\n"
    "*À :* Bruno\n*Objet :* Le site est lent"
)
ORIGINAL = "-----Message d'origine-----\nDe : Alice"
ZIMBRA = '----- Mail original -----\nDe: "Alice" <support@agence.example>'
ENGLISH = "On Mon, Mar 2, 2026 at 9:12 AM Alice <support@agence.example> wrote:"
GERMAN = "Am 02.03.2026 um 09:12 schrieb Alice:"
OLD_GMAIL = "2026-03-02 9:12 GMT+01:00 Alice <support@agence.example>:"


@pytest.mark.parametrize(
    "quote",
    [
        GMAIL,
        GMAIL_WRAPPED,
        THUNDERBIRD,
        APPLE,
        YAHOO,
        OUTLOOK,
        OUTLOOK_BOLD,
        ORIGINAL,
        ZIMBRA,
        ENGLISH,
        GERMAN,
        OLD_GMAIL,
        REPLY_ABOVE_FR,
        REPLY_ABOVE_EN,
        f"> {REPLY_ABOVE_FR}",
    ],
)
@pytest.mark.parametrize("is_marked", [True, False])
def test_what_a_mail_program_announces_is_cut(quote: str, is_marked: bool) -> None:  # noqa: FBT001
    body = "Bonjour,\nAvez-vous encore ce problème ?"
    quoted = "\n".join(f"> {line}" for line in body.splitlines()) if is_marked else body

    assert reply_of(f"{ANSWER}\n\n{quote}\n\n{quoted}\n") == ANSWER


@pytest.mark.parametrize(
    "line",
    [
        "Envoyé de mon iPhone",
        "Envoyé depuis mon Galaxy S21",
        "Envoyé à partir de Outlook pour Android <https://aka.ms/AAb9ysg>",
        "Envoyé depuis l’application Mail Orange",
        "Télécharger Outlook pour iOS",
        "Provenance : Courrier pour Windows 10",
        "Sent from my iPhone",
        "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
        "Get Outlook for Android",
        "Von meinem iPhone gesendet",
    ],
)
def test_a_line_of_the_telephone_is_cut(line: str) -> None:
    assert is_device_line(line)
    assert reply_of(f"D'accord.\n\n{line}\n\n{GMAIL}\n> Bonjour") == "D'accord."


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my desk, is much easier then my mobile phone.",
        "Envoyé depuis le formulaire de contact",
        "Envoyé par erreur, désolé.",
        "Le devis a été envoyé de mon bureau hier soir.",
    ],
)
def test_a_sentence_that_resembles_one_stays(line: str) -> None:
    assert reply_of(f"D'accord.\n\n{line}") == f"D'accord.\n\n{line}"


def test_a_quoted_attribution_is_cut_with_its_quote() -> None:
    assert reply_of(f"{ANSWER}\n\n> {GMAIL}\n>\n> Bonjour") == ANSWER


def test_a_signature_is_cut_and_a_closing_stays() -> None:
    text = f"{ANSWER}\nCordialement\n-- \nBruno Martin\nClient SARL\n01 02 03 04 05\n"

    assert reply_of(text) == f"{ANSWER}\nCordialement"


def test_a_dash_line_above_many_lines_is_no_signature() -> None:
    text = "Premier point\n--\n" + "\n".join(f"Ligne {number}" for number in range(30))

    assert reply_of(text) == text


def test_the_footer_of_a_mailing_list_is_cut() -> None:
    text = f"{ANSWER}\n{'_' * 47}\nclients mailing list\nhttp://listes.example/clients\n"

    assert reply_of(text) == ANSWER


def test_answers_between_the_quotes_are_shown_with_them() -> None:
    text = (
        f"{GMAIL}\n> Quel navigateur ?\nFirefox.\n\n> Depuis quand ?\nDepuis lundi.\n\n"
        "> Merci\n> Alice"
    )

    assert reply_of(text) == text.removesuffix("\n\n> Merci\n> Alice")


def test_an_answer_below_the_quote_is_shown_alone() -> None:
    text = f"{GMAIL}\n\n> Quel navigateur ?\n>\n> Alice\n\nFirefox."

    assert reply_of(text) == "Firefox."


def test_a_quote_nobody_announced_stays_above_its_answer() -> None:
    text = "> Erreur 500\n\nVoilà ce que je vois."

    assert reply_of(text) == text


def test_the_torn_end_of_a_quoted_line_is_no_answer() -> None:
    long_line = "> " + "mot " * 18
    text = f"Oui.\n\n{GMAIL}\n{long_line}\nfin de ligne\n> suite"

    assert reply_of(text) == "Oui."


@pytest.mark.parametrize(
    "text",
    [
        "Le client a écrit trois fois :\nil attend.",
        "De : 10 h\nÀ : 12 h\nle site était coupé.",
        "Voici mes questions :\n1. le prix\n2. la date",
        "Le 2 mars, vous avez promis une réponse : rien.",
        "??",
    ],
)
def test_ordinary_words_are_not_taken_for_a_quote(text: str) -> None:
    assert reply_of(text) == text


def test_a_lone_emoji_is_an_answer() -> None:
    assert reply_of(f"👍\n\n{GMAIL}\n> Cela vous convient ?") == "👍"


def test_when_nothing_would_be_left_all_is_shown() -> None:
    text = f"{GMAIL}\n> Bonjour"

    assert reply_of(text) == text


def test_a_forwarded_mail_is_shown_whole() -> None:
    text = f"À voir.\n\n-------- Message transféré --------\n{OUTLOOK}\n\nBonjour"

    assert reply_of(text) == text


def test_a_text_beyond_the_cap_is_shown_whole() -> None:
    text = f"Oui.\n\n{GMAIL}\n" + "> x\n" * MAX_CHARACTERS

    assert reply_of(text) == text


def test_endless_answered_attributions_cost_no_time() -> None:
    text = f"{GMAIL}\n> q\nréponse\n" * 2_000

    assert reply_of(text).startswith(GMAIL)


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote">Le site est-il lent ?</div>',
        '<div id="divRplyFwdMsg">Alice</div><div>Le site est-il lent ?</div>',
        '<div id="appendonsend"></div><hr><div>Le site est-il lent ?</div>',
        '<blockquote type="cite"><p>Le site est-il lent ?</p></blockquote>',
        '<div class="moz-cite-prefix">Alice :</div><blockquote type="cite">Oui ?</blockquote>',
        '<div class="protonmail_quote">Le site est-il lent ?</div>',
    ],
)
def test_the_marks_of_a_mail_program_in_html_are_cut(quote: str) -> None:
    email = parse_email(a_multipart("mixed", a_page(f"<p>Oui, toujours.</p>{quote}")))

    assert email.reply_text == "Oui, toujours."
    assert "lent" in email.text or "Oui ?" in email.text


def test_an_answer_inside_a_quoted_page_is_shown_with_it() -> None:
    page = '<p>Voir plus bas.</p><blockquote type="cite"><p>Quand ?</p></blockquote><p>Lundi.</p>'

    email = parse_email(a_multipart("mixed", a_page(page)))

    assert email.reply_text == "Voir plus bas.\n\n> Quand ?\n\nLundi."


def test_html_marks_help_when_the_plain_text_shows_none() -> None:
    page = '<p>Oui.</p><div class="gmail_quote">Le site est-il lent ?</div>'

    raw = a_multipart("alternative", a_text("Oui.\n\nLe site est-il lent ?"), a_page(page))

    assert parse_email(raw).reply_text == "Oui."
