"""The same key and the same input get the same answer, so that a client may safely ask twice."""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from helpdesk.domain.access import Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.message import storable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records, RememberedAnswer

KEY_LIMIT = 200


class IdempotencyKeyReused(HelpdeskError):
    """A key stands for one request; with another input it would hide a second one."""

    code: ClassVar[ErrorCode] = ErrorCode.IDEMPOTENCY_KEY_REUSED
    english: ClassVar[str] = "The key {key} was used for another request: take a new one."
    french: ClassVar[str] = "La clé {key} a servi pour une autre demande : prenez-en une nouvelle."


class IdempotencyKeyTooLong(HelpdeskError):
    """A key is a name, not a document."""

    code: ClassVar[ErrorCode] = ErrorCode.TOO_LONG
    english: ClassVar[str] = "An idempotency key has at most {limit} characters."
    french: ClassVar[str] = "Une clé d'idempotence a au plus {limit} caractères."


@dataclass(frozen=True, slots=True)
class Question:
    """A request with its key: who asks what, and the hash of the whole input."""

    principal: str
    verb: str
    key: str
    input_hash: str


def question(viewer: Viewer, verb: str, key: str | None, request: object) -> Question | None:
    """Return the request as something that can be remembered; None without a key."""
    if key is None:
        return None
    if len(key) > KEY_LIMIT:
        raise IdempotencyKeyTooLong(path=("idempotencyKey",), limit=KEY_LIMIT)
    principal = viewer.contact_id or viewer.agent_id or viewer.token_id or viewer.kind
    digest = hashlib.sha256(repr(request).encode()).hexdigest()
    return Question(str(principal), verb, storable(key), digest)


async def answered_before(
    desk: Desk, records: Records, asked: Question | None
) -> dict[str, Any] | None:
    """Return the answer that the same request got, None when it is new.

    A new request takes the key: whoever comes with the same one waits until this transaction is
    over. Raises IdempotencyKeyReused when the key belongs to another request.
    """
    if asked is None:
        return None
    remembered = await records.agencies.take_key(
        asked.principal,
        asked.key,
        RememberedAnswer(asked.verb, asked.input_hash, {}),
        at=desk.now(),
    )
    if remembered is None:
        return None
    if (remembered.verb, remembered.input_hash) != (asked.verb, asked.input_hash):
        raise IdempotencyKeyReused(path=("idempotencyKey",), key=asked.key)
    return remembered.answer


async def remember_answer(
    records: Records,
    asked: Question | None,
    answer: dict[str, Any],  # a JSON document
) -> None:
    """Keep the answer under the key, in the transaction that made it true."""
    if asked is not None:
        await records.agencies.remember(asked.principal, asked.key, answer)
