"""Pages of strangers made safe: nothing runs, nothing is fetched, no read is told."""

import pytest

from helpdesk.mail.html_cleaning import clean_html, shown_content_ids
from helpdesk.mail.parse import parse_email
from tests.mail.mails import a_file, a_mail, a_multipart, a_page, a_text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            '<img src="https://a.example/b.png?x=1&amp;y=2" alt="Plan">',
            '<img alt="Plan" data-blocked-src="https://a.example/b.png?x=1&amp;y=2">',
        ),
        ('<IMG SRC="//a.example/b.png">', '<img data-blocked-src="//a.example/b.png">'),
        ('<img src="cid:logo@client">', '<img src="cid:logo@client">'),
        ('<img src="data:image/png;base64,AA==">', '<img src="data:image/png;base64,AA==">'),
        ('<img src="data:image/svg+xml;base64,AA==">', "<img>"),
        ('<img src="javascript:alert(1)">', "<img>"),
        ('<img src="logo.png">', "<img>"),
        ('<img data-blocked-src="https://a.example/x" src="cid:a">', '<img src="cid:a">'),
        ('<p data-blocked-src="javascript:alert(1)">x</p>', "<p>x</p>"),
        ('<img srcset="https://a.example/x.png 2x">', "<img>"),
        ('<p style="background:url(https://a.example/x)">x</p>', '<p style="">x</p>'),
        ('<td background="https://a.example/x">x</td>', "x"),
        ('<link rel="stylesheet" href="https://a.example/x">x', "x"),
        ('<video poster="https://a.example/x"></video>x', "x"),
        ('<a href="data:text/html,x">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
    ],
)
def test_only_pictures_of_the_mail_itself_are_shown(given: str, kept: str) -> None:
    assert clean_html(given) == kept


@pytest.mark.parametrize(
    "spy",
    [
        '<img src="https://t.example/o.gif" width="1" height="1">',
        '<img src="https://t.example/o.gif" width="0px" height="0px" alt="">',
        '<img src="https://t.example/o.gif" style="display: none">',
        '<img src="https://t.example/o.gif" style="height:1px;border:0">',
    ],
)
def test_a_picture_that_nobody_sees_is_taken_out(spy: str) -> None:
    assert clean_html(f"<p>Bonjour{spy}</p>") == "<p>Bonjour</p>"


def test_a_picture_of_one_small_side_is_a_line_and_stays() -> None:
    shown = clean_html('<img src="https://a.example/line.png" width="600" height="1">')

    assert shown is not None
    assert "data-blocked-src" in shown


def test_the_pictures_that_a_page_shows_are_known_by_their_identifiers() -> None:
    page = '<img alt="a" src="cid:a%40client"><img src="cid:b&amp;c"><a title="cid:d">x</a>'

    assert shown_content_ids(page) == {"a@client", "b&c"}


def test_a_document_that_is_only_called_inline_is_listed() -> None:
    fields = "Content-ID: <{}>\nContent-Disposition: inline; filename={}"
    picture = a_file(b"p", fields="Content-Type: image/png\n" + fields.format("p1", "p.png"))
    other = a_file(b"q", fields="Content-Type: image/png\n" + fields.format("p2", "q.png"))
    paper = a_file(b"d", fields="Content-Type: application/pdf\n" + fields.format("d1", "d.pdf"))

    shown = parse_email(a_multipart("related", a_page('<img src="cid:p1">'), picture, other, paper))
    plain = parse_email(a_multipart("mixed", a_text("Voici."), picture, paper))

    assert [file.is_inline for file in shown.attachments] == [True, False, False]
    assert [file.is_inline for file in plain.attachments] == [True, False]


def test_a_mail_without_a_page_has_no_html() -> None:
    assert parse_email(a_mail()).html is None
