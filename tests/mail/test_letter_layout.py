"""The HTML of our mails: what the text says, well set, that fetches nothing and runs nothing."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import product

import pytest
from selectolax.lexbor import LexborHTMLParser
from typing_extensions import override

from helpdesk.domain.errors import Locale
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.letter_kind import LetterKind, LetterValue
from helpdesk.domain.mail_look import Logo, MailLook
from helpdesk.domain.outgoing_mail import AttachedFile, OutgoingMail
from helpdesk.mail.html_text import text_of_html
from helpdesk.mail.letter_layout import html_of, page_of, with_links, with_reference
from helpdesk.mail.letter_press import LetterPress
from helpdesk.mail.outbound import message_of, written
from helpdesk.mail.reply_cutting import reply_of
from helpdesk.mail.reply_marks import PREVIEW_SIGN
from helpdesk.mail.template_check import sample_head, sample_letter
from helpdesk.storage.documents import mail_document, mail_of

PRESS = LetterPress()
EVERY = tuple(product(LetterKind, Locale))
TOKEN = "t.5qxk4c7wzq3m2n8p"
PICTURE = b"GIF89a\x02\x00\x01\x00"
LOGO = Logo("ab", "image/gif", 960, 128)
_VOID = frozenset({"br", "img", "meta", "hr"})


def a_mail(
    kind: LetterKind = LetterKind.AGENT_REPLY,
    locale: Locale = Locale.FR,
    *,
    values: Mapping[str, LetterValue] | None = None,
    name: str = "Camille",
    why: Mapping[str, str] | None = None,
) -> OutgoingMail:
    """Return a mail that tells examples, but for the values given."""
    sample = sample_letter(kind, locale)
    head = replace(sample_head(kind, locale), reader_name=name)
    letter = replace(sample, values={**sample.values, **(values or {})}, why=why or {})
    told = PRESS.write(letter, head)
    return OutgoingMail(
        sender=Address("Agence <Exemple>", "support@agence.example"),
        recipient=Address(name, "camille@client.example"),
        subject=told.subject,
        text=told.text,
        message_id="m1@agence.example",
        sent_at=datetime(2026, 7, 6, 9, tzinfo=UTC),
        locale=locale,
        ticket_number=head.ticket_number,
        token=TOKEN,
        passages=told.passages,
    )


def answered(body: str) -> LexborHTMLParser:
    """Return the page of an agent's answer."""
    return LexborHTMLParser(html_of(a_mail(values={"body": body})))


