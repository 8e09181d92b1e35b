"""The collected mails with known answers; what passes today must pass tomorrow."""

from collections import Counter
from functools import cache

import pytest

from helpdesk.mail.parse import parse_email
from tests.conformance.mail import run
from tests.conformance.outcome import Outcome
from tests.mail.mails import CASES

# what other engines pass differs on the rest: they show broken characters, or cut a closing
KNOWN_FAILURES = {
    "stalwart:legacy/033:body_recall",
    "stalwart:legacy/052:body_recall",
    "stalwart:malformed/005:body_recall",
    "erp:github_erp/email_1_1:reply_loose",
    "erp:github_erp/email_1_1:reply_strict",
    "erp:alfonsrv/email_pl_1_1:reply_hasnt",
    "erp:alfonsrv/email_pl_1_3:reply_hasnt",
    "erp:alfonsrv/email_swedish_2:reply_hasnt",
    "erp:alfonsrv/email_danish_1:reply_hasnt",
    "erp:alfonsrv/email_danish_2:reply_hasnt",
    "erp:alfonsrv/email_danish_5:reply_hasnt",
}
CHECKS = {"stalwart": 510, "flufl": 333, "erp": 107}
FALSE_BOUNCES = 0
TRUE_BOUNCES_IN_THE_WILD = 6


@pytest.fixture(scope="module", autouse=True)
def corpus() -> None:
    if not CASES.is_dir():
        pytest.skip(f"The collected mails are not in this checkout: {CASES} is absent.")


@cache
def outcomes() -> tuple[Outcome, ...]:
    return tuple(run([CASES]))


def test_every_check_is_known_to_the_runner() -> None:
    assert Counter(outcome.case.split(":")[0] for outcome in outcomes()) == CHECKS


def test_no_case_fails_that_passed_before() -> None:
    failed = {outcome.case for outcome in outcomes() if not outcome.passed}

    assert failed <= KNOWN_FAILURES


def test_no_word_of_a_reply_is_ever_lost() -> None:
    lost = [outcome for outcome in outcomes() if "noloss" in outcome.case and not outcome.passed]

    assert lost == []


def test_ordinary_mails_are_no_bounces() -> None:
    folders = ("wild", "stalwart", "erp")
    bounces = [
        path.name
        for folder in folders
        for path in (CASES / "raw" / folder).glob("*.eml")
        if parse_email(path.read_bytes()).is_bounce
    ]

    assert len(bounces) == TRUE_BOUNCES_IN_THE_WILD + FALSE_BOUNCES
