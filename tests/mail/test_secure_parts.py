"""Signed mails are shown, encrypted ones are named as such."""

import base64

import pytest

from helpdesk.domain.inbound_email import Defect
from helpdesk.mail.parse import parse_email
from helpdesk.mail.secure_parts import signed_content
from tests.mail.mails import HEAD, a_file, a_mail, a_multipart, a_text

INNER = b"Content-Type: text/plain; charset=utf-8\r\n\r\nBonjour, le site est cass\xc3\xa9.\r\n"
SIGNED = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
DATA = bytes.fromhex("06092a864886f70d010701")


def element(tag: int, content: bytes) -> bytes:
    """Return a DER element of known length."""
    size = len(content)
    return bytes([tag, 0x82]) + size.to_bytes(2, "big") + content


def endless(tag: int, content: bytes) -> bytes:
    """Return a BER element of unknown length, as programs that stream write them."""
    return bytes([tag, 0x80]) + content + b"\0\0"


def signed(content: bytes) -> bytes:
    """Return a signed-data of which only the wrapped content is real."""
    wrapped = element(0x30, DATA + element(0xA0, element(0x04, content)))
    data = element(0x30, b"\x02\x01\x01" + element(0x31, b"") + wrapped + element(0x31, b""))
    return element(0x30, SIGNED + element(0xA0, data))


def streamed(*pieces: bytes) -> bytes:
    """Return the same as a program writes it that does not know the length beforehand."""
    octets = endless(0x24, b"".join(element(0x04, piece) for piece in pieces))
    wrapped = endless(0x30, DATA + endless(0xA0, octets))
    hashes = endless(0x31, endless(0x30, b"\x06\x01\x01"))
    data = endless(0x30, b"\x02\x01\x01" + hashes + wrapped)
    return endless(0x30, SIGNED + endless(0xA0, data))


def smime(content: bytes, *, kind: str = "signed-data") -> bytes:
    """Return a mail that is one S/MIME part."""
    fields = f'Content-Type: application/pkcs7-mime; smime-type={kind}; name="smime.p7m"'
    return f"{HEAD}{a_file(content, fields=fields)}".encode()


@pytest.mark.parametrize("wrapped", [signed(INNER), streamed(INNER[:20], INNER[20:])])
def test_what_an_opaque_signature_wraps_is_shown_and_the_signature_kept(wrapped: bytes) -> None:
    email = parse_email(smime(wrapped))

    assert email.text == "Bonjour, le site est cassé."
    assert [(file.filename, file.content) for file in email.attachments] == [("smime.p7m", wrapped)]
    assert email.defects == ()


def test_signatures_within_signatures_end() -> None:
    content = INNER
    for _ in range(100):
        content = b"Content-Type: application/pkcs7-mime\r\n\r\n" + signed(content)

    email = parse_email(HEAD.encode() + content)

    assert Defect.UNREADABLE not in email.defects


def test_enveloped_content_is_encrypted_whatever_it_is_called() -> None:
    sealed = element(0x30, ENVELOPED + element(0xA0, b"\0" * 20))

    email = parse_email(smime(sealed))

    assert email.defects == (Defect.ENCRYPTED,)
    assert [file.filename for file in email.attachments] == ["smime.p7m"]


def test_content_that_cannot_be_read_is_what_it_is_called() -> None:
    assert parse_email(smime(b"\x30", kind="enveloped-data")).defects == (Defect.ENCRYPTED,)
    assert parse_email(smime(b"\x30")).defects == (Defect.SIGNATURE_UNOPENED,)
    assert parse_email(smime(b"\x30", kind="certs-only")).defects == ()


@pytest.mark.parametrize("length", range(0, 80, 3))
def test_a_cut_signature_wraps_nothing_or_what_is_left(length: int) -> None:
    assert signed_content(signed(INNER)[:length]) in {None, b"", *_beginnings(INNER)}
    assert signed_content(streamed(INNER)[:length]) in {None, b"", *_beginnings(INNER)}


def _beginnings(content: bytes) -> list[bytes]:
    return [content[:length] for length in range(len(content) + 1)]


def test_elements_without_end_are_no_signature() -> None:
    assert signed_content(bytes.fromhex("3080") * 1_000) is None
    head = bytes.fromhex("3080") + SIGNED + bytes.fromhex("a080 3080 020101")
    assert signed_content(head + bytes.fromhex("3180") * 100) is None


def test_a_mail_signed_beside_is_shown_with_its_signature_as_a_file() -> None:
    signature = a_file(
        b"\x30", fields='Content-Type: application/pkcs7-signature; name="smime.p7s"'
    )

    email = parse_email(a_multipart("signed", a_text("Bonjour"), signature))

    assert email.text == "Bonjour"
    assert [file.filename for file in email.attachments] == ["smime.p7s"]
    assert email.defects == ()


def test_pgp_within_the_text_is_taken_out_and_kept() -> None:
    armour = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n=abcd\n-----END PGP MESSAGE-----"

    email = parse_email(a_mail(f"Voici :\n\n{armour}\n\nÀ bientôt"))

    assert email.text == "Voici :\n\n\n\nÀ bientôt"
    assert email.defects == (Defect.ENCRYPTED,)
    assert [(file.filename, file.content) for file in email.attachments] == [
        ("message.asc", armour.encode())
    ]


def test_a_text_signed_by_pgp_is_shown_without_its_armour() -> None:
    text = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nBonjour,\n- - un\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
    )

    email = parse_email(a_mail(text))

    assert email.text == "Bonjour,\n- un"
    assert [file.filename for file in email.attachments] == ["signature.asc"]
    assert email.defects == ()


def test_an_armour_without_end_stays_in_the_text() -> None:
    text = "-----BEGIN PGP MESSAGE-----\nhQEMA"

    assert parse_email(a_mail(text)).text == text


def test_a_signed_file_that_is_only_attached_is_a_file() -> None:
    contract = base64.b64encode(signed(b"%PDF-1.7")).decode()
    part = (
        'Content-Type: application/pkcs7-mime; name="contrat.pdf.p7m"\n'
        f"Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n{contract}"
    )

    email = parse_email(a_multipart("mixed", a_text("Le contrat signé."), part))

    assert email.text == "Le contrat signé."
    assert [file.filename for file in email.attachments] == ["contrat.pdf.p7m"]
    assert email.defects == ()
