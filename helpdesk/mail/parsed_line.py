"""A parsed mail as the JSON line that `helpdesk mail parse` prints."""

from pathlib import Path

from helpdesk.domain.inbound_email import Address, InboundEmail


def parsed_line(path: Path | str, email: InboundEmail) -> dict[str, object]:
    """Return the object to print for one file: names, types and order are a public format."""
    return {
        "file": str(path),
        "from": _pair(email.from_) if email.from_ else None,
        "to": [_pair(address) for address in email.to],
        "cc": [_pair(address) for address in email.cc],
        "reply_to": [_pair(address) for address in email.reply_to],
        "subject": email.subject,
        "message_id": email.message_id,
        "in_reply_to": email.in_reply_to,
        "references": list(email.references),
        "date": email.sent_at.isoformat() if email.sent_at else None,
        "text": email.text,
        "reply": email.reply_text,
        "html": email.html,
        "attachments": [
            # only a name the sender gave: an invented one would be no fact about the mail
            [file.filename * file.is_named, file.content_type, file.size, file.sha256]
            for file in email.attachments
        ],
        "auto": email.is_automatic,
        "bounce": email.is_bounce,
        "bounce_recipients": list(email.bounce_recipients),
        "forwarded_from": _pair(email.forwarded_from) if email.forwarded_from else None,
        "defects": [defect.value for defect in email.defects],
    }


def _pair(address: Address) -> list[str]:
    return [address.name, address.email]
