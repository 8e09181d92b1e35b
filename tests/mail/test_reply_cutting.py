"""What a person wrote this time is told from what his mail program quoted."""

import pytest

from helpdesk.mail.parse import parse_email
from helpdesk.mail.reply_cutting import MAX_CHARACTERS, reply_of
from helpdesk.mail.reply_device import is_device_line
from helpdesk.mail.reply_marks import REPLY_ABOVE_FR
from tests.mail.mails import a_multipart, a_page, a_text

ANSWER = "Bonjour Alice,\n\nOui, toujours lent.\nBruno"

GMAIL = "Le lun. 2 mars 2026 à 09:12, Alice <support@agence.example> a écrit :"
OUTLOOK = (
    "________________________________\nDe : Alice <support@agence.example>\n"
    "Envoyé : lundi 2 mars 2026 09:12\nÀ : Bruno Martin\nObjet : RE: [#12] Le site est lent"
)


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my desk, is much easier then my mobile phone.",
        "Envoyé depuis le formulaire de contact",
        "Envoyé par erreur, désolé.",
        "Le devis a été envoyé de mon bureau hier soir.",
        "J'ai envoyé la capture depuis mon téléphone",
        "Von unserem Webshop",
        "Von der App bekomme ich keine Mail",
        "von meiner Seite ist das okay",
        "from my point of view it is fine",
        "Sent by mistake",
        "Sent via the contact form",
        "Envoyé par mon collègue",
        "Envoyé par courrier ce matin",
        "Envoyé sur votre mail",
        "Installer outlook sur le poste",
        "Das habe ich mit dem Handy gesendet, es ist unscharf.",
    ],
)
def test_a_sentence_that_resembles_one_stays(line: str) -> None:
    assert not is_device_line(line)
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

    shown = text.removeprefix(f"{GMAIL}\n").removesuffix("\n\n> Merci\n> Alice")
    assert reply_of(text) == shown


def test_a_signature_above_the_answered_quotes_ends_nothing() -> None:
    text = "Voir plus bas.\n-- \nBruno\n\n> Quel navigateur ?\n\nFirefox."

    assert reply_of(text) == text


def test_answers_below_our_quoted_marker_are_kept() -> None:
    quote = f"> {REPLY_ABOVE_FR}\n> Quel navigateur ?"

    assert reply_of(f"{GMAIL}\n{quote}\n\nFirefox.") == "Firefox."
    assert reply_of(f"Bonjour,\n{GMAIL}\n{quote}\n\nFirefox.").endswith("\n\nFirefox.")


def test_an_answer_below_an_unmarked_announcement_loses_only_that() -> None:
    assert reply_of(f"{GMAIL}\n\nC'est réparé, merci.") == "C'est réparé, merci."


def test_an_answer_below_a_header_block_is_shown_with_all() -> None:
    text = f"{OUTLOOK}\n\nBonjour,\n\nJe ne vois rien venir."

    assert reply_of(text) == text


def test_a_mail_retold_from_its_headers_on_loses_what_it_quotes() -> None:
    headers = OUTLOOK.partition("\n")[2]

    assert reply_of(f"{headers}\n\nBonjour\n\n{GMAIL}\n> Ici") == f"{headers}\n\nBonjour"


def test_an_answer_before_the_announcement_on_one_line_is_kept() -> None:
    text = f"D'accord - oui--- {GMAIL}\n> Ici ?"

    assert reply_of(text) == "D'accord - oui"


def test_a_name_before_the_date_is_no_answer() -> None:
    text = "Oui.\n\nAlice Petit, Le 2 mars 2026 à 09:12, a écrit :\n> Ici ?"

    assert reply_of(text) == "Oui."


