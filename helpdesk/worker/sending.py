"""One try to send something: whatever goes wrong is written down and stops nothing else."""

from collections.abc import Awaitable
from dataclasses import dataclass

from helpdesk.domain.message import storable

ERROR_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something was not sent, as it is written down; `bug` is what nobody expected."""

    error: Exception
    text: str
    bug: Exception | None


async def tried(
    sending: Awaitable[None], *, expected: tuple[type[Exception], ...]
) -> Failure | None:
    """Return why it was not sent, None when it was.

    Failures of the `expected` kinds speak for themselves; others are told with their type.
    """
    try:
        await sending
    except Exception as error:  # one that fails never blocks the next
        bug = None if isinstance(error, expected) else error
        text = str(error) if bug is None else f"{type(error).__name__}: {error}"
        return Failure(error, storable(text)[:ERROR_LIMIT], bug)
    return None
