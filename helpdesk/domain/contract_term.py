"""The terms of a contract: when each ends, until when notice can be given, how it is renewed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.period import months_later

REMINDER_DAYS = (90, 60, 30)
"""How many days before the last notice day the agency is reminded (rules 7.6)."""

_A_DAY = timedelta(days=1)


class TermInvalid(HelpdeskError):
    """A term without length never ends, and never lets the client go."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{what} is {given}: give at least {least}."
    french: ClassVar[str] = "{what} vaut {given} : donnez au moins {least}."


class RenewalNotAgreed(HelpdeskError):
    """Without tacit renewal a contract ends with its term: going on takes a new agreement."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "The contract ends on {ends_on} and is not renewed tacitly."
    french: ClassVar[str] = "Le contrat finit le {ends_on}, sans reconduction tacite."


class PriceChangeTooLate(HelpdeskError):
    """Who hears of a new price too late to leave never agreed to it (rules 7.6)."""

    code: ClassVar[ErrorCode] = ErrorCode.NOTICE_TOO_LATE
    english: ClassVar[str] = (
        "A new price for the term that begins on {starts_on} is announced before {last_day}, the"
        " last notice day; {announced_on} is too late."
    )
    french: ClassVar[str] = (
        "Un nouveau prix pour la période qui commence le {starts_on} s'annonce avant le {last_day},"
        " dernier jour de préavis ; le {announced_on} est trop tard."
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """How long before the end notice is given: months, days, or both. Raises TermInvalid.

    A notice of nothing is agreed explicitly: it may be given until the eve of the end.
    """

    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        """Refuse a notice after the end."""
        if min(self.months, self.days) < 0:
            raise TermInvalid(what="notice", given=min(self.months, self.days), least=0)

    def last_day(self, ends_on: date) -> date:
        """Return the last day to give notice, for an exclusive end.

        The day before what lies one notice before the end; a month that is shorter counts to its
        last day (R-LIFE 1).

        >>> Notice(months=3).last_day(date(2027, 5, 31))
        datetime.date(2027, 2, 27)
        """
        return months_later(ends_on, -self.months) - timedelta(days=self.days) - _A_DAY


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a contract, numbered from 1: local days, the end exclusive."""

    number: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class TermClause:
    """How long a contract runs, from its first day, its anchor (000 L51, REQ-E14).

    `renewal_months` is the length of each tacit renewal, None without one. Raises TermInvalid.
    """

    anchor: date
    months: int
    renewal_months: int | None

    def __post_init__(self) -> None:
        """Refuse a term or a renewal without length."""
        for what, given in (("months", self.months), ("renewal_months", self.renewal_months)):
            if given is not None and given < 1:
                raise TermInvalid(path=(what,), what=what, given=given, least=1)

    def term(self, number: int) -> Term:
        """Return a term by its number, always counted from the anchor and never chained.

        So a contract of 29 February is renewed on 28 February, and in leap years on the 29th again.
        Raises RenewalNotAgreed for a second term that nobody agreed to.

        >>> TermClause(date(2024, 2, 29), 12, 12).term(5).starts_on
        datetime.date(2028, 2, 29)
        """
        starts_after = 0
        ends_after = self.months
        if number > 1:
            if self.renewal_months is None:
                raise RenewalNotAgreed(ends_on=self._after(self.months))
            starts_after = self.months + (number - 2) * self.renewal_months
            ends_after = starts_after + self.renewal_months
        return Term(number, self._after(starts_after), self._after(ends_after))

    def _after(self, months: int) -> date:
        return months_later(self.anchor, months)


def renewed(terms: Sequence[Term], clause: TermClause, *, on: date) -> tuple[Term, ...]:
    """Return the recorded terms with those that began by `on`; the same ones when all are there.

    Safe to repeat: a term is recorded once, by its number, even when nobody looked for years.
    Raises RenewalNotAgreed when the last term is over and none may follow.
    """
    known = [*terms] or [clause.term(1)]
    while known[-1].ends_on <= on:
        known.append(clause.term(known[-1].number + 1))
    return tuple(known)


@dataclass(frozen=True, slots=True)
class Reminder:
    """That the last notice day comes in so many days: due on `on`, once per term and distance."""

    term_number: int
    days_before: int
    on: date

    @property
    def key(self) -> str:
        """What makes it unique within its contract, so that a repeated run reminds nobody twice."""
        return f"term:{self.term_number}:{self.days_before}"


def reminders(term: Term, notice: Notice) -> tuple[Reminder, ...]:
    """Return when the agency is reminded of the last notice day, earliest first.

    >>> [str(one.on) for one in reminders(Term(1, date(2026, 1, 1), date(2027, 1, 1)), Notice(3))]
    ['2026-07-02', '2026-08-01', '2026-08-31']
    """
    last_day = notice.last_day(term.ends_on)
    return tuple(
        Reminder(term.number, days, last_day - timedelta(days=days)) for days in REMINDER_DAYS
    )


def reminders_due(term: Term, notice: Notice, *, today: date) -> Iterator[Reminder]:
    """Give the reminders whose day has come, as long as notice can still be given."""
    if today <= notice.last_day(term.ends_on):
        yield from (one for one in reminders(term, notice) if one.on <= today)


def can_give_notice(term: Term, notice: Notice, *, on: date) -> bool:
    """Return whether notice given on a local day ends the contract with this term."""
    return on <= notice.last_day(term.ends_on)


def price_change_from(term: Term, notice: Notice, *, announced_on: date) -> date:
    """Return from which day a new price holds that was announced during a term: its end.

    The new version of the plan is announced before the last notice day, so that the client may
    still leave (R-LIFE 4). Raises PriceChangeTooLate.
    """
    last_day = notice.last_day(term.ends_on)
    if announced_on >= last_day:
        raise PriceChangeTooLate(
            path=("announcedOn",),
            starts_on=term.ends_on,
            last_day=last_day,
            announced_on=announced_on,
        )
    return term.ends_on
