"""What becomes of something that was promised and is sent later: a mail, a call of a webhook."""

from enum import StrEnum


class SendingState(StrEnum):
    """Where something promised stands; a failed try puts it back to PENDING, until it is DEAD."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    DEAD = "DEAD"


SUPPRESSED = "SUPPRESSED"
"""The state of a mail that is not sent, because its address is known not to be reached."""
