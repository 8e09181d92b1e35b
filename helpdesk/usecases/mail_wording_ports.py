"""The words and the look of an agency's mails, as they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.mail_look import MailLook
from helpdesk.domain.mail_template import MailTemplate, TemplateSource


@dataclass(frozen=True, slots=True)
class AgencyWording:
    """The agency's own words for a letter, None where it has none, and its look."""

    source: TemplateSource | None
    look: MailLook


class WordingRecords(Protocol):
    """What an agency said of its mails; the newest version of each counts."""

    async def wording(self, kind: LetterKind, locale: Locale) -> AgencyWording:
        """Return what counts for a letter."""
        ...

    async def templates(self) -> Sequence[MailTemplate]:
        """Return the newest version of each template that there is one of."""
        ...

    async def template(self, kind: LetterKind, locale: Locale) -> MailTemplate | None:
        """Return the newest version of a template, None when there never was one."""
        ...

    async def add_template(
        self,
        kind: LetterKind,
        locale: Locale,
        source: TemplateSource | None,
        *,
        by: Actor,
        at: datetime,
    ) -> MailTemplate:
        """Add the next version of a template and return it; without a source, the default."""
        ...

    async def look(self) -> MailLook:
        """Return the newest look, the usual one when there never was another."""
        ...

    async def add_look(self, look: MailLook, *, by: Actor, at: datetime) -> None:
        """Add the next version of the look."""
        ...
