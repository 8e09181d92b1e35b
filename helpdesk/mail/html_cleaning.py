"""HTML of a stranger, made safe to show: no script, no form, no picture fetched from afar."""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote

import nh3

from helpdesk.mail.charset import storable
from helpdesk.mail.html_text import MAX_HTML_CHARACTERS, is_tangled, parsed

BLOCKED = "data-blocked-src"
"""Where a picture that is fetched from afar keeps its address: it is not fetched."""

MAX_ADDRESS = 2_000
# a picture that nobody sees tells its sender that the mail was opened
_TINY = frozenset({"0", "1", "2", "0px", "1px", "2px"})
_HIDDEN = re.compile(
    r"display\s{0,3}:\s{0,3}none|(?:width|height)\s{0,3}:\s{0,3}[0-2](?:px)?\s{0,3}(?:;|$)"
)
_REMOTE = re.compile(r"\s{0,10}(?:https?:)?//", re.IGNORECASE)
_CID = re.compile(r"<img [^<>]{0,4000}?src=\"cid:([^\"]{1,500})\"")

_TAGS = nh3.ALLOWED_TAGS | {"font", "u", "big"}
_ATTRIBUTES = {
    tag: set(names)
    for tag, names in {
        **nh3.ALLOWED_ATTRIBUTES,
        "*": {"style", "dir", "lang", "title"},
        "font": {"color", "face", "size"},
        "img": {*nh3.ALLOWED_ATTRIBUTES["img"], BLOCKED},
    }.items()
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
# none of these can hold url(...), which would fetch a picture and tell that the mail was read
_STYLES = {
    "color", "font-weight", "font-style", "font-size", "font-family", "text-align",
    "text-decoration", "white-space", "margin-left", "padding-left", "border-left",
}  # fmt: skip
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)


def clean_html(html: str) -> str | None:
    """Return the page safe to show, None for one tangled beyond reason."""
    if is_tangled(html):
        return None
    cleaned = nh3.clean(
        storable(_without_remote_pictures(html[:MAX_HTML_CHARACTERS])),
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "template"},
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        link_rel="noopener noreferrer nofollow",
        url_schemes=_SCHEMES,
        filter_style_properties=_STYLES,
        url_relative="deny",
    )
    return storable(cleaned)


def shown_content_ids(html: str) -> frozenset[str]:
    """Return the identifiers of the pictures of the mail that its page shows."""
    return frozenset(unquote(unescape(found)) for found in _CID.findall(html))


def _without_remote_pictures(html: str) -> str:
    """Return the page with the address of each far picture put aside, and spies taken out."""
    if "<img" not in html.lower():
        return html
    tree = parsed(html)
    for picture in tree.css("img"):
        given = picture.attributes
        source = (given.get("src") or "").strip()
        if BLOCKED in given:
            del picture.attrs[BLOCKED]
        if not _REMOTE.match(source):
            continue
        if _is_spy(given):
            picture.decompose()
            continue
        del picture.attrs["src"]
        picture.attrs[BLOCKED] = source[:MAX_ADDRESS]
    return (tree.body.html if tree.body else tree.html) or ""


def _is_spy(given: Mapping[str, str | None]) -> bool:
    sizes = [(given.get(name) or "").strip().lower() for name in ("width", "height")]
    return all(size in _TINY for size in sizes) or bool(
        _HIDDEN.search((given.get("style") or "")[:1000].lower())
    )


def _kept(_tag: str, attribute: str, value: str) -> str | None:
    """Return the value to keep: pictures only from the mail itself, links never as data."""
    if attribute == "src":
        is_own = value.lower().startswith("cid:") or _PICTURE.match(value)
        return value if is_own else None
    if attribute == BLOCKED and not _REMOTE.match(value):
        return None
    if attribute in {"href", "cite"} and value.lower().lstrip().startswith(("data:", "cid:")):
        return None
    return value
