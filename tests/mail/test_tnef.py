"""A winmail.dat is unpacked beside itself where the library is installed, and kept anyway."""

import struct

import pytest

from helpdesk.mail import tnef
from helpdesk.mail.parse import parse_email
from tests.mail.mails import HEAD, a_file, a_multipart, a_text

MESSAGE, ATTACHMENT = 1, 2
BODY, TITLE, DATA, RENDERING, RECIPIENTS = (
    0x0002800C,
    0x00018010,
    0x0006800F,
    0x00069002,
    0x00069004,
)


def piece(level: int, name: int, content: bytes) -> bytes:
    """Return one attribute of a TNEF stream with its checksum."""
    return (
        struct.pack("<BII", level, name, len(content))
        + content
        + struct.pack("<H", sum(content) & 0xFFFF)
    )


def winmail(*files: tuple[str, bytes], body: str = "") -> bytes:
    """Return a winmail.dat as Outlook makes them, with files and the text of the mail."""
    stream = struct.pack("<IH", 0x223E9F78, 1)
    if body:
        stream += piece(MESSAGE, BODY, body.encode() + b"\0")
    for name, content in files:
        stream += piece(ATTACHMENT, RENDERING, bytes(14))
        stream += piece(ATTACHMENT, TITLE, name.encode() + b"\0")
        stream += piece(ATTACHMENT, DATA, content)
    return stream


def mailed(content: bytes, *, text: str = "Voici.") -> bytes:
    part = a_file(content, fields='Content-Type: application/ms-tnef; name="winmail.dat"')
    return a_multipart("mixed", a_text(text), part)


@pytest.fixture
def installed() -> None:
    pytest.importorskip("tnefparse")


@pytest.mark.usefixtures("installed")
def test_the_files_of_a_winmail_stand_beside_it() -> None:
    packed = winmail(("devis été.pdf", b"%PDF-1.7"), ("..\\notes.txt", b"x"))

    email = parse_email(mailed(packed))

    assert [(file.filename, file.content_type, file.content) for file in email.attachments] == [
        ("winmail.dat", "application/ms-tnef", packed),
        ("devis été.pdf", "application/pdf", b"%PDF-1.7"),
        ("notes.txt", "text/plain", b"x"),
    ]


@pytest.mark.usefixtures("installed")
def test_a_winmail_is_known_by_its_name_too() -> None:
    packed = winmail(("a.txt", b"x"))
    part = a_file(packed, fields='Content-Type: application/octet-stream; name="WINMAIL.DAT"')

    email = parse_email(a_multipart("mixed", a_text("Voici."), part))

    assert [file.filename for file in email.attachments] == ["WINMAIL.DAT", "a.txt"]


@pytest.mark.usefixtures("installed")
def test_the_words_in_a_winmail_are_shown_when_the_mail_says_nothing_else() -> None:
    packed = winmail(body="Le site est lent.")
    whole = a_file(packed, fields="Content-Type: application/ms-tnef")

    assert parse_email(f"{HEAD}{whole}".encode()).text == "Le site est lent."
    assert parse_email(mailed(packed, text="Bonjour")).text == "Bonjour"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"x\x9f>\x22", id="only a signature"),
        pytest.param(b"PK\x03\x04" + bytes(40), id="something else"),
        pytest.param(winmail(("a.txt", b"x"))[:-20], id="cut"),
        pytest.param(
            struct.pack("<IH", 0x223E9F78, 1) + piece(ATTACHMENT, DATA, b"x" * 20), id="no file"
        ),
    ],
)
def test_a_broken_winmail_is_kept_as_it_is(packed: bytes) -> None:
    email = parse_email(mailed(packed))

    assert [file.content for file in email.attachments] == [packed]


@pytest.mark.usefixtures("installed")
def test_a_winmail_made_to_loop_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tnef, "SECONDS", 1)
    # four thousand million recipients, of which none is there
    rows = struct.pack("<I", 0xFFFFFFFF) + struct.pack("<I", 0)
    packed = struct.pack("<IH", 0x223E9F78, 1) + piece(MESSAGE, RECIPIENTS, rows) + bytes(20)

    email = parse_email(mailed(packed))

    assert [file.filename for file in email.attachments] == ["winmail.dat"]


@pytest.mark.usefixtures("installed")
def test_only_so_many_files_are_unpacked() -> None:
    packed = winmail(*((f"{number}.txt", b"x") for number in range(tnef.MAX_FILES + 50)))

    assert len(tnef.unpacked(packed).files) == tnef.MAX_FILES


def test_a_winmail_that_is_too_large_is_not_opened() -> None:
    assert tnef.unpacked(tnef.SIGNATURE + bytes(tnef.MAX_TNEF_BYTES)) == tnef.Unpacked()


def test_without_the_library_a_winmail_is_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tnef, "is_available", lambda: False)

    email = parse_email(mailed(winmail(("a.txt", b"x"))))

    assert [file.filename for file in email.attachments] == ["winmail.dat"]
