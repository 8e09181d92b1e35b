"""What an answer repeats of the mails that it answers is told from what is new."""

import pytest

from helpdesk.mail.reply_cutting import MAX_CHARACTERS
from helpdesk.mail.reply_parent import cut_against, cut_reply

OURS = """-- Répondez au-dessus de cette ligne --

Bonjour Bruno,

Nous avons regardé votre panier : il se vide quand la session expire.
Quel navigateur utilisez-vous, et depuis quand le voyez-vous ?

Votre demande : https://agence.example/demandes/12

À bientôt,
L'agence Exemple
"""
BODY = OURS.partition("\n\n")[2].strip()
QUESTION = "> Quel navigateur utilisez-vous, et depuis quand le voyez-vous ?"


@pytest.mark.parametrize(
    "repeated",
    [
        BODY,
        "\n".join(f"> {line}" for line in BODY.split("\n")),
        "\n".join(f"   | {line}" for line in BODY.split("\n")),
        BODY.replace("\n", " "),
        BODY.replace(" ", "\xa0"),
        BODY.replace(
            "https://agence.example/demandes/12",
            "https://agence.example/demandes/12 <https://agence.example/demandes/12>",
        ),
        BODY.replace("12", "12\n[image: Logo]"),
        BODY.partition("À bientôt")[0],
        BODY.upper(),
        f"Ref: t.{'a2' * 20}\n\n{BODY}",
    ],
)
def test_our_mail_is_cut_however_it_is_repeated(repeated: str) -> None:
    assert cut_reply(f"Firefox, depuis lundi.\n\n{repeated}\n", [OURS]) == "Firefox, depuis lundi."


@pytest.mark.parametrize(
    "announced",
    [
        "Zuq 2026-03-02 09:12 bablu Alice :",
        "Zuq bablu Alice\n<support@agence.example> :",
        "Bablu: Alice <support@agence.example>\nZuq: 2026-03-02 09:12\nFro: Bruno\nGlim: RE: Lent",
        "-----Original Message-----",
        "---- Alice a écrit ----",
        "Alice a écrit :",
        "",
    ],
)
def test_who_it_is_from_goes_with_it_in_any_language(announced: str) -> None:
    assert cut_reply(f"Firefox.\n\n{announced}\n\n{BODY}", [OURS]) == "Firefox."


def test_a_greeting_nobody_remembers_goes_with_what_announces_it() -> None:
    announced = "Zuq 2026-03-02 09:12 bablu Alice :"
    said, question = "Firefox.\n\nMerci,", QUESTION.lstrip("> ")

    assert cut_reply(f"{said}\n\n{announced}\nHello Bruno,\n{question}", [question]) == said
    assert cut_reply(f"{said}\n\n{question}", [question]) == said


def test_a_line_of_the_person_above_the_repetition_stays() -> None:
    said = "Firefox, depuis lundi.\nMon numéro : 01 02 03 04 05"

    assert cut_reply(f"{said}\n\n{BODY}", [OURS]) == said


def test_what_stands_below_a_mail_repeated_whole_stays() -> None:
    assert cut_reply(f"{BODY}\n\nFirefox, depuis lundi.", [OURS]) == "Firefox, depuis lundi."


def test_what_a_server_adds_below_is_no_reason_to_show_our_mail() -> None:
    notice = "Ce message est confidentiel et ne concerne que son destinataire."

    assert cut_reply(f"Firefox.\n\n{BODY}\n\n{notice}", [OURS]) == f"Firefox.\n\n{notice}"


def test_answers_between_the_repeated_lines_are_shown_with_them() -> None:
    first, second = BODY.split("\nQuel navigateur")
    text = f"{first}\nJe comprends.\n\nQuel navigateur{second}\n\nFirefox."

    assert cut_reply(text, [OURS]) == text


def test_answers_between_lines_of_which_one_is_a_message_of_its_own_stay() -> None:
    text = f"> {BODY.splitlines()[2]}\n\nJe comprends.\n\n{QUESTION}\n\nFirefox."

    assert cut_reply(text, [OURS, QUESTION.lstrip("> ")]) == text


