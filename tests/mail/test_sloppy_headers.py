"""Header fields as careless programs write them: what they meant is what is read."""

import pytest

from helpdesk.domain.inbound_email import Address, Defect
from helpdesk.mail.parse import parse_email
from tests.mail.mails import a_file, a_mail, a_multipart, a_text


def sender_of(value: bytes, *, more: bytes = b"") -> Address | None:
    return parse_email(b"From: " + value + b"\n" + more + b"Subject: x\n\ntexte").from_


@pytest.mark.parametrize(
    ("value", "name", "email"),
    [
        (b"Martin, Bruno <bruno@client.example>", "Martin, Bruno", "bruno@client.example"),
        (b"Yang Lighting , LTD <ly@client.example>", "Yang Lighting, LTD", "ly@client.example"),
        (b"bruno@client.example (Bruno Martin)", "Bruno Martin", "bruno@client.example"),
        (b'"Bruno \\"le chef\\"" <b@client.example>', 'Bruno "le chef"', "b@client.example"),
        ("Voilà à Paris <v@client.example>".encode(), "Voilà à Paris", "v@client.example"),
        ("Voilà <v@client.example>".encode(), "Voilà", "v@client.example"),
        (b"MAILER-DAEMON (Mail Delivery System)", "Mail Delivery System", "MAILER-DAEMON"),
        (b'"Gros lot" <a@x.example, b@x.example>', "Gros lot", "a@x.example,b@x.example"),
        (b"Bruno <bruno(compte)@client.example(h)>", "Bruno", "bruno@client.example"),
        (b"'Bruno' <b@client.example>", "Bruno", "b@client.example"),
        (b"Bruno' <b@client.example>", "Bruno", "b@client.example"),
        (b"Jean-D'Arc <b@client.example>", "Jean-D'Arc", "b@client.example"),
        (b"Sans adresse", "Sans adresse", ""),
    ],
)
def test_a_careless_author_is_understood(value: bytes, name: str, email: str) -> None:
    assert sender_of(value) == Address(name, email)


def test_a_quoted_local_part_is_no_other_address_at_the_same_domain() -> None:
    email = parse_email(b'From: "Gros lot direction"@client.example\nSubject: x\n\ntexte')

    assert email.from_ == Address("", '"Gros lot direction"@client.example')
    assert Defect.MALFORMED_SENDER in email.defects


def test_of_two_from_fields_the_one_with_an_address_counts_and_grants_nothing() -> None:
    email = parse_email(b"From: [??????]\nFrom: Bruno <bruno@client.example>\nSubject: x\n\nx")

    assert email.from_ == Address("Bruno", "bruno@client.example")
    assert email.defects == (Defect.SEVERAL_SENDERS,)
    assert email.has_doubtful_sender


def test_a_machine_without_a_domain_is_a_machine() -> None:
    email = parse_email(b"From: MAILER-DAEMON (Mail System)\nSubject: x\n\nx")

    assert email.is_automatic


def test_a_word_that_lost_its_indent_is_skipped_and_the_fields_go_on() -> None:
    torn = b"X-Tracker: abc\n" + b"z" * 60 + b"\n" + b"y" * 70 + b"\n" * 1
    raw = b"From: bruno@client.example\n" + torn * 12 + b"Subject: Panne\n\ntexte"

    email = parse_email(raw)

    assert (email.subject, email.text) == ("Panne", "texte")
    assert Defect.BROKEN_HEADERS in email.defects


def test_a_parameter_that_lost_its_indent_still_splits_the_mail() -> None:
    raw = a_multipart("mixed", a_text("un"), a_text("deux")).replace(b"; boundary", b";\nboundary")

    assert parse_email(raw).text == "un\ndeux"


def test_recipients_that_lost_their_indent_are_kept() -> None:
    raw = b"From: b@client.example\nTo: un@x.example,\ndeux@x.example\nSubject: s\n\ntexte"

    email = parse_email(raw)

    assert [each.email for each in email.to] == ["un@x.example", "deux@x.example"]
    assert email.subject == "s"


def test_text_that_follows_the_fields_without_a_blank_line_is_text() -> None:
    email = parse_email(b"From: b@client.example\nSubject: s\nBonjour,\nle site est lent.\n")

    assert email.text == "Bonjour,\nle site est lent."


@pytest.mark.parametrize(
    ("charset", "subject"),
    [
        ("gb2312", "转发：服务水平"),
        ("shift_jis", "ツールの件"),
        ("iso-8859-2", "Žluťoučký kůň"),
        ("koi8-r", "Здравствуйте"),
        ("utf-8", "Problème réglé"),
    ],
)
def test_raw_fields_are_read_in_the_charset_of_the_text(charset: str, subject: str) -> None:
    kind = f"Content-Type: text/plain; charset={charset}\n\n".encode()
    raw = b"From: b@client.example\nSubject: " + subject.encode(charset) + b"\n" + kind

    assert parse_email(raw + subject.encode(charset)).subject == subject


def test_the_charset_of_the_first_text_part_serves_the_fields_above_it() -> None:
    subject = "转发：整体提升".encode("gb18030")
    inside = b"--z\nContent-Type: text/plain; charset=gb2312\n\nok\n--z--\n"
    top = b"From: b@client.example\nSubject: " + subject

    email = parse_email(top + b"\nContent-Type: multipart/mixed; boundary=z\n\n" + inside)

    assert email.subject == "转发：整体提升"


def test_raw_cyrillic_without_any_charset_is_recognised() -> None:
    raw = "From: b@client.example\nSubject: тест тест\n\nтест".encode("koi8-r")

    assert parse_email(raw).subject == "тест тест"


