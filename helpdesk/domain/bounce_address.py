"""The address that reports about one mail of ours come back to: it names the mail, signed.

It stands on the envelope alone, so only the servers on the way and the reader see it: whoever
shows it was handed that very mail.
"""

import hashlib
import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Iterable

from helpdesk.domain.ids import OutboxMailId
from helpdesk.domain.mail_token import MailKey, plus_address

MAX_ADDRESSES = 50
"""How many recipients of a report are looked at."""

_ID = re.compile(r"[0-9a-f]{32}")
_TOKEN = re.compile(r"\+b\.([a-z2-7]{2})([a-z2-7]{26})([a-z2-7]{16})@")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_OWN_ID = re.compile(r"([0-9a-f]{32})\.t\.[a-z2-7]{31,40}@")


def bounce_address(mailbox: str, key: MailKey, mail_id: OutboxMailId) -> str | None:
    """Return where reports about a mail go, None when the address would be too long.

    >>> from helpdesk.domain.ids import AgencyId
    >>> key = MailKey(AgencyId("agency"), 1, "a secret")
    >>> bounce_address("support@alice.example", key, OutboxMailId("0123456789abcdef" * 2))
    'support+b.abaerukz4jvpg66ajdivtytk6n543skzc4zao3ct66j2@alice.example'
    """
    if _ID.fullmatch(mail_id) is None:
        return None
    named = b32encode(bytes.fromhex(mail_id)).decode().lower().rstrip("=")
    high, low = divmod(key.number, len(_LETTERS))
    return plus_address(mailbox, f"b.{_LETTERS[high]}{_LETTERS[low]}{named}{_mac(key, mail_id)}")


def is_bounce_address(address: str) -> bool:
    """Return whether an address has the form of these, whoever signed it.

    >>> is_bounce_address("support+t.abc@alice.example")
    False
    """
    return _TOKEN.search(address.lower()) is not None


def mails_named_in(addresses: Iterable[str], keys: Iterable[MailKey]) -> tuple[OutboxMailId, ...]:
    """Return the mails that bounce addresses of ours name; what we did not sign names none.

    Neither does what a key signed that was retired since.
    """
    by_number = {key.number: key for key in keys if key.retired_at is None}
    found: list[OutboxMailId] = []
    for address in list(addresses)[:MAX_ADDRESSES]:
        token = _TOKEN.search(address.lower())
        if token is None:
            continue
        number = _LETTERS.index(token[1][0]) * len(_LETTERS) + _LETTERS.index(token[1][1])
        mail_id = OutboxMailId(b32decode(token[2].upper() + "======").hex())
        key = by_number.get(number)
        if key is not None and hmac.compare_digest(token[3], _mac(key, mail_id)):
            found.append(mail_id)
    return tuple(dict.fromkeys(found))


def mail_of_message_id(message_id: str) -> OutboxMailId | None:
    """Return which mail of ours a Message-ID would be of; whether it is, its row says.

    >>> mail_of_message_id("0123456789abcdef0123456789abcdef.t.abc@x") is None
    True
    """
    found = _OWN_ID.match(message_id)
    return OutboxMailId(found[1]) if found else None


def _mac(key: MailKey, mail_id: OutboxMailId) -> str:
    text = f"bounce\0{key.agency_id}\0{mail_id}"
    digest = hmac.new(key.secret.encode(), text.encode(), hashlib.sha256)
    return b32encode(digest.digest()).decode().lower()[:16]
