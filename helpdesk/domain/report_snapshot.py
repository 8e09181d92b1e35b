"""A report frozen as plain data: the same facts give the same document, and the same hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from helpdesk.domain.consumption import Consumption
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import ReportContent
from helpdesk.domain.priority import Priority
from helpdesk.domain.report_lines import (
    AlertKind,
    AlertLine,
    SiteAvailability,
    SlaLine,
    SlaVerdict,
)
from helpdesk.domain.report_rubric import Rubric, printed_rubrics
from helpdesk.domain.sla import SlaMetric, TargetUnit

SCHEMA = "helpdesk-report/1"

# What is computed and yet frozen, so that no later version of the engine shows another figure.
_COMPUTED: Mapping[type, tuple[str, ...]] = {
    Consumption: ("total", "percent", "available", "state"),
    SiteAvailability: ("contractual_hundredths", "measured_hundredths"),
    SlaLine: ("over_seconds",),
}


def snapshot_of(content: ReportContent) -> dict[str, Any]:  # a JSON document
    """Return a report as a JSON document: the seven rubrics in order, always all of them.

    Instants are UTC in ISO 8601, amounts whole cents, times whole seconds or minutes. `isPrinted`
    says whether the level of the contract shows a rubric to the client.
    """
    printed, said = printed_rubrics(content.head.level), _said(content)
    return {
        "schema": SCHEMA,
        "head": _plain(content.head),
        "locale": content.locale.value,
        "message": content.message,
        "videoUrl": content.video_url,
        "rubrics": [
            {
                "n": rubric.number,
                "code": rubric.value,
                "isPrinted": rubric in printed,
                **said[rubric],
            }
            for rubric in Rubric
        ],
    }


def _said(content: ReportContent) -> Mapping[Rubric, dict[str, Any]]:  # JSON
    lines = content.lines
    return {
        Rubric.SUMMARY: {
            "lines": list(content.summary),
            "isProposed": content.is_summary_proposed,
        },
        Rubric.TICKETS: {"tickets": _plain(lines.tickets)},
        Rubric.CONSUMPTION: {
            "units": _plain(lines.consumption),
            "credits": _plain(lines.credits),
        },
        Rubric.UPDATES: {"updates": _plain(lines.updates)},
        Rubric.AVAILABILITY: {
            "sites": _plain(lines.availability),
            "indicators": _plain(lines.indicators),
        },
        Rubric.ALERTS: {"alerts": _plain(lines.alerts)},
        Rubric.FORECAST: {"forecast": _plain(lines.forecast)},
    }


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """Return the bytes that are hashed: sorted names, no blanks, UTF-8."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a snapshot, in hexadecimal digits.

    >>> digest_of({"b": 1, "a": "é"}) == digest_of({"a": "é", "b": 1})
    True
    """
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def _plain(value: Any) -> Any:  # any value of a report, and what JSON has for it
    if isinstance(value, StrEnum | Month):
        return str(value)
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {_plain(name): _plain(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        names = [each.name for each in fields(value)] + [*_COMPUTED.get(type(value), ())]
        return {_camel(name): _plain(getattr(value, name)) for name in names}
    return value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def mentions_in(snapshot: Mapping[str, Any]) -> tuple[AlertLine, ...]:
    """Return the P1 mentions that a frozen report tells, to be told again where nobody read it."""
    alerts = snapshot["rubrics"][Rubric.ALERTS.number - 1]["alerts"]
    return tuple(
        AlertLine(
            AlertKind.P1_MENTION,
            one["subject"],
            ticket_number=one["ticketNumber"],
            promise=_promise_of(one["promise"]),
        )
        for one in alerts
        if one["kind"] == AlertKind.P1_MENTION
    )


def _promise_of(said: Mapping[str, Any]) -> SlaLine:  # JSON
    at, priority = said["at"], said["priority"]
    return SlaLine(
        metric=SlaMetric(said["metric"]),
        verdict=SlaVerdict(said["verdict"]),
        amount=said["amount"],
        unit=TargetUnit(said["unit"]),
        is_strict=said["isStrict"],
        allowance_seconds=said["allowanceSeconds"],
        counted_seconds=said["countedSeconds"],
        at=None if at is None else datetime.fromisoformat(at),
        priority=None if priority is None else Priority(priority),
    )
