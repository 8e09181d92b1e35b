"""A domain that signs its mails, and what it publishes."""

from dataclasses import dataclass, field
from pathlib import Path

from helpdesk.mail.dkim_key import DkimKey, made_key, public_record
from helpdesk.mail.text_records import NameServersAway


@dataclass
class Published:
    """What is published under each name; a name that is `away` has no name server that answers."""

    texts: dict[str, str] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def __call__(self, name: str, *, seconds: float) -> tuple[str, ...]:
        """Return the texts of a name."""
        assert seconds > 0
        self.asked.append(name)
        if name in self.away:
            raise NameServersAway(name)
        return (self.texts[name],) if name in self.texts else ()


@dataclass(frozen=True)
class Signer:
    """A key in its file, and its record."""

    file: Path
    key: DkimKey
    record: str


def a_signer(folder: Path) -> Signer:
    """Return a new key."""
    file = folder / "dkim.pem"
    key = made_key(file)
    return Signer(file, key, public_record(key, path=file))
