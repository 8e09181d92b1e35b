"""What people read, in their language: every kind of letter in the words that come with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import product

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind, LetterValue, Passage, PassageKind
from helpdesk.domain.letter_purpose import LETTER_PURPOSES
from helpdesk.domain.mail_template import TemplateSource, TemplateVariable, VariableKind
from helpdesk.mail.letter_catalogue import default_source, model_of
from helpdesk.mail.letter_press import LetterPress
from helpdesk.mail.letter_words import spoken_time, tagged_subject
from helpdesk.mail.reply_cutting import reply_of
from helpdesk.mail.template_check import check_template, sample_head, sample_letter
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.wording_ports import WrittenLetter
from tests.letters import ENGLISH_HEAD, FRENCH_HEAD, HEADS, told_in

PRESS = LetterPress()
EVERY = tuple(product(LetterKind, Locale))


def told(kind: LetterKind, locale: Locale = Locale.FR, **values: LetterValue) -> WrittenLetter:
    """Return a letter about a ticket whose other variables are the examples."""
    sample = sample_letter(kind, locale)
    return PRESS.write(Letter(kind, {**sample.values, **values}), HEADS[locale])


def test_the_french_acknowledgement_says_the_number_and_when() -> None:
    mail = told(LetterKind.ACKNOWLEDGEMENT, promised_at="lundi 2 mars à 10 h 05")

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
    mail = told(LetterKind.ACKNOWLEDGEMENT, Locale.EN, promised_at="")

    assert mail.text == (
        "-- Please reply above this line --\n\n"
        "Hello,\n\n"
        "We have received your request “Empty basket”. Its number is 12.\n\n"
        "Someone from the team is reading it and will answer as soon as possible.\n\n"
        "Something to add, a screenshot? Simply reply to this message.\n\n"
        "Kind regards,\nL'agence Exemple\n"
    )


def test_a_reply_carries_the_words_of_the_agent_as_they_are() -> None:
    body = "Fixed {now} {{ subject }}.\n\n\n{% if %}\n  %s <b>done</b>"

    mail = told(LetterKind.AGENT_REPLY, Locale.EN, agent="Alice", body=body)

    assert mail.subject == "Re: [#12] Empty basket"
    assert "Alice has answered you about “Empty basket” (request 12):" in mail.text
    assert f"\n\n{body}\n\n" in mail.text
    lines = mail.text.split("\n")
    (passage,) = mail.passages
    assert passage.kind is PassageKind.PROSE
    assert "\n".join(lines[passage.first : passage.end]) == body


def test_a_batch_that_opens_lists_its_requests() -> None:
    requests = [
        {"number": "12", "subject": "Panier {vide}"},
        {"number": "15", "subject": "{{ un }} mot"},
    ]
    letter = Letter(
        LetterKind.BATCH_OPENED,
        {"batch": "3", "batch_name": "Lot de\nmars {2026}", "requests": requests},
    )

    mail = told_in(Locale.FR, letter)

    assert mail.subject == "Lot 3 ouvert : Lot de mars {2026}"
    assert mail.text == (
        "-- Répondez au-dessus de cette ligne --\n\n"
        "Bonjour Bruno,\n\n"
        "Le lot 3, « Lot de\nmars {2026} », est ouvert : nous commençons ce qu'il contient.\n\n"
        "- demande 12 : Panier {vide}\n"
        "- demande 15 : {{ un }} mot\n\n"
        "Une question ? Répondez simplement à ce message.\n\n"
        "À bientôt,\nL'agence Exemple\n"
    )


def test_a_delivery_that_is_put_off_says_both_dates_and_why() -> None:
    mail = told(
        LetterKind.DELIVERY_POSTPONED,
        Locale.EN,
        old_due="Monday 2 March at 10:05",
        new_due="Monday 9 March at 18:00",
        reason="The host is {late}",
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
    mail = told(LetterKind.DELIVERY_POSTPONED, old_due="", new_due="lundi 9 mars à 18 h 00")

    assert "\n\nElle est maintenant prévue pour le lundi 9 mars à 18 h 00.\n\n" in mail.text


DUE = {Locale.FR: "lundi 6 juillet à 13 h 00", Locale.EN: "Monday 6 July at 13:00"}


@pytest.mark.parametrize(
    ("locale", "standing", "said"),
    [
        (Locale.FR, "HOLDS", "Résolution : à tenir avant le lundi 6 juillet à 13 h 00."),
        (Locale.FR, "HOLDS", "Il reste 1 h 30 min de temps compté."),
        (Locale.FR, "BROKEN", "engagement rompu depuis le lundi 6 juillet à 13 h 00, 1 h de temps"),
        (Locale.FR, "BROKEN_NOW", "engagement rompu à l'instant, le lundi 6 juillet à 13 h 00."),
        (Locale.FR, "PAUSED", "le délai est suspendu. Il restera 1 h 30 min"),
        (Locale.EN, "HOLDS", "due before Monday 6 July at 13:00. 1 h 30 min of counted time"),
        (Locale.EN, "BROKEN", "has been broken since Monday 6 July at 13:00, 1 h of counted"),
        (Locale.EN, "BROKEN_NOW", "the promise has just been broken, Monday 6 July at 13:00."),
        (Locale.EN, "PAUSED", "the time is suspended. 1 h 30 min of counted time will be left"),
    ],
)
def test_an_agent_reads_which_promise_what_is_left_and_by_which_rule(
    locale: Locale, standing: str, said: str
) -> None:
    mail = told(
        LetterKind.ALERT_TO_AGENT,
        locale,
        standing=standing,
        due=DUE[locale],
        left="1 h 30 min",
        over="1 h",
        level="3",
    )

    subjects = {
        Locale.FR: "[#12] Alerte niveau 3 (Résolution) : Panier {vide}",
        Locale.EN: "[#12] Alert level 3 (Resolution): Empty basket",
    }
    assert mail.subject == subjects[locale]
    assert said in mail.text


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("standing", ["HOLDS", "PAUSED", "BROKEN", "BROKEN_NOW"])
@pytest.mark.parametrize(
    "promise", model_of(LetterKind.ALERT_TO_CLIENT).variables[Locale.EN]["promise"].choices
)
def test_a_client_reads_nothing_of_the_inside(locale: Locale, standing: str, promise: str) -> None:
    due = "" if standing == "PAUSED" else DUE[locale]
    text = told(
        LetterKind.ALERT_TO_CLIENT, locale, promise=promise, standing=standing, due=due
    ).text

    assert HEADS[locale].ticket_subject in text
    assert ("13" in text) is (standing != "PAUSED")
    for word in ("level", "niveau", "escal", "%", "p0", promise.lower()):
        assert word not in text.lower()


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_critical_incident_without_any_promise_is_told_all_the_same(
    locale: Locale,
    is_new: bool,  # noqa: FBT001 - one of the cases
) -> None:
    mail = told(
        LetterKind.CRITICAL_INCIDENT,
        locale,
        is_new=is_new,
        answer_by="",
        news_by="",
        news_every="",
        is_in_opening_hours=False,
    )

    assert ("critique" if locale is Locale.FR else "critical") in mail.text
    assert "\n\n\n" not in mail.text


def shapes(kind: LetterKind, locale: Locale) -> Iterator[Mapping[str, LetterValue]]:
    """Yield the values of every shape that a letter takes: full, bare, with every code."""
    known = model_of(kind).variables[locale]
    full = dict(sample_letter(kind, locale).values)
    yield full
    yield {name: "" if known[name].may_be_empty else value for name, value in full.items()}
    for name in full:
        yield from ({**full, name: other} for other in _others(known[name]))


def _others(variable: TemplateVariable) -> tuple[LetterValue, ...]:
    if variable.kind is VariableKind.FLAG:
        return (False,)
    return ("",) if variable.may_be_empty else variable.choices


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_every_letter_has_words_that_an_agency_could_have_written(
    kind: LetterKind, locale: Locale
) -> None:
    check_template(kind, locale, default_source(kind, locale))


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_a_letter_is_well_set_in_every_shape(kind: LetterKind, locale: Locale) -> None:
    for values in shapes(kind, locale):
        mail = PRESS.write(Letter(kind, values), sample_head(kind, locale))

        assert mail.subject == re.sub(r"[ \n]+", " ", mail.subject).strip() != ""
        assert "\n\n\n" not in mail.text
        assert not [line for line in mail.text.split("\n") if line != line.rstrip()]
        assert "{{" not in mail.text
        assert "{%" not in mail.text


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_what_answers_a_letter_is_cut_from_it(kind: LetterKind, locale: Locale) -> None:
    for values in shapes(kind, locale):
        head = replace(sample_head(kind, locale), is_answerable=True)
        ours = PRESS.write(Letter(kind, values, {"reason": "Because."}), head).text
        quoted = "\n".join(f"> {line}".rstrip() for line in ours.split("\n"))

        assert reply_of(f"Merci !\n\n{ours}") == "Merci !"
        assert reply_of(f"Merci !\n\n{quoted}") == "Merci !"


@pytest.mark.parametrize("kind", LetterKind)
def test_both_languages_say_the_same_things(kind: LetterKind) -> None:
    spoken = {locale: default_source(kind, locale) for locale in Locale}

    for part in ("subject", "body"):
        named = {locale: _named_in(getattr(one, part)) for locale, one in spoken.items()}
        assert named[Locale.FR] == named[Locale.EN]


def _named_in(source: str) -> set[str]:
    """Return the words that stand in the tags of a template."""
    tags = " ".join(re.findall(r"\{[{%](?:(?!\}).)*\}", source))
    return set(re.findall(r"[a-z_]+", re.sub(r'"[^"]*"', "", tags)))


@pytest.mark.parametrize("kind", LetterKind)
def test_every_variable_is_explained_with_an_example(kind: LetterKind) -> None:
    model = model_of(kind)

    for locale in Locale:
        assert LETTER_PURPOSES[kind][locale].endswith(".")
        for variable in model.variables[locale].values():
            assert variable.meaning.endswith(".")
            assert variable.example != ""
            assert (variable.kind is VariableKind.LIST) is bool(variable.fields)
            assert (variable.kind is VariableKind.CHOICE) is bool(variable.choices)


def test_a_letter_without_one_of_its_values_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="promised_at"):
        PRESS.write(Letter(LetterKind.ACKNOWLEDGEMENT, {}), FRENCH_HEAD)


def test_a_letter_says_why_it_comes_below_its_closing() -> None:
    why = {"reason": "Vous suivez cette demande.", "unsubscribe_url": "https://a.example/u/1"}
    letter = replace(sample_letter(LetterKind.MAIL_LOOP, Locale.FR), why=why)

    mail = PRESS.write(letter, replace(FRENCH_HEAD, is_answerable=True))

    ending = (
        "À bientôt,\nL'agence Exemple\n\n"
        "Répondre à ce mail, c'est répondre au client sur la demande. En première ligne, /note en"
        " fait une note interne ; /attribuer moi, /priorité P1 motif, /attendre motif ou /résoudre"
        " agissent sur la demande.\n\n"
        "Vous suivez cette demande.\n"
        "Ne plus recevoir ces messages : https://a.example/u/1\n"
    )
    assert mail.text.endswith(ending)
    count = mail.text.count("\n")
    assert mail.passages == (Passage(PassageKind.FOOTER, count - 4, count),)


def test_a_signature_takes_the_place_of_the_closing() -> None:
    letter = sample_letter(LetterKind.ACKNOWLEDGEMENT, Locale.EN)

    mail = PRESS.write(letter, replace(ENGLISH_HEAD, signature="Alice\n+33 1 23 45 67 89"))

    assert mail.text.endswith("Simply reply to this message.\n\nAlice\n+33 1 23 45 67 89\n")
    assert "Kind regards" not in mail.text


def test_the_words_of_an_agency_take_the_place_of_ours() -> None:
    own = TemplateSource("Bien reçu : {{ subject }}", "Bonjour,\n\n\n\nNuméro {{ number }}.\n\n")
    letter = sample_letter(LetterKind.ACKNOWLEDGEMENT, Locale.FR)

    mail = PRESS.write(letter, FRENCH_HEAD, own=own)

    assert mail.subject == "[#12] Bien reçu : Panier {vide}"
    assert mail.text == ("-- Répondez au-dessus de cette ligne --\n\nBonjour,\n\nNuméro 12.\n")


@pytest.mark.parametrize(
    "body",
    ["{{ gone }}", "{% if %}", "{{ number", "{{ subject < 3 }}", "{{ subject.missing.more }}"],
)
def test_words_of_an_agency_that_fail_lose_no_mail(
    body: str, caplog: pytest.LogCaptureFixture
) -> None:
    letter = sample_letter(LetterKind.ACKNOWLEDGEMENT, Locale.FR)

    mail = PRESS.write(letter, FRENCH_HEAD, own=TemplateSource("Oups", body))

    assert mail == PRESS.write(letter, FRENCH_HEAD)
    assert "mail_template_failed kind=ACKNOWLEDGEMENT locale=fr" in caplog.text


def test_a_value_cannot_pass_for_a_slot() -> None:
    mail = told(LetterKind.AGENT_REPLY, Locale.EN, agent="\ue0001\ue001 Eve", body="Hidden")

    assert "1 Eve has answered you" in mail.text
    assert mail.text.count("Hidden") == 1


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
