"""HTML of a stranger, made safe to show: no script, no form, no picture fetched from afar."""

import re

import nh3

from helpdesk.mail.charset import storable
from helpdesk.mail.html_text import MAX_HTML_CHARACTERS, is_tangled

_TAGS = nh3.ALLOWED_TAGS | {"font", "u", "big"}
_ATTRIBUTES = {
    tag: set(names)
    for tag, names in {
        **nh3.ALLOWED_ATTRIBUTES,
        "*": {"style", "dir", "lang", "title"},
        "font": {"color", "face", "size"},
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
        storable(html[:MAX_HTML_CHARACTERS]),
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


def _kept(_tag: str, attribute: str, value: str) -> str | None:
    """Return the value to keep: pictures only from the mail itself, links never as data."""
    if attribute == "src":
        is_own = value.lower().startswith("cid:") or _PICTURE.match(value)
        return value if is_own else None
    if attribute in {"href", "cite"} and value.lower().lstrip().startswith(("data:", "cid:")):
        return None
    return value
