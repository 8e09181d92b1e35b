"""Who vouches for an author is found out here when no server says it."""

import time
from pathlib import Path

import dkim
import pytest

from helpdesk.domain.mail_trust import AuthOutcome, verdict_on
from helpdesk.mail.domain_check import MAX_SIGNATURES, DomainCheck
from helpdesk.usecases.mail_verdict import OWN_CHECK
from tests.mail.signing import Published, Signer, a_signer

BRUNO = "bruno@bruno.example"
MAIL = (
    b"From: Bruno <bruno@bruno.example>\r\nTo: support@alice.example\r\nSubject: It is broken\r\n"
    b"Date: Mon, 06 Jul 2026 09:00:00 +0200\r\nMessage-ID: <a@bruno.example>\r\n\r\nHelp.\r\n"
)
POLICY = "v=DMARC1; p=reject"


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return a_signer(tmp_path_factory.mktemp("dkim"))


def signed(
    signer: Signer, *, by: str = "bruno.example", mail: bytes = MAIL, length: bool = False
) -> bytes:
    """Return the mail, signed by a domain."""
    signature: bytes = dkim.sign(
        mail,
        b"s1",
        by.encode(),
        signer.key.secret,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[b"from", b"to", b"subject", b"date"],
        length=length,
    )
    return signature + mail


def published(signer: Signer, *domains: str, **policies: str) -> Published:
    """Return what domains publish: the key, and policies by their domain with `_` for dots."""
    texts = {f"s1._domainkey.{domain}": signer.record for domain in domains}
    texts |= {f"_dmarc.{name.replace('_', '.')}": text for name, text in policies.items()}
    return Published(texts)


def outcome(check: DomainCheck, raw: bytes, sender: str = BRUNO) -> tuple[str, str | None]:
    """Return the verdict that follows, and the domain that it speaks of."""
    verdict = verdict_on(check.found(raw, sender), sender=sender, authserv_id=OWN_CHECK)
    assert verdict is not None
    method = "" if verdict.method is None else f" {verdict.method}"
    return f"{verdict.outcome}{method}", verdict.domain


def test_a_domain_that_signed_vouches_for_its_author(signer: Signer) -> None:
    check = DomainCheck(published(signer, "bruno.example"))

    assert outcome(check, signed(signer)) == ("PASS DKIM", "bruno.example")


def test_a_policy_is_met_by_a_signature(signer: Signer) -> None:
    check = DomainCheck(published(signer, "bruno.example", bruno_example=POLICY))

    assert outcome(check, signed(signer)) == ("PASS DMARC", "bruno.example")


def test_the_policy_of_the_organisation_holds_for_its_parts(signer: Signer) -> None:
    raw = MAIL.replace(b"bruno@bruno.example", b"bruno@mail.bruno.example")
    check = DomainCheck(published(signer, "bruno.example", bruno_example=POLICY))

    found = outcome(check, signed(signer, mail=raw), "bruno@mail.bruno.example")

    assert found == ("PASS DMARC", "mail.bruno.example")


def test_a_sister_of_the_domain_may_sign(signer: Signer) -> None:
    raw = MAIL.replace(b"bruno@bruno.example", b"bruno@mail.bruno.example")
    check = DomainCheck(published(signer, "news.bruno.example"))

    found = outcome(
        check, signed(signer, by="news.bruno.example", mail=raw), "b@mail.bruno.example"
    )

    assert found == ("PASS DKIM", "mail.bruno.example")


def test_a_strict_policy_wants_the_very_domain(signer: Signer) -> None:
    strict = published(
        signer, "bruno.example", "mail.bruno.example", bruno_example=f"{POLICY}; adkim=s"
    )
    check = DomainCheck(strict)

    assert outcome(check, signed(signer))[0] == "PASS DMARC"
    assert outcome(check, signed(signer, by="mail.bruno.example"))[0] == "NONE"


@pytest.mark.parametrize(
    ("author", "by"),
    [
        (BRUNO, "evil.example"),
        (BRUNO, "example"),
        ("bruno@bruno.github.io", "evil.github.io"),
        ("bruno@bruno.co.uk", "evil.co.uk"),
        ("bruno@bruno.co.uk", "co.uk"),
    ],
)
def test_who_signs_for_himself_vouches_for_nobody_else(
    signer: Signer, author: str, by: str
) -> None:
    raw = MAIL.replace(BRUNO.encode(), author.encode())
    check = DomainCheck(published(signer, by))

    assert outcome(check, signed(signer, by=by, mail=raw), author)[0] == "NONE"


@pytest.mark.parametrize(
    ("changed", "by"),
    [
        (b"Help.", b"Pay me."),
        (b"Subject: It", b"Subject: This"),
        (b"Bruno <", b"Chloe <"),
    ],
)
def test_what_was_changed_on_the_way_is_nobodys(signer: Signer, changed: bytes, by: bytes) -> None:
    check = DomainCheck(published(signer, "bruno.example", bruno_example=POLICY))

    assert outcome(check, signed(signer).replace(changed, by))[0] == "NONE"


