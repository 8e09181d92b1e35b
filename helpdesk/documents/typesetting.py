"""Typesetting: a template and plain data in, the pages of a PDF out."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import as_file, files

import typst

from helpdesk.documents.glyphs import printable

_PACKAGE = files("helpdesk.documents")

# What JSON can say; only the template knows which of it stands where.
Data = Mapping[str, object]


def typeset(template: str, data: Data, *, at: datetime) -> bytes:
    """Return a tagged PDF/A-3b of a template (`monthly_report`) filled with data.

    The template is a file of `templates` whose function `render(data, made)` gives the document.
    The same template, data and instant give the same bytes, whatever the machine: only our own
    fonts are used and nothing is fetched. A character that these fonts lack is printed as a box.
    `at` is when the document was made, and stands in it; fractions of seconds do not count.
    """
    pages = _press().compile(
        input=_main(template, at),
        format="pdf",
        # To keep for good (PDF/A-3 takes attachments, which electronic invoices need) and to be
        # read by a screen reader (PDF/UA). Typst refuses to write what breaks either.
        pdf_standards=["a-3b", "ua-1"],
        sys_inputs={"data": _text(data)},
        timestamp=int(at.timestamp()),
    )
    return _whole(pages)


def typeset_png(template: str, data: Data, *, at: datetime, ppi: float = 72) -> list[bytes]:
    """Return each page as a picture, to look at."""
    pages = _press().compile(
        input=_main(template, at), format="png", sys_inputs={"data": _text(data)}, ppi=ppi
    )
    return pages if isinstance(pages, list) else [_whole(pages)]


def _whole(pages: bytes | list[bytes] | None) -> bytes:
    """Return the one file that came back, as its type cannot say."""
    assert isinstance(pages, bytes)  # noqa: S101 - typst gives bytes when it is given no path
    return pages


def _main(template: str, at: datetime) -> bytes:
    return (
        f'#import "{template}.typ": render\n'
        "#let data = json(bytes(sys.inputs.data))\n"
        f"#render(data, datetime(year: {at.year}, month: {at.month}, day: {at.day}, "
        f"hour: {at.hour}, minute: {at.minute}, second: {at.second}))\n"
    ).encode()


def _text(data: Data) -> str:
    return json.dumps(printable(data), ensure_ascii=False, sort_keys=True)


_presses = threading.local()


def _press() -> typst.Compiler:
    """Return the compiler of this thread: one cannot be shared, and each keeps what it has read."""
    press = getattr(_presses, "press", None)
    if press is None:
        press = typst.Compiler(root=_folder("templates"), font_paths=_fonts())
        _presses.press = press
    return press


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[_folder("fonts")])


def _folder(name: str) -> str:
    with as_file(_PACKAGE / name) as folder:  # a wheel is unpacked, so the folder stays
        return str(folder)
