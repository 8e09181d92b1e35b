"""The story of a clock in sentences that a client understands, in both languages."""

from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.errors import Locale
from helpdesk.domain.explanation import explained
from helpdesk.domain.explanation_prose import clock_sentences
from helpdesk.domain.priority import Priority
from helpdesk.domain.prose_words import WORDS
from helpdesk.domain.sla import (
    ClockStart,
    SlaClock,
    SlaMetric,
    SlaState,
    Target,
    TargetUnit,
    Timelines,
)
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.domain.waiting import WaitingOn
from tests.domain.test_explanation import with_holidays
from tests.factories import TIMELINES, a_policy, a_target, at, fact

OPENED, ANSWERED = ClockFactKind.OPENED, ClockFactKind.AGENT_ANSWERED
PAUSED, RESUMED = ClockFactKind.PAUSED, ClockFactKind.RESUMED
RESOLVED = ClockFactKind.RESOLVED
FROM_OPENING = a_policy(a_target(SlaMetric.RESOLUTION, hours=8, starts_on=ClockStart.OPENING))
FRIDAY = fact("07-03 10:00", OPENED)
ASKED = fact("07-03 16:00", PAUSED)


def clock_of(policy: SlaPolicy, *facts: ClockFact, timelines: Timelines = TIMELINES) -> SlaClock:
    (clock,) = reduced_clocks(facts, policy, timelines)
    return clock


def said(
    clock: SlaClock,
    until: str,
    *,
    locale: Locale = Locale.FR,
    opened: str = "07-03 10:00",
    timelines: Timelines = TIMELINES,
) -> list[str]:
    """Return the sentences with plain spaces, because nobody sees the difference in a test."""
    now = at(until)
    told = clock_sentences(
        clock,
        clock.reading(now, timelines.of(clock.target)),
        explained(clock, opened_at=at(opened), at=now, timelines=timelines),
        opened_at=at(opened),
        locale=locale,
        zone="Europe/Paris",
    )
    return [sentence.replace("\u00a0", " ").replace("\u202f", " ") for sentence in told]


def test_a_wait_that_goes_on_is_told_without_a_deadline() -> None:
    assert said(clock_of(FROM_OPENING, FRIDAY, ASKED), "07-05 10:00") == [
        "Demande ouverte le vendredi 3 juillet à 10 h 00.",
        "Nous nous sommes engagés à résoudre le problème en moins de 8 h ouvrées.",
        "Le vendredi 3 juillet, de 10 h 00 à 12 h 30 et de 14 h 00 à 16 h 00 : on compte 4 h 30.",
        "Depuis le vendredi 3 juillet à 16 h 00, en attente de votre réponse : non compté.",
        "En dehors des heures ouvrées, le délai ne court pas.",
        "Jusqu’ici, on compte 4 h 30 ; il restera 3 h 30 à la reprise.",
    ]


def test_a_resolution_in_time_is_told_to_its_end() -> None:
    facts = (FRIDAY, ASKED, fact("07-06 09:00", RESUMED), fact("07-06 11:30", RESOLVED))
    clock = clock_of(FROM_OPENING, *facts)

    assert said(clock, "07-08 10:00")[1:] == [
        "Nous nous sommes engagés à résoudre le problème en moins de 8 h ouvrées : l’échéance "
        "était le lundi 6 juillet à 12 h 30.",
        "Le vendredi 3 juillet, de 10 h 00 à 12 h 30 et de 14 h 00 à 16 h 00 : on compte 4 h 30.",
        "Du vendredi 3 juillet à 16 h 00 au lundi 6 juillet à 9 h 00, en attente de votre "
        "réponse : non compté.",
        "Le lundi 6 juillet, de 9 h 00 à 11 h 30 : on compte 2 h 30.",
        "En dehors des heures ouvrées, le délai ne court pas.",
        "Le problème a été résolu le lundi 6 juillet à 11 h 30.",
        "Au total, on compte 7 h : l’engagement est tenu.",
    ]
    assert said(clock, "07-08 10:00", locale=Locale.EN) == [
        "The request was opened on Friday 3 July at 10:00.",
        "We promised to solve the problem in less than 8 h of working time: it was due on Monday "
        "6 July at 12:30.",
        "On Friday 3 July, from 10:00 to 12:30 and from 14:00 to 16:00: 4 h 30 min counted.",
        "From Friday 3 July at 16:00 to Monday 6 July at 09:00, waiting for your answer: not "
        "counted.",
        "On Monday 6 July, from 09:00 to 11:30: 2 h 30 min counted.",
        "Outside working hours, no time counts.",
        "The problem was solved on Monday 6 July at 11:30.",
        "In all, 7 h counted: the promise was kept.",
    ]


