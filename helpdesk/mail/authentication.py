"""Authentication-Results fields, read (RFC 8601): who says what about the author of a mail."""

import re
from collections.abc import Iterator

from helpdesk.domain.mail_trust import AuthFinding, AuthMethod
from helpdesk.mail.charset import storable
from helpdesk.mail.handover import is_of_our_listener
from helpdesk.mail.headers import Headers, unfolded

MAX_FIELDS = 20
MAX_FINDINGS = 100
MAX_FIELD = 4096

_FIELD = "authentication-results"
_QUOTED_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|[()]')
_AUTHSERV = re.compile(r'\s*"?([^\s;"]{1,255})"?(?:\s+\d{1,3})?\s*$')
_METHOD = re.compile(r"\s*(dmarc|dkim|spf)(?:\s*/\s*\d{1,3})?\s*=\s*([a-z]{1,20})(?=\s|$)", re.I)
_PROPERTY = re.compile(r'([a-z]{1,20})\s*\.\s*([a-z-]{1,30})\s*=\s*("[^"]{0,320}"|\S{1,320})', re.I)
_PROPERTIES = {
    AuthMethod.DMARC: ("header.from",),
    AuthMethod.DKIM: ("header.d", "header.i"),
    AuthMethod.SPF: ("smtp.mailfrom", "smtp.mail"),
}
_FROM_SOMEBODY = re.compile(r"^\s*from\s", re.I)
_LOCAL_DELIVERY = re.compile(r"\s*from\s+\S+\s+by\s+\S+\s+with\s+(?:UTF8)?LMTP[AS]{0,2}\s", re.I)
_BY = re.compile(r"\sby\s", re.I)


def findings_in(headers: Headers) -> tuple[AuthFinding, ...]:
    """Return every result of SPF, DKIM and DMARC, in the order of the fields.

    A field is above the entrance when no line that tells of a mail from another machine stands
    above it. Lines of the last mile are passed over: those that name nobody who handed the mail
    over, those of LMTP, which no stranger speaks to us (RFC 2033 section 5), and the topmost one
    when our listener wrote it: whether its peer is believed is known from the envelope.
    """
    found: list[AuthFinding] = []
    is_above, fields = True, 0
    passed = 1 if is_of_our_listener(unfolded(headers.first("received"))) else 0
    for name, value in headers.fields:
        if name == "received":
            is_above = is_above and (passed > 0 or not _is_entrance(unfolded(value)))
            passed -= 1
        if name == _FIELD and fields < MAX_FIELDS:
            fields += 1
            found += _findings(unfolded(value[:MAX_FIELD]), is_above=is_above)
    return tuple(found[:MAX_FINDINGS])


def _is_entrance(line: str) -> bool:
    if _FROM_SOMEBODY.match(line) is None:
        return False
    # what the stranger called himself stands in the line too: it must not look like ours
    shown = _without_comments(line[:MAX_FIELD])
    return _LOCAL_DELIVERY.match(shown) is None or len(_BY.findall(shown)) > 1


def _findings(text: str, *, is_above: bool) -> Iterator[AuthFinding]:
    server, *results = _without_comments(text).split(";")
    said_by = _AUTHSERV.match(server)
    for result in results if said_by else ():
        method = _METHOD.match(result)
        if method is None or said_by is None:
            continue
        kind = AuthMethod(method[1].upper())
        yield AuthFinding(
            authserv_id=storable(said_by[1]).lower(),
            method=kind,
            result=method[2].lower(),
            domain=_domain(kind, result[method.end() :]),
            is_above_entrance=is_above,
        )


def _domain(method: AuthMethod, text: str) -> str:
    """Return the domain that the result is about, empty when it names none."""
    given = {
        f"{found[1]}.{found[2]}".lower(): found[3].strip('"') for found in _PROPERTY.finditer(text)
    }
    values = (given[name] for name in _PROPERTIES[method] if name in given)
    value = next(values, "").rpartition("@")[2]
    return storable(value).strip("<>.").lower()


def _without_comments(text: str) -> str:
    """Return the text without its comments, which nest; semicolons in quotes become blanks."""
    shown: list[str] = []
    depth, end = 0, 0
    for sign in _QUOTED_OR_COMMENT.finditer(text):
        if depth == 0:
            shown.append(text[end : sign.start()])
            shown.append(sign[0].replace(";", " ") if sign[0][0] == '"' else " ")
        depth += {"(": 1, ")": -1 if depth else 0}.get(sign[0], 0)
        end = sign.end()
    return "".join((*shown, text[end:] if depth == 0 else ""))
