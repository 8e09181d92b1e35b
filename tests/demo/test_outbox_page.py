"""The pages of caught mails: what they show, and what nobody can make them show."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.demo.outbox_page import (
    MOST_SHOWN,
    CaughtMailUnknown,
    caught_mail,
    caught_mail_html,
    caught_mail_page,
    caught_mails_page,
)
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.mail_look import Logo, MailLook
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.mail.outbound import FolderCatcher

NOON = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)
AGENCY = Address("Atelier Lumen", "support@atelier-lumen.example")
BRUNO = Address("Bruno Verdier", "bruno@maison-verdier.example")


async def caught(folder: Path, subject: str, text: str = "Bonjour", *, minutes: int = 0) -> str:
    mail = OutgoingMail(
        sender=AGENCY,
        recipient=BRUNO,
        subject=subject,
        text=text,
        message_id=f"{minutes}.{abs(hash(subject))}@atelier-lumen.example",
        sent_at=NOON + timedelta(minutes=minutes),
    )
    before = names_in(folder)
    await FolderCatcher(folder).send(mail)
    [new] = names_in(folder) - before
    return new


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.eml")}


def test_a_folder_that_is_not_there_yet_is_an_empty_list(tmp_path: Path) -> None:
    page = caught_mails_page(tmp_path / "absent")

    assert "Aucun e-mail pour l'instant" in page
    assert "<ol>" not in page


async def test_mails_are_listed_newest_first_with_both_links(tmp_path: Path) -> None:
    old = await caught(tmp_path, "Le plus ancien", minutes=0)
    new = await caught(tmp_path, "Le plus récent", minutes=5)

    page = caught_mails_page(tmp_path, base="/mails")

    links = re.findall(r'href="(/mails/[^"]+)"', page)
    assert links == [f"/mails/{new}", f"/mails/{new}/raw", f"/mails/{old}", f"/mails/{old}/raw"]
    assert "2 e-mails, du plus récent au plus ancien." in page


async def test_a_mail_shows_its_headers_and_its_text(tmp_path: Path) -> None:
    name = await caught(tmp_path, "[#12] Votre demande", "Bonjour Bruno,\n\nC'est réparé — merci.")

    page = caught_mail_page(tmp_path, name)

    assert "<h1>[#12] Votre demande</h1>" in page
    assert "Atelier Lumen &lt;support@atelier-lumen.example&gt;" in page
    assert "Bruno Verdier &lt;bruno@maison-verdier.example&gt;" in page
    assert '<time datetime="2026-03-05T12:00:00+01:00">5 mars 2026 à 12 h 00</time>' in page
    assert "<pre>Bonjour Bruno,\n\nC&#x27;est réparé — merci.</pre>" in page


async def test_what_a_mail_says_is_never_html(tmp_path: Path) -> None:
    attack = '"><script>alert(1)</script>'
    name = await caught(tmp_path, attack, attack)

    for page in (caught_mails_page(tmp_path), caught_mail_page(tmp_path, name)):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


async def test_a_dollar_in_a_mail_is_a_dollar(tmp_path: Path) -> None:
    name = await caught(tmp_path, "$title coûte 12 $", "$content")

    page = caught_mail_page(tmp_path, name)

    assert "<h1>$title coûte 12 $</h1>" in page
    assert "<pre>$content</pre>" in page


async def test_the_html_of_a_mail_holds_its_logo_and_fetches_nothing(tmp_path: Path) -> None:
    logo = Logo("ab", "image/gif", 2, 1)
    mail = OutgoingMail(
        sender=AGENCY,
        recipient=BRUNO,
        subject="Panne",
        text="Bonjour <Bruno>,",
        message_id="1@atelier-lumen.example",
        sent_at=NOON,
        look=MailLook(logo=logo),
        logo=b"GIF89a",
    )
    await FolderCatcher(tmp_path).send(mail)
    [name] = names_in(tmp_path)

    page = caught_mail_html(tmp_path, name)

    assert "Bonjour &lt;Bruno&gt;," in page
    assert 'src="data:image/gif;base64,R0lGODlh"' in page
    assert "cid:" not in page
    assert f'href="/demo/mails/{name}/html"' in caught_mail_page(tmp_path, name)


async def test_the_raw_mail_is_the_file(tmp_path: Path) -> None:
    name = await caught(tmp_path, "Votre demande")

    assert caught_mail(tmp_path, name) == (tmp_path / name).read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "../secret.eml",
        "..%2Fsecret.eml",
        "/etc/passwd",
        "sub/inside.eml",
        "..",
        ".",
        "",
        "absent.eml",
        ".hidden.eml",
        "notes.txt",
        "link.eml",
        "folder.eml",
        "half\x00.eml",
    ],
)
def test_only_a_mail_of_the_folder_is_shown(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "mails"
    (folder / "sub").mkdir(parents=True)
    (folder / "folder.eml").mkdir()
    for path in ("../secret.eml", "sub/inside.eml", ".hidden.eml", "notes.txt"):
        (folder / path).write_text("Subject: secret\n\nsecret")
    (folder / "link.eml").symlink_to(tmp_path / "secret.eml")

    for read in (caught_mail, caught_mail_page):
        with pytest.raises(CaughtMailUnknown):
            read(folder, name)
    assert "secret" not in caught_mails_page(folder)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00garbage",
        b"Date: someday\nSubject: =?utf-8?q?=ff=fe?=\n\ntext",
        b"Subject: x\nContent-Type: text/plain; charset=klingon\n\ntext",
        b"Subject: x\nContent-Type: text/html\n\n<b>html only</b>",
        b"Content-Type: multipart/alternative\n\nno boundary",
        b"Date: Thu, 05 Mar 2026 12:00:00 -0000\nFrom: <@@>\n\ntext",
    ],
)
def test_a_mail_that_cannot_be_read_still_has_its_page(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "odd.eml").write_bytes(raw)

    assert "odd.eml/raw" in caught_mails_page(tmp_path)
    assert "<h1>" in caught_mail_page(tmp_path, "odd.eml")


def test_a_very_full_folder_shows_the_latest(tmp_path: Path) -> None:
    for number in range(MOST_SHOWN + 1):
        (tmp_path / f"{number:04}.eml").write_bytes(b"Subject: x\n\ntext")

    page = caught_mails_page(tmp_path)

    assert page.count("<li>") == MOST_SHOWN
    assert "0000.eml" not in page
    assert f"Seuls les {MOST_SHOWN} plus récents sont affichés." in page


async def test_a_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    name = await caught(tmp_path, "Votre demande")

    for page in (caught_mails_page(tmp_path), caught_mail_page(tmp_path, name)):
        assert page.startswith('<!DOCTYPE html>\n<html lang="fr">')
        assert page.count("<h1>") == page.count("<main>") == 1
        assert not re.search(r"src=|@import|url\(|<link|<script", page)