def test_a_broken_promise_is_told_with_what_is_too_many() -> None:
    policy = a_policy(a_target(SlaMetric.FIRST_RESPONSE, hours=1))

    running = said(clock_of(policy, FRIDAY), "07-03 12:00")
    late = said(clock_of(policy, FRIDAY, fact("07-03 11:30", ANSWERED)), "07-03 12:00")

    assert running[1:] == [
        "Nous nous sommes engagés à vous répondre en moins de 1 h ouvrée : l’échéance était le "
        "vendredi 3 juillet à 11 h 00.",
        "Le vendredi 3 juillet, de 10 h 00 à 12 h 00 : on compte 2 h.",
        "L’engagement est dépassé depuis le vendredi 3 juillet à 11 h 00 : jusqu’ici, on compte "
        "2 h, soit 1 h de trop.",
    ]
    assert late[-2:] == [
        "Nous vous avons répondu le vendredi 3 juillet à 11 h 30.",
        "Au total, on compte 1 h 30 : l’engagement n’est pas tenu, soit 30 min de trop.",
    ]


def test_a_promise_broken_on_the_dot_has_nothing_too_many() -> None:
    policy = a_policy(a_target(SlaMetric.FIRST_RESPONSE, hours=1))

    assert said(clock_of(policy, FRIDAY), "07-03 11:00")[-1] == (
        "L’engagement est dépassé depuis le vendredi 3 juillet à 11 h 00 : jusqu’ici, on compte "
        "1 h."
    )


def test_many_days_in_a_row_are_told_together_and_holidays_by_name() -> None:
    policy = a_policy(a_target(SlaMetric.RESOLUTION, hours=80))
    timelines = with_holidays(date(2026, 7, 14))
    clock = clock_of(policy, FRIDAY, fact("07-03 10:05", ANSWERED), timelines=timelines)

    assert said(clock, "07-16 10:00", timelines=timelines) == [
        "Demande ouverte le vendredi 3 juillet à 10 h 00. Le délai est compté à partir de notre "
        "première réponse, le vendredi 3 juillet à 10 h 05.",
        "Nous nous sommes engagés à résoudre le problème en moins de 80 h ouvrées : l’échéance "
        "est le lundi 20 juillet à 16 h 35.",
        "Du vendredi 3 juillet au lundi 13 juillet : on compte 51 h 25.",
        "Le mardi 14 juillet, jour férié : non compté.",
        "Le mercredi 15 juillet, de 9 h 00 à 12 h 30 et de 14 h 00 à 18 h 00 : on compte 7 h 30.",
        "Le jeudi 16 juillet, de 9 h 00 à 10 h 00 : on compte 1 h.",
        "En dehors des heures ouvrées, le délai ne court pas.",
        "Jusqu’ici, on compte 59 h 55 ; il reste 20 h 05.",
    ]


def test_a_promise_that_changed_does_not_cut_a_sentence() -> None:
    raised = fact("07-03 11:00", ClockFactKind.PRIORITY_SET, Priority.P1)

    told = said(clock_of(FROM_OPENING, FRIDAY, raised), "07-03 15:00")

    assert told[2] == (
        "Le vendredi 3 juillet, de 10 h 00 à 12 h 30 et de 14 h 00 à 15 h 00 : on compte 3 h 30."
    )


def test_holidays_in_a_row_are_told_from_the_first_to_the_last() -> None:
    timelines = with_holidays(date(2026, 12, 24), date(2026, 12, 25))
    clock = clock_of(FROM_OPENING, fact("12-23 17:00", OPENED), timelines=timelines)

    told = said(clock, "12-28 09:00", opened="12-23 17:00", timelines=timelines)

    assert "Du jeudi 24 décembre au vendredi 25 décembre, jour férié : non compté." in told


