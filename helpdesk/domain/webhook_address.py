"""Which addresses a webhook may have, and which machines may be called at all."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import ClassVar
from urllib.parse import SplitResult, urlsplit

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.message import required_text

URL_LIMIT = 2000

_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?")
_PRINTABLE = re.compile(r"[!-~]+")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""Where a network without IPv4 reaches IPv4 addresses (RFC 6052); the last four bytes are one."""


class WebhookUrlInvalid(HelpdeskError):
    """What cannot be called would fail for days before anybody looks."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "This is no address that can be called: write it like https://example.org/hooks, in ASCII."
    )
    french: ClassVar[str] = (
        "Cette adresse ne peut pas être appelée : écrivez https://exemple.fr/crochets, en ASCII."
    )


class WebhookUrlInsecure(HelpdeskError):
    """A signature proves who calls but hides nothing: what is told is read by who carries it."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "A webhook is called over https: {scheme} is not encrypted."
    french: ClassVar[str] = "Un webhook s'appelle en https : {scheme} n'est pas chiffré."


class WebhookUrlHasLogin(HelpdeskError):
    """A password in an address ends in lists and logs; the signature says who calls."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "The address carries a login: leave it out and check the signature of each call."
    )
    french: ClassVar[str] = (
        "L'adresse contient un identifiant : ôtez-le et vérifiez la signature de chaque appel."
    )


class WebhookUrlHasFragment(HelpdeskError):
    """What follows `#` is never sent, so whoever wrote it expects something that cannot come."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "What follows # is never sent: leave it out or put it after ?."
    french: ClassVar[str] = "Ce qui suit # n'est jamais envoyé : ôtez-le ou mettez-le après ?."


class WebhookHostPrivate(HelpdeskError):
    """Whoever may name an address must not reach, through us, what only our network reaches."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "{host} is this machine or a private network: name a public one, or set "
        "webhook_private_addresses."
    )
    french: ClassVar[str] = (
        "{host} est cette machine ou un réseau privé : nommez une machine publique, ou réglez "
        "webhook_private_addresses."
    )


@dataclass(frozen=True, slots=True)
class WebhookAddressRules:
    """What the installation allows; `allows_private` lets webhooks into its own network."""

    allows_private: bool = False

    def url(self, given: str) -> str:
        """Return the address of a webhook, as it was given without its outer blanks.

        It is https; http only for this machine, where private addresses are allowed. What a name
        resolves to is checked at each call. Raises TextRequired, TextTooLong and the errors above.
        """
        url = required_text(given, field="url", limit=URL_LIMIT)
        parts = _split(url)
        host = parts.hostname or ""
        if "@" in parts.netloc:
            raise WebhookUrlHasLogin(path=("url",))
        if "#" in url:
            raise WebhookUrlHasFragment(path=("url",))
        if not _is_host(host):
            raise WebhookUrlInvalid(path=("url",))
        is_this_machine = host in _THIS_MACHINE
        if parts.scheme != "https" and not (self.allows_private and is_this_machine):
            raise WebhookUrlInsecure(path=("url",), scheme=parts.scheme)
        if is_this_machine or _is_literal(host):
            self._require_callable(host)
        return url

    def may_call(self, address: str) -> bool:
        """Return whether a machine may be called at this IP address."""
        return self.allows_private or is_public(address)

    def _require_callable(self, host: str) -> None:
        is_callable = self.allows_private or (_is_literal(host) and is_public(host))
        if not is_callable:
            raise WebhookHostPrivate(path=("url",), host=host)


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet, also inside an IPv6 address.

    This machine, private and link-local networks, groups and reserved ranges are not.

    >>> is_public("93.184.216.34"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = _inside(found)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _inside(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, None when it is none."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _split(url: str) -> SplitResult:
    if not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise WebhookUrlInvalid(path=("url",))
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:
        raise WebhookUrlInvalid(path=("url",)) from None
    if parts.scheme not in {"http", "https"} or not has_port:
        raise WebhookUrlInvalid(path=("url",))
    return parts


def _is_host(host: str) -> bool:
    return _is_literal(host) or _HOST.fullmatch(host) is not None


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return "%" not in host
