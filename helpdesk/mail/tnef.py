"""winmail.dat unpacked, by a program of its own that is ended when it takes too long."""

import logging
import mimetypes
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec

import orjson

from helpdesk.mail.charset import decode, storable

TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
MAX_TNEF_BYTES = 20 * 1024 * 1024
MAX_FILES = 200
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
SECONDS = 5
SIGNATURE = b"\x78\x9f\x3e\x22"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unpacked:
    """What a winmail.dat holds: named files, and the words of the mail."""

    files: tuple[tuple[str, str, bytes], ...] = ()
    text: str = ""
    html: str = ""


def is_available() -> bool:
    """Return whether the library is installed: it comes with the extra `tnef`."""
    return find_spec("tnefparse") is not None


def unpacked(content: bytes) -> Unpacked:
    """Return what a winmail.dat holds, nothing of one that is broken, large, or takes too long."""
    if not content.startswith(SIGNATURE) or len(content) > MAX_TNEF_BYTES or not is_available():
        return Unpacked()
    try:
        told = subprocess.run(
            [sys.executable, "-m", "helpdesk.mail.tnef_reader"],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=True,
        ).stdout
    except (subprocess.SubprocessError, OSError) as trouble:
        _log.warning("tnef_unread bytes=%s why=%s", len(content), type(trouble).__name__)
        return Unpacked()
    return _read(told)


def _read(told: bytes) -> Unpacked:
    """Return the answer of the reader: a line that lists the pieces, then the pieces."""
    line, _, rest = told.partition(b"\n")
    listed = orjson.loads(line)
    files: list[tuple[str, str, bytes]] = []
    at = 0
    for name, kind, size in listed["files"]:
        files.append((name, _type_of(name, kind), rest[at : at + size]))
        at += size
    text = rest[at : at + listed["text"]]
    html = rest[at + listed["text"] :]
    return Unpacked(tuple(files), _shown(text), _shown(html))


def _type_of(name: str, kind: str) -> str:
    return storable(kind).lower() or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _shown(content: bytes) -> str:
    return storable(decode(content).text).replace("\r\n", "\n")
