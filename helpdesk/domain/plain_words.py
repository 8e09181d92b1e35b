"""Words as people mean them, whatever their accents and capitals."""

import unicodedata

_FIRST_ACCENT, _LAST_ACCENT = "\u0300", "\u036f"
"""The marks over Latin, Greek and Cyrillic letters; those of other scripts are part of a word."""


def plain(text: str) -> str:
    """Return the text in lower case and without accents.

    >>> plain("RÉSOUDRE"), plain("Chloé")
    ('resoudre', 'chloe')
    """
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    bare = "".join(one for one in apart if not _FIRST_ACCENT <= one <= _LAST_ACCENT)
    return unicodedata.normalize("NFC", bare)
