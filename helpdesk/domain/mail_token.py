"""The signed token that leads an answer to its ticket, and says to whom we had written.

It stands in the Reply-To, in the Message-ID and in the text of what we send, so that an answer
finds its ticket whatever a mail program or a server drops on the way. Who shows it has received
that mail, or was shown it: it leads to a ticket, and gives the rights of nobody but its reader.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId
from helpdesk.domain.inbound_email import InboundEmail, thread_candidates

NO_TICKET = 0
"""The number in the token of a mail that is about no ticket: it marks the mail as ours."""

LONGEST_LOCAL_PART = 64  # RFC 5321 section 4.5.3.1.1
MAX_TOKENS = 50
"""How many tokens of one place are looked at; people quote one, attackers many."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_KEY, _READER, _MAC = 2, 12, 16
MAX_KEYS = len(_LETTERS) ** _KEY - 1
_TOKEN = re.compile(r"(?<![a-z0-9])t\.([a-z2-7]{31,40})(?![a-z0-9])")
_LINE = re.compile(r"\bRef ?: ?t\.([a-z2-7]{31,40})(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailKey:
    """What an agency signs its mails with; `number` says which key it is, from 1 on.

    Tokens of a key that was retired are believed no more.
    """

    agency_id: AgencyId
    number: int
    secret: str = field(repr=False)
    retired_at: datetime | None = None


class KeyInUse(HelpdeskError):
    """The key that signs today's mails is believed, else no answer to them finds its ticket."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "Key {number} is the one in use: give a number below it to retire."
    french: ClassVar[str] = (
        "La clé {number} est celle en service : donnez un numéro plus petit à retirer."
    )


class KeysUsedUp(HelpdeskError):
    """A token has two letters for the number of its key."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "An agency has {limit} keys at most, and all of them were made."
    french: ClassVar[str] = "Une agence a {limit} clés au plus, et toutes ont été créées."


@dataclass(frozen=True, slots=True)
class TokenClues:
    """What looks like a token in a mail.

    In the addresses that it was delivered to or names, in the Message-IDs that it answers from the
    nearest on, and in the `Ref:` lines of its text.
    """

    in_addresses: tuple[str, ...]
    in_ids: tuple[str, ...]
    in_text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThreadToken:
    """A token that we made: the ticket's number, and a mark of the address we had written to."""

    ticket_number: int
    reader_mark: str = field(repr=False)
    key: MailKey = field(repr=False)

    def was_sent_to(self, email: str) -> bool:
        """Return whether the mail with this token was written to the address; case is ignored."""
        mark = _reader_mark(self.key, email)
        return hmac.compare_digest(self.reader_mark, mark) or self.was_sent_inside_to(email)

    def was_sent_inside_to(self, email: str) -> bool:
        """Return whether the mail told the address what is the agency's alone."""
        mark = _reader_mark(self.key, _inside(email))
        return hmac.compare_digest(self.reader_mark, mark)


def signed_token(key: MailKey, *, ticket_number: int, reader: str, is_inside: bool = False) -> str:
    """Return the token of a mail about a ticket, or about none (NO_TICKET), to `reader`.

    `is_inside` marks one that tells an agent what no client may read: so is an answer to it.

    Its letters survive a server that lower-cases addresses. The last sixteen are 80 bits of
    HMAC-SHA256, the twelve before the number 60 bits that stand for the reader's address.

    >>> key = MailKey(AgencyId("agency"), 1, "a secret")
    >>> signed_token(key, ticket_number=12, reader="bruno@bruno.example")
    't.ab4jxx75tamugnmby4s5pwnphisqy2t'
    """
    marked = _inside(reader) if is_inside else reader
    body = _numeral(key.number).rjust(_KEY, _LETTERS[0]) + _reader_mark(key, marked)
    body += _numeral(ticket_number)
    return f"t.{body}{_mac(key, body)}"


def key_number(token: str) -> int:
    """Return which key a token says that it was signed with."""
    return _number(token.removeprefix("t.")[:_KEY])


def verified(token: str, key: MailKey) -> ThreadToken | None:
    """Return what a token says, None when this key did not sign it."""
    text = token.removeprefix("t.")
    body, mac = text[:-_MAC], text[-_MAC:]
    if not hmac.compare_digest(mac, _mac(key, body)):
        return None
    reader_mark, number = body[_KEY : _KEY + _READER], body[_KEY + _READER :]
    return ThreadToken(_number(number), reader_mark, key)


def plus_address(mailbox: str, token: str) -> str | None:
    """Return the address of the mailbox that carries the token, None when it would be too long.

    >>> plus_address("support@alice.example", "t.abc")
    'support+t.abc@alice.example'
    """
    local, at, domain = mailbox.rpartition("@")
    extended = f"{local}+{token}"
    return f"{extended}{at}{domain}" if len(extended) <= LONGEST_LOCAL_PART else None


def without_plus(address: str) -> str:
    """Return the address of the mailbox that a plus-address belongs to, in lower case.

    >>> without_plus(" Support+T.abc@alice.example")
    'support@alice.example'
    """
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def tokens_of(email: InboundEmail, *, envelope_to: Iterable[str]) -> TokenClues:
    """Return what looks like a token in a mail, place by place, each place from the surest on."""
    named = (address.email for address in email.to + email.cc)
    return TokenClues(
        in_addresses=_tokens(_TOKEN, (*envelope_to, *email.delivered_to, *named)),
        in_ids=_tokens(_TOKEN, thread_candidates(email)),
        in_text=_tokens(_LINE, (email.text,)),
    )


def own_marks(email: InboundEmail) -> tuple[str, ...]:
    """Return what looks like a token where only a mail of ours has one: its id and our header."""
    return _tokens(_TOKEN, (*email.own_marks, email.message_id or ""))


def _tokens(pattern: re.Pattern[str], places: Iterable[str]) -> tuple[str, ...]:
    found = (f"t.{token[1]}" for place in places for token in pattern.finditer(place.lower()))
    return tuple(dict.fromkeys(islice(found, MAX_TOKENS)))


def _mac(key: MailKey, body: str) -> str:
    return _digest(key, f"token\0{key.agency_id}\0{body}", _MAC)


def _inside(email: str) -> str:
    return f"inside\0{email.strip()}"


def _reader_mark(key: MailKey, email: str) -> str:
    return _digest(key, f"reader\0{email.strip().lower()}", _READER)


def _digest(key: MailKey, text: str, length: int) -> str:
    digest = hmac.new(key.secret.encode(), text.encode("utf-8", "replace"), hashlib.sha256)
    return b32encode(digest.digest()).decode().lower()[:length]


def _numeral(number: int) -> str:
    high, low = divmod(number, len(_LETTERS))
    return (_numeral(high) if high else "") + _LETTERS[low]


def _number(text: str) -> int:
    number = 0
    for letter in text:
        number = number * len(_LETTERS) + _LETTERS.index(letter)
    return number
