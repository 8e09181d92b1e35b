"""How a report says its values: what each figure of a snapshot becomes in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.documents.report_wording import ReportWording
from helpdesk.documents.wording import (
    day_name,
    instant_name,
    minutes_name,
    month_name,
    seconds_name,
    short_day,
)
from helpdesk.domain.errors import Locale
from helpdesk.domain.money import Money
from helpdesk.domain.report_lines import SlaVerdict
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.sla import SlaMetric, TargetUnit

Document = Mapping[str, Any]  # a part of a snapshot: JSON

_DAYS = frozenset({TargetUnit.BUSINESS_DAYS_SAME_TIME, TargetUnit.BUSINESS_DAYS_END_OF_DAY})


@dataclass(frozen=True, slots=True)
class Speech:
    """Words of one language, on the clock of one zone."""

    words: ReportWording
    locale: Locale
    zone: ZoneInfo

    def say(self, phrase: str, **values: object) -> str:
        """Return a phrase with its values."""
        return self.words.say(phrase, **values)

    def day(self, text: str) -> str:
        """Return a date, or the local date of an instant, in words."""
        return day_name(self._date(text), self.locale)

    def short(self, text: str) -> str:
        """Return a date, or the local date of an instant, for a column."""
        return short_day(self._date(text), self.locale)

    def instant(self, text: str) -> str:
        """Return an instant in words."""
        return instant_name(datetime.fromisoformat(text), self.zone, self.locale)

    def money(self, cents: int, currency: str) -> str:
        """Return an amount."""
        return Money(cents, currency).shown(self.locale)

    def quantity(self, amount: int, unit: str) -> str:
        """Return an amount of a unit of the forfait: tickets as a number, minutes as a time."""
        if RetainerUnit(unit) is RetainerUnit.CORRECTIVE_TICKETS:
            return str(amount).replace("-", "\u2212")
        return minutes_name(amount)

    def promise(self, promise: Document) -> str:
        """Return what happened to a promise, in a sentence; empty where nothing needs a word."""
        verdict, metric = SlaVerdict(promise["verdict"]), SlaMetric(promise["metric"])
        name = self.words.metrics[metric]
        if verdict is SlaVerdict.BROKEN:
            return self._broken(promise, name)
        if promise["postponedTo"] is None:
            return ""
        phrase = "postponed" if verdict is SlaVerdict.POSTPONED else "documented"
        return self.say(phrase, metric=name, when=self.instant(promise["postponedTo"]))

    def _broken(self, promise: Document, name: str) -> str:
        stopped = ""
        if promise["overSeconds"]:
            stopped = self.say(
                "stopped",
                counted=seconds_name(promise["countedSeconds"]),
                over=seconds_name(promise["overSeconds"]),
            )
        return self.say(
            "broken",
            metric=name,
            promise=self._target(promise),
            when="" if promise["at"] is None else self.instant(promise["at"]),
            stopped=stopped,
        )

    def _target(self, promise: Document) -> str:
        unit, amount = TargetUnit(promise["unit"]), promise["amount"]
        duration = "" if unit in _DAYS else minutes_name(amount)
        said = self.words.targets[unit].format(amount=amount, duration=duration)
        return self.say("strict" if promise["isStrict"] else "within", amount=said)

    def month(self, text: str) -> str:
        """Return a month such as 2026-03, or the month of a date, in words."""
        return month_name(text[:7], self.locale)

    def _date(self, text: str) -> date:
        if len(text) == len("2026-03-01"):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text).astimezone(self.zone).date()
