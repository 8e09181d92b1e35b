"""A mail that says thanks and nothing else: it asks for nothing, so nothing follows from it."""

import re
from collections.abc import Iterable, Sequence

from helpdesk.domain.plain_words import plain
from helpdesk.domain.thanks_words import BEFORE_HELP, COMPANY, HELP, PHRASES, THANKS

LONGEST_THANKS = 160
MOST_WORDS = 14

_QUESTION = re.compile(r"[?¿؟？;\u037e\u055e]")  # in Greek it is a semicolon
_DIGIT = re.compile(r"\d")
_NO_LETTER = re.compile(r"[^\w]+|_+")


def is_mere_thanks(text: str, *, names: Iterable[str] = ()) -> bool:
    """Return whether a text only thanks: short, no question, no word that could ask for anything.

    `names` are those of the people of the conversation, who are greeted and who sign. A word that
    is not known makes it more than thanks, so that nothing is missed.

    >>> is_mere_thanks("Merci beaucoup Alice, c'est parfait !", names=["Alice"])
    True
    >>> is_mere_thanks("Merci, mais le formulaire est encore muet.")
    False
    """
    if len(text) > LONGEST_THANKS or _QUESTION.search(text) or _DIGIT.search(text):
        return False
    words = _words(text)
    if words in _WHOLE:
        return True
    known = THANKS | COMPANY | {word for name in names for word in _words(name)}
    is_thanks = len(words) <= MOST_WORDS and not THANKS.isdisjoint(words)
    return is_thanks and known.issuperset(words) and not _asks_for_help(words)


def _asks_for_help(words: Sequence[str]) -> bool:
    return any(
        word in HELP and before not in BEFORE_HELP
        for before, word in zip(("", *words), words, strict=False)
    )


def _words(text: str) -> list[str]:
    """Return the plain words of a text; emoji are none."""
    return [word for word in _NO_LETTER.split(plain(text)) if word]


_WHOLE = tuple(_words(phrase) for phrase in PHRASES)
