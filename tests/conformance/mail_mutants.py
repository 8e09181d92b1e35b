"""Mails damaged at random, always in the same way: each must be read, and be fit to be stored.

`python -m tests.conformance mail --mutants 10000 [FOLDER...]`; the mails of the folders are damaged
beside those that stand here.
"""

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path

from helpdesk.domain.inbound_email import Defect
from helpdesk.mail.parse import parse_email
from tests.conformance.outcome import Outcome
from tests.mail.mails import HEAD, a_file, a_mail, a_multipart, a_page, a_text

SEED = 20260302
LONGEST_SECONDS = 10.0
MAX_SEED_BYTES = 200_000

FORWARD = HEAD.replace("Le site est lent", "TR : Le site est lent")
MAILS = (
    a_mail("Bonjour é\n\nLe 2 mars 2026 à 09:12, Alice <a@b.example> a écrit :\n> oui"),
    a_multipart(
        "mixed",
        a_text("Voici."),
        a_page(
            '<p>é <b>x</b><img src="http://x.example/p.gif"></p><div class="gmail_quote">q</div>'
        ),
        a_file(b"\x00\xff" * 40, fields='Content-Type: image/png; name="=?utf-8?Q?=C3=A9?="'),
        "Content-Type: message/rfc822\n\nFrom: c@autre.example\n\nx",
        "Content-Type: text/calendar\n\nMETHOD:REQUEST\nDTSTART;TZID=Europe/Paris:20260302T090000",
    ),
    a_multipart(
        "report; report-type=delivery-status",
        a_text("undeliverable"),
        "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; b@c.example\n"
        "Action: failed\nStatus: 5.1.1",
    ),
    a_mail(
        "Vu.\n\nDe : Chloé <c@autre.example>\nEnvoyé : lundi 2 mars 2026 09:00\nÀ : Bruno\n"
        "Objet : Le site est lent\n\nBonjour",
        head=FORWARD,
    ),
    a_mail(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\noui\n-----BEGIN PGP SIGNATURE-----\n"
    ),
    a_multipart(
        "signed",
        a_text("oui"),
        a_file(
            bytes.fromhex("3080 0609 2a864886f70d010702 a080 3080 020101 3100 3080 0609"),
            fields="Content-Type: application/pkcs7-mime; smime-type=signed-data",
        ),
    ),
)
GRAINS = (
    b"\x00", b"\r", b"\n\n", b"=?utf-8?q?", b"=?x?b?", b"\xff\xfe", b"--limit", b"\xed\xa0\x80",
    b">", b"<", b'"', b"(", b"charset=hex;", b"charset=idna;", b"charset=utf-16;", b"&#0;&#55296;",
    b"Content-Transfer-Encoding: base64\n", b"boundary=", b"filename*1*=x''%FF;", b"\x1b$B",
    b"Content-Type: application/pkcs7-mime\n", b"-----BEGIN PGP MESSAGE-----\n",
    b"Content-Type: multipart/related\n", b"=?utf-7?Q?+2AA-?=", b"\xf0\x9f\x98", b"\x85", b"\xa0",
)  # fmt: skip
CHARSETS = (
    b"utf-7", b"utf-16", b"utf-32", b"hz", b"zip", b"iso-2022-jp", b"shift_jis", b"gb18030",
    b"big5", b"cp1252", b"punycode", b"unicode_escape", b"cp037", b"undefined", b"\xff\xfe",
)  # fmt: skip
_DECLARED = re.compile(rb"utf-8|iso-8859-\d+|us-ascii|windows-\d+", re.IGNORECASE)

Dice = random.Random
Damage = Callable[[bytes, Dice], bytes]


def mutants(count: int, *, seed: int = SEED, mails: Sequence[bytes] = MAILS) -> Iterator[bytes]:
    """Yield damaged mails, the same ones for the same seed and mails."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(count):
        mail = dice.choice(mails)
        for _ in range(dice.randint(1, 8)):
            mail = dice.choice(_DAMAGES)(mail, dice)
        yield mail


def outcomes(count: int, folders: Iterable[Path]) -> Iterator[Outcome]:
    """Yield one outcome per damaged mail."""
    files = sorted(path for folder in folders for path in folder.rglob("*.eml"))
    mails = (*MAILS, *(path.read_bytes()[:MAX_SEED_BYTES] for path in files))
    for number, mail in enumerate(mutants(count, mails=mails), start=1):
        trouble = trouble_with(mail)
        yield Outcome(f"mutant:{number}", got=trouble, wanted="", passed=not trouble)


def trouble_with(mail: bytes) -> str:
    """Return what is wrong with how a mail is read, empty when nothing is."""
    began = time.process_time()
    email = parse_email(mail)
    if time.process_time() - began > LONGEST_SECONDS:
        return "it took too long"
    if Defect.UNREADABLE in email.defects:
        return "it was not read"
    for text in strings_of(email):
        if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
            return f"no database stores {text[:80]!r}"
    return ""


def strings_of(thing: object) -> Iterator[str]:
    """Yield every string within an email."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from strings_of(each)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from strings_of(getattr(thing, field.name))


def _flipped(mail: bytes, dice: Dice) -> bytes:
    at = dice.randrange(len(mail) + 1)
    return mail[:at] + bytes([dice.randrange(256)]) + mail[at + 1 :]


def _cut(mail: bytes, dice: Dice) -> bytes:
    at = dice.randrange(len(mail) + 1)
    return mail[:at] + mail[at + dice.randint(1, 60) :]


def _ended(mail: bytes, dice: Dice) -> bytes:
    return mail[: dice.randrange(len(mail) + 1)] if dice.random() < 0.3 else mail


def _sown(mail: bytes, dice: Dice) -> bytes:
    at = dice.randrange(len(mail) + 1)
    return mail[:at] + dice.choice(GRAINS) * dice.choice((1, 1, 1, 200)) + mail[at:]


def _doubled(mail: bytes, dice: Dice) -> bytes:
    at, start = dice.randrange(len(mail) + 1), dice.randrange(len(mail) + 1)
    return mail[:at] + mail[start : start + dice.choice((80, 2_000))] + mail[at:]


def _shuffled(mail: bytes, dice: Dice) -> bytes:
    """Return the mail with two of its lines, headers and boundaries among them, in new places."""
    lines = mail.splitlines(keepends=True)
    if len(lines) > 1:
        one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def _recoded(mail: bytes, dice: Dice) -> bytes:
    return _DECLARED.sub(dice.choice(CHARSETS).replace(b"\\", b""), mail, count=dice.randint(1, 3))


def _bombed(mail: bytes, dice: Dice) -> bytes:
    """Return the mail with very many header fields, or one very long one, at its top."""
    name = dice.choice((b"To", b"Subject", b"References", b"Content-Type", b"X-Note"))
    if dice.random() < 0.5:
        return (name + b": <a@b.example>,\n") * dice.randint(50, 500) + mail
    return name + b": " + dice.choice(GRAINS) * dice.randint(50, 2_000) + b"\n" + mail


def _nested(mail: bytes, dice: Dice) -> bytes:
    depth = dice.randint(1, 80)
    kind = dice.choice((b"message/rfc822\n\n", b"multipart/mixed; boundary=z\n\n--z\n"))
    return (b"Content-Type: " + kind) * depth + mail


_DAMAGES: tuple[Damage, ...] = (
    _flipped, _flipped, _cut, _ended, _sown, _sown, _doubled, _shuffled, _recoded, _bombed, _nested,
)  # fmt: skip
