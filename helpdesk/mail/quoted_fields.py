"""The header lines that mail programs write into a text, such as From and Sent, in any tongue."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MAX_LINE = 1000
MAX_BLOCK_LINES = 40


class FieldKind(StrEnum):
    """What a header line tells."""

    SENDER = "sender"
    SENT = "sent"
    TO = "to"
    COPY = "copy"
    REPLY_TO = "reply_to"
    SUBJECT = "subject"


_LABELS: dict[FieldKind, str] = {
    FieldKind.SENDER: (
        "from|de|de la|desde|von|da|van|od|från|fra|frá|lähettäjä|feladó|kimden|gönderen|από|от"
        "|отправитель|від|відправник|від кого|подател|expéditeur|émetteur|remitente|mittente"
        "|remetente|absender|afzender|avsändare|afsender|avsender|nadawca|odesílatel|odosielateľ"
        "|odesilatel|expeditor|pošiljatelj|pošiljatelja|nuo|siuntėjas|no|sūtītājs|saatja|kellelt"
        "|dari|từ|người gửi|发件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|מאת|من|المرسل"
    ),
    FieldKind.SENT: (
        "sent|date|envoyé|envoyé le|envoyée le|date d[’']envoi|gesendet|gesendet am|datum|enviado"
        "|enviado el|enviado em|enviada|enviada em|enviat|fecha|data|inviato|verzonden|skickat"
        "|sendt|dato|dags|lähetetty|päivämäärä|päiväys|pvm|wysłano|wysłane|odesláno|odoslané"
        "|poslané|dátum|elküldve|küldve|tarih|gönderildi|gönderilme|gönderme tarihi|στάλθηκε"
        "|ημερομηνία|εστάλη|trimis|отправлено|дата|надіслано|изпратено|дата відправлення|poslano"
        "|išsiųsta|nosūtīts|datums|saadetud|kuupäev|tanggal|terkirim|dikirim|ngày|đã gửi|发送时间"
        "|发送日期|日期|寄件日期|傳送時間|送信日時|日時|日付|送信|보낸 날짜|날짜|נשלח|תאריך|التاريخ"
        "|تاريخ الإرسال|إرسال"
    ),
    FieldKind.TO: (
        "to|à|a|an|para|per|aan|till|til|vastaanottaja|do|komu|címzett|kime|alıcı|προς|către|catre"
        "|кому|до|получател|destinataires?|pour|empfänger|destinatari[oa]s?|ontvanger|mottagare"
        "|modtager|mottaker|adresat|za|prima|kam|saaja|kellele|kepada|đến|tới|收件人|收件者|宛先"
        "|받는 사람|받는사람|אל|إلى"
    ),
    FieldKind.COPY: (
        "cc|c\\.c\\.|copie|copie à|kopie|kopie an|copia|cópia|kopia|kopio|kopi|kópia|másolat|bilgi"
        "|κοιν|κοινοποίηση|копия|копие|копія|bcc|cci|抄送|副本|参照|참조|עותק|نسخة"
    ),
    FieldKind.REPLY_TO: (
        "reply[- ]to|répondre à|antwort an|responder a|rispondi a|antwoord aan|odpowiedź do|返信先"
    ),
    FieldKind.SUBJECT: (
        "subject|objet|sujet|betreff|asunto|assumpte|oggetto|assunto|onderwerp|ämne|emne|aihe|temat"
        "|předmět|predmet|zadeva|tárgy|konu|θέμα|subiect|тема|предмет|относно|tema|temats|teema"
        "|subjek|perihal|efni|chủ đề|tiêu đề|主题|主旨|主旨|件名|제목|נושא|الموضوع|موضوع"
    ),
}
_FIELD = re.compile(
    r"^[ \t*_|]{0,8}(?:"
    + "|".join(f"(?P<{kind.value}>{words})" for kind, words in _LABELS.items())
    + r")[ \t*_\xa0]{0,8}[:：][ \t*_\xa0]{0,8}(?P<value>.*)$",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"^[ \t]{0,3}[>|][ \t]?")
_BIDI = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class HeaderBlock:
    """Header lines found in a text: their values, and the lines where they begin and end.

    `is_quoted` tells that each line, and what follows, stands behind a `>`.
    """

    values: dict[FieldKind, str] = field(default_factory=dict)
    begin: int = 0
    end: int = 0
    is_quoted: bool = False

    def value(self, kind: FieldKind) -> str:
        """Return what a line says, empty when it is absent."""
        return self.values.get(kind, "")


def header_block(lines: Sequence[str], *, within: int, least: int) -> HeaderBlock | None:
    """Return the first block with a sender that begins in the first `within` written lines.

    `least` is how many kinds of lines make one: `De : Paul` alone may be a person's sentence.
    """
    seen = 0
    for index, line in enumerate(lines):
        if seen >= within:
            return None
        shown = _shown(line)
        seen += bool(shown.strip())
        if _field_in(shown) is not None:
            block = _block_at(lines, index)
            if FieldKind.SENDER in block.values and len(block.values) >= least:
                return block
    return None


def kind_of(line: str) -> tuple[FieldKind, str] | None:
    """Return what one header line tells and its value, None of any other line."""
    return _field_in(_shown(line))


def unquoted(lines: Sequence[str]) -> list[str]:
    """Return the lines without one level of quoting."""
    return [_QUOTE.sub("", line, count=1) for line in lines]


def _block_at(lines: Sequence[str], begin: int) -> HeaderBlock:
    values: dict[FieldKind, str] = {}
    end = begin
    latest: FieldKind | None = None
    for index in range(begin, min(len(lines), begin + MAX_BLOCK_LINES)):
        shown = _shown(lines[index])
        found = _field_in(shown)
        if found:
            latest, value = found
            values.setdefault(latest, value)
        elif not shown.strip():
            # a blank line ends the block, unless every field is a paragraph of its own
            if _field_in(_shown(lines[index + 1]) if index + 1 < len(lines) else "") is None:
                break
            continue
        elif latest is None or not _goes_on(values[latest], shown):
            break
        else:
            values[latest] = f"{values[latest]} {shown.strip()}".strip()
        end = index + 1
    return HeaderBlock(values, begin, end, _QUOTE.match(lines[begin]) is not None)


def _goes_on(value: str, line: str) -> bool:
    """Return whether a line continues the value above it: a label alone, or a wrapped list."""
    return not value or line[0] in " \t" or value.endswith((",", ";", "<")) or line[0] == "<"


def _field_in(line: str) -> tuple[FieldKind, str] | None:
    found = _FIELD.match(line)
    if found is None:
        return None
    kind = next(kind for kind in FieldKind if found[kind.value] is not None)
    return kind, found["value"].strip(" \t*_\xa0")


def _shown(line: str) -> str:
    return _QUOTE.sub("", _BIDI.sub("", line[:MAX_LINE]), count=1)
