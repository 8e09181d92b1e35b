"""Address lists, read by structure first and decoded after, so that no name becomes an address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from helpdesk.domain.inbound_email import Address
from helpdesk.mail.charset import storable
from helpdesk.mail.headers import decoded_words, on_one_line, unfolded

MAX_ADDRESSES = 1000
MAX_ADDRESS_LENGTH = 320
MAX_NAME_LENGTH = 500

_TOKEN = re.compile(
    r'("(?:[^"\\]|\\.){0,200}"@[^\s",;:()<>]{1,255})'
    r'|"((?:[^"\\]|\\.)*)(?:"|$)|<([^<>]*)(?:>|$)|([,;:()])|([^",;:()<>]+)|(.)',
    re.DOTALL,
)
# machines of old write their name without a domain
_MACHINE = re.compile(r"(?i)mailer-daemon|postmaster")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BARE = re.compile(r"[^\s<>()\[\],;:\"@]{1,256}@[^\s<>()\[\],;:\"@]{1,256}")
# one character stands for one byte while a list is read: only ASCII blanks are blanks there
_RAW_BARE = re.compile(_BARE.pattern, re.ASCII)
_RAW_BLANKS = re.compile(r"[ \t\r\n]+")
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_BLANKS = " \t\r\n"


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


def senders_in(values: Iterable[bytes]) -> tuple[Address, ...]:
    """Return the authors that From names; what has no address is a piece of the name after it.

    >>> senders_in([b"Martin, Bruno <bruno@client.example>"])
    (Address(name='Martin, Bruno', email='bruno@client.example'),)
    """
    fields = [tuple(_named_whole(addresses_in([value]))) for value in values]
    found = [address for field in fields for address in field]
    return tuple(address for address in found if address.email) or tuple(found)


def _named_whole(addresses: Iterable[Address]) -> Iterator[Address]:
    pieces: list[str] = []
    for address in addresses:
        pieces.append(address.name)
        if address.email:
            yield Address(_joined(pieces), address.email)
            pieces = []
    if pieces:
        yield Address(_joined(pieces), "")


def _joined(pieces: Iterable[str]) -> str:
    return ", ".join(filter(None, pieces))[:MAX_NAME_LENGTH]


def is_well_formed(email: str) -> bool:
    """Return whether the text has the shape of an address with one @, and can be shown."""
    is_short = len(email) <= MAX_ADDRESS_LENGTH
    return is_short and email.isprintable() and _BARE.fullmatch(email) is not None


def _read(text: str) -> Iterator[Address]:
    pending, depth = _Pending(), 0
    for token in _TOKEN.finditer(text):
        sign = token[4]
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
    angle = token[3] if token[3] is not None else token[1]
    if angle is not None and pending.angle is None:
        pending.angle = angle
    elif token[2] is not None:
        pending.words.append(_ESCAPED.sub(r"\1", token[2]))
    else:
        pending.words.append(token[0])


def _address(pending: _Pending) -> Iterator[Address]:
    """Yield the address the pieces make, if they make one."""
    phrase = "".join(pending.words).strip(_BLANKS)
    comment = "".join(pending.comments).strip(_BLANKS)
    if pending.angle is not None:
        yield from _built(phrase or comment, pending.angle)
        return
    bare = _RAW_BARE.search(phrase)
    if bare:
        rest = (phrase[: bare.start()] + phrase[bare.end() :]).strip(_BLANKS)
        yield from _built(comment or rest, bare[0])
    elif _MACHINE.fullmatch(phrase):
        yield from _built(comment, phrase)
    elif phrase or comment:
        yield from _built(phrase or comment, "")


def _unquoted(name: str) -> str:
    """Return a name without the quotes around it, or a single one that lost its other half."""
    for quote in ('"', "'"):
        if name.startswith(quote) and (name.endswith(quote) or name.count(quote) == 1):
            name = name.removeprefix(quote).removesuffix(quote).strip()
        elif name.endswith(quote) and name.count(quote) == 1:
            name = name.removesuffix(quote).strip()
    return name


def _built(name: str, email: str) -> Iterator[Address]:
    shown = _unquoted(on_one_line(decoded_words(_RAW_BLANKS.sub(" ", name))).strip(" \t<>"))
    address = storable(decoded_words(_COMMENT.sub("", email))).strip()
    address = address if address.startswith('"') else re.sub(r"\s+", "", address)
    address = address.removeprefix("mailto:")
    # an obsolete source route names servers before the address: <@a,@b:user@host>
    address = address.rpartition(":")[2] if address.startswith("@") else address
    if shown or address:
        yield Address(shown[:MAX_NAME_LENGTH], address[:MAX_ADDRESS_LENGTH])
