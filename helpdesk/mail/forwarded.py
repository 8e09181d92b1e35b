"""Whether a mail passes on somebody else's, and whose."""

import re

from helpdesk.domain.inbound_email import Address
from helpdesk.mail.addresses import addresses_in, is_well_formed
from helpdesk.mail.headers import split_headers
from helpdesk.mail.structure import Part
from helpdesk.mail.transfer import transfer_decoded

HEADER_LINES = 12
MAX_READ = 64 * 1024

_SUBJECT = re.compile(
    r"^\s*(?:\[[^\]]{1,80}\]\s*)?(?:fwd?|tr|wg|rv|doorst|vs|enc|i)\s?:", re.IGNORECASE
)
_MARK = re.compile(
    r"^[ \t*_-]{0,80}(?:forwarded message|begin forwarded message:?|message transféré"
    r"|début du message (?:transféré|réexpédié)\s?:?|message réexpédié|courriel transféré"
    r"|weitergeleitete nachricht|anfang der weitergeleiteten nachricht:?|mensaje reenviado"
    r"|messaggio inoltrato|inizio messaggio inoltrato:?|doorgestuurd bericht)[ \t*:_-]{0,80}$",
    re.IGNORECASE | re.MULTILINE,
)
_FROM = re.compile(
    r"^[ \t>*]{0,8}(?:from|de|von|da|van|expéditeur)[ \t*]{0,3}:[ \t*]{0,3}(.{1,300})$", re.I
)
_MAILTO = re.compile(r"\[(?:mailto:)?([^\[\]\s]{3,320})\]")


def forwarded_from(root: Part, *, subject: str, text: str) -> Address | None:
    """Return who wrote the mail that was passed on, unsigned and easily forged, or None."""
    if root.type == "multipart/report":
        return None
    is_named = _SUBJECT.match(subject) is not None
    mark = _MARK.search(text[:MAX_READ])
    attached = _attached_sender(root) if is_named or not _is_answer(root) else None
    if attached:
        return attached
    if not is_named and (mark is None or _is_answer(root)):
        return None
    return _embedded_sender(text[mark.end() : MAX_READ] if mark else text[:MAX_READ])


def forward_mark(text: str) -> int | None:
    """Return where a passed on mail begins in a text, or None."""
    mark = _MARK.search(text)
    return mark.start() if mark else None


def _is_answer(root: Part) -> bool:
    return root.headers.has("in-reply-to")


def _attached_sender(root: Part) -> Address | None:
    for part in root.walk():
        if part.type in {"message/rfc822", "message/global"}:
            content = transfer_decoded(part.body()[:MAX_READ], encoding=part.encoding).content
            headers, _ = split_headers(content, 0, len(content))
            found = addresses_in(headers.all("from"))
            return found[0] if found else None
    return None


def _embedded_sender(text: str) -> Address | None:
    seen = 0
    for line in text.splitlines():
        found = _FROM.match(line)
        if found:
            return _read(found[1])
        seen += bool(line.strip())
        if seen > HEADER_LINES * 4:
            return None
    return None


def _read(value: str) -> Address | None:
    # Outlook writes: Bruno Martin [mailto:bruno@client.example]
    written = _MAILTO.sub(r"<\1>", value.strip(" *"))
    addresses = addresses_in([written.encode("utf-8", "replace")])
    return next((address for address in addresses if is_well_formed(address.email)), None)
