"""Whether a mail is the report of an undelivered one, and for whom."""

import logging
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses

from flufl.bounce import all_failures
from typing_extensions import override

from helpdesk.domain.inbound_email import Address
from helpdesk.mail.addresses import is_well_formed
from helpdesk.mail.structure import Part

# the report stands first, the returned original after it: the detectors need no more
MAX_READ_BYTES = 256 * 1024
MAX_RECIPIENTS = 100
MAX_FIELDS = 300
MAX_FIELD_BYTES = 2_000
NO_ADDRESS = "nobody@unknown.invalid"

_INNER_FIELD = re.compile(
    rb"^content-[a-z-]{1,30}[ \t]{0,9}:[^\r\n]*(?:(?>\r\n|\r|\n)[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_MACHINES = re.compile(
    r"mailer-?daemon|postmaster|mail-?delivery|^mdaemon|^bounce|^admin(istrator)?$|^postoffice",
    re.I,
)
_SUBJECT = re.compile(
    r"undeliver|not (be )?delivered|non.?deliver|delivery.{0,20}(fail|report|status|error"
    r"|problem|notif|delay|warn)|fail(ed|ure).{0,20}(deliver|notice|mail)|returned? .{0,20}mail"
    r"|mail.{0,10}fail|mail (system )?error|could not send|bounce|warning: |non remis|échec"
    r"|non distribu|message status|user unknown|unzustellbar",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Bounce:
    """The addresses a report names; `is_permanent` when one of them will never work."""

    recipients: tuple[str, ...] = ()
    is_permanent: bool = False

    @property
    def is_one(self) -> bool:
        """Return whether the mail is a bounce at all."""
        return bool(self.recipients)


# they log the whole trace of each mail they stumble over, and strangers write the mails
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


class _AsItIs(Compat32):
    """Hands raw 8-bit headers out as text: the detectors know no Header objects."""

    @override
    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


def bounce_of(root: Part, senders: tuple[Address, ...], *, subject: str) -> Bounce:
    """Return what a delivery report says; ordinary mail never reaches the detectors."""
    if not _looks_like_a_report(root, senders, subject=subject):
        return Bounce()
    temporary, permanent = _detected(_slim(root))
    named = _addresses(permanent)
    return Bounce(named or _addresses(temporary), is_permanent=bool(named))


def _looks_like_a_report(root: Part, senders: tuple[Address, ...], *, subject: str) -> bool:
    headers = root.headers
    if root.type == "multipart/report" or headers.has("x-failed-recipients"):
        return True
    return_path = headers.text("return-path").strip("<> ")
    if headers.has("return-path") and (not return_path or _MACHINES.search(return_path)):
        return True
    if any(_MACHINES.search(sender.local_part) for sender in senders):
        return True
    is_answer = headers.has("in-reply-to", "references")
    return not is_answer and _SUBJECT.search(subject[:300]) is not None


def _slim(root: Part) -> bytes:
    """Return the beginning of a report with each field cut to a sane length.

    The library reads a parameter of a field again and again, in quadratic time.
    """
    fields = b"".join(
        name.encode("ascii") + b": " + value[:MAX_FIELD_BYTES] + b"\n"
        for name, value in root.headers.fields[:MAX_FIELDS]
    )
    body = root.raw[root.start : min(root.end, root.start + MAX_READ_BYTES)]
    return fields + b"\n" + _INNER_FIELD.sub(lambda found: found[0][:MAX_FIELD_BYTES], body)


def _detected(raw: bytes) -> tuple[frozenset[object], frozenset[object]]:
    try:
        temporary, permanent = all_failures(_readable(raw))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError):
        # the detectors trust the shape of what they read; a broken report is an ordinary mail
        return frozenset(), frozenset()
    return frozenset(temporary), frozenset(permanent)


def _readable(raw: bytes) -> Message:
    """Return the message the detectors read; one of them stumbles over a From without address."""
    message: Message = message_from_bytes(raw, policy=_AsItIs())
    if not getaddresses([str(message.get("from", ""))]):
        del message["from"]
        message["From"] = NO_ADDRESS
    return message


def _addresses(found: frozenset[object]) -> tuple[str, ...]:
    texts = (
        each.decode("utf-8", "ignore") if isinstance(each, bytes) else str(each) for each in found
    )
    return tuple(sorted(text for text in texts if is_well_formed(text)))[:MAX_RECIPIENTS]