def test_an_answer_to_a_short_question_stays_below_it() -> None:
    ours = f"{BODY}\n\nLe prix ?"
    text = f"> {BODY.replace(chr(10), chr(10) + '> ')}\n\nFirefox.\n\n> Le prix ?\n\nD'accord."

    assert cut_reply(text, [ours]) == text


def test_older_mails_that_end_alike_are_all_cut() -> None:
    older = OURS.replace("Nous avons regardé votre panier", "Nous regardons ce panier demain")
    text = f"Firefox.\n\n{BODY}\n\nZuq 2026-03-01 18:00 bablu Alice :\n\n{older}"

    assert cut_reply(text, [OURS, older]) == "Firefox."


def test_the_empty_lines_of_a_quote_go_with_it() -> None:
    quoted = "\n".join(f"> {line}" for line in BODY.split("\n"))

    assert cut_reply(f"{quoted}\n>\n> \n\nFirefox.", [OURS]) == "Firefox."


def test_an_answer_on_the_line_that_it_answers_stays() -> None:
    text = f"{QUESTION} Firefox, lundi."

    assert cut_reply(text, [OURS]) == text


def test_a_few_words_in_common_are_no_repetition() -> None:
    text = "Bonjour,\n\nQuel navigateur utilisez-vous\nne me regarde pas.\n\nÀ bientôt,\nBruno"

    assert cut_reply(text, [OURS]) == text


def test_the_end_of_our_mail_marked_as_quoted_is_cut() -> None:
    assert cut_reply(f"Firefox.\n\n{QUESTION}", [OURS]) == "Firefox."


def test_a_sentence_of_ours_copied_unmarked_stays() -> None:
    text = f"Vous demandiez :\n{QUESTION.lstrip('> ')}"

    assert cut_reply(text, [OURS]) == text


def test_a_closing_like_ours_is_the_persons() -> None:
    ours = "Il manque une capture.\n\nMerci d'avance et bonne fin de journée,\nAlice"
    said = "La voici.\nMerci d'avance et bonne fin de journée,"

    assert cut_reply(f"{said}\n{ours}", [ours]) == said


def test_older_mails_below_ours_are_cut_too() -> None:
    older = "Bonjour,\n\nMon panier se vide tout seul depuis hier soir, que faire ?\n\nBruno"
    text = f"Firefox.\n\n{BODY}\n\nZuq 2026-03-01 18:00 bablu Bruno :\n\n{older}"

    assert cut_reply(text, [OURS, older]) == "Firefox."


def test_a_signature_above_the_repetition_goes_as_it_does_elsewhere() -> None:
    assert cut_reply(f"Firefox.\n-- \nBruno\n\n{BODY}", [OURS]) == "Firefox."


def test_chinese_and_japanese_need_no_spaces() -> None:
    ours = "お世話になっております。\nカートが空になる件について調査いたしました。ご確認ください。"
    quoted = "カートが空になる件について\n調査いたしました。ご確認ください。"

    assert cut_reply(f"ありがとうございます。\n\n{quoted}", [ours]) == "ありがとうございます。"


def test_a_forward_of_our_mail_is_shown_whole() -> None:
    text = f"Pour information.\n\n-------- Message transféré --------\n\n{BODY}"

    assert cut_reply(text, [OURS]) == text


def test_an_answer_that_only_repeats_is_shown_whole() -> None:
    assert cut_reply(BODY, [OURS]) == BODY


@pytest.mark.parametrize("parents", [[], [""], ["Oui ?"], ["Rien de tel dans cette réponse-là."]])
def test_without_a_mail_that_is_repeated_all_stays(parents: list[str]) -> None:
    assert cut_reply(f"Firefox.\n\n{BODY}", parents) == f"Firefox.\n\n{BODY}"


def test_more_than_is_compared_in_reasonable_time_is_left_alone() -> None:
    text = f"Firefox.\n\n{BODY}"
    long = "mot " * (MAX_CHARACTERS // 4)

    assert cut_against(f"{text}\n{long}", [OURS]) == f"{text}\n{long}"
    assert cut_against(text, [f"{number} {long}" for number in range(9)] + [OURS]) == text
