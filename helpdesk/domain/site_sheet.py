"""The sheet of a site: what runs there, where, and what watches over it, in versions."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import SiteId
from helpdesk.domain.secret_text import require_no_secret

TEXT_LIMIT = 200


class SheetTextTooLong(HelpdeskError):
    """A sheet is read at a glance; what is longer belongs into the documentation."""

    code: ClassVar[ErrorCode] = ErrorCode.TOO_LONG
    english: ClassVar[str] = "{field} has {length} characters: write {limit} at most."
    french: ClassVar[str] = "{field} a {length} caractères : écrivez-en {limit} au plus."


class SheetCountNegative(HelpdeskError):
    """Nobody runs less than no plugin."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{field} is {given}: give 0 or more."
    french: ClassVar[str] = "{field} vaut {given} : donnez 0 ou plus."


@dataclass(frozen=True, slots=True)
class SiteSheet:
    """What is known of a site; None, or an empty text, is what nobody said (REQ-B18, H17, H20).

    `monthly_minutes` is the workload that the entry audit estimates. `documented_on` is the day of
    the latest technical documentation. Names of tools only, never what opens them. Raises
    SecretRefused, SheetTextTooLong and SheetCountNegative.
    """

    cms: str | None = None
    cms_version: str | None = None
    is_cms_supported: bool | None = None
    php_version: str | None = None
    php_supported_until: date | None = None
    host: str | None = None
    theme: str | None = None
    plugin_count: int | None = None
    obsolete_plugin_count: int | None = None
    publications_a_month: int | None = None
    monthly_minutes: int | None = None
    has_staging: bool | None = None
    has_monitoring: bool | None = None
    has_waf: bool | None = None
    has_error_tracking: bool | None = None
    has_password_manager: bool | None = None
    documented_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse secrets, essays and negative numbers."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, str):
                _require_short(require_no_secret(value, field=each.name), each.name)
            elif isinstance(value, int) and value < 0:
                raise SheetCountNegative(path=(each.name,), field=each.name, given=value)

    def updated(self, newer: "SiteSheet") -> "SiteSheet":
        """Return the sheet with all that a newer one says; where that is silent, this one holds."""
        said = {each.name: getattr(newer, each.name) for each in fields(newer)}
        return replace(self, **{name: value for name, value in said.items() if value is not None})

    def is_php_supported(self, on: date) -> bool | None:
        """Return whether PHP gets security fixes on a day; None where nobody said until when."""
        until = self.php_supported_until
        return None if until is None else on <= until


@dataclass(frozen=True, slots=True)
class SheetVersion:
    """A version of the sheet of a site: who described it so, and when; none is ever edited."""

    site_id: SiteId
    version: int
    sheet: SiteSheet
    at: datetime
    by: Actor


def _require_short(text: str, field: str) -> None:
    if len(text) > TEXT_LIMIT:
        raise SheetTextTooLong(path=(field,), field=field, length=len(text), limit=TEXT_LIMIT)
