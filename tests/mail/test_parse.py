"""Ordinary and damaged mails, read as what their senders meant."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from helpdesk.domain.automatic_mail import (
    AutomaticReason,
)
from helpdesk.domain.inbound_email import (
    Address,
    Defect,
)
from helpdesk.mail.parse import parse_email
from tests.mail.mails import HEAD, a_file, a_mail, a_multipart, a_page, a_text

PICTURE = bytes(range(256)) * 3


def test_a_french_mail_with_accents_is_read_as_it_was_written() -> None:
    raw = (
        b"From: =?UTF-8?Q?Bruno_Lef=C3=A8vre?= <bruno@client.example>\r\n"
        b"To: Support <support@agence.example>, alice@agence.example\r\n"
        b"Cc: =?iso-8859-1?Q?Chlo=E9?= <chloe@autre.example>\r\n"
        b"Reply-To: bruno.prive@client.example\r\n"
        b"Subject: =?UTF-8?B?U2l0ZSBjYXNzw6k=?= =?UTF-8?Q?_depuis_ce_matin=C2=A0!?=\r\n"
        b"Date: Mon, 02 Mar 2026 09:00:00 +0100\r\n"
        b"Message-ID: <m1@client.example>\r\n"
        b"In-Reply-To: <r1@agence.example> <r2@agence.example>\r\n"
        b"References: <r0@agence.example>\r\n <r1@agence.example>\r\n"
        b"Content-Type: text/plain; charset=iso-8859-15\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Le panier ne s'affiche plus=2C m=EAme apr=E8s 100 =A4 d'achat.\r\n"
    )

    email = parse_email(raw)

    assert email.from_ == Address("Bruno Lefèvre", "bruno@client.example")
    assert email.to == (
        Address("Support", "support@agence.example"),
        Address("", "alice@agence.example"),
    )
    assert email.cc == (Address("Chloé", "chloe@autre.example"),)
    assert email.reply_to == (Address("", "bruno.prive@client.example"),)
    assert email.subject == "Site cassé depuis ce matin\xa0!"
    assert email.sent_at == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert email.message_id == "m1@client.example"
    assert email.in_reply_to == "r1@agence.example"
    assert email.references == ("r0@agence.example", "r1@agence.example", "r2@agence.example")
    assert email.text == "Le panier ne s'affiche plus, même après 100 € d'achat."
    assert email.reply_text == email.text
    assert email.defects == ()
    assert not email.is_automatic


def test_attachments_keep_their_bytes_and_their_names() -> None:
    raw = a_multipart(
        "mixed",
        a_text("Voici la capture."),
        a_file(
            PICTURE,
            fields="Content-Type: image/png\n"
            "Content-Disposition: attachment; filename*=UTF-8''capture%20d%E2%80%99%C3%A9cran.png",
        ),
        a_file(
            b"%PDF-",
            fields='Content-Type: application/pdf; name="=?utf-8?Q?devis_=C3=A9t=C3=A9.pdf?="',
        ),
        a_file(
            b"x",
            fields="Content-Type: text/plain\n"
            'Content-Disposition: attachment; filename="..\\..\\windows\\note\x07.txt"',
        ),
    )

    email = parse_email(raw)

    assert [file.filename for file in email.attachments] == [
        "capture d’écran.png",
        "devis été.pdf",
        "note.txt",
    ]
    assert [file.size for file in email.attachments] == [768, 5, 1]
    assert email.attachments[0].sha256 == sha256(PICTURE).hexdigest()
    assert email.text == "Voici la capture."


def test_an_attached_message_keeps_its_exact_bytes() -> None:
    inner = "Subject: A\n  B\n\nsans fin de ligne"

    email = parse_email(
        a_multipart("mixed", a_text("Voir."), f"Content-Type: message/rfc822\n\n{inner}")
    )

    assert email.attachments[0].content == inner.encode()
    assert email.attachments[0].content_type == "message/rfc822"


def test_plain_text_is_preferred_and_html_is_made_safe() -> None:
    page = (
        '<p onclick="steal()">Bonjour <b>Alice</b><script>alert(1)</script></p>'
        '<img src="cid:logo"><img src="http://tracker.example/x.gif" alt="logo">'
        '<a href="javascript:alert(1)">ici</a><form><input></form>'
    )

    email = parse_email(a_multipart("alternative", a_text("Bonjour Alice"), a_page(page)))

    assert email.text == "Bonjour Alice"
    assert email.html == (
        '<p>Bonjour <b>Alice</b></p><img src="cid:logo">'
        '<img alt="logo" data-blocked-src="http://tracker.example/x.gif">'
        '<a rel="noopener noreferrer nofollow">ici</a>'
    )


def test_an_html_mail_alone_is_told_as_text() -> None:
    page = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Bonjour,</p>"
        "<ul><li>panier</li><li>paiement</li></ul><blockquote>cité</blockquote>"
        '<p>Voir <a href="https://client.example/panier">cette page</a><br>Merci</p></body></html>'
    )

    email = parse_email(HEAD.encode() + a_page(page).encode())

    assert email.text == (
        "Bonjour,\n\n- panier\n- paiement\n\n> cité\n\n"
        "Voir cette page <https://client.example/panier>\nMerci"
    )


def test_a_picture_shown_in_the_page_is_inline_and_has_its_identifier() -> None:
    picture = a_file(PICTURE, fields="Content-Type: image/png\nContent-ID: <logo@client>")

    email = parse_email(a_multipart("related", a_page('<img src="cid:logo@client">'), picture))

    assert email.attachments[0].content_id == "logo@client"
    assert email.attachments[0].is_inline
    assert email.attachments[0].filename == "image.png"
    assert not email.attachments[0].is_named


def test_an_invitation_is_told_in_one_line_and_a_reply_to_one_reopens_nothing() -> None:
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VTIMEZONE\r\nDTSTART:19700101T000000\r\n"
        "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nSUMMARY:Point mensuel\r\nDTSTART;TZID=Europe/Paris:"
        "20260302T090000\r\nORGANIZER;CN=Alice:mailto:alice@agence.example\r\nEND:VEVENT\r\n"
    )
    part = f"Content-Type: text/calendar; method=REPLY; charset=utf-8\n\n{calendar}"

    email = parse_email(a_multipart("mixed", a_text("Accepté."), part))

    told = "[REPLY · Point mensuel · 2026-03-02 09:00 Europe/Paris · alice@agence.example]"
    assert email.text == f"Accepté.\n\n{told}"
    assert email.automatic_reasons == (AutomaticReason.CALENDAR_REPLY,)
    assert not email.may_reopen


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("utf-8", "Le café est fermé, désolé.".encode("cp1252")),
        ("us-ascii", "Le café est fermé, désolé.".encode()),
        ("x-unknown", "Le café est fermé, désolé.".encode()),
        ("hex", "Le café est fermé, désolé.".encode()),
        ("iso-8859-1", "Le café est fermé, désolé.".encode("cp1252")),
        ("utf-7", "Le café est fermé, désolé.".encode("utf-7")),
        ("windows-1252", "Le café est fermé, désolé.".encode("cp1252")),
    ],
)
def test_a_wrong_charset_still_gives_the_words(charset: str, content: bytes) -> None:
    head = f"{HEAD}Content-Type: text/plain; charset={charset}\n\n".encode()

    assert parse_email(head + content).text == "Le café est fermé, désolé."


def test_raw_eight_bit_headers_are_read() -> None:
    raw = "From: René <rene@client.example>\nSubject: Problème réglé\n\nok".encode("latin-1")

    email = parse_email(raw)

    assert email.from_ == Address("René", "rene@client.example")
    assert email.subject == "Problème réglé"


def test_nul_and_lone_surrogates_never_reach_the_database() -> None:
    raw = a_mail("a\x00b").replace(b"lent\nDate", b"lent\x00 =?utf-7?Q?+2AA-?=\nDate")

    email = parse_email(raw)

    assert email.text == "ab"
    assert email.subject == "Le site est lent"
    assert Defect.UNSTORABLE_TEXT in email.defects


def test_a_mail_without_sender_is_kept_and_trusted_with_nothing() -> None:
    email = parse_email(b"Subject: bonjour\n\ntexte")

    assert email.from_ is None
    assert email.text == "texte"
    assert email.defects == (Defect.NO_SENDER,)
    assert email.has_doubtful_sender


def test_two_senders_make_the_sender_doubtful() -> None:
    email = parse_email(b"From: a@client.example, b@autre.example\nSubject: x\n\ntexte")

    assert email.from_ == Address("", "a@client.example")
    assert email.defects == (Defect.SEVERAL_SENDERS,)
    assert email.has_doubtful_sender


def test_two_from_fields_make_the_sender_doubtful() -> None:
    email = parse_email(b"From: a@client.example\nFrom: b@autre.example\n\ntexte")

    assert email.has_doubtful_sender


def test_a_name_that_looks_like_an_address_stays_a_name() -> None:
    email = parse_email(b'From: "alice@agence.example" <mallory@autre.example>\n\ntexte')

    assert email.from_ == Address("alice@agence.example", "mallory@autre.example")


def test_a_comma_inside_an_encoded_name_does_not_make_two_addresses() -> None:
    email = parse_email(b"From: =?utf-8?Q?Martin=2C_Bruno?= <bruno@client.example>\n\ntexte")

    assert email.from_ == Address("Martin, Bruno", "bruno@client.example")
    assert not email.has_doubtful_sender


def test_comments_groups_and_source_routes_are_understood() -> None:
    raw = (
        b"From: mailer@x.example (Mail Delivery System)\n"
        b"To: Equipe: a@x.example, B <b@x.example>;, <@relay.example:c@x.example>\n\ntexte"
    )

    email = parse_email(raw)

    assert email.from_ == Address("Mail Delivery System", "mailer@x.example")
    assert [address.email for address in email.to] == ["a@x.example", "b@x.example", "c@x.example"]


def test_a_stray_line_among_the_headers_is_skipped() -> None:
    raw = b"From: a@client.example\nligne perdue\nSubject: Toujours la\n\nLe texte"

    email = parse_email(raw)

    assert email.subject == "Toujours la"
    assert email.text == "Le texte"
    assert Defect.BROKEN_HEADERS in email.defects


def test_an_empty_message_is_a_message() -> None:
    email = parse_email(b"")

    assert email.text == ""
    assert email.subject == ""
    assert email.message_id is None
    assert email.sent_at is None


def test_an_unreadable_date_is_a_defect_and_no_date() -> None:
    email = parse_email(b"From: a@client.example\nDate: hier soir\n\ntexte")

    assert email.sent_at is None
    assert email.defects == (Defect.BAD_DATE,)


def test_an_encrypted_mail_says_so_and_keeps_its_parts() -> None:
    sealed = "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----"

    email = parse_email(
        a_multipart("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1", sealed)
    )

    assert Defect.ENCRYPTED in email.defects
    assert len(email.attachments) == 2


def test_delivery_fields_and_hops_are_told() -> None:
    more = "Delivered-To: support@agence.example\nX-Original-To: <help@agence.example>\n" + (
        "Received: from a by b\n" * 3
    )

    email = parse_email(a_mail(more=more))

    assert email.delivered_to == ("support@agence.example", "help@agence.example")
    assert email.received_count == 3


@pytest.mark.parametrize(
    ("encoded", "wanted"),
    [
        (b"aGVsbG8=\n", b"hello"),
        (b"aGVsbG8\n", b"hello"),
        (b"aGVs\nbG8=\n\n_____\nliste de diffusion\n", b"hello"),
        (b"aGVsbG8=\naGVsbG8=\n", b"hellohello"),
        (b"en clair, malgre tout !\n", b"en clair, malgre tout !\n"),
        (b"aGVsbG8xA\n", b"hello1"),
    ],
)
def test_broken_base64_gives_what_can_be_read(encoded: bytes, wanted: bytes) -> None:
    raw = HEAD.encode() + b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n"

    email = parse_email(raw + encoded)

    assert email.attachments[0].content == wanted


def test_uuencoded_content_is_decoded() -> None:
    raw = HEAD.encode() + b"Content-Type: image/png\nContent-Transfer-Encoding: x-uuencode\n\n"

    email = parse_email(raw + b"begin 644 a.png\n%:&5L;&\\\n`\nend\n")

    assert email.attachments[0].content == b"hello"


def test_the_named_root_of_related_parts_is_the_body() -> None:
    root = "Content-ID: <page@x>\nContent-Type: text/html\n\n<p>La page</p>"
    other = "Content-ID: <autre@x>\nContent-Type: text/html\n\n<p>Un cadre</p>"

    email = parse_email(a_multipart("related; start=<page@x>", other, root))

    assert email.text == "La page"
    assert [file.content_id for file in email.attachments] == ["autre@x"]


def test_a_page_may_declare_its_own_charset() -> None:
    page = "<meta charset='iso-8859-2'><p>Łódź</p>".encode("iso-8859-2")

    assert parse_email(HEAD.encode() + b"Content-Type: text/html\n\n" + page).text == "Łódź"


def test_preformatted_text_keeps_its_lines() -> None:
    page = "<div>Erreur :</div><pre>ligne 1\n  ligne 2</pre><img alt='' src='cid:a'>"

    email = parse_email(HEAD.encode() + a_page(page).encode())

    assert email.text == "Erreur :\n\nligne 1\n  ligne 2"


def test_pictures_inside_the_page_are_kept_and_links_to_data_are_not() -> None:
    page = (
        '<img src="data:image/png;base64,AAAA"><img src="data:text/html,x">'
        '<a href="data:text/html,x">a</a><a href="https://client.example">b</a>'
    )

    email = parse_email(HEAD.encode() + a_page(page).encode())

    assert email.html == (
        '<img src="data:image/png;base64,AAAA"><img>'
        '<a rel="noopener noreferrer nofollow">a</a>'
        '<a href="https://client.example" rel="noopener noreferrer nofollow">b</a>'
    )


@pytest.mark.parametrize(
    ("field", "name"),
    [
        (f'filename="{"a" * 300}.pdf"', f"{'a' * 180}.pdf"),
        (f'filename="{"a" * 300}"', "a" * 200),
        ("filename*0*=utf-8''%C3%A9; filename*1=t; filename*2*=%C3%A9.txt", "été.txt"),
        ("filename=\"repli.txt\"; filename*=utf-8''vrai.txt", "vrai.txt"),
        ("filename*=sans%20charset.txt", "sans charset.txt"),
        ('filename="guillemet \\" et \\\\ fin.txt"', "fin.txt"),
        ("filename=nom sans guillemets.txt; size=3", "nom sans guillemets.txt"),
    ],
)
def test_a_file_name_is_repaired(field: str, name: str) -> None:
    raw = f"Content-Type: text/csv\nContent-Disposition: attachment; {field}\n\nx"

    assert parse_email(raw.encode()).attachments[0].filename == name


def test_alternatives_that_say_different_things_are_all_told() -> None:
    raw = a_multipart("alternative", a_text("Un."), a_text("Deux."), a_text("Un."))

    assert parse_email(raw).text == "Un.\nDeux."


def test_a_mail_of_one_unusual_text_is_shown() -> None:
    assert parse_email(b"Content-Type: text/enriched\n\nBonjour").text == "Bonjour"
