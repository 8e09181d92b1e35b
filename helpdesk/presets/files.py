"""The files of the presets, read into what they say."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from helpdesk.domain.business_hours import Span, Weekday
from helpdesk.domain.errors import Locale
from helpdesk.domain.plan import Origin, Text
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.sla import ClockStart, SlaMetric, TargetUnit
from helpdesk.presets.preset import (
    CalendarPreset,
    HolidayPreset,
    MatrixCell,
    MatrixPreset,
    PlanPreset,
    TargetPreset,
    Wording,
)

_MATRICES = ("matrix_guide.yaml", "matrix_webdesigner.yaml")
_PLANS = ("plans_guide.yaml", "plans_webdesigner.yaml", "plans_whodunit.yaml", "plans_wpbuffs.yaml")
_CALENDARS = "calendars.yaml"

# A YAML document: what each value is, only its reader below knows.
_Document = Mapping[str, Any]


@cache
def matrices() -> Mapping[str, MatrixPreset]:
    """Return the priority matrices by code."""
    read = [_matrix(read_document(name)) for name in _MATRICES]
    return {matrix.code: matrix for matrix in read}


@cache
def calendars() -> Mapping[str, CalendarPreset]:
    """Return the calendars by code."""
    document = read_document(_CALENDARS)["calendars"]
    return {code: _calendar(code, calendar) for code, calendar in document.items()}


@cache
def holidays() -> HolidayPreset:
    """Return which public holidays a calendar takes."""
    document = read_document(_CALENDARS)["holidays"]
    return HolidayPreset(
        country=document["country"],
        subdivisions={code: _text(name) for code, name in document["subdivisions"].items()},
        years_before=document["years_before"],
        years_after=document["years_after"],
    )


@cache
def plans() -> Mapping[str, PlanPreset]:
    """Return the plans by code, family by family, each in the order of its source."""
    read = [_plan(family, name) for family in plan_families() for name in family["plans"]]
    return {plan.code: plan for plan in read}


@cache
def plan_families() -> tuple[Mapping[str, Any], ...]:
    """Return the documents of the plans, family by family, as they are written."""
    return tuple(read_document(name) for name in _PLANS)


def read_document(name: str) -> Mapping[str, Any]:
    """Return a file of the presets as it is written, decoded."""
    text = files("helpdesk.presets").joinpath(name).read_text("utf-8")
    document: _Document = yaml.safe_load(text)
    return document


def _matrix(document: _Document) -> MatrixPreset:
    return MatrixPreset(
        code=document["code"],
        version=document["version"],
        label=_text(document["label"]),
        source=document["source"],
        levels={Priority(code): _wording(each) for code, each in document["levels"].items()},
        impacts={Impact(code): _wording(each) for code, each in document["impacts"].items()},
        urgencies={Urgency(code): _wording(each) for code, each in document["urgencies"].items()},
        cells={
            Impact(impact): {Urgency(urgency): _cell(cell) for urgency, cell in row.items()}
            for impact, row in document["cells"].items()
        },
    )


def _cell(document: _Document) -> MatrixCell:
    return MatrixCell(Priority(document["priority"]), Origin(document["origin"]), document["why"])


def _wording(document: _Document) -> Wording:
    return Wording(
        label=_text(document["label"]),
        definition=_text(document["definition"]),
        examples={locale: tuple(document["examples"][locale.value]) for locale in Locale},
        origin=Origin(document["origin"]),
        source=document["source"],
    )


def _calendar(code: str, document: _Document) -> CalendarPreset:
    week = {
        Weekday[day]: tuple(Span.between(opens, closes) for opens, closes in spans)
        for day, spans in document["week"].items()
    }
    return CalendarPreset(
        code=code,
        label=_text(document["label"]),
        definition=_text(document["definition"]),
        week=week,
        is_closed_on_holidays=document["is_closed_on_holidays"],
        origin=Origin(document["origin"]),
        source=document["source"],
    )


def _plan(family: _Document, name: str) -> PlanPreset:
    document = family["plans"][name]
    return PlanPreset(
        code=f"{family['family']}.{name}",
        label=_text(document["label"]),
        family_label=_text(family["label"]),
        source=family["source"],
        notes=tuple(family["notes"]),
        matrix_code=family["matrix"],
        targets=_targets({**family["targets"], **document.get("targets", {})}),
    )


def _targets(document: _Document) -> Mapping[Priority, tuple[TargetPreset, ...]]:
    return {
        priority: tuple(_target(target) for target in document[priority.value])
        for priority in Priority
        if priority.value in document
    }


def _target(document: _Document) -> TargetPreset:
    return TargetPreset(
        metric=SlaMetric(document["metric"]),
        amount=document["amount"],
        unit=TargetUnit(document["unit"]),
        calendar=document["calendar"],
        is_strict=document["is_strict"],
        starts_on=ClockStart(document["starts_on"]),
        origin=Origin(document["origin"]),
        source=document["source"],
        text=document["text"],
    )


def _text(document: _Document) -> Text:
    return {locale: document[locale.value] for locale in Locale}
