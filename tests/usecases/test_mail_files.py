"""What comes with a mail is kept with its message: files, pictures in their places, notices."""

import sys
from base64 import b64encode
from dataclasses import replace

import pytest

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.inbox import InboundMail
from helpdesk.mail.parser_process import MailParser
from helpdesk.storage.tables.ticket import ATTACHMENT, MESSAGE, TICKET
from helpdesk.usecases.message_files import PLACED
from helpdesk.usecases.receive_email import receive_email
from tests.factories import AGENCY_ID
from tests.usecases.mails import Door, a_mail, raw_mail
from tests.usecases.world import World

# it says that it is ready, and never answers
SLEEPER = (
    sys.executable,
    "-c",
    "import sys, time; sys.stdout.buffer.write(bytes(8)); sys.stdout.flush(); time.sleep(600)",
)
PICTURE = b"\x89PNG of Bruno"


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


def illustrated(html: str) -> bytes:
    """Return a mail of Bruno with a page and two pictures, `logo` and `plan@x&y`."""
    encoded = b64encode(PICTURE).decode()
    pictures = "".join(
        f"--z\r\nContent-Type: image/png\r\nContent-ID: <{name}>\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
        for name in ("logo", "plan@x&y")
    )
    page = f"--z\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
    body = f"{page}{pictures}--z--\r\n".encode()
    return raw_mail(body, content_type=b"multipart/related; boundary=z")


async def test_a_picture_in_the_page_is_led_to_its_file(door: Door) -> None:
    page = '<p>Here<img src="cid:plan%40x%26y"><img src="cid:absent"></p>'

    await door.receive(illustrated(page))

    [message] = await door.world.rows(MESSAGE)
    files = {row["content_id"]: row for row in await door.world.rows(ATTACHMENT)}
    assert message["html"] == (
        f'<p>Here<img src="{PLACED}{files["plan@x&y"]["id"]}"><img src="cid:absent"></p>'
    )
    assert {name: row["is_inline"] for name, row in files.items()} == {
        "plan@x&y": True,
        "logo": False,
    }


async def test_a_page_cannot_name_the_file_of_another_message(door: Door) -> None:
    await door.receive(illustrated(f'<p>x<img src="{PLACED}01900000-0000-7000-8000-000000000000">'))

    [message] = await door.world.rows(MESSAGE)
    assert message["html"] == "<p>x<img></p>"


async def test_a_mail_that_cannot_be_read_is_a_ticket_with_its_original(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*_: object) -> InboundEmail:
        raise MemoryError

    monkeypatch.setattr("helpdesk.mail.parse._with_contents", torn)

    await door.receive(raw_mail(b"Bonjour"))

    [ticket] = await door.world.rows(TICKET)
    [file] = await door.world.rows(ATTACHMENT)
    assert ticket["subject"] == "Panne"
    assert ticket["description"].startswith("[")
    assert "message.eml" in ticket["description"]
    assert (file["filename"], file["size"]) == ("message.eml", len(raw_mail(b"Bonjour")))


async def test_a_mail_that_takes_too_long_is_a_ticket_with_its_original(door: Door) -> None:
    parser = MailParser(seconds=0.05, command=SLEEPER)
    stored = await door.store(a_mail())

    outcome = await receive_email(
        replace(door.world.desk, parse_email=parser), AGENCY_ID, stored.id
    )

    ticket = await door.ticket_of(outcome)
    [file] = await door.world.rows(ATTACHMENT)
    assert ticket.subject == "The contact form is silent"
    assert ticket.description.startswith("[")
    assert (file["filename"], file["size"]) == ("message.eml", len(bytes(a_mail())))
    parser.close()


async def test_an_encrypted_mail_says_so_on_its_ticket(door: Door) -> None:
    armour = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"

    outcome: InboundMail = await door.receive(a_mail(armour))

    ticket = await door.ticket_of(outcome)
    [file] = await door.world.rows(ATTACHMENT)
    assert ticket.description.startswith("[")
    assert ticket.description.count("\n") == 0
    assert file["filename"] == "message.asc"