class Wellformed(HTMLParser):
    """Reads a page and fails where a tag is not closed in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_every_page_is_well_formed_and_fetches_nothing(kind: LetterKind, locale: Locale) -> None:
    mail = replace(a_mail(kind, locale), look=MailLook(logo=LOGO), logo=PICTURE)
    page = html_of(mail)

    reader = Wellformed()
    reader.feed(page)
    reader.close()
    tree = LexborHTMLParser(page)
    assert reader.open == []
    assert [one.attributes["src"] for one in tree.css("[src]")] == ["cid:logo@helpdesk"]
    assert not tree.css("script, link, iframe, object, form, input, base, svg, video, audio")
    assert "url(" not in page
    assert "@import" not in page
    html = tree.css_first("html")
    assert html is not None
    assert (html.attributes["lang"], html.attributes["dir"]) == (locale.value, "ltr")
    assert all("alt" in one.attributes for one in tree.css("img"))
    assert all(one.attributes.get("role") == "presentation" for one in tree.css("table"))


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_the_page_says_what_the_text_says(kind: LetterKind, locale: Locale) -> None:
    mail = a_mail(kind, locale, why={"reason": "Because.", "unsubscribe_url": "https://a.example"})

    shown = _words(text_of_html(html_of(mail)))

    for line in with_reference(mail).split("\n"):
        said = _words(line.strip("┌─┐└┘│ ").removeprefix("- "))
        assert all(word in shown for word in said), line


@pytest.mark.parametrize("url", ["https://a.example/u/1", "mailto:a@b.example?subject=x%20y"])
def test_words_below_are_the_link_that_they_name(url: str) -> None:
    mail = a_mail(LetterKind.AGENT_REPLY, Locale.FR, why={"reason": "", "unsubscribe_url": url})

    links = LexborHTMLParser(html_of(mail)).css(f'a[href="{url}"]')

    assert [one.text() for one in links] == ["Ne plus recevoir ces messages"]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


QUOTES = {
    "nothing": "<div>{new}</div>{ours}",
    "gmail": '<div dir="ltr">{new}</div><br><div class="gmail_quote"><div dir="ltr" '
    'class="gmail_attr">Le lun. 6 juil. 2026 à 11:00, Agence &lt;<a '
    'href="mailto:support@agence.example">support@agence.example</a>&gt; a écrit :<br></div>'
    '<blockquote class="gmail_quote" style="margin:0">{ours}</blockquote></div>',
    "outlook": '<div class="WordSection1"><p class="MsoNormal">{new}</p><div id="divRplyFwdMsg">'
    "<b>De :</b> Agence<br><b>Envoyé :</b> lundi 6 juillet 2026 11:00<br><b>À :</b> Camille<br>"
    "<b>Objet :</b> Re: [#1204]</div>{ours}</div>",
    "apple": '<div>{new}</div><div><br><blockquote type="cite"><div>Le 6 juil. 2026 à 11:00, '
    "Agence &lt;support@agence.example&gt; a écrit :</div><div>{ours}</div></blockquote></div>",
    "thunderbird": '<p>{new}</p><div class="moz-cite-prefix">Le 06/07/2026 à 11:00, Agence a '
    'écrit :<br></div><blockquote type="cite" cite="mid:m1@agence.example">{ours}</blockquote>',
}


@pytest.mark.parametrize(("kind", "locale"), EVERY)
@pytest.mark.parametrize("program", QUOTES)
def test_an_answer_that_quotes_the_page_is_cut_clean(
    kind: LetterKind, locale: Locale, program: str
) -> None:
    page = html_of(a_mail(kind, locale))
    body = page.partition("<body")[2].partition(">")[2].partition("</body>")[0]
    html = QUOTES[program].format(new="Merci, c'est réparé !", ours=body)

    assert reply_of(text_of_html(html), html=html) == "Merci, c'est réparé !"


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_an_answer_that_quotes_the_page_as_text_is_cut_clean(
    kind: LetterKind, locale: Locale
) -> None:
    ours = text_of_html(html_of(a_mail(kind, locale)))
    quoted = "\n".join(f"> {line}" for line in ours.split("\n"))

    assert reply_of(f"Merci.\n\n{ours}") == "Merci."
    assert reply_of(f"Merci.\n\n{quoted}") == "Merci."


def test_what_a_person_wrote_stays_his() -> None:
    tree = answered(
        'Essayez <b>ceci</b> & "cela" :\n- un : deux\n* trois\n\n'
        "```\nif (a < b) {\n    x();\n}\n```\n> déjà dit\n"
        "1. un\n2. deux\n\n    indented\n      more"
    )

    assert [one.text() for one in tree.css("ul li")] == ["un : deux", "trois"]
    assert [one.text() for one in tree.css("pre")] == [
        "if (a < b) {\n    x();\n}\n",
        "indented\n  more\n",
    ]
    assert [one.text() for one in tree.css("blockquote")] == ["déjà dit"]
    assert 'Essayez <b>ceci</b> & "cela" :' in tree.text()
    assert "1. un" in tree.text()


def test_a_fence_that_is_never_closed_hides_nothing() -> None:
    tree = answered("Avant\n```\ncode\n\nAprès")

    assert tree.css("pre") == []
    assert all(word in tree.text() for word in ("Avant", "```", "code", "Après"))


def test_a_file_of_lines_is_shown_plain_and_stays_of_its_size() -> None:
    body = "> a\nb\n" * 100_000

    page = html_of(a_mail(values={"body": body}))

    assert len(page) < 5 * len(body)
    assert page.partition("<table")[2].count("&gt; a") == 100_000


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7 * 7 }}{% include 'x' %}",
        "</td></tr></table><style>*{display:none}</style>",
        "<!--[if mso]><![endif]-->",
        'https://a.example/"onmouseover="x',
        "javascript:alert(1)",
        "&lt;b&gt; &amp;amp;",
    ],
)
def test_no_value_becomes_part_of_the_page(hostile: str) -> None:
    plain = LexborHTMLParser(html_of(a_mail(values={"body": "x", "agent": "y"}, name="z")))
    mail = replace(
        a_mail(values={"body": hostile, "agent": hostile}, name=hostile), subject=hostile
    )

    tree = LexborHTMLParser(html_of(mail))

    links = {one.attributes["href"] for one in tree.css("a")}
    assert links <= {"https://a.example/"}
    kinds = [one.tag for one in tree.css("*") if one.tag != "a"]
    assert kinds == [one.tag for one in plain.css("*")]
    assert not tree.css("[onerror], [onmouseover]")
    assert hostile in tree.text()


def test_links_can_be_followed_and_spaces_before_a_line_stay() -> None:
    assert with_links("  voir https://a.example/x?a=1&b=2. Puis <b>") == (
        '&nbsp;&nbsp;voir <a href="https://a.example/x?a=1&amp;b=2">'
        "https://a.example/x?a=1&amp;b=2</a>. Puis &lt;b&gt;"
    )
    assert with_links("\tx") == "&nbsp;&nbsp;&nbsp;&nbsp;x"


def test_a_line_with_a_link_of_ours_is_a_button() -> None:
    tree = LexborHTMLParser(html_of(a_mail(LetterKind.REPORT_PUBLISHED)))

    (button,) = tree.css(".button a")
    assert button.text() == "La synthèse en vidéo"
    assert button.attributes["href"] == "https://agence.example/synthese"


def test_a_link_of_a_person_is_no_button() -> None:
    tree = answered("Voir le site : https://bruno.example")
    reason = a_mail(LetterKind.DELIVERY_POSTPONED, values={"reason": "https://evil.example"})
    assert LexborHTMLParser(html_of(reason)).css(".button") == []

    assert tree.css(".button") == []
    assert [one.text() for one in tree.css("a")] == ["https://bruno.example"]


def test_lines_that_name_and_tell_are_a_table() -> None:
    text = "-- Répondez au-dessus de cette ligne --\n\nDemande : 12\nClient : Bruno : SA\n"
    tree = LexborHTMLParser(html_of(replace(a_mail(), text=text, passages=())))

    cells = [one.text() for one in tree.css("table table table td")]
    assert cells == ["Demande\u00a0:", "12", "Client\u00a0:", "Bruno\u00a0: SA"]


def test_the_last_day_stands_in_a_frame() -> None:
    for kind in (LetterKind.RENEWAL_INFORMATION, LetterKind.PRICE_ANNOUNCEMENT):
        page = html_of(a_mail(kind))

        assert "┌" not in page
        assert "30 juin 2026</td>" in page


def test_french_keeps_its_spaces_together_where_the_words_are_ours() -> None:
    page = html_of(a_mail(values={"body": "Oui ? x ; y", "agent": "A"}))

    assert "«\u00a0Le formulaire de contact ne répond plus\u00a0» (demande 1204)\u00a0:" in page
    assert "Oui ? x ; y" in page
    english = html_of(a_mail(locale=Locale.EN))
    assert "\u00a0" not in english


def test_what_stands_beside_the_subject_in_a_list_comes_after_the_greeting() -> None:
    page = html_of(a_mail(LetterKind.ACKNOWLEDGEMENT))

    assert f">{PREVIEW_SIGN}Nous avons bien reçu votre demande" in page.partition("<table")[0]
    assert "Répondez" not in page.partition("<table")[0]
    assert "Bonjour" not in page.partition("<table")[0]


def test_a_look_colours_the_page_and_closes_it() -> None:
    look = MailLook(accent="#7c2d12", logo=LOGO)
    mail = replace(a_mail(LetterKind.RENEWAL_INFORMATION), look=look, logo=PICTURE)
    tree = LexborHTMLParser(html_of(mail))

    (picture,) = tree.css("img")
    assert (picture.attributes["width"], picture.attributes["height"]) == ("240", "32")
    assert picture.attributes["alt"] == "Agence <Exemple>"
    assert "#7c2d12" in (tree.html or "")
    assert "#0f4c5c" not in (tree.html or "")
    shown = LexborHTMLParser(page_of(mail)).css_first("img")
    assert shown is not None
    assert shown.attributes["src"] == f"data:image/gif;base64,{b64encode(PICTURE).decode()}"


def test_a_logo_that_is_not_there_leaves_the_name() -> None:
    page = html_of(replace(a_mail(), look=MailLook(logo=LOGO)))

    assert "<img" not in page
    assert "Agence &lt;Exemple&gt;</p>" in page
    assert page == html_of(a_mail())


def test_a_logo_goes_inside_the_page_and_the_same_mail_is_the_same_bytes() -> None:
    file = AttachedFile("a.pdf", "application/pdf", b"%PDF")
    mail = replace(a_mail(), look=MailLook(logo=LOGO), logo=PICTURE, files=(file,))

    message = message_of(mail)

    body, attached = message.iter_parts()
    text, related = body.iter_parts()
    page, picture = related.iter_parts()
    assert attached.get_filename() == "a.pdf"
    assert text.get_content_type() == "text/plain"
    assert (page.get_content_type(), related.get_content_type()) == (
        "text/html",
        "multipart/related",
    )
    assert (picture["Content-ID"], picture.get_content_disposition()) == (
        "<logo@helpdesk>",
        "inline",
    )
    assert picture.get_payload(decode=True) == PICTURE
    assert written(mail) == written(mail)
    assert replace(mail_of(mail_document(mail)), logo=PICTURE) == mail


def test_a_mail_promised_before_there_was_a_look_still_leaves() -> None:
    document = dict(mail_document(a_mail()))
    del document["look"], document["passages"]

    mail = mail_of(document)

    assert (mail.look, mail.passages) == (None, ())
    shown = LexborHTMLParser(html_of(mail)).text().replace("\u00a0", " ")
    assert "Pouvez-vous l'essayer de votre côté ?" in shown
