"""Our mails are signed so that strangers can check them, and the same way each time."""

import re
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dkim
import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.inbound_email import Address
from helpdesk.mail import dkim_key
from helpdesk.mail.dkim_key import (
    DkimExtraMissing,
    DkimKeyUnusable,
    made_key,
    public_record,
    read_key,
    require_extra,
    zone_line,
)
from helpdesk.mail.dkim_signing import Sign, dkim_signer
from helpdesk.mail.outbound import written
from tests.mail.signing import Signer, a_signer
from tests.mail.test_outbound import MAIL, NINE

NAME = b"s1._domainkey.agence.example."


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return a_signer(tmp_path_factory.mktemp("dkim"))


@pytest.fixture
def sign(signer: Signer) -> Sign:
    return dkim_signer(domain="agence.example", selector="s1", key_file=signer.file)


def verified(raw: bytes, signer: Signer) -> bool:
    """Check a mail as a stranger does, with the library alone."""
    texts = {NAME: signer.record.encode()}

    def text(name: bytes, timeout: float = 5) -> bytes | None:
        return texts.get(name)

    return bool(dkim.verify(raw, dnsfunc=text))


def covered(raw: bytes) -> list[str]:
    """Return the fields that a signature covers, in alphabetical order."""
    head = re.sub(r"\r\n\s+", "", raw.decode().partition("\r\n\r\n")[0])
    found = re.search(r"[;\s]h=([^;]*)", head)
    assert found
    return sorted(re.sub(r"\s", "", found[1]).split(":"))


def test_a_stranger_can_check_a_signed_mail(sign: Sign, signer: Signer) -> None:
    raw = sign(written(MAIL), NINE)

    assert raw.startswith(b"DKIM-Signature: ")
    assert raw.endswith(written(MAIL))
    assert verified(raw, signer)


def test_the_same_mail_is_signed_with_the_same_bytes(sign: Sign) -> None:
    assert sign(written(MAIL), NINE) == sign(written(MAIL), NINE)
    assert sign(written(MAIL), NINE) != sign(written(MAIL), NINE + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("changed", "by"),
    [
        (b"Subject: ", b"Subject: Urgent "),
        (b"agence.example>", b"agence.evil>"),
        (b"Message-ID: <", b"Message-ID: <x"),
        (b"In-Reply-To: <", b"In-Reply-To: <x"),
        (b"MIME-Version: ", b"Auto-Submitted: auto-replied\r\nMIME-Version: "),
        (b"MIME-Version: ", b"From: evil@evil.example\r\nMIME-Version: "),
        (b"MIME-Version: ", b"Subject: another\r\nMIME-Version: "),
        (b"MIME-Version: ", b"Reply-To: evil@evil.example\r\nMIME-Version: "),
        (b"MIME-Version: ", b"List-Unsubscribe: <https://evil.example>\r\nMIME-Version: "),
    ],
)
def test_what_is_changed_or_added_on_the_way_shows(
    sign: Sign, signer: Signer, changed: bytes, by: bytes
) -> None:
    raw = sign(written(MAIL), NINE)

    tampered = raw.replace(changed, by)

    assert tampered != raw
    assert not verified(tampered, signer)


def test_trace_fields_on_the_way_do_no_harm(sign: Sign, signer: Signer) -> None:
    raw = b"Received: by mx.client.example; now\r\n" + sign(written(MAIL), NINE)

    assert verified(raw, signer)


def test_every_field_that_speaks_to_the_reader_is_covered_and_may_not_be_added(sign: Sign) -> None:
    there = covered(sign(written(MAIL), NINE))

    assert [there.count(name) for name in ("from", "subject", "to", "references")] == [2] * 4
    assert [there.count(name) for name in ("reply-to", "auto-submitted")] == [1, 1]


@pytest.mark.parametrize("text", ["", ".\n..\n", "é" * 5000, "a\n\n\n\n"])
def test_any_text_stays_as_it_was_signed(sign: Sign, signer: Signer, text: str) -> None:
    mail = replace(MAIL, text=text, sender=Address("Été", "support@agence.example"))

    assert verified(sign(written(mail), NINE), signer)


def test_a_new_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "dkim.pem"

    key = made_key(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_key(file) == key
    assert public_record(key, path=file).startswith("v=DKIM1; k=rsa; p=MII")


def test_a_key_is_never_written_over(signer: Signer) -> None:
    with pytest.raises(FileExistsError):
        made_key(signer.file)

    assert read_key(signer.file) == signer.key


def test_a_record_is_cut_into_texts_that_dns_takes(signer: Signer) -> None:
    line = zone_line(signer.record, selector="s1", domain="agence.example")

    name, texts = line.split(" IN TXT ")
    pieces = [piece.strip('"') for piece in texts.split('" "')]
    assert name == "s1._domainkey.agence.example."
    assert "".join(pieces) == signer.record
    assert max(len(piece) for piece in pieces) <= 255


@pytest.mark.parametrize("content", [None, b"", b"no key", b"-----BEGIN nonsense"])
def test_a_file_that_is_no_key_is_refused_at_the_start(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "dkim.pem"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(DkimKeyUnusable) as refusal:
        dkim_signer(domain="agence.example", selector="s1", key_file=file)

    assert str(file) in refusal.value.message(Locale.EN)
    assert "dkim-record" in refusal.value.message(Locale.FR)


def test_the_record_of_another_kind_of_key_is_not_guessed(tmp_path: Path) -> None:
    file = tmp_path / "dkim.key"
    file.write_bytes(b"bm8gcmVhbCBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE=")

    with pytest.raises(DkimKeyUnusable, match="Ed25519"):
        public_record(read_key(file), path=file)


def test_without_openssl_no_key_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(DkimKeyUnusable, match="openssl"):
        made_key(tmp_path / "dkim.pem")

    assert not (tmp_path / "dkim.pem").exists()


def test_without_the_extra_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    require_extra("dkim_key_file")
    monkeypatch.setattr(dkim_key, "find_spec", lambda _: None)

    with pytest.raises(DkimExtraMissing, match="dkim_key_file"):
        require_extra("dkim_key_file")