def test_a_folded_link_in_a_quote_is_no_answer() -> None:
    quote = "> Voir (http://agence.example/\ndemande)\n>\n (http://agence.example) >\n> Alice"

    assert reply_of(f"Oui.\n\n{GMAIL}\n{quote}") == "Oui."


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
        "De : Paris\nÀ : Lyon\nDate : lundi",
        "Les horaires du 02/03/2026 à 09:12 :\nfermé",
        "Voici ce que le client a écrit le 2 mars 2026 à 9:12 :\nLe site est lent.",
        "Voici ce que bruno@client.example a écrit :\nLe site est lent.",
        "Merci d'écrire à Bruno <bruno@client.example> avant le 02/03/2026 :\nil attend.",
        "On 3 March 2026 at 10:00 the server wrote: error 500\nplease check",
        "Premier\n--\nDeuxième\n--\nTroisième",
        "Der Wert liegt über dieser Linie.\nWarum?",
        "??",
    ],
)
def test_ordinary_words_are_not_taken_for_a_quote(text: str) -> None:
    assert reply_of(text) == text


def test_a_lone_emoji_is_an_answer() -> None:
    assert reply_of(f"👍\n\n{GMAIL}\n> Cela vous convient ?") == "👍"


@pytest.mark.parametrize("text", [f"{GMAIL}\n> Bonjour", f"> {GMAIL}\n>\n> Bonjour", OUTLOOK])
def test_when_nothing_would_be_left_all_is_shown(text: str) -> None:
    assert reply_of(text) == text


def test_a_short_answer_to_a_long_thread_is_an_answer() -> None:
    assert reply_of(f"Ok\n\n{GMAIL}\n" + "> Bonjour, voici la suite.\n" * 500) == "Ok"


def test_a_forwarded_mail_is_shown_whole() -> None:
    text = f"À voir.\n\n-------- Message transféré --------\n{OUTLOOK}\n\nBonjour"

    assert reply_of(text) == text


def test_a_forward_that_is_quoted_is_shown_whole() -> None:
    text = f"À voir.\n\n> -------- Message transféré --------\n> {OUTLOOK}\n>\n> Bonjour"

    assert reply_of(text) == text


def test_a_text_beyond_the_cap_is_shown_whole() -> None:
    text = f"Oui.\n\n{GMAIL}\n" + "> x\n" * MAX_CHARACTERS

    assert reply_of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "mot " * 1_250_000,
        "> mot\n" * 200_000,
        "\n" * 200_000,
        "a:\n" * 80_000,
        "De : a@b.example\n" * 15_000,
        "<\n\n" * 60_000,
        "a écrit\n" * 20_000,
        "-- \n" * 60_000,
        "(https://" * 25_000,
    ],
    ids=lambda text: text[:9],
)
def test_a_hostile_text_is_read_to_its_end_and_shown_whole(text: str) -> None:
    assert reply_of(text).strip() == text.strip()


def test_endless_answered_attributions_cost_no_time() -> None:
    text = f"{GMAIL}\n> q\nréponse\n" * 2_000

    assert reply_of(text).startswith("> q\nréponse\n> q\nréponse\n")


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote">Le site est-il lent ?</div>',
        '<div id="divRplyFwdMsg">Alice</div><div>Le site est-il lent ?</div>',
        '<div id="appendonsend"></div><hr><div>Le site est-il lent ?</div>',
        '<blockquote type="cite"><p>Le site est-il lent ?</p></blockquote>',
        '<div class="moz-cite-prefix">Alice :</div><blockquote type="cite">Oui ?</blockquote>',
        '<div class="protonmail_quote">Le site est-il lent ?</div>',
        '<div name="messageReplySection">Le site est-il lent ?</div>',
        '<div data-marker="__QUOTED_TEXT__">Le site est-il lent ?</div>',
        '<hr id="stopSpelling"><div>Le site est-il lent ?</div>',
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


def test_a_quote_made_by_hand_is_no_quote_of_the_program() -> None:
    own = '<blockquote class="gmail_quote">Le site est lent.</blockquote>'
    page = f'<p>Vous disiez :</p>{own}<div class="gmail_quote">Quand ?</div>'

    email = parse_email(a_multipart("mixed", a_page(page)))

    assert email.reply_text == "Vous disiez :\n\n> Le site est lent."


def test_the_part_that_shows_the_quote_better_wins() -> None:
    plain = "Oui.\n\nZuq bablu\n\nLe site est-il lent ?\n\nSent from my iPhone"
    page = '<p>Oui.</p><div class="gmail_quote">Zuq bablu<br>Le site est-il lent ?</div>'

    raw = a_multipart("alternative", a_text(plain), a_page(page))

    assert parse_email(raw).reply_text == "Oui."
