"""Who vouches for the author of a mail: what our own mail server found out (RFC 8601).

Anybody writes anybody's address in a From line. Our server compares it with what the domain of
that address publishes, and notes the outcome in the mail; only what it noted itself counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class AuthOutcome(StrEnum):
    """What became of the check of an author."""

    PASS = "PASS"  # noqa: S105 - the outcome of a check
    FAIL = "FAIL"
    NONE = "NONE"


class AuthMethod(StrEnum):
    """How an author is checked."""

    DMARC = "DMARC"
    DKIM = "DKIM"
    SPF = "SPF"


class SenderDoubt(StrEnum):
    """Why a message on a ticket is not taken for its author's."""

    AUTHENTICATION_FAILED = "AUTHENTICATION_FAILED"
    NOT_AUTHENTICATED = "NOT_AUTHENTICATED"
    DIFFERENT_ADDRESS = "DIFFERENT_ADDRESS"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class AuthFinding:
    """One result of one method, as an Authentication-Results field says it, in lower case.

    `domain` is what the method speaks of: the signer of DKIM, the envelope of SPF, the From of
    DMARC. `is_above_entrance` when the field stands above the line of the server that took the
    mail from outside: what stands below was there before, and anybody wrote it.
    """

    authserv_id: str
    method: AuthMethod
    result: str
    domain: str
    is_above_entrance: bool


@dataclass(frozen=True, slots=True)
class AuthVerdict:
    """What our server says of the author of a mail, by which method, about which domain."""

    outcome: AuthOutcome
    authserv_id: str
    method: AuthMethod | None = None
    domain: str | None = None


def verdict_on(
    findings: Iterable[AuthFinding], *, sender: str, authserv_id: str
) -> AuthVerdict | None:
    """Return what our server found out about the address `sender`.

    None where no server of ours is named (`authserv_id` is empty), so that nobody can say. A
    broken DMARC policy is a FAIL; a signature or an envelope that does not fit is one only when
    both are broken, because forwarders break the one and mailing lists the other.
    """
    if not authserv_id:
        return None
    name, domain = authserv_id.lower(), sender.rpartition("@")[2].lower()
    ours = [
        one
        for one in findings
        if one.authserv_id == name and one.is_above_entrance and is_aligned(one.domain, domain)
    ]
    broken = _first(ours, (AuthMethod.DMARC,), {"fail"})
    passed = _first(ours, tuple(AuthMethod), {"pass"})
    decisive = broken or passed or _broken_both_ways(ours)
    if decisive is None:
        return AuthVerdict(AuthOutcome.NONE, name)
    outcome = AuthOutcome.PASS if decisive is passed else AuthOutcome.FAIL
    return AuthVerdict(outcome, name, decisive.method, decisive.domain)


def is_aligned(domain: str, author: str) -> bool:
    """Return whether a domain speaks for the author's: the same one, one above or one below it.

    >>> is_aligned("bruno.example", "mail.bruno.example"), is_aligned("example", "bruno.example")
    (True, False)
    """
    if not domain or not author:
        return False
    shorter, longer = sorted((domain, author), key=len)
    return longer == shorter or ("." in shorter and longer.endswith(f".{shorter}"))


def doubt_about(
    verdict: AuthVerdict | None,
    *,
    is_party: bool,
    has_token: bool,
    is_token_his: bool,
    is_by_number: bool,
) -> SenderDoubt | None:
    """Return why a message is not taken for its author's, None when it is.

    The token of a mail that we sent to this very address speaks for him. Else our server does.
    Where no server of ours speaks, a party is taken at his word when he answers a mail of the
    ticket: its number alone is easily guessed.
    """
    if is_party and is_token_his:
        return None
    if verdict is not None and verdict.outcome is AuthOutcome.FAIL:
        return SenderDoubt.AUTHENTICATION_FAILED
    if not is_party:
        return SenderDoubt.DIFFERENT_ADDRESS
    if verdict is None and is_by_number:
        return SenderDoubt.NOT_AUTHENTICATED
    if verdict is None or verdict.outcome is AuthOutcome.PASS:
        return None
    return SenderDoubt.DIFFERENT_ADDRESS if has_token else SenderDoubt.NOT_AUTHENTICATED


def may_join(
    *, is_party: bool, has_token: bool, is_by_number: bool, doubt: SenderDoubt | None
) -> bool:
    """Return whether a message joins the ticket that it names, or is a matter of its own.

    A party joins it, and who shows a token does; a number in the subject, which everybody can
    guess, leads nobody whose address is forged.
    """
    if is_by_number and doubt is SenderDoubt.AUTHENTICATION_FAILED:
        return False
    return is_party or has_token


def _broken_both_ways(findings: Sequence[AuthFinding]) -> AuthFinding | None:
    signature = _first(findings, (AuthMethod.DKIM,), {"fail"})
    envelope = _first(findings, (AuthMethod.SPF,), {"fail"})
    return signature if envelope is not None else None


def _first(
    findings: Sequence[AuthFinding], methods: Sequence[AuthMethod], results: set[str]
) -> AuthFinding | None:
    for method in methods:
        for one in findings:
            if one.method is method and one.result in results:
                return one
    return None
