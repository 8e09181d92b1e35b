"""The checklist and the routines of the presets, as diagnostics are made from them."""

from collections.abc import Iterable, Mapping

from helpdesk.domain.agency import Site
from helpdesk.domain.checklist import Checklist
from helpdesk.domain.errors import Locale
from helpdesk.domain.month import MONTH_NAMES
from helpdesk.domain.plan import Text
from helpdesk.domain.routine import RoutineKind, Weeks
from helpdesk.domain.signal import Signal
from helpdesk.presets.catalogue import known_preset
from helpdesk.presets.diagnostics import (
    checklist,
    point_presets,
    routine_presets,
    routine_words,
    rule_of_three,
    signal_presets,
)
from helpdesk.usecases.diagnostics_ports import RoutineText, SignalWords, TaskText


class PresetDiagnostics:
    """DiagnosticsCatalogue of the presets."""

    def checklist(self) -> Checklist:
        """Return the checklist that a new audit begins with."""
        return checklist()

    def weeks(self) -> Mapping[RoutineKind, Weeks]:
        """Return in which weeks of a month each routine is done."""
        return {kind: preset.weeks for kind, preset in routine_presets().items()}

    def point_text(self, code: str) -> Text:
        """Return what a point of the checklist says."""
        return known_preset("point", code, point_presets()).text

    def signal_words(self, signal: Signal) -> SignalWords:
        """Return what a signal means."""
        return signal_presets()[signal]

    def routine_label(self, kind: RoutineKind) -> Text:
        """Return the name of a routine."""
        return routine_presets()[kind].label

    def routine_text(self, text: RoutineText, *, locale: Locale) -> TaskText:
        """Return what the ticket of a routine says: its days, its steps."""
        planned, words = text.planned, routine_words()
        preset = routine_presets()[planned.kind]
        month = f"{MONTH_NAMES[locale][planned.month.number - 1]} {planned.month.year}"
        subject = words.subject[locale].format(label=preset.label[locale], month=month)
        body = words.body[locale].format(
            reference=text.reference, first=planned.opens_on, last=planned.due_on
        )
        return TaskText(subject, _listed(body, preset.steps[locale]))

    def audit_text(self, site: Site, *, locale: Locale) -> TaskText:
        """Return what the task says that three signals together call for."""
        rule, presets = rule_of_three(), signal_presets()
        raised = [one.label[locale] for signal, one in presets.items() if signal in rule.signals]
        subject = f"{rule.action[locale]} — {site.name}"
        conclusion = rule.conclusion[locale]
        return TaskText(subject, _listed(f"{conclusion[0].upper()}{conclusion[1:]}.", raised))


def _listed(text: str, items: Iterable[str]) -> str:
    return "\n".join([text, "", *(f"- {item}" for item in items)])