def test_time_that_counts_round_the_clock_is_told_over_midnight() -> None:
    target = a_target(hours=24, unit=TargetUnit.CALENDAR_MINUTES, calendar_id=None)
    clock = clock_of(a_policy(target), FRIDAY)

    told = said(clock, "07-04 09:30")

    assert told[1:] == [
        "Nous nous sommes engagés à vous répondre en moins de 24 h, jour et nuit : l’échéance est "
        "le samedi 4 juillet à 10 h 00.",
        "Du vendredi 3 juillet à 10 h 00 au samedi 4 juillet à 9 h 30 : on compte 23 h 30.",
        "Jusqu’ici, on compte 23 h 30 ; il ne reste que 30 min.",
    ]


def test_the_time_a_request_was_finished_is_told() -> None:
    facts = (
        FRIDAY,
        fact("07-03 11:00", RESOLVED),
        fact("07-06 09:00", ClockFactKind.REOPENED),
    )

    assert said(clock_of(FROM_OPENING, *facts), "07-06 10:00")[3] == (
        "Du vendredi 3 juillet à 11 h 00 au lundi 6 juillet à 9 h 00, demande terminée, avant sa "
        "réouverture : non compté."
    )


def test_a_promise_given_up_is_told_without_an_outcome() -> None:
    cancelled = fact("07-03 11:00", ClockFactKind.CANCELLED)

    assert said(clock_of(FROM_OPENING, FRIDAY, cancelled), "07-06 10:00")[-1] == (
        "Le délai a cessé de courir le vendredi 3 juillet à 11 h 00, sans suite ; on compte 1 h."
    )


def test_a_clock_that_has_not_started_says_what_it_waits_for() -> None:
    policy = a_policy(a_target(SlaMetric.RESOLUTION, hours=8))
    cancelled = fact("07-03 11:00", ClockFactKind.CANCELLED)

    pending = said(clock_of(policy, FRIDAY), "07-03 11:00")
    given_up = said(clock_of(policy, FRIDAY, cancelled), "07-03 12:00")

    assert pending == [
        "Demande ouverte le vendredi 3 juillet à 10 h 00. Le délai sera compté à partir de notre "
        "première réponse.",
        "Nous nous sommes engagés à résoudre le problème en moins de 8 h ouvrées.",
    ]
    assert given_up[0] == "Demande ouverte le vendredi 3 juillet à 10 h 00."


def test_an_answer_cycle_begins_with_the_message_of_the_client() -> None:
    policy = a_policy(
        a_target(SlaMetric.NEXT_RESPONSE, hours=2, starts_on=ClockStart.CLIENT_MESSAGE)
    )
    wrote = fact("07-03 11:00", ClockFactKind.CLIENT_WROTE)
    clock = clock_of(policy, FRIDAY, fact("07-03 10:30", ANSWERED), wrote)

    assert said(clock, "07-03 12:00")[0] == "Vous nous avez écrit le vendredi 3 juillet à 11 h 00."


def test_closed_days_are_told_and_pauses_without_a_known_reason_too() -> None:
    clock = clock_of(FROM_OPENING, FRIDAY, ASKED)
    counted, paused = clock.stretches
    odd = replace(clock, stretches=(counted, replace(paused, reason="ODD")))
    closed = explained(clock, opened_at=FRIDAY.at, at=at("07-05 10:00"), timelines=TIMELINES)
    closed = (replace(closed[1], reason="CLOSURE"),)

    assert said(odd, "07-05 10:00")[3] == (
        "Depuis le vendredi 3 juillet à 16 h 00, délai suspendu : non compté."
    )
    told = clock_sentences(
        clock,
        clock.reading(at("07-05 10:00"), TIMELINES.of(clock.target)),
        closed,
        opened_at=FRIDAY.at,
        locale=Locale.EN,
        zone="Europe/Paris",
    )
    assert told[2].endswith("closed: not counted.")


