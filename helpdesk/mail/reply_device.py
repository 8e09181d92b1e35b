"""The line that a telephone or a mail program adds below an answer."""

import re

from helpdesk.mail.reply_words import DEVICE_WORDS, DEVICES, SENT_BY, SENT_FROM_MINE, TONGUES

MAX_LINE = 500
MAX_WORDS = 10

_SENT = "|".join(tongue.sent for tongue in TONGUES.values() if tongue.sent)
_WAS_SENT = "|".join(tongue.was_sent for tongue in TONGUES.values() if tongue.was_sent)
_DEVICE = rf"(?:{DEVICES})[^\W\d_]{{0,12}}"
_NAMES_DEVICE = re.compile(rf"(?<![^\W\d_]){_DEVICE}|[א-ת\-]{_DEVICE}", re.IGNORECASE)
_BEGUN = re.compile(
    rf"^(?:(?P<mine>{SENT_FROM_MINE})|(?P<sent>{_SENT}))(?:\s|(?<=[自מ]))(?P<rest>.{{1,120}})$",
    re.IGNORECASE,
)
# the languages that end with the verb, and those who say no verb at all
_WHOLE = re.compile(
    rf"^(?:(?:(?:diese nachricht wurde )?von mein\S{{0,3}} |az |\S{{1,4}} )?{_DEVICE}"
    rf"[^.,;!?]{{0,50}}(?:{_WAS_SENT})"
    rf"|(?:(?:发自|發自|从|從)\s?(?:我的)?\s?|from my |von mein\S{{0,3}} ){_DEVICE}[^.,;!?]{{0,30}}"
    r"|(?:get|obtenir|obtenez|téléchargez?r?|holen sie sich|obtén|obtener|ottieni|scarica|obter"
    r"|download|pobierz|hämta|hent|hanki|скачать|получить)\s(?:outlook|bluemail)"
    r"\s(?:for|pour|für|para|per|voor|dla|för|til|для)\s(?:ios|android|iphone|mac|windows|mobile)"
    r"|provenance\s?: courrier pour windows.{0,10}"
    r"|(?:[A-Z]\S{1,20} ){1,2}from (?:my )?(?:mobile|phone|iphone))$",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\[(?P<shown>[^\[\]\n]{1,60})\]\(https?://[^\s()]{1,400}\)|<?https?://[^\s<>]{1,400}>?"
    r"|\[aka\.ms\]"
)
_EXCUSE = re.compile(
    r"[.,/]?\s{1,3}(?:- )?(?:please |merci d[’']|veuillez |désolé |sorry )?"
    r"(?:excuse|pardon|forgive|pour les fautes|for typos).{0,60}$",
    re.IGNORECASE,
)
_WORDS = frozenset(DEVICE_WORDS.split())
_EDGES = " \t*_<>()[]«»|.!-"


def is_device_line(line: str) -> bool:
    """Return whether a telephone or a mail program wrote the line.

    >>> is_device_line("Envoyé de mon iPhone"), is_device_line("Envoyé par mon collègue")
    (True, False)
    >>> is_device_line("Sent from my desk, is much easier then my mobile phone.")
    False
    """
    if len(line) > MAX_LINE:
        return False
    shown = " ".join(_EXCUSE.sub("", _LINK.sub(_shown, line)).split()).strip(_EDGES)
    if _WHOLE.match(shown):
        return True
    found = _BEGUN.match(shown)
    if found is None:
        return False
    words = found["rest"].split()
    if len(words) > MAX_WORDS or any(mark in found["rest"] for mark in ".,;!?"):
        return False
    if found["mine"] or _NAMES_DEVICE.search(found["rest"]):
        return True
    is_program = all(word.lower().replace("’", "'") in _WORDS for word in words)
    is_linked = len(words) == 1 and "://" in line
    return (is_program or is_linked) and not found["sent"].lower().endswith(SENT_BY)


def _shown(link: re.Match[str]) -> str:
    return link["shown"] or " "
