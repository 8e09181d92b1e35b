"""Any bytes a mail server may hand over, read as an InboundEmail; it never fails."""

import hashlib
from dataclasses import replace

from helpdesk.domain.inbound_email import (
    OWN_MARK,
    Address,
    Defect,
    InboundAttachment,
    InboundEmail,
    automatic_reasons,
    is_out_of_office,
)
from helpdesk.mail.addresses import addresses_in, is_well_formed
from helpdesk.mail.authentication import findings_in
from helpdesk.mail.automatic import signs_of
from helpdesk.mail.bodies import attachment_of, contents_of
from helpdesk.mail.bounce import bounce_of
from helpdesk.mail.forwarded import forwarded_from
from helpdesk.mail.headers import Headers, decoded_header, instant, message_ids
from helpdesk.mail.html_cleaning import clean_html
from helpdesk.mail.invitation import invitation_lines
from helpdesk.mail.reply_cutting import reply_of
from helpdesk.mail.structure import Part, Tree

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
_ENCRYPTED = frozenset(
    {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
)
_DELIVERY_FIELDS = ("delivered-to", "x-original-to", "envelope-to")


def parse_email(raw: bytes) -> InboundEmail:
    """Return the mail; over a limit it is cut, noted as a defect, and the raw mail attached."""
    tree = Tree()
    if len(raw) > MAX_MAIL_BYTES:
        tree.defects.add(Defect.MAIL_TOO_LARGE)
    root = tree.read(raw[:MAX_BYTES_READ_OF_LARGER] if tree.defects else raw)
    email = _judged(_with_contents(_addressed(root, tree.defects), root, tree.defects), root)
    if tree.defects & _OVER_A_CAP:
        email = replace(email, attachments=(*email.attachments, _whole(raw)))
    return replace(email, defects=tuple(sorted(tree.defects)))


def _addressed(root: Part, defects: set[Defect]) -> InboundEmail:
    """Return what the headers say: who, to whom, about what, in answer to what."""
    headers = root.headers
    senders = addresses_in(headers.all("from"))
    sent_at = instant(headers.first("date"))
    defects |= _sender_defects(senders)
    defects |= {Defect.BAD_DATE} if headers.has("date") and sent_at is None else set()
    parents = message_ids(headers.first("in-reply-to"))
    ancestors = message_ids(headers.first("references"))
    return InboundEmail(
        from_=senders[0] if senders else None,
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


def _with_contents(email: InboundEmail, root: Part, defects: set[Defect]) -> InboundEmail:
    """Return the mail with its words and its files."""
    contents = contents_of(root, defects)
    html = contents.html()
    text = "\n\n".join(filter(None, (contents.text(), *invitation_lines(root))))
    forwarded = forwarded_from(root, subject=email.subject, text=text)
    safe_html = clean_html(html) if html else None
    defects |= {Defect.HTML_CUT} if html and safe_html is None else set()
    defects |= {Defect.ENCRYPTED} if root.type in _ENCRYPTED else set()
    return replace(
        email,
        text=text,
        reply_text=text if forwarded else reply_of(text, html=html),
        html=safe_html,
        attachments=tuple(attachment_of(part, defects) for part in contents.files),
        forwarded_from=forwarded,
    )


def _judged(email: InboundEmail, root: Part) -> InboundEmail:
    """Return the mail with what tells a person from a machine."""
    senders = addresses_in(root.headers.all("from"))
    bounce = bounce_of(root, senders, subject=email.subject)
    signs = signs_of(root, senders, is_bounce=bounce.is_one)
    return replace(
        email,
        automatic_reasons=automatic_reasons(signs),
        is_out_of_office=is_out_of_office(signs, subject=email.subject),
        is_bounce=bounce.is_one,
        bounce_recipients=bounce.recipients,
        is_bounce_permanent=bounce.is_permanent,
    )


def _sender_defects(senders: tuple[Address, ...]) -> set[Defect]:
    if not senders:
        return {Defect.NO_SENDER}
    several = {Defect.SEVERAL_SENDERS} if len(senders) > 1 else set()
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
