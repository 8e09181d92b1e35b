"""The page of a document with its file inside, as Factur-X, where its library is installed."""

import logging
from importlib import import_module
from importlib.util import find_spec

_LIBRARY = "facturx"
# It tells of each page that it makes.
logging.getLogger("factur-x").setLevel(logging.WARNING)


def is_available() -> bool:
    """Return whether the extra `facturx` is installed."""
    return find_spec(_LIBRARY) is not None


def with_file(page: bytes, file: bytes, *, title: str, author: str, language: str) -> bytes:
    """Return a PDF/A-3 page with the XML file embedded (`factur-x.xml`, profile EN 16931).

    The library checks nothing here: it would ask a server on the network, and take no answer for a
    good one. Call it only where `is_available`.
    """
    library = import_module(_LIBRARY)
    made: bytes = library.generate_from_binary(
        page,
        file,
        flavor="factur-x",
        level="en16931",
        check_xsd=False,
        check_schematron=False,
        pdf_metadata={"author": author, "title": title, "subject": title, "keywords": "Factur-X"},
        lang=language,
        afrelationship="alternative",
    )
    return made
