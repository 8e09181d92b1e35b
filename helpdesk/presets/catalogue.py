"""The presets by code, copied into a contract and never referenced by it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.contract import ContractTerms
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.priority import MatrixAcceptance, PriorityMatrix
from helpdesk.domain.sla import (
    Target,
)
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.presets import files
from helpdesk.presets.ladders import ladders_of
from helpdesk.presets.preset import (
    CalendarPreset,
    HolidayPreset,
    MatrixPreset,
    PlanPreset,
    TargetPreset,
)

T = TypeVar("T")


class PresetUnknown(HelpdeskError):
    """A misspelt preset must not become an empty contract, so the known ones are named."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "There is no {kind} “{name}” among the presets. Known: {known}."
    french: ClassVar[str] = (
        "Aucun modèle de type {kind} ne s'appelle « {name} ». Modèles connus : {known}."
    )


class PresetCalendarMissing(HelpdeskError):
    """A promise counted on a calendar that nobody gave could not be measured."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_WITHOUT_CALENDAR
    english: ClassVar[str] = (
        "Plan {plan} counts on the calendars {wanted}: say which of yours {missing} stands for."
    )
    french: ClassVar[str] = (
        "Le forfait {plan} compte sur les calendriers {wanted} : dites lequel des vôtres tient "
        "lieu de {missing}."
    )


def matrix_codes() -> tuple[str, ...]:
    """Return the codes of the priority matrices.

    >>> matrix_codes()
    ('guide', 'webdesigner')
    """
    return tuple(files.matrices())


def matrix_preset(code: str) -> MatrixPreset:
    """Return a matrix with its words and sources. Raises PresetUnknown."""
    return known_preset("matrix", code, files.matrices())


def priority_matrix(code: str, acceptance: MatrixAcceptance | None = None) -> PriorityMatrix:
    """Return a copy of a matrix, with who accepted it when a client did. Raises PresetUnknown."""
    preset = matrix_preset(code)
    cells = {
        impact: {urgency: cell.priority for urgency, cell in row.items()}
        for impact, row in preset.cells.items()
    }
    return PriorityMatrix(preset.code, preset.version, cells, acceptance)


def calendar_codes() -> tuple[str, ...]:
    """Return the codes of the calendars.

    >>> calendar_codes()
    ('ouvre5', 'ouvrable6', 'ouvre24h', 'continuous')
    """
    return tuple(files.calendars())


def calendar_preset(code: str) -> CalendarPreset:
    """Return a calendar with its words and source. Raises PresetUnknown."""
    return known_preset("calendar", code, files.calendars())


def calendar_hours(code: str, zone: str, holidays: Iterable[date]) -> BusinessHours:
    """Return the opening hours of a calendar with these holidays frozen in it.

    A calendar that stays open on holidays takes none. Raises PresetUnknown, and ZoneUnknown for
    what is no time zone.
    """
    preset = calendar_preset(code)
    kept = frozenset(holidays) if preset.is_closed_on_holidays else frozenset[date]()
    return BusinessHours(zone, preset.week, holidays=kept)


def holiday_preset() -> HolidayPreset:
    """Return the country of the public holidays, its subdivisions and the years to freeze."""
    return files.holidays()


def holiday_years(at: datetime, zone: str) -> range:
    """Return the years whose holidays a calendar made at `at` freezes, in its own time zone.

    >>> from datetime import timezone
    >>> holiday_years(datetime(2025, 12, 31, 23, 30, tzinfo=timezone.utc), "Europe/Paris")
    range(2024, 2037)
    """
    preset = files.holidays()
    year = at.astimezone(ZoneInfo(zone)).year
    return range(year - preset.years_before, year + preset.years_after + 1)


def plan_codes() -> tuple[str, ...]:
    """Return the codes of the plans, family by family, each from the smallest to the largest."""
    return tuple(files.plans())


def plan(code: str) -> PlanPreset:
    """Return a plan with its promises and sources. Raises PresetUnknown."""
    return known_preset("plan", code, files.plans())


def contract_terms(
    plan_code: str,
    *,
    reference: str,
    calendar_ids: Mapping[str, CalendarId],
    effective_from: datetime,
    acceptance: MatrixAcceptance | None,
    version: int = 1,
) -> ContractTerms:
    """Return the terms of a contract on a plan, everything of the preset copied into them.

    `calendar_ids` says which calendar each code of the plan stands for: a client in Alsace gives
    his own for `ouvre5`. `acceptance` is None as long as nobody accepted the matrix. Raises
    PresetUnknown, PresetCalendarMissing, and ContractWithoutTargets for a plan whose source
    promises no delay.
    """
    preset = plan(plan_code)
    return ContractTerms(
        reference=reference,
        version=version,
        effective_from=effective_from,
        plan_code=preset.code,
        sla=sla_policy(plan_code, calendar_ids),
        calendar_ids=frozenset(calendar_ids[code] for code in preset.calendar_codes),
        matrix=priority_matrix(preset.matrix_code, acceptance),
    )


def sla_policy(plan_code: str, calendar_ids: Mapping[str, CalendarId]) -> SlaPolicy:
    """Return a copy of the promises of a plan; none where its source promises no delay.

    Raises PresetUnknown and PresetCalendarMissing.
    """
    preset = plan(plan_code)
    missing = sorted(preset.calendar_codes - calendar_ids.keys())
    if missing:
        raise PresetCalendarMissing(
            path=("calendars",),
            plan=plan_code,
            wanted=", ".join(sorted(preset.calendar_codes)),
            missing=", ".join(missing),
        )
    return SlaPolicy(
        {
            priority: tuple(_target(target, calendar_ids) for target in targets)
            for priority, targets in preset.targets.items()
        },
        ladders=ladders_of(plan_code, preset.targets),
    )


def _target(preset: TargetPreset, calendar_ids: Mapping[str, CalendarId]) -> Target:
    return Target(
        metric=preset.metric,
        amount=preset.amount,
        unit=preset.unit,
        calendar_id=None if preset.calendar is None else calendar_ids[preset.calendar],
        is_strict=preset.is_strict,
        starts_on=preset.starts_on,
    )


def known_preset(kind: str, code: str, presets: Mapping[str, T]) -> T:
    """Return the preset of a kind by its code. Raises PresetUnknown, which names the known ones."""
    preset = presets.get(code)
    if preset is None:
        raise PresetUnknown(path=("code",), kind=kind, name=code, known=", ".join(presets))
    return preset
