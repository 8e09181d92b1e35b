"""A calendar part told in one line, since no agent reads iCalendar."""

import re
from collections.abc import Iterator

from helpdesk.mail.charset import decode, storable
from helpdesk.mail.structure import Part, content_of

MAX_CALENDAR_BYTES = 64 * 1024
MAX_INVITATIONS = 5
MAX_VALUE = 200
MAX_ZONE = 60
CALENDAR_TYPES = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})

_FOLD = re.compile(r"\r?\n[ \t]")
_PROPERTY = re.compile(
    r"^(METHOD|SUMMARY|DTSTART|ORGANIZER|ATTENDEE)((?:;[^:\n\"]{0,300}(?:\"[^\"\n]{0,300}\")?){0,20})"
    r":(.*)$",
    re.MULTILINE | re.IGNORECASE,
)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_ZONE = re.compile(r";TZID=\"?([^;:\"]{1,100})", re.IGNORECASE)
_ANSWER = re.compile(r";PARTSTAT=([A-Z-]{1,20})", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")


def invitation_lines(root: Part) -> Iterator[str]:
    """Yield one line per calendar part: method, subject, time, organiser.

    An invitation comes twice in many mails, as a part and as a file: it is told once.
    """
    calendars = [part for part in root.walk() if part.type in CALENDAR_TYPES]
    lines = (_line(part) for part in calendars[:MAX_INVITATIONS])
    yield from dict.fromkeys(line for line in lines if line)


def is_calendar_reply(part: Part) -> bool:
    """Return whether a program tells that an invitation was answered: no person wrote that."""
    if part.type not in CALENDAR_TYPES:
        return False
    declared = part.content_type.parameters.get("method", "").lower()
    return declared == "reply" or (not declared and _told(part).get("METHOD") == "REPLY")


def _line(part: Part) -> str:
    found = _told(part)
    if not found:
        return ""
    method = f"{found.get('METHOD', '')} {found.get('ANSWER', '')}".strip()
    shown = (
        method,
        found.get("SUMMARY", ""),
        found.get("DTSTART", ""),
        re.sub(r"(?i)^mailto:", "", found.get("ORGANIZER", "")),
    )
    return storable(f"[{' · '.join(filter(None, shown))}]")


def _told(part: Part) -> dict[str, str]:
    """Return the first value of each property; the rules of time zones have values of their own."""
    content = content_of(part, set())[:MAX_CALENDAR_BYTES]
    text = decode(content, charset=part.content_type.parameters.get("charset")).text
    before, *zones = _FOLD.sub("", text).split("BEGIN:VTIMEZONE")
    text = "".join((before, *(zone.partition("END:VTIMEZONE")[2] for zone in zones)))
    found: dict[str, str] = {}
    for given, parameters, value in _PROPERTY.findall(text):
        name, shown = given.upper(), _ESCAPED.sub(_plain, value.strip())[:MAX_VALUE]
        if name == "ATTENDEE":
            answer = _ANSWER.search(parameters)
            if answer and found.get("METHOD") == "REPLY":
                found.setdefault("ANSWER", answer[1].upper())
        elif name == "DTSTART":
            found.setdefault(name, _time(value, parameters))
        else:
            found.setdefault(name, shown.upper() if name == "METHOD" else shown)
    return found


def _plain(escaped: re.Match[str]) -> str:
    return " " if escaped[1] in "nN" else escaped[1]


def _time(value: str, parameters: str) -> str:
    """Return the time as it is told, with its zone: it is not moved to another."""
    found = _TIME.match(value)
    if found is None:
        return ""
    year, month, day, hour, minute, is_utc = found.groups()
    if not hour:
        return f"{year}-{month}-{day}"
    zone = _ZONE.search(parameters)
    named = "UTC" if is_utc else zone[1].strip()[:MAX_ZONE] if zone else ""
    return f"{year}-{month}-{day} {hour}:{minute} {named}".strip()
