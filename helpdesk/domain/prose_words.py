"""The words of the story of a clock, in French and in English; `~` is a space that does not break.

French puts one before a colon and between the hours and the minutes of "10 h 00".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from helpdesk.domain.errors import Locale
from helpdesk.domain.month import MONTH_NAMES
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaState, TargetUnit
from helpdesk.domain.waiting import WaitingOn

_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language, and how it writes dates, times and durations."""

    opened: str
    started: Mapping[ClockStart, str]
    not_started: Mapping[ClockStart, str]
    promise: Mapping[bool, str]
    verbs: Mapping[SlaMetric, str]
    units: Mapping[TargetUnit, str]
    day: str
    days: str
    worked_one: str
    worked: str
    deadline: str
    past_deadline: str
    postponed: str
    at: str
    on: str
    since: str
    between: str
    hours: str
    conjunction: str
    counted: str
    closed_hours: str
    holiday: str
    closure: str
    pauses: Mapping[str, str]
    paused: str
    finished: str
    stopped: Mapping[SlaMetric, str]
    ended: Mapping[SlaState, str]
    standing: Mapping[SlaState, str]
    breached: str
    late: str
    cancelled: str
    clock_time: Callable[[datetime], str]
    spelled_date: Callable[[date], str]
    minutes_after_hours: str

    def time(self, local: datetime) -> str:
        """Return a time of day; seconds are said where there are any."""
        return self.clock_time(local)

    def date(self, day: date, *, has_year: bool) -> str:
        """Return a date with its weekday."""
        return f"{self.spelled_date(day)}~{day.year}" if has_year else self.spelled_date(day)

    def duration(self, seconds: int) -> str:
        """Return an amount of time, without the parts that are zero."""
        hours, rest = divmod(seconds, 3600)
        minutes, left = divmod(rest, 60)
        if hours and minutes and not left:
            return self.minutes_after_hours.format(hours=hours, minutes=minutes)
        parts = ((hours, "h"), (minutes, "min"), (left, "s"))
        return " ".join(f"{amount}~{unit}" for amount, unit in parts if amount) or "0~min"

    def joined(self, texts: Sequence[str]) -> str:
        """Return an enumeration."""
        *first, last = texts
        return f"{', '.join(first)}{self.conjunction}{last}" if first else last


def _french_time(local: datetime) -> str:
    seconds = f"~min~{local.second:02}~s" if local.second else ""
    return f"{local.hour}~h~{local.minute:02}{seconds}"


