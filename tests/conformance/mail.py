"""Mails with known answers: a folder holds expect.jsonl and the raw messages it names."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.mail.parse import parse_email
from tests.conformance.outcome import Outcome

KEPT_SHARE = 0.98
NEW_SHARE = 0.90

_MARKDOWN = re.compile(r"[\s*_`>#|\\-]+")


@dataclass(frozen=True)
class Verdict:
    """What to show of the engine's answer, and whether it is the wanted one."""

    got: object
    passed: bool


def run(paths: Iterable[Path]) -> Iterator[Outcome]:
    """Yield one outcome per line of each folder's expect.jsonl."""
    for folder in paths:
        with (folder / "expect.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield _outcome(folder, json.loads(line))


def _outcome(folder: Path, check: dict[str, object]) -> Outcome:
    field, wanted = str(check["field"]), check["want"]
    verdict = _CHECKS[field](_parsed(folder / str(check["raw"])), wanted)
    name = f"{check['suite']}:{check['case']}:{field}"
    return Outcome(case=name, got=verdict.got, wanted=wanted, passed=verdict.passed)


@cache
def _parsed(path: Path) -> InboundEmail:
    return parse_email(path.read_bytes())


def _sender_address(email: InboundEmail, wanted: object) -> Verdict:
    got = email.from_.email if email.from_ else ""
    return Verdict(got, got.lower() == str(wanted).lower())


def _sender_name(email: InboundEmail, wanted: object) -> Verdict:
    got = email.from_.name if email.from_ else ""
    return Verdict(got, got == wanted)


def _recipients(email: InboundEmail, wanted: object) -> Verdict:
    got = [address.email.lower() for address in email.to]
    return Verdict(got, {each.lower() for each in _texts(wanted)} <= set(got))


def _subject(email: InboundEmail, wanted: object) -> Verdict:
    return Verdict(email.subject, email.subject == wanted)


def _message_id(email: InboundEmail, wanted: object) -> Verdict:
    return Verdict(email.message_id, email.message_id == wanted)


def _body_recall(email: InboundEmail, wanted: object) -> Verdict:
    assert isinstance(wanted, dict)
    share = _share_of(_words(str(wanted["text"])), within=_words(email.text))
    return Verdict(round(share, 3), share >= float(wanted["min"]))


def _attachment_names(email: InboundEmail, wanted: object) -> Verdict:
    got = [file.filename for file in email.attachments]
    return Verdict(got, not Counter(_texts(wanted)) - Counter(got))


def _attachment_sizes(email: InboundEmail, wanted: object) -> Verdict:
    assert isinstance(wanted, list)
    got = [file.size for file in email.attachments]
    return Verdict(got, not Counter(wanted) - Counter(got))


def _reply_strict(email: InboundEmail, wanted: object) -> Verdict:
    got = email.reply_text
    return Verdict(got, _trimmed(got) == _trimmed(str(wanted)))


def _reply_loose(email: InboundEmail, wanted: object) -> Verdict:
    got = email.reply_text
    return Verdict(got, _MARKDOWN.sub("", got) == _MARKDOWN.sub("", str(wanted)))


def _reply_noloss(email: InboundEmail, wanted: object) -> Verdict:
    share = _share_of(_words(str(wanted)), within=_words(email.reply_text))
    return Verdict(email.reply_text, share >= KEPT_SHARE)


def _reply_noleak(email: InboundEmail, wanted: object) -> Verdict:
    share = _share_of(_words(email.reply_text), within=_words(str(wanted)))
    return Verdict(email.reply_text, share >= NEW_SHARE)


def _reply_has(email: InboundEmail, wanted: object) -> Verdict:
    return Verdict(email.reply_text, str(wanted) in email.reply_text)


def _reply_has_not(email: InboundEmail, wanted: object) -> Verdict:
    # the list writes the refused words behind a NOT
    refused = str(wanted).removeprefix("NOT ")
    return Verdict(email.reply_text, refused not in email.reply_text)


def _is_bounce(email: InboundEmail, wanted: object) -> Verdict:
    return Verdict(email.is_bounce, email.is_bounce is wanted)


def _bounce_recipients(email: InboundEmail, wanted: object) -> Verdict:
    got = sorted(each.lower() for each in email.bounce_recipients)
    return Verdict(got, got == sorted(each.lower() for each in _texts(wanted)))


def _never_answer(email: InboundEmail, wanted: object) -> Verdict:
    return Verdict(email.is_automatic, email.is_automatic is wanted)


_CHECKS: dict[str, Callable[[InboundEmail, object], Verdict]] = {
    "from_addr": _sender_address,
    "from_name": _sender_name,
    "to": _recipients,
    "subject": _subject,
    "message_id": _message_id,
    "body_recall": _body_recall,
    "att_names": _attachment_names,
    "att_sizes": _attachment_sizes,
    "reply_strict": _reply_strict,
    "reply_loose": _reply_loose,
    "reply_noloss": _reply_noloss,
    "reply_noleak": _reply_noleak,
    "reply_has": _reply_has,
    "reply_hasnt": _reply_has_not,
    "bounce_perm": _is_bounce,
    "bounce_temp": _is_bounce,
    "bounce_rcpt": _bounce_recipients,
    "never_answer": _never_answer,
}


def _texts(wanted: object) -> list[str]:
    assert isinstance(wanted, list)
    return [str(each) for each in wanted]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _share_of(words: list[str], *, within: list[str]) -> float:
    """Return how much of the words, each as often as it stands, is found within the others."""
    if not words:
        return 1.0
    missing = Counter(words) - Counter(within)
    return 1 - missing.total() / len(words)


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()
