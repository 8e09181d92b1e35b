"""The marks that mail programs leave around what they quote in HTML."""

from selectolax.lexbor import LexborHTMLParser

from helpdesk.mail.html_text import is_tangled, parsed, text_of_tree

# what these hold is quoted
_CONTAINERS = (
    "div.gmail_quote",
    "div.gmail_quote_container",
    "div.yahoo_quoted",
    "div.protonmail_quote",
    "blockquote.protonmail_quote",
    "div.tutanota_quote",
    "blockquote.tutanota_quote",
    "div.zmail_extra",
    "div[data-marker='__QUOTED_TEXT__']",
    "div[name='messageReplySection']",
    "blockquote.front-blockquote",
    "blockquote.missive_quote",
    "div.missive_quote",
    "#cm_replymail_content_wrap",
    "div.hs_reply",
    "div.mailbird_quote",
    "blockquote.iwcQuote",
    "#_origContent",
    "div[name='quote']",
    "div.moz-cite-prefix",
    "blockquote[type='cite']",
    "div.ms-outlook-mobile-reference-message",
    "#mail-editor-reference-message-container",
    "#OLK_SRC_BODY_SECTION",
    "div.OutlookMessageHeader",
    "#reply-intro",
)
# from these on, everything is
_OPENERS = (
    "#divRplyFwdMsg",
    "#x_divRplyFwdMsg",
    "#appendonsend",
    "#x_appendonsend",
    "#zwchr",
    "#stopSpelling",
    "#EC_stopSpelling",
    "#originalMessage",
    "#isReplyContent",
)
_QUOTE = "\ue000"
_REST = "\ue001"


def reply_in_html(html: str) -> str | None:
    """Return the text before the marked quote, None without marks or with answers inside it."""
    if is_tangled(html) or not _may_be_marked(html):
        return None
    tree = parsed(html)
    if not _mark(tree):
        return None
    text = text_of_tree(tree).split(_REST, 1)[0]
    head, *tails = text.split(_QUOTE)
    if any(character.isalnum() for tail in tails for character in tail):
        return None
    return head


def has_own_quote(html: str) -> bool:
    """Return whether somebody quotes by hand in Gmail: its own quotes stand in a box besides."""
    if "gmail_quote" not in html or is_tangled(html):
        return False
    tree = parsed(html)
    outside = "blockquote.gmail_quote:not(div.gmail_quote blockquote)"
    return tree.css_first(outside) is not None


def _may_be_marked(html: str) -> bool:
    return any(
        selector.strip("#").split(".")[-1].split("[")[0] in html for selector in _CONTAINERS
    ) or any(selector.strip("#") in html for selector in _OPENERS)


def _mark(tree: LexborHTMLParser) -> bool:
    """Put a sign in the place of each quote; return whether there was one."""
    found = False
    for node in tree.css(", ".join(_OPENERS)):
        node.insert_before(_REST)
        found = True
    for node in tree.css(", ".join(_CONTAINERS)):
        node.insert_before(_QUOTE)
        node.decompose(recursive=True)
        found = True
    return found
