"""What our mail server found out about an author, and what follows from it."""

import pytest

from helpdesk.domain.mail_trust import (
    AuthFinding,
    AuthMethod,
    AuthOutcome,
    AuthVerdict,
    SenderDoubt,
    doubt_about,
    is_aligned,
    may_join,
    verdict_on,
)

SERVER, SENDER = "mx.alice.example", "bruno@bruno.example"
DMARC, DKIM, SPF = AuthMethod.DMARC, AuthMethod.DKIM, AuthMethod.SPF
PASS, FAIL, NONE = AuthOutcome.PASS, AuthOutcome.FAIL, AuthOutcome.NONE


def a_finding(
    method: AuthMethod,
    result: str,
    domain: str = "bruno.example",
    *,
    by: str = SERVER,
    is_above: bool = True,
) -> AuthFinding:
    return AuthFinding(by, method, result, domain, is_above)


@pytest.mark.parametrize(
    ("findings", "outcome", "method"),
    [
        ((), NONE, None),
        ((a_finding(DMARC, "pass"),), PASS, DMARC),
        ((a_finding(DMARC, "fail"),), FAIL, DMARC),
        ((a_finding(DKIM, "pass"), a_finding(DMARC, "fail")), FAIL, DMARC),
        ((a_finding(SPF, "pass"), a_finding(DKIM, "pass")), PASS, DKIM),
        ((a_finding(SPF, "pass"),), PASS, SPF),
        ((a_finding(DKIM, "fail"),), NONE, None),
        ((a_finding(SPF, "fail"),), NONE, None),
        ((a_finding(SPF, "fail"), a_finding(DKIM, "fail")), FAIL, DKIM),
        ((a_finding(DKIM, "fail"), a_finding(DKIM, "pass")), PASS, DKIM),
        ((a_finding(DMARC, "none"), a_finding(SPF, "softfail")), NONE, None),
        ((a_finding(DKIM, "pass", "mailer.example"),), NONE, None),
        ((a_finding(DKIM, "pass", "mail.bruno.example"),), PASS, DKIM),
        ((a_finding(DMARC, "pass", by="mx.forged.example"),), NONE, None),
        ((a_finding(DMARC, "pass", is_above=False),), NONE, None),
        ((a_finding(DMARC, "fail", by="mx.forged.example"),), NONE, None),
    ],
)
def test_only_what_our_server_found_out_about_this_author_counts(
    findings: tuple[AuthFinding, ...], outcome: AuthOutcome, method: AuthMethod | None
) -> None:
    verdict = verdict_on(findings, sender=SENDER, authserv_id=SERVER.upper())

    assert verdict is not None
    assert (verdict.outcome, verdict.method, verdict.authserv_id) == (outcome, method, SERVER)
    assert (verdict.domain is None) is (method is None)


def test_without_a_server_of_ours_nobody_says_anything() -> None:
    assert verdict_on((a_finding(DMARC, "pass"),), sender=SENDER, authserv_id="") is None


@pytest.mark.parametrize(
    ("domain", "author", "holds"),
    [
        ("bruno.example", "bruno.example", True),
        ("news.bruno.example", "bruno.example", True),
        ("bruno.example", "news.bruno.example", True),
        ("example", "bruno.example", False),
        ("evilbruno.example", "bruno.example", False),
        ("", "bruno.example", False),
        ("bruno.example", "", False),
    ],
)
def test_a_domain_speaks_for_its_own_and_those_below_and_above(
    domain: str, author: str, *, holds: bool
) -> None:
    assert is_aligned(domain, author) is holds


@pytest.mark.parametrize(
    ("outcome", "is_party", "token", "doubt"),
    [
        (None, True, None, None),
        (PASS, True, None, None),
        (NONE, True, None, SenderDoubt.NOT_AUTHENTICATED),
        (FAIL, True, None, SenderDoubt.AUTHENTICATION_FAILED),
        (None, True, "his", None),
        (NONE, True, "his", None),
        (FAIL, True, "his", None),
        (None, True, "another's", None),
        (PASS, True, "another's", None),
        (NONE, True, "another's", SenderDoubt.DIFFERENT_ADDRESS),
        (FAIL, True, "another's", SenderDoubt.AUTHENTICATION_FAILED),
        (None, False, "another's", SenderDoubt.DIFFERENT_ADDRESS),
        (PASS, False, "another's", SenderDoubt.DIFFERENT_ADDRESS),
        (FAIL, False, "another's", SenderDoubt.AUTHENTICATION_FAILED),
    ],
)
def test_who_shows_nothing_and_is_vouched_for_by_nobody_is_doubted(
    outcome: AuthOutcome | None, *, is_party: bool, token: str | None, doubt: SenderDoubt | None
) -> None:
    verdict = None if outcome is None else AuthVerdict(outcome, SERVER)

    found = doubt_about(
        verdict,
        is_party=is_party,
        has_token=token is not None,
        is_token_his=token == "his",
        is_by_number=False,
    )

    assert found is doubt


@pytest.mark.parametrize(
    ("outcome", "doubt"),
    [
        (None, SenderDoubt.NOT_AUTHENTICATED),
        (PASS, None),
        (NONE, SenderDoubt.NOT_AUTHENTICATED),
        (FAIL, SenderDoubt.AUTHENTICATION_FAILED),
    ],
)
def test_a_number_that_is_easily_guessed_speaks_for_nobody(
    outcome: AuthOutcome | None, doubt: SenderDoubt | None
) -> None:
    verdict = None if outcome is None else AuthVerdict(outcome, SERVER)

    found = doubt_about(
        verdict, is_party=True, has_token=False, is_token_his=False, is_by_number=True
    )

    assert found is doubt


@pytest.mark.parametrize(
    ("is_party", "has_token", "is_by_number", "doubt", "joins"),
    [
        (True, False, False, None, True),
        (True, False, True, None, True),
        (True, False, True, SenderDoubt.NOT_AUTHENTICATED, True),
        (True, False, True, SenderDoubt.AUTHENTICATION_FAILED, False),
        (True, False, False, SenderDoubt.AUTHENTICATION_FAILED, True),
        (False, True, False, SenderDoubt.DIFFERENT_ADDRESS, True),
        (False, False, False, SenderDoubt.DIFFERENT_ADDRESS, False),
    ],
)
def test_a_number_leads_no_forged_address_and_a_stranger_needs_a_token(
    *, is_party: bool, has_token: bool, is_by_number: bool, doubt: SenderDoubt | None, joins: bool
) -> None:
    found = may_join(is_party=is_party, has_token=has_token, is_by_number=is_by_number, doubt=doubt)

    assert found is joins
