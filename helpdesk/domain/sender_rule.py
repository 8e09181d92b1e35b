"""Senders whose mails are set aside: an address, or everybody of a domain."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Self

from helpdesk.domain.agency import domains_of
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId

_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,255}")
_DOMAIN = re.compile(r"@?([a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}")


class SenderInvalid(HelpdeskError):
    """A rule that fits no address would protect nobody."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "“{sender}” is no sender: write an address, or a domain as `@example.org`."
    )
    french: ClassVar[str] = (
        "« {sender} » n'est pas un expéditeur : écrivez une adresse, ou un domaine comme"
        " « @exemple.fr »."
    )


class OwnSenderBlocked(HelpdeskError):
    """Who blocks the people he works for or with stops hearing them without noticing."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{sender} is the agency itself: its own people cannot be blocked."
    french: ClassVar[str] = (
        "{sender} est l'agence elle-même : ses propres membres ne peuvent pas être bloqués."
    )


@dataclass(frozen=True, slots=True)
class SenderRule:
    """A sender whose mails wait for a person, an address or `@domain` in lower case.

    It holds until it is lifted; who did so, and who made it, is a name of that day.
    """

    agency_id: AgencyId
    sender: str
    blocked_at: datetime
    blocked_by: str
    lifted_at: datetime | None = None
    lifted_by: str | None = None

    @property
    def is_domain(self) -> bool:
        """Whether it is about everybody of a domain."""
        return self.sender.startswith("@")

    def lifted(self, *, at: datetime, by: str) -> Self:
        """Return the rule that holds no more; one that was lifted before stays as it was."""
        if self.lifted_at is not None:
            return self
        return replace(self, lifted_at=at, lifted_by=by)


def sender_of_rule(given: str) -> str:
    """Return the sender that a rule is about, in lower case. Raises SenderInvalid.

    >>> sender_of_rule(" Spam@Casino.example "), sender_of_rule("casino.example")
    ('spam@casino.example', '@casino.example')
    """
    sender = given.strip().lower()
    if _DOMAIN.fullmatch(sender):
        return f"@{sender.removeprefix('@')}"
    if not _ADDRESS.fullmatch(sender):
        raise SenderInvalid(path=("sender",), sender=given[:100])
    return sender


def rules_about(address: str) -> tuple[str, ...]:
    """Return the senders whose rules are about an address: itself, its domain and those above.

    >>> rules_about("Win@News.Casino.example")
    ('win@news.casino.example', '@news.casino.example', '@casino.example')
    """
    return (address.strip().lower(), *(f"@{domain}" for domain in domains_of(address.strip())))