def _english_time(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _french_date(day: date) -> str:
    number = "1er" if day.day == 1 else str(day.day)
    return f"{_JOURS[day.weekday()]} {number}~{MONTH_NAMES[Locale.FR][day.month - 1]}"


def _english_date(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day}~{MONTH_NAMES[Locale.EN][day.month - 1]}"


_FRENCH = Words(
    opened="Demande ouverte le {when}.",
    started={
        ClockStart.FIRST_RESPONSE: "Le délai est compté à partir de notre première réponse, "
        "le {when}.",
        ClockStart.CLIENT_MESSAGE: "Vous nous avez écrit le {when}.",
        ClockStart.BATCH_OPENING: "Le délai est compté à partir de l’ouverture de son lot, "
        "le {when}.",
    },
    not_started={
        ClockStart.FIRST_RESPONSE: "Le délai sera compté à partir de notre première réponse.",
        ClockStart.CLIENT_MESSAGE: "Le délai sera compté à partir de votre message.",
        ClockStart.BATCH_OPENING: "Le délai sera compté à partir de l’ouverture de son lot.",
    },
    promise={
        True: "Nous nous sommes engagés à {verb} en moins de {amount}",
        False: "Nous nous sommes engagés à {verb} sous {amount}",
    },
    verbs={
        SlaMetric.FIRST_RESPONSE: "vous répondre",
        SlaMetric.NEXT_RESPONSE: "vous répondre",
        SlaMetric.RESOLUTION: "résoudre le problème",
        SlaMetric.DELIVERY: "livrer la correction en préproduction",
        SlaMetric.UPDATE: "vous donner des nouvelles",
    },
    units={
        TargetUnit.BUSINESS_MINUTES: "{duration} {worked}",
        TargetUnit.BUSINESS_DAYS_SAME_TIME: "{amount}~{days}, à la même heure",
        TargetUnit.BUSINESS_DAYS_END_OF_DAY: "{amount}~{days}, à la fermeture",
        TargetUnit.CALENDAR_MINUTES: "{duration}, jour et nuit",
    },
    day="jour ouvré",
    days="jours ouvrés",
    worked_one="ouvrée",
    worked="ouvrées",
    deadline="~: l’échéance est le {when}.",
    past_deadline="~: l’échéance était le {when}.",
    postponed="L’échéance a été reportée au {when}.",
    at="{day} à~{time}",
    on="Le {day}",
    since="Depuis le {when}",
    between="Du {start} au {end}",
    hours="de {start} à {end}",
    conjunction=" et ",
    counted="~: on compte {counted}.",
    closed_hours="En dehors des heures ouvrées, le délai ne court pas.",
    holiday="jour férié~: non compté.",
    closure="jour de fermeture~: non compté.",
    pauses={
        WaitingOn.CLIENT: "en attente de votre réponse~: non compté.",
        WaitingOn.THIRD_PARTY: "en attente d’un prestataire extérieur~: non compté.",
        WaitingOn.QUOTE_ANSWER: "en attente de votre réponse au devis~: non compté.",
        WaitingOn.CONTRACT_SUSPENDED: "contrat suspendu~: non compté.",
        WaitingOn.FORCE_MAJEURE: "cas de force majeure~: non compté.",
    },
    paused="délai suspendu~: non compté.",
    finished="demande terminée, avant sa réouverture~: non compté.",
    stopped={
        SlaMetric.FIRST_RESPONSE: "Nous vous avons répondu le {when}.",
        SlaMetric.NEXT_RESPONSE: "Nous vous avons répondu le {when}.",
        SlaMetric.RESOLUTION: "Le problème a été résolu le {when}.",
        SlaMetric.DELIVERY: "La correction a été livrée en préproduction le {when}.",
        SlaMetric.UPDATE: "Nous vous avons donné des nouvelles le {when}.",
    },
    ended={
        SlaState.MET: "Au total, on compte {counted}~: l’engagement est tenu.",
        SlaState.MISSED: "Au total, on compte {counted}~: l’engagement n’est pas tenu{late}.",
    },
    standing={
        SlaState.RUNNING: "Jusqu’ici, on compte {counted}~; il reste {left}.",
        SlaState.AT_RISK: "Jusqu’ici, on compte {counted}~; il ne reste que {left}.",
        SlaState.PAUSED: "Jusqu’ici, on compte {counted}~; il restera {left} à la reprise.",
    },
    breached="L’engagement est dépassé depuis le {when}~: jusqu’ici, on compte {counted}{late}.",
    late=", soit {over} de trop",
    cancelled="Le délai a cessé de courir le {when}, sans suite~; on compte {counted}.",
    clock_time=_french_time,
    spelled_date=_french_date,
    minutes_after_hours="{hours}~h~{minutes:02}",
)
_ENGLISH = Words(
    opened="The request was opened on {when}.",
    started={
        ClockStart.FIRST_RESPONSE: "The time is counted from our first answer, on {when}.",
        ClockStart.CLIENT_MESSAGE: "You wrote to us on {when}.",
        ClockStart.BATCH_OPENING: "The time is counted from the opening of its batch, on {when}.",
    },
    not_started={
        ClockStart.FIRST_RESPONSE: "The time will be counted from our first answer.",
        ClockStart.CLIENT_MESSAGE: "The time will be counted from your message.",
        ClockStart.BATCH_OPENING: "The time will be counted from the opening of its batch.",
    },
    promise={
        True: "We promised to {verb} in less than {amount}",
        False: "We promised to {verb} within {amount}",
    },
    verbs={
        SlaMetric.FIRST_RESPONSE: "answer you",
        SlaMetric.NEXT_RESPONSE: "answer you",
        SlaMetric.RESOLUTION: "solve the problem",
        SlaMetric.DELIVERY: "deliver the correction on staging",
        SlaMetric.UPDATE: "give you news",
    },
    units={
        TargetUnit.BUSINESS_MINUTES: "{duration} {worked}",
        TargetUnit.BUSINESS_DAYS_SAME_TIME: "{amount}~{days}, at the same time of day",
        TargetUnit.BUSINESS_DAYS_END_OF_DAY: "{amount}~{days}, at closing time",
        TargetUnit.CALENDAR_MINUTES: "{duration}, day and night",
    },
    day="working day",
    days="working days",
    worked_one="of working time",
    worked="of working time",
    deadline=": it is due on {when}.",
    past_deadline=": it was due on {when}.",
    postponed="It was put off to {when}.",
    at="{day} at~{time}",
    on="On {day}",
    since="Since {when}",
    between="From {start} to {end}",
    hours="from {start} to {end}",
    conjunction=" and ",
    counted=": {counted} counted.",
    closed_hours="Outside working hours, no time counts.",
    holiday="public holiday: not counted.",
    closure="closed: not counted.",
    pauses={
        WaitingOn.CLIENT: "waiting for your answer: not counted.",
        WaitingOn.THIRD_PARTY: "waiting for another company: not counted.",
        WaitingOn.QUOTE_ANSWER: "waiting for your answer to the quote: not counted.",
        WaitingOn.CONTRACT_SUSPENDED: "contract suspended: not counted.",
        WaitingOn.FORCE_MAJEURE: "force majeure: not counted.",
    },
    paused="suspended: not counted.",
    finished="the request was finished, before it was reopened: not counted.",
    stopped={
        SlaMetric.FIRST_RESPONSE: "We answered you on {when}.",
        SlaMetric.NEXT_RESPONSE: "We answered you on {when}.",
        SlaMetric.RESOLUTION: "The problem was solved on {when}.",
        SlaMetric.DELIVERY: "The correction was delivered on staging on {when}.",
        SlaMetric.UPDATE: "We gave you news on {when}.",
    },
    ended={
        SlaState.MET: "In all, {counted} counted: the promise was kept.",
        SlaState.MISSED: "In all, {counted} counted: the promise was not kept{late}.",
    },
    standing={
        SlaState.RUNNING: "So far, {counted} counted; {left} left.",
        SlaState.AT_RISK: "So far, {counted} counted; only {left} left.",
        SlaState.PAUSED: "So far, {counted} counted; {left} will be left when it goes on.",
    },
    breached="The promise has been broken since {when}: {counted} counted so far{late}.",
    late=", {over} too many",
    cancelled="The time stopped counting on {when}, without an outcome; {counted} counted.",
    clock_time=_english_time,
    spelled_date=_english_date,
    minutes_after_hours="{hours}~h {minutes}~min",
)
WORDS: Mapping[Locale, Words] = {Locale.FR: _FRENCH, Locale.EN: _ENGLISH}
