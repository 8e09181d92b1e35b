"""The mails that a demo caught instead of sending them, as pages to read."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import DateHeader
from email.message import EmailMessage
from email.parser import BytesParser
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import ClassVar, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.month import MONTH_NAMES

MOST_SHOWN = 200
PARIS = "Europe/Paris"

_SUFFIX = ".eml"
_NO_SUBJECT = "(sans objet)"
_NO_TEXT = "Ce message n'a pas de texte lisible : ouvrez le message brut."


class CaughtMailUnknown(HelpdeskError):
    """Only what is in the folder is shown: a name is looked up there, never made into a path."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = "There is no caught mail called “{name}”."
    french: ClassVar[str] = "Aucun e-mail retenu ne s'appelle « {name} »."


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the pages show of a mail; a part that cannot be read is empty."""

    name: str
    sender: str
    recipient: str
    subject: str
    sent_at: datetime | None
    text: str


def caught_mails_page(folder: Path, *, base: str = "/demo/mails", zone: str = PARIS) -> str:
    """Return the page that lists the mails of a folder, newest first, each with its two links.

    The mail `name` is linked to `base/name`, its source to `base/name/raw`. A folder that is not
    there yet is an empty list; of a very full one, the latest are shown.
    """
    names = sorted(_mails_in(folder), reverse=True)
    listed = [_item(_shown(folder, name), base=base, zone=zone) for name in names[:MOST_SHOWN]]
    content = "\n".join(("<h1>E-mails retenus</h1>", _summary(len(names)), *_list(listed)))
    return _page("E-mails retenus", content)


def caught_mail_page(
    folder: Path, name: str, *, base: str = "/demo/mails", zone: str = PARIS
) -> str:
    """Return the page of one mail: its headers and its text. Raises CaughtMailUnknown."""
    mail = _shown(folder, _known(folder, name))
    headers = (
        ("De", escape(mail.sender)),
        ("À", escape(mail.recipient)),
        ("Date", _time(mail, zone)),
    )
    rows = "\n".join(f"<dt>{title}</dt><dd>{value}</dd>" for title, value in headers)
    content = f"""\
<nav aria-label="Fil d'Ariane"><a href="{escape(base)}">← Tous les e-mails retenus</a></nav>
<article class="mail">
<h1>{escape(mail.subject)}</h1>
<dl>
{rows}
</dl>
<pre>{escape(mail.text)}</pre>
</article>
<p><a href="{_link(base, mail.name)}/html">Version HTML</a> ·
<a href="{_link(base, mail.name)}/raw">Message brut (.eml)</a></p>"""
    return _page(f"{mail.subject} – e-mails retenus", content)


def caught_mail_html(folder: Path, name: str) -> str:
    """Return the HTML of a mail, its pictures inside of it, empty without any.

    Raises CaughtMailUnknown.
    """
    raw = (folder / _known(folder, name)).read_bytes()
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    shown = _content(message, "html")
    for part in message.walk():
        cid, picture = _header(part, "Content-ID").strip("<> "), part.get_payload(decode=True)
        if cid and isinstance(picture, bytes) and part.get_content_maintype() == "image":
            data = f"data:{part.get_content_type()};base64,{b64encode(picture).decode()}"
            shown = shown.replace(f'"cid:{escape(cid)}"', f'"{data}"')
    return shown


def caught_mail(folder: Path, name: str) -> bytes:
    """Return a mail as it would have left. Raises CaughtMailUnknown."""
    return (folder / _known(folder, name)).read_bytes()


def _mails_in(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [path.name for path in folder.iterdir() if _is_mail(path)]


def _is_mail(path: Path) -> bool:
    is_finished = path.suffix == _SUFFIX and not path.name.startswith(".")
    return is_finished and path.is_file() and not path.is_symlink()


def _known(folder: Path, name: str) -> str:
    if name not in _mails_in(folder):
        raise CaughtMailUnknown(path=("name",), name=name)
    return name


def _shown(folder: Path, name: str) -> _Shown:
    raw = (folder / name).read_bytes()
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    return _Shown(
        name=name,
        sender=_header(message, "From"),
        recipient=_header(message, "To"),
        subject=_header(message, "Subject") or _NO_SUBJECT,
        sent_at=_date(message),
        text=_text(message) or _NO_TEXT,
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except (MessageError, ValueError, IndexError):
        return ""


def _date(message: EmailMessage) -> datetime | None:
    try:
        header = message["Date"]
    except (MessageError, ValueError, IndexError):
        return None
    sent_at = header.datetime if isinstance(header, DateHeader) else None
    return sent_at if isinstance(sent_at, datetime) and sent_at.tzinfo is not None else None


def _text(message: EmailMessage) -> str:
    return _content(message, "plain")


def _content(message: EmailMessage, subtype: Literal["plain", "html"]) -> str:
    body = message.get_body(preferencelist=(subtype,))
    if body is None:
        return ""
    try:
        return "\n".join(str(body.get_content()).strip().splitlines())
    except (LookupError, MessageError, ValueError):
        return ""


def _summary(count: int) -> str:
    told = "Aucun e-mail pour l'instant : répondez à un ticket pour en voir un ici."
    if count:
        plural = "s" if count > 1 else ""
        told = f"{count} e-mail{plural}, du plus récent au plus ancien."
        told += f" Seuls les {MOST_SHOWN} plus récents sont affichés." if count > MOST_SHOWN else ""
    return f'<p class="soft">Rien n\'est envoyé par cette démonstration. {told}</p>'


def _list(items: list[str]) -> list[str]:
    return ["<ol>", *items, "</ol>"] if items else []


def _item(mail: _Shown, *, base: str, zone: str) -> str:
    link = _link(base, mail.name)
    return f"""\
<li>
<h2><a href="{link}">{escape(mail.subject)}</a></h2>
<p>{_time(mail, zone)} · à {escape(mail.recipient)} · de {escape(mail.sender)} ·
<a href="{link}/raw" aria-label="Message brut : {escape(mail.subject)}">brut</a></p>
</li>"""


def _link(base: str, name: str) -> str:
    return escape(f"{base}/{quote(name, safe='@')}")


def _time(mail: _Shown, zone: str) -> str:
    if mail.sent_at is None:
        return "date inconnue"
    local = mail.sent_at.astimezone(ZoneInfo(zone))
    month = MONTH_NAMES[Locale.FR][local.month - 1]
    told = f"{local.day} {month} {local.year} à {local:%H} h {local:%M}"
    return f'<time datetime="{local.isoformat()}">{told}</time>'


def _page(title: str, content: str) -> str:
    return _template().substitute(title=escape(title), content=content)


@cache
def _template() -> Template:
    return Template(files("helpdesk.demo").joinpath("caught_mails.html").read_text("utf-8"))