def test_another_year_and_a_first_of_the_month_are_written_as_french_does() -> None:
    clock = clock_of(FROM_OPENING, fact("12-30 10:00", OPENED))
    new_year = at("01-01 09:00").replace(year=2027)

    told = clock_sentences(
        replace(clock, deadline_at=new_year, postponed_to=new_year),
        clock.reading(at("12-30 10:15"), TIMELINES.of(clock.target)),
        (),
        opened_at=at("12-30 10:00"),
        locale=Locale.FR,
        zone="Europe/Paris",
    )

    spaced = [sentence.replace("\u00a0", " ") for sentence in told]
    assert spaced[1].endswith("l’échéance est le vendredi 1er janvier 2027 à 9 h 00.")
    assert spaced[2] == ("L’échéance a été reportée au vendredi 1er janvier 2027 à 9 h 00.")


def test_lines_are_never_broken_before_a_colon_or_within_a_time() -> None:
    told = clock_sentences(
        clock_of(FROM_OPENING, FRIDAY),
        clock_of(FROM_OPENING, FRIDAY).reading(at("07-03 11:00"), TIMELINES.always),
        (),
        opened_at=FRIDAY.at,
        locale=Locale.FR,
        zone="Europe/Paris",
    )

    text = " ".join(told)
    assert "10\u00a0h\u00a000" in text
    assert "\u00a0: l’échéance" in text
    assert "\u202f; il reste" in text
    assert not [mark for mark in ("~", " :", " ;") if mark in text]


@pytest.mark.parametrize(
    ("target", "locale", "promise"),
    [
        (
            a_target(amount=3, unit=TargetUnit.BUSINESS_DAYS_SAME_TIME),
            Locale.FR,
            "en moins de 3 jours ouvrés, à la même heure",
        ),
        (
            a_target(amount=1, unit=TargetUnit.BUSINESS_DAYS_END_OF_DAY, is_strict=False),
            Locale.FR,
            "sous 1 jour ouvré, à la fermeture",
        ),
        (
            a_target(amount=5, unit=TargetUnit.BUSINESS_DAYS_END_OF_DAY),
            Locale.EN,
            "in less than 5 working days, at closing time",
        ),
        (a_target(amount=90, is_strict=False), Locale.EN, "within 1 h 30 min of working time"),
        (a_target(amount=90), Locale.FR, "en moins de 1 h 30 ouvrée"),
        (a_target(amount=30), Locale.FR, "en moins de 30 min ouvrées"),
    ],
)
def test_a_promise_is_told_in_its_own_unit(target: Target, locale: Locale, promise: str) -> None:
    clock = clock_of(a_policy(target), FRIDAY)

    assert promise in said(clock, "07-03 10:00", locale=locale)[1]


@pytest.mark.parametrize("locale", Locale)
def test_every_word_is_there_in_both_languages(locale: Locale) -> None:
    words = WORDS[locale]

    assert set(words.verbs) == set(words.stopped) == set(SlaMetric)
    assert set(words.units) == set(TargetUnit)
    assert set(words.pauses) == set(WaitingOn)
    assert set(words.started) == set(words.not_started) == set(ClockStart) - {ClockStart.OPENING}
    assert set(words.ended) == {SlaState.MET, SlaState.MISSED}
    assert set(words.standing) == {SlaState.RUNNING, SlaState.AT_RISK, SlaState.PAUSED}


@pytest.mark.parametrize(
    ("locale", "seconds", "text"),
    [
        (Locale.FR, 0, "0~min"),
        (Locale.FR, 59, "59~s"),
        (Locale.FR, 3600, "1~h"),
        (Locale.FR, 3900, "1~h~05"),
        (Locale.FR, 3661, "1~h 1~min 1~s"),
        (Locale.EN, 3900, "1~h 5~min"),
    ],
)
def test_a_duration_leaves_out_what_is_zero(locale: Locale, seconds: int, text: str) -> None:
    assert WORDS[locale].duration(seconds) == text


def test_seconds_of_the_clock_are_told_where_there_are_any() -> None:
    instant = at("07-03 10:00").replace(second=5)

    assert WORDS[Locale.FR].time(instant) == "8~h~00~min~05~s"
    assert WORDS[Locale.EN].time(instant) == "08:00:05"
