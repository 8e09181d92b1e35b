"""Who vouches for the author of a mail, found out here: signatures (RFC 6376), policy (RFC 7489).

Signatures alone are looked at. Without the address of the machine that the author's server is, SPF
says nothing, so a policy is never found broken here: it passes, or nothing is said.
"""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from helpdesk.domain.mail_trust import AuthFinding, AuthMethod, is_aligned
from helpdesk.mail.headers import Headers, split_headers
from helpdesk.mail.text_records import NameServersAway, TextRecords, dns_text_records
from helpdesk.usecases.mail_verdict import OWN_CHECK

MAX_CHECKED_BYTES = 35 * 1024 * 1024
MAX_SIGNATURES = 5
LARGE = 1024 * 1024
"""Beyond this size one signature is looked at: each takes seconds of a large mail."""

MAX_SIGNATURE_BYTES = 8192
MAX_FIELDS = 500
SECONDS = 20.0
LOOKUP_SECONDS = 5.0

_TAG = re.compile(rb"(?:^|;)\s*([a-z]{1,10})\s*=\s*([^;]*)")
_BLANKS = re.compile(rb"\s+")
_ALGORITHMS = frozenset({b"rsa-sha256", b"ed25519-sha256"})
_POLICY = re.compile(r"\s*v\s*=\s*DMARC1\s*(?:;|$)")
_STRICT = re.compile(r";\s*adkim\s*=\s*s\s*(?:;|$)")


@dataclass(frozen=True, slots=True)
class _Signature:
    """A signature field that may count: which one of the mail's, and for which domain."""

    index: int
    domain: str


@dataclass(frozen=True, slots=True)
class _Author:
    """The domain of an author as he writes it, and in the letters of DNS."""

    named: str
    domain: str


class DomainCheck:
    """Finds out who vouches for an author, in a thread, within a time; trouble says nothing."""

    def __init__(self, look_up: TextRecords | None = None, *, seconds: float = SECONDS) -> None:
        """Ask the name servers of this machine, unless told where to look; needs the extra."""
        self._look_up = look_up or dns_text_records()
        self._seconds = seconds

    async def __call__(self, raw: bytes, sender: str) -> tuple[AuthFinding, ...]:
        """Return what the signatures of a mail and the domain of its author say."""
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.to_thread(self.found, raw, sender)
        except TimeoutError:
            return ()

    def found(self, raw: bytes, sender: str) -> tuple[AuthFinding, ...]:
        """Return the same, waiting for it."""
        named = sender.rpartition("@")[2].strip().lower().rstrip(".")
        author = _in_ascii(named)
        headers, _ = split_headers(raw, 0, len(raw))
        is_sane = not headers.is_broken and not headers.is_cut and len(headers.fields) <= MAX_FIELDS
        if not author or not is_sane or len(raw) > MAX_CHECKED_BYTES:
            return ()
        ours = [one for one in _signatures(headers) if _is_of_one(one.domain, author)]
        if not ours:
            return ()
        # the author's own domain first: one that holds is enough
        ours.sort(key=lambda one: one.domain != author)
        asked = _Lookups(self._look_up, ends_at=time.monotonic() + self._seconds)
        most = MAX_SIGNATURES if len(raw) <= LARGE else 1
        verified = (one for one in ours[:most] if _is_verified(raw, one, asked))
        first = next(verified, None)
        if first is None:
            return () if asked.was_cut else (_finding(AuthMethod.DKIM, "fail", named),)
        return self._judged(first.domain, _Author(named, author), asked)

    def _judged(self, signer: str, author: "_Author", asked: "_Lookups") -> tuple[AuthFinding, ...]:
        """Return that the policy of the author's domain is met, else that he signed.

        Where a sister of his domain signed, what counts is that it is of his organisation.
        """
        policy = self._policy(author.domain, asked)
        if asked.was_cut:
            return ()
        if policy is None:
            shown = signer if is_aligned(signer, author.named) else author.named
            return (_finding(AuthMethod.DKIM, "pass", shown),)
        if _STRICT.search(policy) and signer != author.domain:
            return ()
        return (_finding(AuthMethod.DMARC, "pass", author.named),)

    def _policy(self, author: str, asked: "_Lookups") -> str | None:
        """Return the policy of the author's domain, else of his organisation's."""
        for domain in dict.fromkeys((author, _organisations()(author))):
            published = [text for text in asked(f"_dmarc.{domain}") if _POLICY.match(text)]
            if len(published) == 1:
                return published[0]
        return None


class _Lookups:
    """The look-ups of one mail, which end at an instant; `was_cut` when one was not answered."""

    def __init__(self, look_up: TextRecords, *, ends_at: float) -> None:
        self._look_up = look_up
        self._ends_at = ends_at
        self.was_cut = False

    def __call__(self, name: str) -> tuple[str, ...]:
        left = self._ends_at - time.monotonic()
        self.was_cut = self.was_cut or left <= 0
        if left <= 0:
            return ()
        try:
            return self._look_up(name, seconds=min(left, LOOKUP_SECONDS))
        except NameServersAway:
            self.was_cut = True
            return ()


def _is_of_one(domain: str, author: str) -> bool:
    """Return whether two domains are of one organisation."""
    organisation = _organisations()
    return organisation(domain) == organisation(author)


def _signatures(headers: Headers) -> Iterator[_Signature]:
    """Yield the signatures that cover the author and the whole text by a sound algorithm."""
    for index, value in enumerate(headers.all("dkim-signature")):
        tags = {tag[1]: _BLANKS.sub(b"", tag[2]) for tag in _TAG.finditer(value)}
        covered = tags.get(b"h", b"").lower().split(b":")
        is_sound = (
            len(value) <= MAX_SIGNATURE_BYTES
            and len(covered) <= MAX_FIELDS
            and b"from" in covered
            and b"l" not in tags
            and tags.get(b"a") in _ALGORITHMS
        )
        domain = tags.get(b"d", b"").decode("ascii", "replace").lower().rstrip(".")
        if is_sound and domain:
            yield _Signature(index, domain)


def _is_verified(raw: bytes, signature: _Signature, asked: _Lookups) -> bool:
    import dkim  # noqa: PLC0415 - the extra may be absent

    def text(name: bytes, timeout: float = LOOKUP_SECONDS) -> bytes | None:
        published = asked(name.decode("ascii", "replace").rstrip("."))
        return published[0].encode("utf-8", "replace") if published else None

    try:
        return bool(dkim.DKIM(raw).verify(idx=signature.index, dnsfunc=text))
    except Exception:
        return False


def _finding(method: AuthMethod, result: str, domain: str) -> AuthFinding:
    return AuthFinding(OWN_CHECK, method, result, domain, is_above_entrance=True)


def _in_ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


@cache
def _organisations() -> Callable[[str], str]:
    """Return what gives the registered domain that a domain belongs to, by the public suffixes.

    The list is read, in a second, when the first mail is checked.
    """
    from importlib.resources import files  # noqa: PLC0415 - with the one below

    from authheaders.dmarc_lookup import PublicSuffixList  # noqa: PLC0415 - may be absent

    text = (files("authheaders") / "public_suffix_list.txt").read_text("utf-8")
    suffixes = PublicSuffixList(text.splitlines())

    def organisation(domain: str) -> str:
        found = str(suffixes.get_public_suffix(domain) or "")
        # a suffix that is not listed has one label (the rule `*`)
        return found if "." in found else ".".join(domain.split(".")[-2:])

    return organisation