def test_a_broken_signature_alone_is_no_forgery(signer: Signer) -> None:
    check = DomainCheck(published(signer, "bruno.example", bruno_example=POLICY))
    tampered = signed(signer).replace(b"Help.", b"Pay me.")

    (finding,) = check.found(tampered, BRUNO)

    assert (finding.method, finding.result) == ("DKIM", "fail")


def test_a_signature_over_a_part_of_the_text_counts_for_nothing(signer: Signer) -> None:
    raw = signed(signer, length=True)
    check = DomainCheck(published(signer, "bruno.example"))

    assert check.found(raw + b"Pay me.\r\n", BRUNO) == ()


def test_a_mail_without_a_signature_asks_nobody(signer: Signer) -> None:
    there = published(signer, "bruno.example", bruno_example=POLICY)

    assert DomainCheck(there).found(MAIL, BRUNO) == ()
    assert there.asked == []


@pytest.mark.parametrize("away", ["s1._domainkey.bruno.example", "_dmarc.bruno.example"])
def test_name_servers_that_are_away_say_nothing(signer: Signer, away: str) -> None:
    there = published(signer, "bruno.example", bruno_example=POLICY)
    there.away.add(away)

    assert DomainCheck(there).found(signed(signer), BRUNO) == ()


def test_a_key_that_is_not_there_or_no_key_vouches_for_nobody(signer: Signer) -> None:
    raw = signed(signer)

    for text in (None, "v=DKIM1; k=rsa; p=", "nonsense", "v=DKIM1; p=AAAA", "é"):
        texts: dict[str, str] = {}
        if text is not None:
            texts["s1._domainkey.bruno.example"] = text
        assert outcome(DomainCheck(Published(texts)), raw)[0] == "NONE"


def test_of_a_heap_of_signatures_a_few_are_looked_at(signer: Signer) -> None:
    junk = b"".join(
        b"DKIM-Signature: v=1; a=rsa-sha256; d=bruno.example; s=x%d; h=from; bh=AAAA; b=AAAA\r\n"
        % number
        for number in range(50)
    )
    there = published(signer, "bruno.example")

    DomainCheck(there).found(junk + signed(signer), BRUNO)

    assert len([name for name in there.asked if "_domainkey" in name]) <= MAX_SIGNATURES


def test_of_a_large_mail_one_signature_is_looked_at(signer: Signer) -> None:
    raw = signed(signer, mail=MAIL + b"Help.\r\n" * 200_000)
    junk = b"DKIM-Signature: v=1; a=rsa-sha256; d=bruno.example; s=x; h=from; bh=AAAA; b=AAAA\r\n"
    there = published(signer, "bruno.example")

    assert outcome(DomainCheck(there), raw)[0] == "PASS DKIM"
    assert outcome(DomainCheck(there), junk + raw)[0] == "NONE"


def test_signatures_of_others_do_not_hide_that_of_the_author(signer: Signer) -> None:
    junk = b"".join(
        b"DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=x%d; h=from; bh=AAAA; b=AAAA\r\n"
        % number
        for number in range(50)
    )
    check = DomainCheck(published(signer, "bruno.example"))

    assert outcome(check, junk + signed(signer))[0] == "PASS DKIM"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff",
        b"DKIM-Signature: ;;;;\r\n\r\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=bruno.example; h=from; s=; b=\r\n" + MAIL,
        b"DKIM-Signature: v=1; a=rsa-sha1; d=bruno.example; s=s1; h=from; bh=AA; b=AA\r\n" + MAIL,
        b"X: " + b"a: b\r\n" * 1000 + MAIL,
        b"DKIM-Signature: v=1; a=rsa-sha256; d=bruno.example; h=" + b"a:" * 9000 + b"\r\n" + MAIL,
    ],
)
def test_nonsense_says_nothing_and_breaks_nothing(signer: Signer, raw: bytes) -> None:
    check = DomainCheck(published(signer, "bruno.example"))

    assert outcome(check, raw)[0] == "NONE"


@pytest.mark.parametrize("sender", ["", "bruno", "bruno@", "bruno@" + "a" * 70 + ".example"])
def test_an_author_without_a_domain_has_nobody_to_vouch_for_him(
    signer: Signer, sender: str
) -> None:
    assert DomainCheck(published(signer, "bruno.example")).found(signed(signer), sender) == ()


def test_an_author_whose_domain_has_other_letters_is_known(signer: Signer) -> None:
    check = DomainCheck(published(signer, "xn--caf-dma.example"))
    raw = signed(signer, by="xn--caf-dma.example")

    assert outcome(check, raw, "bruno@café.example") == ("PASS DKIM", "café.example")


async def test_slow_name_servers_are_not_waited_for(signer: Signer) -> None:
    def slow(_: str, *, seconds: float) -> tuple[str, ...]:
        time.sleep(min(seconds, 0.2))
        return ()

    check = DomainCheck(slow, seconds=0.05)

    assert await check(signed(signer), BRUNO) == ()


async def test_the_check_runs_beside_the_loop(signer: Signer, tmp_path: Path) -> None:
    check = DomainCheck(published(signer, "bruno.example"))

    found = await check(signed(signer), BRUNO)

    verdict = verdict_on(found, sender=BRUNO, authserv_id=OWN_CHECK)
    assert verdict is not None
    assert verdict.outcome is AuthOutcome.PASS
