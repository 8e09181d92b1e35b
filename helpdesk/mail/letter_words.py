"""Subjects that name their ticket, times as people say them, and words in a frame."""

import re
from datetime import date, datetime

from helpdesk.domain.errors import Locale
from helpdesk.domain.month import MONTH_NAMES

MAX_SUBJECT = 200

_REPLY_PREFIXES = re.compile(r"^(?:\s*(?:re|réf?|ré|aw|sv)\s?:)+\s*", re.IGNORECASE)
# a space that keeps an amount together stays
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_WEEKDAYS = {
    Locale.FR: ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    Locale.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def tagged_subject(ticket_number: int, subject: str) -> str:
    """Return the subject that names the ticket once, however many times it was answered.

    >>> tagged_subject(12, "Re: RE: [#12] Panne du site")
    '[#12] Panne du site'
    """
    return f"[#{ticket_number}] {without_tag(ticket_number, subject)}".strip()[:MAX_SUBJECT]


def reply_subject(ticket_number: int, subject: str) -> str:
    """Return the subject that names the ticket; one that answers goes on saying so.

    >>> reply_subject(12, "Re: Panne du site")
    'Re: [#12] Panne du site'
    """
    tagged = tagged_subject(ticket_number, subject)
    return f"Re: {tagged}" if _REPLY_PREFIXES.match(subject) else tagged


def without_tag(ticket_number: int | None, subject: str) -> str:
    """Return the subject in one line, without what answers and the engine put before it."""
    tag = "" if ticket_number is None else f"[#{ticket_number}]"
    bare = _SPACES.sub(" ", subject)
    bare = bare.replace(tag, " ") if tag else bare
    return _REPLY_PREFIXES.sub("", _REPLY_PREFIXES.sub("", bare.strip()).strip())


def one_line_subject(text: str) -> str:
    """Return a subject in one line, cut to what a mail program shows.

    >>> one_line_subject("Lot 3 :  printemps\\n2026 ")
    'Lot 3 : printemps 2026'
    """
    return _SPACES.sub(" ", text).strip()[:MAX_SUBJECT]


def spoken_time(instant: datetime, *, locale: Locale) -> str:
    """Return a time as people say it.

    >>> spoken_time(datetime.fromisoformat("2026-05-04T10:30+02:00"), locale=Locale.FR)
    'lundi 4 mai à 10 h 30'
    """
    day = spoken_day(instant, locale=locale)
    if locale is Locale.FR:
        return f"{day} à {instant.hour} h {instant.minute:02}"
    return f"{day} at {instant:%H:%M}"


def spoken_day(day: date, *, locale: Locale) -> str:
    """Return a day as people say it.

    >>> spoken_day(date(2026, 5, 1), locale=Locale.FR)
    'vendredi 1er mai'
    """
    weekday = _WEEKDAYS[locale][day.weekday()]
    month = MONTH_NAMES[locale][day.month - 1]
    is_first = locale is Locale.FR and day.day == 1
    return f"{weekday} {'1er' if is_first else day.day} {month}"


def boxed(words: str, title: str = "") -> str:
    """Return lines in a frame, so that nobody overlooks them.

    >>> print(boxed("30 juin 2026", "Dernier jour :"))
    ┌────────────────┐
    │ Dernier jour : │
    │ 30 juin 2026   │
    └────────────────┘
    """
    lines = [*([title] if title else []), *words.split("\n")]
    width = max(map(len, lines))
    edge = "─" * (width + 2)
    inside = [f"│ {line:<{width}} │" for line in lines]
    return "\n".join([f"┌{edge}┐", *inside, f"└{edge}┘"])
