"""Address lists, read by structure first and decoded after, so that no name becomes an address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from helpdesk.domain.inbound_email import Address
from helpdesk.mail.charset import storable
from helpdesk.mail.headers import decoded_words, unfolded

MAX_ADDRESSES = 1000
MAX_ADDRESS_LENGTH = 320
MAX_NAME_LENGTH = 500

_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*)(?:"|$)|<([^<>]*)(?:>|$)|([,;:()])|([^",;:()<>]+)|(.)', re.S
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BARE = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+")


@dataclass
class _Pending:
    """The pieces of one address while the list is read."""

    words: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angle: str | None = None


def addresses_in(values: Iterable[bytes]) -> tuple[Address, ...]:
    """Return the addresses of one or several header values, at most a thousand."""
    found: list[Address] = []
    for value in values:
        for address in _read(unfolded(value)):
            if len(found) >= MAX_ADDRESSES:
                return tuple(found)
            found.append(address)
    return tuple(found)


def is_well_formed(email: str) -> bool:
    """Return whether the text has the shape of an address with one @."""
    return len(email) <= MAX_ADDRESS_LENGTH and _BARE.fullmatch(email) is not None


def _read(text: str) -> Iterator[Address]:
    pending, depth = _Pending(), 0
    for token in _TOKEN.finditer(text):
        sign = token[3]
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(0, depth - 1)
        elif depth:
            pending.comments.append(token[0])
        elif sign == ":":
            # a group's name, unless an address already stands before a stray colon
            pending = pending if pending.angle else _Pending()
        elif sign in {",", ";"}:
            yield from _address(pending)
            pending = _Pending()
        else:
            _take(pending, token)
    yield from _address(pending)


def _take(pending: _Pending, token: re.Match[str]) -> None:
    if token[2] is not None and pending.angle is None:
        pending.angle = token[2]
    elif token[1] is not None:
        pending.words.append(_ESCAPED.sub(r"\1", token[1]))
    else:
        pending.words.append(token[0])


def _address(pending: _Pending) -> Iterator[Address]:
    """Yield the address the pieces make, if they make one."""
    phrase = "".join(pending.words).strip()
    comment = "".join(pending.comments).strip()
    if pending.angle is not None:
        yield from _built(phrase or comment, pending.angle)
        return
    bare = _BARE.search(phrase)
    if bare:
        rest = (phrase[: bare.start()] + phrase[bare.end() :]).strip()
        yield from _built(comment or rest, bare[0])
    elif phrase or comment:
        yield from _built(phrase or comment, "")


def _built(name: str, email: str) -> Iterator[Address]:
    shown = storable(decoded_words(re.sub(r"\s+", " ", name))).strip(" \t'\"")
    address = storable(decoded_words(email))
    address = re.sub(r"\s+", "", address).removeprefix("mailto:")
    # an obsolete source route names servers before the address: <@a,@b:user@host>
    address = address.rpartition(":")[2] if address.startswith("@") else address
    if shown or address:
        yield Address(shown[:MAX_NAME_LENGTH], address[:MAX_ADDRESS_LENGTH])
