"""The composition root: the only place that reads the clock, draws lots and puts parts together."""

import secrets
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from helpdesk.documents.report_printer import ReportDocuments
from helpdesk.documents.typesetting import typeset
from helpdesk.domain.errors import Locale
from helpdesk.domain.webhook_address import WebhookAddressRules
from helpdesk.einvoice.papers import FiscalPapers
from helpdesk.mail.alert_mails import AlertMails
from helpdesk.mail.contract_mails import ContractMails
from helpdesk.mail.credit_mails import CreditMails
from helpdesk.mail.letter_press import LetterPress
from helpdesk.mail.notification_mails import NotificationMails
from helpdesk.mail.parse import parse_email
from helpdesk.mail.parser_process import MailParser
from helpdesk.mail.reply_parent import cut_reply
from helpdesk.mail.report_mails import ReportMails
from helpdesk.mail.retainer_mails import RetainerMails
from helpdesk.mail.ticket_mails import MailLetters
from helpdesk.monitoring.tools import PublicTools
from helpdesk.presets.catalogue import holiday_years, priority_matrix
from helpdesk.presets.diagnostics_catalogue import PresetDiagnostics
from helpdesk.presets.for_sale import PresetPlans
from helpdesk.public_holidays import public_holidays, solidarity_days
from helpdesk.storage.database import Database, open_database
from helpdesk.storage.store import SqlStore
from helpdesk.usecases.desk import AuthorCheck, Desk, MailHabits
from helpdesk.usecases.public_holidays import HolidayChoice
from helpdesk.usecases.report_ports import ReportMaking
from helpdesk.usecases.timelines import TimelineShelf

_PUBLIC_ONLY = WebhookAddressRules()


def utc_now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


class TimeOrderedIds:
    """Gives UUIDs of version 7 (RFC 9562) as 32 hexadecimal characters, in increasing order."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        """Start from the present of `now`."""
        self._now = now
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        """Return the next id: milliseconds, a counter that starts at random, then chance."""
        with self._lock:
            milliseconds = int(self._now().timestamp() * 1000)
            self._last = max(self._last + 1, milliseconds << 18 | secrets.randbits(17))
            stamp, counter = divmod(self._last, 1 << 18)
        tail = (counter << 56) | secrets.randbits(56)
        rand_a, rand_b = tail >> 62, tail & ((1 << 62) - 1)
        return f"{stamp << 80 | 7 << 76 | rand_a << 64 | 2 << 62 | rand_b:032x}"


def new_secret() -> str:
    """Return a secret of 256 random bits, readable in a header."""
    return f"hd_{secrets.token_urlsafe(32)}"


class ListedHolidays:
    """The public holidays that the `holidays` package lists."""

    def listed(
        self, country: str, subdivision: str | None, year: int, *, locale: Locale
    ) -> Mapping[date, str]:
        """Return the holidays of a year with their names, in the order of the dates."""
        return public_holidays(country, subdivision, [year], locale=locale)

    def frozen(
        self, choice: HolidayChoice, *, at: datetime, zone: str, locale: Locale
    ) -> frozenset[date]:
        """Return the dates that a calendar made at `at` takes, those switched off left out."""
        years = holiday_years(at, zone)
        if choice.years is not None:
            years = range(choice.years[0], choice.years[1] + 1)
        excluded = choice.excluded_dates
        if choice.is_solidarity_day_worked:
            excluded |= solidarity_days(years)
        return frozenset(
            public_holidays(
                choice.country,
                choice.subdivision,
                years,
                locale=locale,
                excluded_names=choice.excluded_names,
                excluded_dates=excluded,
            )
        )


@dataclass(frozen=True)
class Engine:
    """An open engine: the desk where verbs work, and the database underneath."""

    desk: Desk
    database: Database


def _awaited(now: Callable[[], datetime]) -> Callable[[], Awaitable[datetime]]:
    async def awaited() -> datetime:
        return now()

    return awaited


def desk_on(
    database: Database,
    *,
    now: Callable[[], datetime] | None = None,
    webhook_addresses: WebhookAddressRules = _PUBLIC_ONLY,
    mail_habits: MailHabits | None = None,
    author_check: AuthorCheck | None = None,
) -> Desk:
    """Return a desk on an open database.

    `now` stands for the clock on the wall and for that of the database, which decides deadlines.
    """
    wall = now or utc_now
    return Desk(
        store=SqlStore(database, now=None if now is None else _awaited(now)),
        now=wall,
        new_id=TimeOrderedIds(wall),
        new_secret=new_secret,
        parse_email=parse_email,
        cut_reply=cut_reply,
        letters=MailLetters(),
        writer=LetterPress(),
        alerts=AlertMails(),
        contract_letters=ContractMails(),
        credit_letters=CreditMails(),
        reports=ReportMaking(ReportMails(), ReportDocuments()),
        retainer_letters=RetainerMails(),
        notification_letters=NotificationMails(),
        timelines=TimelineShelf(),
        default_matrix=priority_matrix("guide"),
        plans=PresetPlans(),
        diagnostics=PresetDiagnostics(),
        webhook_addresses=webhook_addresses,
        tools=PublicTools(),
        papers=FiscalPapers(typeset),
        public_holidays=ListedHolidays(),
        mail_habits=mail_habits or MailHabits(),
        author_check=author_check,
    )


@asynccontextmanager
async def open_engine(
    database_url: str,
    *,
    webhook_addresses: WebhookAddressRules = _PUBLIC_ONLY,
    mail_habits: MailHabits | None = None,
    author_check: AuthorCheck | None = None,
) -> AsyncIterator[Engine]:
    """Open the engine on a database whose schema is up to date, and close it at the end."""
    database, parser = await open_database(database_url), MailParser()
    try:
        desk = desk_on(
            database,
            webhook_addresses=webhook_addresses,
            mail_habits=mail_habits,
            author_check=author_check,
        )
        yield Engine(replace(desk, parse_email=parser), database)
    finally:
        parser.close()
        await database.close()
