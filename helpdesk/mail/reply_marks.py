"""How mail programs announce what they quote, in the languages clients write in."""

import re
from collections.abc import Sequence

MAX_LINE = 500
MAX_ATTRIBUTION_LINES = 4
MAX_ATTRIBUTION = 600
MAX_BLOCK_LINES = 10
MIN_BLOCK_FIELDS = 3
MAX_AFTER_VERB = 120

_KINDS = ("sender", "sent", "to", "copy", "subject")

# the line our own mails begin with; every language, since an answer may quote an older one
REPLY_ABOVE_FR = "-- Répondez au-dessus de cette ligne --"
REPLY_ABOVE_EN = "-- Please reply above this line --"

_MARKER = re.compile(
    r"^[\s>*_#=~-]{0,20}(?:merci de )?(?:(?:répond(?:re|ez)|écri(?:re|vez)|votre réponse"
    r"|please reply|reply|please type your reply|type your reply|write your reply)\b.{0,30}"
    r"(?:au.dessus de|above) (?:cette|this) (?:ligne|line))",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\b(?:a [ée]crit|[ée]crivait|wrote|writes|schrieb|escribi[óo]|ha scritto|scrisse|escreveu"
    r"|schreef|geschreven|napisał(?:a|\(a\))?|skrev|kirjoitti|написала?|писала?|пише|пишет|napsal"
    r"|napísal|írta|ezt írta|yazdı|έγραψε|a scris|va escriure|đã viết|menulis|rašė)\b"
    r"|写道|寫道|のメッセージ|님이 작성|כתב",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}\s?(?:[:h.]|시)\s?\d{2}|\d{1,2}時\d{1,2}")
_DATE = re.compile(r"\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_EMAIL = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")
_BRACKETED_EMAIL = re.compile(r"[<\[(]\s?(?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{1,255}\s?[>\])]")
_OLD_GMAIL = re.compile(
    r"^\d{4}[-/年]\d{1,2}[-/月]\d{1,2}.{0,150}<\s?[^\s<>@]{1,64}@[^\s<>@]{1,255}\s?>\s?:?$"
    r"|^\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d [^.!?]{1,60}$"
)
# an address wrapped before its bracket: the line is the end of an attribution, not a quote
_TORN_END = re.compile(r"^>\s?(?:a écrit|wrote|schrieb|ha scritto|escribió)?\s?[:：]\s*$")
_OPENER = re.compile(
    r"^\W{0,8}(?:on|le|am|el|il|em|op|den|på|pe|dnia|w dniu|dne|dňa|vào|pada|в|at)\s.{0,80}\d"
    r"|^\W{0,3}\d{1,4}[-/.年 ]|^\W{0,3}[\w.]{2,12},? \d{1,2}[ .]",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^[\s*]{0,5}[-_=~]{2,60}[\s*]{0,5}(?:message d[’' ]origine|message (?:original|initial)"
    r"|mail original|courriel original|original message|original appointment|reply message"
    r"|ursprüngliche (?:nachricht|mail)|(?:original|antwort )nachricht|mensaje original"
    r"|messaggio originale|mensagem original|oorspronkelijk bericht|oryginalna wiadomość"
    r"|ursprungligt meddelande|oprindelig meddelelse|исходное сообщение|原始邮件|original mail)"
    r"[\s*]{0,5}[-_=~]{0,60}[\s*]{0,5}$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^[\s*_]{0,8}(?:"
    r"(?P<sender>from|de|von|da|van|od|från|fra|lähettäjä|от|expéditeur|remitente|mittente|发件人|差出人)"
    r"|(?P<sent>sent|date|envoyé(?: le)?|gesendet|datum|fecha|enviad[oa](?: el| em)?|data|inviato"
    r"|verzonden|skickat|sendt|wysłano|päivämäärä|дата|отправлено|发送时间|日時)"
    r"|(?P<to>to|à|a|an|para|per|aan|till|til|do|destinataire|pour|кому|收件人|宛先)"
    r"|(?P<copy>cc|copie(?: à)?|kopie|копия)"
    r"|(?P<subject>subject|objet|sujet|betreff|asunto|oggetto|assunto|onderwerp|ämne|emne|temat"
    r"|тема|主题|件名)"
    r")[\s*_]{0,8}[:：](?P<value>.*)$",
    re.IGNORECASE,
)
_PRODUCT = (
    r"(?:outlook|yahoo|gmail|proton|windows|mail|courrier|orange|sfr|free|laposte|mobile|iphone|ipad"
    r"|android|samsung|blackberry|huawei|workspace|bluemail|spark|airmail|zimbra|k-9)"
)
_DEVICE = re.compile(
    r"^[\s*_<(\[-]{0,5}(?:"
    r"(?:envoyé|expédié) (?:de|depuis|à partir de) (?:mon|ma) [^.,;!?\n]{1,60}"
    rf"|(?:envoyé|expédié) (?:de|depuis|avec|via|par|à partir d[eu’'])\s?"
    rf"(?:l[’']application |la messagerie |un |l[’'])?{_PRODUCT}[^,;!?\n]{{0,60}}"
    r"|sent (?:from|via|with|by)(?: my| the| an?)? [^.,;!?\n]{1,50}"
    r"|(?:gesendet von|von) mein[a-z]{1,3} [^.,;!?\n]{1,50}"
    rf"|gesendet mit [^.,;!?\n]{{0,30}}{_PRODUCT}[^.,;!?\n]{{0,30}}"
    r"|enviad[oa] (?:desde|do|de) (?:mi|meu) [^.,;!?\n]{1,50}"
    r"|inviato da(?:l)? (?:mio )?[^.,;!?\n]{1,50}"
    r"|(?:verzonden|verstuurd) (?:vanaf|met|van) [^.,;!?\n]{1,50}"
    r"|(?:sendt fra|skickat från) m[a-z]{1,3} [^.,;!?\n]{1,50}"
    r"|wysłane z [^.,;!?\n]{1,50}"
    r"|(?:get|obtenir|obtenez|téléchargez?r?|holen sie sich) outlook (?:for|pour|für)"
    r" [^,;!?\n]{1,20}"
    r"|provenance\s?: courrier pour windows.{0,10}"
    r")(?:\s?[<(\[]https?://\S{1,400})?[\s*_.>)\]]{0,5}$",
    re.IGNORECASE,
)
_DEVICE_WORDS = 12
_RULE = re.compile(r"^[\s>]{0,5}(?:[-_=*~#+—–]{3,200}|ᐧ)\s*$")
_LIST_RULE = re.compile(r"^_{30,200}\s*$")
_SIGNATURE = re.compile(r"^--[ \t]?$")


def is_quoted(line: str) -> bool:
    """Return whether the line is marked as somebody else's."""
    return line.lstrip().startswith((">", "|>")) and _TORN_END.match(line) is None


def is_marker(line: str) -> bool:
    """Return whether the line is the one that our mails, or another desk's, ask to reply above."""
    return _MARKER.match(line[:MAX_LINE]) is not None


def is_original_line(line: str) -> bool:
    """Return whether the line reads like `-----Message d'origine-----`."""
    return _ORIGINAL.match(line[:MAX_LINE]) is not None


def is_rule(line: str) -> bool:
    """Return whether the line is only a drawn line."""
    return _RULE.match(line[:MAX_LINE]) is not None


def is_list_rule(line: str) -> bool:
    """Return whether the line is the one a mailing list draws above its footer."""
    return _LIST_RULE.match(line[:MAX_LINE]) is not None


def is_signature_mark(line: str) -> bool:
    """Return whether the line is the `-- ` that opens a signature (RFC 3676 section 4.3)."""
    return _SIGNATURE.match(line[:MAX_LINE]) is not None


def is_device_line(line: str) -> bool:
    """Return whether a telephone or a mail program wrote the line.

    >>> is_device_line("Envoyé de mon iPhone")
    True
    >>> is_device_line("Sent from my desk, is much easier then my mobile phone.")
    False
    """
    if len(line) > MAX_LINE or len(line.split()) > _DEVICE_WORDS:
        return False
    return _DEVICE.match(line) is not None


def attribution_ending_at(lines: Sequence[str], end: int) -> int:
    """Return how many lines up to `end` say who wrote what follows, 0 when they do not.

    A mail program wraps them anywhere: the shortest piece that says it is taken, then what
    precedes it when that piece begins in the middle.

    >>> attribution_ending_at(["Le lun. 3 févr. 2025 à 10:12, Alice", "<a@b.fr> a écrit :"], 1)
    2
    """
    if not _names_time_or_address(lines[max(0, end - MAX_ATTRIBUTION_LINES + 1) : end + 1]):
        return 0
    is_before_quote = _next_is_quoted(lines, end)
    joined, found = "", 0
    for length in range(1, MAX_ATTRIBUTION_LINES + 1):
        line = lines[end - length + 1].strip() if length <= end + 1 else ""
        if not line or is_quoted(line) or len(joined) + len(line) > MAX_ATTRIBUTION:
            return found
        joined = f"{line} {joined}".strip()
        found = found or (length if _is_attribution(joined, is_sure=is_before_quote) else 0)
        if found and _OPENER.match(line):
            return length
    return found


def may_end_attribution(line: str) -> bool:
    """Return whether an attribution may end here: with a colon, a bracket or the verb."""
    if len(line) > MAX_LINE:
        return False
    shown = line.rstrip(" \t*>-")
    return shown.endswith((":", "：")) or _WROTE.search(shown) is not None or _is_old_gmail(line)


def header_block_at(lines: Sequence[str], index: int) -> bool:
    """Return whether lines such as De, Envoyé, À, Objet begin at `index`."""
    if ":" not in lines[index] and "：" not in lines[index]:
        return False
    first = _FIELD.match(lines[index][:MAX_LINE])
    if first is None or first.lastgroup is None or not first["value"].strip(" *_"):
        return False
    if not (first["sender"] or first["sent"] or first["subject"]):
        return False
    kinds = _kinds(lines[index : index + MAX_BLOCK_LINES])
    return len(kinds) >= MIN_BLOCK_FIELDS and "sender" in kinds


def _kinds(lines: Sequence[str]) -> set[str]:
    found: set[str] = set()
    strangers = 0
    for line in lines:
        field = _FIELD.match(line[:MAX_LINE])
        if field:
            found |= {kind for kind in _KINDS if field[kind]}
        elif line.strip():
            # a folded list of recipients is no field; text of a person is none either
            strangers += 1
        if strangers > 1:
            break
    return found


def _names_time_or_address(lines: Sequence[str]) -> bool:
    return any(character.isdigit() or character == "@" for line in lines for character in line)


def _next_is_quoted(lines: Sequence[str], index: int) -> bool:
    following = (line for line in lines[index + 1 : index + 4] if line.strip())
    return is_quoted(next(following, ""))


def _is_old_gmail(line: str) -> bool:
    return _OLD_GMAIL.match(line.strip()) is not None


def _is_attribution(joined: str, *, is_sure: bool) -> bool:
    """Return whether the text names a writer and a time; before a quote one of them is enough."""
    if _is_old_gmail(joined):
        return True
    shown = joined.rstrip(" *>-")
    ends = shown.endswith((":", "："))
    if ends and _BRACKETED_EMAIL.search(joined) and _DATE.search(joined):
        return True
    wrote = max((found.end() for found in _WROTE.finditer(shown)), default=None)
    if wrote is None or len(shown) - wrote > MAX_AFTER_VERB:
        return False
    is_dated = _DATE.search(joined) is not None and (is_sure or _TIME.search(joined) is not None)
    return (ends or wrote == len(shown)) and (is_dated or _EMAIL.search(joined) is not None)
