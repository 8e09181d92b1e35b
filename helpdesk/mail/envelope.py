"""Who sent a message that comes without an envelope: from a pipe, or from a mailbox."""

from helpdesk.mail.addresses import addresses_in, senders_in
from helpdesk.mail.headers import split_headers
from helpdesk.mail.null_sender import envelope_address

_HEAD_BYTES = 256 * 1024


def envelope_sender(raw: bytes) -> str:
    """Return what Return-Path says, else From; empty for the null sender of machines."""
    head = raw[:_HEAD_BYTES].lstrip(b"\r\n")
    headers, _ = split_headers(head, 0, len(head))
    if headers.has("return-path"):
        found = addresses_in([headers.first("return-path")])
        return envelope_address(found[0].email) if found else ""
    senders = senders_in(headers.all("from"))
    return senders[0].email if senders else ""
