"""Our mails are signed for their domain (RFC 6376), the same mail with the same bytes each time."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from helpdesk.mail.dkim_key import DkimKey, DkimKeyUnusable, read_key, require_extra

Sign = Callable[[bytes, datetime], bytes]
"""Gives a mail back with its signature on top; the instant is when the mail is from."""

SIGNED_FIELDS = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"reply-to",
    b"auto-submitted",
    b"mime-version",
    b"content-type",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)
"""What a signature covers, whether it is there or not: nobody adds a field of these on the way."""

_TRIAL = b"From: a@b.example\r\n\r\na\r\n"


def dkim_signer(*, domain: str, selector: str, key_file: Path) -> Sign:
    """Return what signs mails for a domain.

    Raises DkimExtraMissing and DkimKeyUnusable, so that a wrong setting shows at the start.
    """
    require_extra("dkim_key_file")
    key = read_key(key_file)

    def sign(raw: bytes, at: datetime) -> bytes:
        return _signature(raw, key, domain=domain, selector=selector, at=at) + raw

    try:
        sign(_TRIAL, datetime.fromtimestamp(0).astimezone())
    except Exception as trouble:  # the library has errors of its own, and lets others through
        name = type(trouble).__name__
        raise DkimKeyUnusable(file=key_file, trouble=f"{name} {trouble}".strip()) from trouble
    return sign


def _signature(raw: bytes, key: DkimKey, *, domain: str, selector: str, at: datetime) -> bytes:
    import dkim  # noqa: PLC0415 - the extra may be absent

    class Dated(dkim.DKIM):  # type: ignore[misc]  # the library is untyped
        """A signature of the instant of the mail: a second try gives the same bytes."""

        def gen_header(self, fields: list[tuple[bytes, bytes]], *args: Any, **more: Any) -> bytes:
            # Any: what the library hands to itself
            second = str(int(at.timestamp())).encode()
            dated = [(name, second if name == b"t" else value) for name, value in fields]
            header: bytes = super().gen_header(dated, *args, **more)
            return header

    signing = Dated(raw, signature_algorithm=f"{key.kind}-sha256".encode())
    there = [name.lower() for name, _ in signing.headers if name.lower() in SIGNED_FIELDS]
    signature: bytes = signing.sign(
        selector.encode(),
        domain.encode("idna"),
        key.secret,
        canonicalize=(b"relaxed", b"relaxed"),
        # once more than they are there: none can be added
        include_headers=[*there, *SIGNED_FIELDS],
    )
    return signature
