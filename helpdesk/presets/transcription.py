"""What the source documents say, word for word, by the path of a table or of a value in it."""

from functools import cache

from helpdesk.presets.catalogue import PresetUnknown
from helpdesk.presets.files import read_document


def transcribed(*path: str) -> object:
    """Return a table of the sources or a value in it: mappings, lists, texts, numbers, or None.

    None is what the source is silent about. Raises PresetUnknown for a path that leads nowhere.

    >>> transcribed("plans", "whodunit", "plus", "price")
    269
    """
    found: object = _tables()
    for name in path:
        if not isinstance(found, dict) or name not in found:
            known = ", ".join(map(str, found)) if isinstance(found, dict) else "—"
            raise PresetUnknown(kind="transcription", name=".".join(path), known=known)
        found = found[name]
    return found


@cache
def _tables() -> dict[str, object]:
    return dict(read_document("transcription.yaml"))
