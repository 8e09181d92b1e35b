"""The program that reads a winmail.dat from its input and writes what is in it to its output.

It runs apart: the library loops for ever on a file that was made to that end.
"""

import resource
import sys
from collections.abc import Iterator
from contextlib import suppress

import orjson

from helpdesk.mail.tnef import MAX_FILES, MAX_UNPACKED_BYTES, SECONDS

MAX_MEMORY = 1024 * 1024 * 1024
MAX_TEXT = 1024 * 1024
_MIME_TAG = 0x370E


def main() -> int:
    """Write a line that lists the pieces, then the pieces themselves; return the exit status."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    with suppress(ValueError, OSError):  # where the system knows no such limit, time bounds it
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    from tnefparse import TNEF  # noqa: PLC0415 - an optional library, imported where it is used

    # the library passes over a last piece of one byte unless something follows it
    tnef = TNEF(sys.stdin.buffer.read() + b"\0", do_checksum=False)
    files = list(_within_caps(tnef.attachments))
    text, html = _bytes(tnef.body)[:MAX_TEXT], _bytes(tnef.htmlbody)[: 2 * MAX_TEXT]
    listed = [(name, kind, len(content)) for name, kind, content in files]
    out = sys.stdout.buffer
    out.write(orjson.dumps({"files": listed, "text": len(text)}) + b"\n")
    for _, _, content in files:
        out.write(content)
    out.write(text + html)
    return 0


def _within_caps(attachments: list[object]) -> Iterator[tuple[str, str, bytes]]:
    total = 0
    for attachment in attachments[:MAX_FILES]:
        content = _bytes(getattr(attachment, "data", b""))
        total += len(content)
        if total > MAX_UNPACKED_BYTES:
            return
        if content:
            yield _name_of(attachment), _kind_of(attachment), content


def _name_of(attachment: object) -> str:
    try:
        name = attachment.long_filename()  # type: ignore[attr-defined]  # no types in the library
    except (UnicodeError, AttributeError):
        return ""
    text = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
    return text.encode("utf-8", "replace").decode("utf-8").strip("\0")


def _kind_of(attachment: object) -> str:
    for attribute in getattr(attachment, "mapi_attrs", ()):
        if attribute.name == _MIME_TAG:
            return _bytes(attribute.data).decode("ascii", "ignore").strip("\0 ")[:100]
    return ""


def _bytes(value: object) -> bytes:
    # a property of several values is a list; its first one is meant
    single = value[0] if isinstance(value, list) and value else value
    if isinstance(single, str):
        return single.encode("utf-8", "replace").replace(b"\0", b"")
    return bytes(single) if isinstance(single, (bytes, bytearray)) else b""


if __name__ == "__main__":
    sys.exit(main())
