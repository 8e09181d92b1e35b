"""Opaque identities: base64 of `Type:id`, written and read here and nowhere else."""

from base64 import b64decode
from binascii import Error as NotBase64
from binascii import b2a_base64
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.usecases.read_models import Noun

NODES = frozenset(
    {
        Noun.AGENCY,
        Noun.TEAM,
        Noun.AGENT,
        Noun.TOKEN,
        Noun.CLIENT,
        Noun.SITE,
        Noun.CONTACT,
        Noun.CONTRACT,
        Noun.BATCH,
        Noun.TICKET,
        Noun.MESSAGE,
        Noun.ATTACHMENT,
        Noun.INBOUND_MESSAGE,
        Noun.OUTGOING_MESSAGE,
        Noun.WEBHOOK,
        Noun.WEBHOOK_DELIVERY,
        Noun.QUOTE,
        Noun.CREDIT,
        Noun.INTERVENTION,
        Noun.EXCLUSION,
        Noun.CREDIT_NOTE,
        Noun.INVOICE,
        Noun.REPORT,
        Noun.INCIDENT,
        Noun.AUDIT,
        Noun.MONITORING_HOOK,
        Noun.MONITORING_SIGNAL,
    }
)
"""What can be asked for again by its identity."""

_PREFIXES = {noun: f"{noun.value}:".encode() for noun in NODES}
_LONGEST = 200


class IdMalformed(HelpdeskError):
    """An identity is given back as it was received; a made-up one is a slip of the program."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "“{given}” is not an id of this API: give one that it gave you."
    french: ClassVar[str] = (
        "« {given} » n'est pas un identifiant de cette API : rendez-en un qu'elle vous a donné."
    )


class IdOfOtherType(HelpdeskError):
    """An identity says what it names, so a ticket is never taken for a client."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "This id names a thing of type {actual}: give one of a {expected}."
    french: ClassVar[str] = (
        "Cet identifiant désigne un objet de type {actual} : donnez celui d'un {expected}."
    )


def global_id(noun: Noun, thing_id: str) -> str:
    """Return the identity of a thing as the API shows it.

    >>> global_id(Noun.TICKET, "1")
    'VGlja2V0OjE='
    """
    return b2a_base64(_PREFIXES[noun] + thing_id.encode(), newline=False).decode()


def parse_id(given: str, *, path: tuple[str, ...] = ()) -> tuple[Noun, str]:
    """Return what an identity names. Raises IdMalformed."""
    try:
        name, colon, thing_id = b64decode(given[:_LONGEST], validate=True).decode().partition(":")
        noun = Noun(name)
    except (NotBase64, ValueError):
        raise IdMalformed(path=path, given=given[:_LONGEST]) from None
    is_plain = thing_id.isascii() and thing_id.isprintable()
    if not colon or not thing_id or not is_plain or noun not in NODES:
        raise IdMalformed(path=path, given=given[:_LONGEST])
    return noun, thing_id


def id_of(noun: Noun, given: str, *, path: tuple[str, ...] = ()) -> str:
    """Return the identity of a thing of this kind. Raises IdMalformed and IdOfOtherType."""
    actual, thing_id = parse_id(given, path=path)
    if actual is not noun:
        raise IdOfOtherType(path=path, actual=actual.value, expected=noun.value)
    return thing_id
