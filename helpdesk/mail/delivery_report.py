"""The fields of a report about mails of ours (RFC 3464), and which of our mails it gives back."""

import re
from collections.abc import Iterator
from itertools import islice

from helpdesk.domain.undelivered import TEXT_LIMIT, RecipientReport, ReportedAction
from helpdesk.mail.addresses import is_well_formed
from helpdesk.mail.charset import storable
from helpdesk.mail.headers import Headers, decoded_header, split_headers
from helpdesk.mail.structure import Part, content_of

MAX_READ_BYTES = 256 * 1024
MAX_RECIPIENTS = 100
MAX_BLOCKS = 2 * MAX_RECIPIENTS
MAX_IDS = 20

_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED = re.compile(
    r"message/(?!.*delivery-status|disposition)|text/(plain|html|rfc822-headers)"
)
_MESSAGE_ID = re.compile(
    rb"^[> \t]{0,20}message-id:[ \t]{0,20}(?:\r?\n[ \t]{1,20})?<([^<>\s]{1,998})>", re.I | re.M
)
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})")
_KIND = re.compile(r"^\s*[\w.+-]{1,40}\s*;\s*")


def reports_in(root: Part) -> tuple[RecipientReport, ...]:
    """Return what a report says, recipient by recipient; nothing when it is no such report."""
    parts = (part for part in root.walk() if part.type in _REPORTS)
    found = (report for part in parts for report in _recipients(_content(part)))
    return tuple(islice(found, MAX_RECIPIENTS))


def returned_ids(root: Part) -> tuple[str, ...]:
    """Return the Message-IDs of the mails that a report gives back, whole, in part or quoted."""
    leaves = (part for part in root.walk() if not part.is_multipart)
    contents = (_content(part) for part in leaves if _RETURNED.match(part.type))
    found = (each[1] for content in contents for each in _MESSAGE_ID.finditer(content))
    ids = (storable(each.decode("utf-8", "replace")) for each in found)
    return tuple(dict.fromkeys(islice(ids, MAX_IDS)))


def _recipients(content: bytes) -> Iterator[RecipientReport]:
    """Yield the blocks that name a recipient; the first block speaks of the report itself."""
    position = 0
    for _ in range(MAX_BLOCKS):
        while content[position : position + 1] in {b"\r", b"\n", b" "}:
            position += 1
        if position >= len(content):
            return
        headers, end = split_headers(content, position, len(content))
        if headers.has("final-recipient", "original-recipient"):
            yield _report(headers)
        position = max(end, position + 1)


def _report(headers: Headers) -> RecipientReport:
    action = headers.text("action").strip().lower().partition(" ")[0]
    status = _STATUS.match(headers.text("status"))
    return RecipientReport(
        final=_address(headers.text("final-recipient")),
        original=_address(headers.text("original-recipient")),
        action=ReportedAction(action) if action in set(ReportedAction) else None,
        status=status[1] if status else "",
        diagnostic=_KIND.sub("", decoded_header(headers.first("diagnostic-code")))[:TEXT_LIMIT],
    )


def _address(value: str) -> str:
    """Return the address behind `rfc822;`, empty when there is none."""
    address = _KIND.sub("", value).strip().strip("<>").strip()
    return address if is_well_formed(address) else ""


def _content(part: Part) -> bytes:
    return content_of(part, set())[:MAX_READ_BYTES]