def test_a_part_of_no_type_with_a_name_is_a_file() -> None:
    part = 'Content-Type: application-x-gzip; name="panne.xml.gz"\n\nx'

    email = parse_email(a_multipart("mixed", a_text("Voici."), part))

    assert (email.text, [file.filename for file in email.attachments]) == (
        "Voici.",
        ["panne.xml.gz"],
    )


def test_japanese_with_a_vendors_characters_is_read() -> None:
    # ① and ㈱ stand in no standard ISO-2022-JP: cp932 has them in the rows that were left free
    raw = b"From: b@client.example\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    jis = b"\x1b$B-!\x1b(B ABC \x1b$B4A;z\x1b(B"

    assert parse_email(raw + jis).text == "① ABC 漢字"


def test_japanese_on_several_lines_with_half_width_letters_is_read() -> None:
    raw = b"From: b@client.example\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    jis = b"\x1b$B-!\n4A;z\x1b(I1\x1b(B fin"

    assert parse_email(raw + jis).text == "①\n漢字ｱ fin"


def test_japanese_under_the_name_of_another_japanese_charset_is_read() -> None:
    raw = b"From: =?ISO-2022-JP?B?g2OBW4OLIEE=?= <b@client.example>\nSubject: x\n\nx"

    assert parse_email(raw).from_ == Address("ツール A", "b@client.example")


def test_one_broken_byte_does_not_make_utf8_another_charset() -> None:
    raw = b"From: b@client.example\nContent-Type: text/plain; charset=utf-8\n\n"

    assert parse_email(raw + "Здравствуйте".encode() + b"\xaa").text == "Здравствуйте\ufffd"


def test_a_message_without_a_name_is_called_by_its_subject() -> None:
    inner = "Content-Type: message/rfc822\n\nFrom: c@autre.example\nSubject: Panne 2/3\n\nx"
    nameless = "Content-Type: message/rfc822\n\nFrom: c@autre.example\n\nx"

    email = parse_email(a_multipart("mixed", a_text("Voir."), inner, nameless, nameless))

    names = [file.filename for file in email.attachments]
    assert names == ["Panne 2-3.eml", "message.eml", "message-2.eml"]
    assert not any(file.is_named for file in email.attachments)


def test_a_described_part_is_called_by_its_description() -> None:
    part = "Content-Type: message/delivery-status\nContent-Description: Delivery report\n\nx: y"

    email = parse_email(a_multipart("mixed", a_text("Voir."), part))

    assert [file.filename for file in email.attachments] == ["Delivery report.txt"]


def test_a_name_of_ours_is_not_one_that_the_sender_gave() -> None:
    picture = a_file(b"x", fields="Content-Type: image/jpeg")
    named = a_file(b"y", fields='Content-Type: image/jpeg; name="image.jpg"')

    email = parse_email(a_multipart("mixed", a_text("Voir."), picture, named, picture))

    assert [file.filename for file in email.attachments] == [
        "image-2.jpg",
        "image.jpg",
        "image-3.jpg",
    ]


def test_a_plain_text_that_only_points_to_the_page_gives_way_to_it() -> None:
    page = (
        "Content-Type: text/html; charset=utf-8\n\n<p>Bonjour, le formulaire de contact de notre "
        "boutique ne répond plus depuis hier soir, pouvez-vous regarder ? Voici la page "
        "concernée et les étapes pour reproduire la panne constatée.</p>"
    )
    stub = a_text("Your mail program cannot show HTML.\nhttps://client.example/view")

    assert parse_email(a_multipart("alternative", stub, page)).text.startswith("Bonjour, le form")


def test_a_short_answer_is_not_taken_for_a_pointer_to_its_page() -> None:
    page = (
        "Content-Type: text/html; charset=utf-8\n\n<p>Oui, parfait.</p><blockquote>Bonjour, le "
        "formulaire de contact de votre boutique est réparé depuis ce matin, dites-nous si tout "
        "va bien chez vous maintenant et si quelque chose manque.</blockquote>"
    )

    email = parse_email(a_multipart("alternative", a_text("Oui, parfait."), page))

    assert email.text == "Oui, parfait."


def test_a_subject_and_a_name_are_one_line_whatever_their_encoded_words_hold() -> None:
    email = parse_email(
        b"From: =?utf-8?Q?Bruno=0D=0ABcc=3A_v=40x.example?= <b@client.example>\n"
        b"Subject: =?utf-8?Q?Panne=0D=0ABcc=3A_v=40x.example=E2=80=A8du=C2=9B31m?=\n\ntexte"
    )

    assert email.from_ == Address("Bruno Bcc: v@x.example", "b@client.example")
    assert email.subject == "Panne Bcc: v@x.example du 31m"


def test_a_subject_and_a_name_do_not_turn_the_direction_of_letters() -> None:
    email = parse_email(
        "From: Bruno\u202e <b@client.example>\nSubject: facture\u202egpj.exe\n\ntexte".encode()
    )

    assert email.from_ == Address("Bruno", "b@client.example")
    assert email.subject == "facturegpj.exe"


def test_bytes_that_no_parser_bears_keep_their_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(*_: object, **__: object) -> str:
        raise RecursionError

    monkeypatch.setattr("helpdesk.mail.parse.contents_of", torn)

    email = parse_email(a_mail())

    assert email.subject == "Le site est lent"
    assert email.defects == (Defect.UNREADABLE,)
    assert [file.content for file in email.attachments] == [a_mail()]
