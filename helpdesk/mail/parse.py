"""Any bytes a mail server may hand over, read as an InboundEmail; it never fails."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace

from helpdesk.domain.automatic_mail import (
    automatic_reasons,
    is_out_of_office,
)
from helpdesk.domain.inbound_email import (
    OWN_MARK,
    Address,
    Defect,
    InboundAttachment,
    InboundEmail,
)
from helpdesk.mail.addresses import addresses_in, is_well_formed, senders_in
from helpdesk.mail.authentication import findings_in
from helpdesk.mail.automatic import signs_of
from helpdesk.mail.bodies import MAX_TEXT_CHARACTERS, attachments_of, contents_of, file_of, words_in
from helpdesk.mail.bounce import bounce_of
from helpdesk.mail.delivery_report import reports_in, returned_ids
from helpdesk.mail.forwarded import forwarded_in
from helpdesk.mail.headers import (
    Headers,
    Parameterised,
    decoded_header,
    instant,
    message_ids,
    split_headers,
)
from helpdesk.mail.html_cleaning import clean_html, shown_content_ids
from helpdesk.mail.invitation import invitation_lines
from helpdesk.mail.reply_cutting import reply_of
from helpdesk.mail.secure_parts import Unarmored, is_enveloped, unarmored
from helpdesk.mail.structure import Part, Tree, content_of, is_sealed

MAX_MAIL_BYTES = 35 * 1024 * 1024
MAX_BYTES_READ_OF_LARGER = 256 * 1024
MAX_SUBJECT = 1000

_OVER_A_CAP = frozenset(
    {
        Defect.TOO_MANY_PARTS,
        Defect.TOO_DEEP,
        Defect.MAIL_TOO_LARGE,
        Defect.TEXT_CUT,
        Defect.HTML_CUT,
    }
)
_log = logging.getLogger(__name__)
_DELIVERY_FIELDS = ("delivered-to", "x-original-to", "envelope-to")


def parse_email(raw: bytes) -> InboundEmail:
    """Return the mail; over a limit it is cut, noted as a defect, and the raw mail attached.

    Of one that cannot be read at all the headers are told, as `headers_alone` does.
    """
    try:
        return _parsed(raw)
    except Exception:  # whatever a stranger wrote, a person must see that he wrote
        _log.exception("mail_unread bytes=%s", len(raw))
        return headers_alone(raw)


def headers_alone(raw: bytes) -> InboundEmail:
    """Return what the header fields of a mail tell, and the mail as a file of its own."""
    beginning = raw[:MAX_BYTES_READ_OF_LARGER]
    start = len(beginning) - len(beginning.lstrip(b"\r\n"))
    headers, _ = split_headers(beginning, start, len(beginning))
    root = Part(b"", 0, 0, headers, Parameterised("text/plain", {}), Parameterised("", {}))
    defects = {Defect.UNREADABLE}
    email = _judged(_addressed(root, defects), root)
    return replace(email, attachments=(_whole(raw),), defects=tuple(sorted(defects)))


def _parsed(raw: bytes) -> InboundEmail:
    tree = Tree()
    if len(raw) > MAX_MAIL_BYTES:
        tree.defects.add(Defect.MAIL_TOO_LARGE)
    root = tree.read(raw[:MAX_BYTES_READ_OF_LARGER] if tree.defects else raw)
    email = _judged(_with_contents(_addressed(root, tree.defects), root, tree.defects), root)
    if tree.defects & _OVER_A_CAP:
        # of a mail that was read in part, the last file is in part too: the whole has them all
        files = () if Defect.MAIL_TOO_LARGE in tree.defects else email.attachments
        email = replace(email, attachments=(*files, _whole(raw)))
    return replace(email, defects=tuple(sorted(tree.defects)))


def _addressed(root: Part, defects: set[Defect]) -> InboundEmail:
    """Return what the headers say: who, to whom, about what, in answer to what."""
    headers = root.headers
    senders = senders_in(headers.all("from"))
    sent_at = instant(headers.first("date"))
    defects |= _sender_defects(senders, fields=len(headers.all("from")))
    defects |= {Defect.BAD_DATE} if headers.has("date") and sent_at is None else set()
    author = _author_of_list(headers)
    parents = message_ids(headers.first("in-reply-to"))
    ancestors = message_ids(headers.first("references"))
    return InboundEmail(
        from_=author or (senders[0] if senders else None),
        list_address=senders[0] if author and senders else None,
        to=addresses_in(headers.all("to")),
        cc=addresses_in(headers.all("cc")),
        reply_to=addresses_in(headers.all("reply-to")),
        delivered_to=_delivered_to(headers),
        subject=headers.text("subject")[:MAX_SUBJECT],
        message_id=next(iter(message_ids(headers.first("message-id"))), None),
        in_reply_to=next(iter(parents), None),
        # the other parents of an answer to several mails are its next nearest ancestors
        references=tuple(dict.fromkeys((*ancestors, *parents[:0:-1]))),
        sent_at=sent_at,
        received_count=len(headers.all("received")),
        authentication=findings_in(headers),
        own_marks=tuple(decoded_header(value) for value in headers.all(OWN_MARK.lower())),
    )


def _author_of_list(headers: Headers) -> Address | None:
    """Return who wrote a mail into whose From a mailing list put its own address, None else.

    The list, a Google Group for example, names him twice: a Reply-To alone is anybody's wish to be
    answered elsewhere.
    """
    named = senders_in(headers.all("x-original-from"))
    answered = addresses_in(headers.all("reply-to"))
    if len(named) != 1 or not any(one.is_same_as(named[0]) for one in answered):
        return None
    return named[0]


def _with_contents(email: InboundEmail, root: Part, defects: set[Defect]) -> InboundEmail:
    """Return the mail with its words and its files."""
    contents = contents_of(root, defects)
    files = attachments_of(contents.files, defects)
    html = contents.html()
    plain = unarmored(contents.text() or words_in(files))
    defects |= _sealed(root) | ({Defect.ENCRYPTED} if plain.messages else set())
    text = "\n\n".join(filter(None, (plain.text, *invitation_lines(root))))
    defects |= {Defect.TEXT_CUT} if len(text) > MAX_TEXT_CHARACTERS else set()
    text = text[:MAX_TEXT_CHARACTERS]
    forwarded = forwarded_in(root, subject=email.subject, text=text, defects=defects)
    safe_html = clean_html(html) if html else None
    defects |= {Defect.HTML_CUT} if html and safe_html is None else set()
    return replace(
        email,
        text=text,
        reply_text=text if forwarded else reply_of(text, html=html),
        html=safe_html,
        attachments=tuple(_placed((*files, *_armour(plain)), safe_html or "")),
        forwarded=forwarded,
    )


def _placed(files: Iterable[InboundAttachment], html: str) -> Iterator[InboundAttachment]:
    """Yield the files, each told whether it is seen within the words; the others are listed.

    Mail programs call every file inline: a document that no page shows would be hidden by that.
    """
    shown = shown_content_ids(html)
    for file in files:
        is_picture = file.is_inline and file.content_type.startswith("image/")
        yield replace(file, is_inline=file.content_id in shown or (is_picture and not html))


def _armour(plain: Unarmored) -> Iterator[InboundAttachment]:
    """Yield as files what PGP left in the text: nobody reads it there."""
    for message in plain.messages:
        yield file_of("message.asc", "application/pgp-encrypted", message.encode())
    for signature in plain.signatures:
        yield file_of("signature.asc", "application/pgp-signature", signature.encode())


def _sealed(root: Part) -> set[Defect]:
    """Return whether something is encrypted, or signed in a way that hides it from us."""
    found: set[Defect] = set()
    parts = list(root.walk())
    signed = (part for part in parts if part.type == "multipart/signed")
    opened = {id(child) for part in signed for child in part.children[1:]}
    for part in parts:
        if part.type == "multipart/encrypted":
            found.add(Defect.ENCRYPTED)
        elif is_sealed(part, is_root=part is root) and id(part) not in opened:
            declared = part.content_type.parameters.get("smime-type", "").lower()
            if is_enveloped(content_of(part, set()), declared=declared):
                found.add(Defect.ENCRYPTED)
            elif declared in {"", "signed-data"}:
                found.add(Defect.SIGNATURE_UNOPENED)
    return found


def _judged(email: InboundEmail, root: Part) -> InboundEmail:
    """Return the mail with what tells a person from a machine."""
    senders = senders_in(root.headers.all("from"))
    bounce = bounce_of(root, senders, subject=email.subject)
    reports = reports_in(root)
    signs = signs_of(root, senders, is_bounce=bounce.is_one)
    return replace(
        email,
        automatic_reasons=automatic_reasons(signs),
        is_out_of_office=is_out_of_office(signs, subject=email.subject),
        is_bounce=bounce.is_one,
        bounce_recipients=bounce.recipients,
        is_bounce_permanent=bounce.is_permanent,
        reports=reports,
        returned_ids=returned_ids(root) if bounce.is_one or reports else (),
    )


def _sender_defects(senders: tuple[Address, ...], *, fields: int) -> set[Defect]:
    if not senders:
        return {Defect.NO_SENDER}
    several = {Defect.SEVERAL_SENDERS} if len(senders) > 1 or fields > 1 else set()
    malformed = {Defect.MALFORMED_SENDER} if not is_well_formed(senders[0].email) else set()
    return several | malformed


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    values = [value for name in _DELIVERY_FIELDS for value in headers.all(name)]
    found = (address.email for address in addresses_in(values))
    return tuple(dict.fromkeys(email for email in found if email))


def _whole(raw: bytes) -> InboundAttachment:
    return InboundAttachment(
        filename="message.eml",
        content_type="message/rfc822",
        content=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
    )
