"""Who sent a message that comes without an envelope: from a pipe, or from a mailbox."""

from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr

from helpdesk.mail.parse import parse_email

_HEAD_BYTES = 64 * 1024


def envelope_sender(raw: bytes) -> str:
    """Return what Return-Path says, else From; empty for the null sender of machines."""
    head = BytesHeaderParser(policy=compat32).parsebytes(raw[:_HEAD_BYTES])
    if "Return-Path" in head:
        return parseaddr(str(head["Return-Path"]))[1]
    sender = parse_email(raw).from_
    return sender.email if sender else ""
