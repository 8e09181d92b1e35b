"""Whether a mail passes on somebody else's: whose, of when, and what it said."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from helpdesk.domain.inbound_email import Address, Defect, ForwardedMail
from helpdesk.mail.addresses import addresses_in, is_well_formed, senders_in
from helpdesk.mail.bodies import contents_of
from helpdesk.mail.headers import Headers, decoded_header, instant
from helpdesk.mail.quoted_fields import FieldKind, HeaderBlock, header_block, unquoted
from helpdesk.mail.structure import Part, Tree, content_of
from helpdesk.mail.written_dates import written_date

MAX_READ = 64 * 1024
MAX_ATTACHED = 1024 * 1024
MAX_SUBJECT = 1000
MAX_LINE = 500
LINES_TO_A_BLOCK = 60
LINES_AFTER_A_MARK = 6

_SUBJECT = re.compile(
    r"^\s*(?:(?:\[[^\]]{1,80}\]|re|aw|sv|antw)\s?:?\s*){0,3}(?:fwd?|tr|wg|rv|doorst|vs|vb|enc|i|pd"
    r"|vl|továbbítás|ilt|πρθ|转发|轉寄|転送|전달)\s?[:：]",
    re.IGNORECASE,
)
_WORDS = (
    r"forwarded message|forwarded mail|begin forwarded message|forwarded by .{1,120}"
    r"|message transféré|mail transféré|courriel transféré|message transmis|message réexpédié"
    r"|transféré par .{1,120}|début du (?:message|courriel) (?:transféré|réexpédié|transmis)"
    r"|weitergeleitete (?:nachricht|mail)|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|mensaje reenviado|inicio del mensaje reenviado|missatge reenviat"
    r"|messaggio inoltrato|inizio (?:del )?messaggio inoltrato"
    r"|mensagem (?:re)?encaminhada|mensagem reenviada|início da mensagem (?:re)?encaminhada"
    r"|início da mensagem reenviada|doorgestuurd bericht|begin doorgestuurd bericht"
    r"|vidarebefordrat (?:meddelande|brev)|vidarebefordrat meddelande börjar"
    r"|videresendt? (?:besked|melding|meddelelse)|(?:start på )?videresendt? (?:besked|melding)"
    r"|välitetty viesti|välitetty viesti alkaa|treść przekazanej wiadomości"
    r"|przekazana wiadomość|wiadomość przekazana|początek przekazywanej wiadomości"
    r"|přeposlaná zpráva|začátek přeposílané zprávy|preposlaná správa|začiatok preposlanej správy"
    r"|továbbított (?:üzenet|levél)|továbbított levél kezdete|mesaj (?:redirecționat|transmis)"
    r"|mesaj redirecţionat|începutul mesajului (?:redirecționat|transmis)"
    r"|yönlendirilmiş (?:ileti|mesaj)|iletilmiş (?:ileti|mesaj)|yönlendirilen (?:ileti|mesaj)"
    r"|iletilen (?:ileti|mesaj)|başlangıç iletilen (?:ileti|mesaj)"
    r"|προωθημένο μήνυμα|αρχή προωθημένου μηνύματος|пересылаемое сообщение"
    r"|перенаправленное сообщение|пересланное сообщение|начало пере(?:сыл|направл|адресован)\w+ \w+"
    r"|переслане повідомлення|переслане лист|початок листа, що пересилається"
    r"|препратено съобщение|proslijeđena poruka|posredovano sporočilo|prosleđena poruka"
    r"|persiųstas laiškas|pārsūtīt[ās] ziņa|edastatud kiri|pesan terusan|thư được chuyển tiếp"
    r"|转发的(?:邮件|消息)|以下是转发的邮件|轉寄(?:的)?(?:郵件|信件|訊息)|開始轉寄郵件"
    r"|転送(?:された)?メッセージ|転送メール|전달된 메시지|הודעה שהועברה|הודעה מועברת"
    r"|رسالة معاد توجيهها|رسالة مُعاد توجيهها"
)
_MARK = re.compile(
    rf"^[ \t*_=-]{{0,80}}(?:{_WORDS})[ \t\xa0]?[:：]?[ \t*:_=-]{{0,80}}$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_MARK = re.compile(
    rf"^[ \t>*_=-]{{0,80}}(?:{_WORDS})[ \t\xa0]?[:：]?[ \t*:_=-]{{0,80}}$",
    re.IGNORECASE | re.MULTILINE,
)
_RULE = re.compile(r"^[\s>*_=|-]{0,80}(?:[^\W\d_][\w’' ]{2,40})?[\s>*_=|-]{3,80}$")
# what Yandex and others write instead of a block: 03.05.2026, 09:05, "Bruno" <b@client.example>:
_ONE_LINE = re.compile(
    r"^[\s>]{0,5}(?P<sent>.{6,80}?)[,\s]\s?(?P<sender>(?:\"[^\"]{0,80}\"|[^,<>\":]{0,80}?)"
    r"\s?<[^<>\s]{3,320}>)[^.!?<>]{0,30}:\s?$"
)
# Orange writes the date above the block
_DATED = re.compile(r"^[\s>]{0,5}message du\s(.{6,40})$", re.IGNORECASE)
_MAILTO = re.compile(r"\[(?:mailto:)?([^\[\]\s]{3,320})\]|<mailto:([^<>\s]{3,320})>")
_MESSAGES = frozenset({"message/rfc822", "message/global"})


def forwarded_in(
    root: Part, *, subject: str, text: str, defects: set[Defect]
) -> ForwardedMail | None:
    """Return the mail that was passed on, unsigned and easily forged, or None.

    An answer may quote or enclose another mail: only its subject can make a forward of it.
    """
    if root.type == "multipart/report" or any(p.type == "multipart/digest" for p in root.walk()):
        return None
    is_named = _SUBJECT.match(subject) is not None
    if not is_named and root.headers.has("in-reply-to"):
        return None
    mail = _attached(root, text, defects, is_named=is_named) or _retold(
        text, is_named=is_named, zone=_zone_of(root.headers)
    )
    if mail is None or mail.subject:
        return mail
    return replace(mail, subject=_SUBJECT.sub("", subject).strip())


def forward_mark(text: str) -> int | None:
    """Return where a passed on mail begins in a text, or None."""
    mark = _MARK.search(text)
    return mark.start() if mark else None


def _attached(
    root: Part, text: str, defects: set[Defect], *, is_named: bool
) -> ForwardedMail | None:
    """Return the enclosed mail; several of different authors name nobody."""
    enclosed = [part for part in root.walk() if _is_message(part, is_named=is_named)]
    if not enclosed:
        return None
    inner = [Tree().read(content_of(part, defects)[:MAX_ATTACHED]) for part in enclosed[:10]]
    senders = [_sender_of(mail.headers) for mail in inner]
    emails = {sender.email.lower() for sender in senders if sender}
    first = inner[0]
    mark = _QUOTED_MARK.search(text[:MAX_READ])
    return ForwardedMail(
        sender=senders[0] if len(emails) == 1 else None,
        sent_at=instant(first.headers.first("date")),
        subject=first.headers.text("subject")[:MAX_SUBJECT],
        text=contents_of(first, set()).text(),
        own_words=(text[: mark.start()] if mark else text).strip(),
        is_attached=True,
    )


def _is_message(part: Part, *, is_named: bool) -> bool:
    if part.type in _MESSAGES:
        return True
    return is_named and not part.is_multipart and part.filename.lower().endswith(".eml")


def _sender_of(headers: Headers) -> Address | None:
    found = senders_in(headers.all("from"))
    return found[0] if found and found[0].email else None


def _retold(text: str, *, is_named: bool, zone: tzinfo) -> ForwardedMail | None:
    """Return the mail whose header lines stand in the text."""
    mark = (_QUOTED_MARK if is_named else _MARK).search(text[:MAX_READ])
    if mark is None and not is_named:
        return None
    lines = text.split("\n")
    if mark is None:
        block = header_block(lines, within=LINES_TO_A_BLOCK, least=2)
        if block is None:
            return None
        return _read_below(block, lines, zone=zone)
    start = text.count("\n", 0, mark.end())
    rest = lines[start + 1 :]
    block = header_block(rest, within=LINES_AFTER_A_MARK, least=1) or _one_line(rest)
    return _read(_moved(block, start + 1), lines, start=start, zone=zone)


def _read_below(block: HeaderBlock, lines: Sequence[str], *, zone: tzinfo) -> ForwardedMail:
    """Return the mail of a block without mark, the line drawn or dated above it left out."""
    above, line = _line_above(lines, block.begin)
    dated = _DATED.match(line)
    if dated:
        block = replace(block, values={FieldKind.SENT: dated[1], **block.values})
    start = above if dated or _RULE.match(line[:200]) else block.begin
    return _read(block, lines, start=start, zone=zone)


def _one_line(lines: Sequence[str]) -> HeaderBlock | None:
    """Return the date and the author that one line tells."""
    index = next((number for number, line in enumerate(lines) if line.strip()), 0)
    found = _ONE_LINE.match(lines[index][:MAX_LINE]) if lines else None
    if found is None:
        return None
    values = {FieldKind.SENT: found["sent"], FieldKind.SENDER: found["sender"].strip()}
    return HeaderBlock(values, index, index + 1)


def _moved(block: HeaderBlock | None, by: int) -> HeaderBlock:
    """Return the block by the lines of the whole text; an empty one when there is none."""
    if block is None:
        return HeaderBlock(begin=by, end=by)
    return replace(block, begin=block.begin + by, end=block.end + by)


def _read(block: HeaderBlock, lines: Sequence[str], *, start: int, zone: tzinfo) -> ForwardedMail:
    original = lines[block.end :]
    # some programs quote the original and not the lines above it
    is_quoted = block.is_quoted or all(line.startswith(">") for line in original if line.strip())
    kept = unquoted(original) if is_quoted else original
    return ForwardedMail(
        sender=_address_in(block.value(FieldKind.SENDER)),
        sent_at=written_date(block.value(FieldKind.SENT), zone=zone),
        subject=block.value(FieldKind.SUBJECT)[:MAX_SUBJECT],
        text="\n".join(kept).strip(),
        own_words="\n".join(lines[:start]).strip(),
    )


def _line_above(lines: Sequence[str], begin: int) -> tuple[int, str]:
    """Return where the last written line above a block stands, and the line."""
    above = next((index for index in reversed(range(begin)) if lines[index].strip()), begin)
    return above, lines[above][:MAX_LINE]


def _zone_of(headers: Headers) -> tzinfo:
    """Return the zone of the forwarder's clock, in which his program retells dates."""
    try:
        sent: datetime = parsedate_to_datetime(decoded_header(headers.first("date"))[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return UTC
    return sent.tzinfo or UTC


def _address_in(value: str) -> Address | None:
    # Outlook writes: Bruno Martin [mailto:bruno@client.example]
    written = _MAILTO.sub(lambda found: f"<{found[1] or found[2]}>", value)
    addresses = addresses_in([written.encode("utf-8", "replace")])
    return next((address for address in addresses if is_well_formed(address.email)), None)
