"""The texts that a domain publishes, looked up within a time."""

from typing import Protocol

CACHED_NAMES = 2000


class NameServersAway(Exception):
    """No name server answered: nothing is known, and it may be known later."""


class TextRecords(Protocol):
    """Where the texts of a name are looked up."""

    def __call__(self, name: str, /, *, seconds: float) -> tuple[str, ...]:
        """Return the TXT records of a name, none when there is none; NameServersAway otherwise."""
        ...


def dns_text_records() -> TextRecords:
    """Return what asks the name servers of this machine, and remembers as long as they allow.

    It needs the extra `dkim`.
    """
    import dns.exception  # noqa: PLC0415 - the extra may be absent
    import dns.resolver  # noqa: PLC0415 - likewise

    resolver = dns.resolver.Resolver()
    resolver.cache = dns.resolver.LRUCache(CACHED_NAMES)

    def look_up(name: str, *, seconds: float) -> tuple[str, ...]:
        try:
            answer = resolver.resolve(name, "TXT", lifetime=max(seconds, 0.1))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, UnicodeError) as trouble:
            raise NameServersAway(name) from trouble
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)

    return look_up
