"""The signed word by which a reader leaves topics without logging in.

It stands in the link at the end of a mail and in its List-Unsubscribe header. Who shows it may
choose for one reader when he is told about the topics of that mail, and nothing else.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.domain.ids import AgencyId, AgentId, ContactId
from helpdesk.domain.mail_token import MailKey
from helpdesk.domain.notification import NotificationTopic, ReaderKind

LONGEST = 300
"""Characters of the longest one: what is longer is none of ours."""

_MAC_BYTES = 16
_PREFIX = "u."
_WORD = re.compile(r"(?<![A-Za-z0-9._-])u\.[A-Za-z0-9_-]{8,300}(?![A-Za-z0-9_-])")
_FIELDS = 5
_SEPARATOR = "\0"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is told things: a person of the agency, or of a client."""

    kind: ReaderKind
    id: AgentId | ContactId


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Who may choose about what with a word: one reader of one agency, some topics."""

    agency_id: AgencyId
    reader: Reader
    topics: tuple[NotificationTopic, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a word says before anybody has checked it: the key that it names decides."""

    unsubscription: Unsubscription
    key_number: int
    body: bytes
    mac: bytes

    def is_signed_by(self, key: MailKey) -> bool:
        """Return whether this key of the agency signed it."""
        return hmac.compare_digest(self.mac, _mac(key, self.body))


def unsubscribe_word(key: MailKey, reader: Reader, topics: Iterable[NotificationTopic]) -> str:
    """Return the word for one reader and some topics.

    The last sixteen bytes are 128 bits of HMAC-SHA256.

    >>> key = MailKey(AgencyId("agency"), 1, "a secret")
    >>> bruno = Reader(ReaderKind.CONTACT, ContactId("bruno"))
    >>> unsubscribe_word(key, bruno, [NotificationTopic.PROGRESS])[:32]
    'u.YWdlbmN5AENPTlRBQ1QAYnJ1bm8AUF'
    """
    named = ",".join(sorted(set(topics)))
    fields = (str(key.agency_id), reader.kind, str(reader.id), named, str(key.number))
    body = _SEPARATOR.join(fields).encode()
    return _PREFIX + urlsafe_b64encode(body + _mac(key, body)).decode().rstrip("=")


def claim_of(word: str) -> Claim | None:
    """Return what a word claims, None when it is none; nothing is checked yet."""
    if not word.startswith(_PREFIX) or len(word) > LONGEST:
        return None
    try:
        content = word.removeprefix(_PREFIX)
        signed = urlsafe_b64decode(content + "=" * (-len(content) % 4))
        body, mac = signed[:-_MAC_BYTES], signed[-_MAC_BYTES:]
        agency, kind, reader, named, number = _fields_of(body)
        topics = tuple(NotificationTopic(topic) for topic in named.split(","))
        said = Unsubscription(AgencyId(agency), _reader(ReaderKind(kind), reader), topics)
        return Claim(said, int(number), body, mac)
    except ValueError:
        return None


def words_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what looks like such words in texts, in their order."""
    return tuple(dict.fromkeys(found for text in texts for found in _WORD.findall(text)))


def _fields_of(body: bytes) -> list[str]:
    fields = body.decode().split(_SEPARATOR)
    if len(fields) != _FIELDS:
        raise ValueError("this is no word of ours")
    return fields


def _reader(kind: ReaderKind, reader: str) -> Reader:
    return Reader(kind, AgentId(reader) if kind is ReaderKind.AGENT else ContactId(reader))


def _mac(key: MailKey, body: bytes) -> bytes:
    text = b"unsubscribe\0" + body
    return hmac.new(key.secret.encode(), text, hashlib.sha256).digest()[:_MAC_BYTES]
