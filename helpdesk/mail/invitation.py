"""A calendar part told in one line, since no agent reads iCalendar."""

import re
from collections.abc import Iterator

from helpdesk.domain.inbound_email import Defect
from helpdesk.mail.charset import decode, storable
from helpdesk.mail.structure import Part, content_of

MAX_CALENDAR_BYTES = 64 * 1024
MAX_INVITATIONS = 5
MAX_VALUE = 200

_FOLD = re.compile(r"\r?\n[ \t]")
_PROPERTY = re.compile(r"^(METHOD|SUMMARY|DTSTART|ORGANIZER)(?:;[^:\n]{0,300})?:(.*)$", re.M | re.I)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")


def invitation_lines(root: Part) -> Iterator[str]:
    """Yield one line per calendar part: method, subject, time, organiser."""
    calendars = [part for part in root.walk() if part.type == "text/calendar"]
    for part in calendars[:MAX_INVITATIONS]:
        line = _line(part)
        if line:
            yield line


def _line(part: Part) -> str:
    ignored: set[Defect] = set()
    content = content_of(part, ignored)[:MAX_CALENDAR_BYTES]
    text = _FOLD.sub("", decode(content, charset=part.content_type.parameters.get("charset")).text)
    found: dict[str, str] = {}
    for name, value in _PROPERTY.findall(text):
        # a time zone's own DTSTART is of 1970 or older and stands before the event's
        if name.upper() == "DTSTART" and value.startswith(("16", "19")):
            continue
        found.setdefault(name.upper(), value.strip()[:MAX_VALUE])
    if not found:
        return ""
    shown = (
        found.get("METHOD", "").upper(),
        found.get("SUMMARY", "").replace("\\,", ",").replace("\\n", " "),
        _time(found.get("DTSTART", "")),
        re.sub(r"(?i)^mailto:", "", found.get("ORGANIZER", "")),
    )
    return storable(f"[{' · '.join(filter(None, shown))}]")


def _time(value: str) -> str:
    found = _TIME.match(value)
    if found is None:
        return ""
    year, month, day, hour, minute, is_utc = found.groups()
    clock = f" {hour}:{minute}{' UTC' if is_utc else ''}" if hour else ""
    return f"{year}-{month}-{day}{clock}"
