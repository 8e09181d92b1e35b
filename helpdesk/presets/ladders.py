"""The escalation ladders of the plans, family by family."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from helpdesk.domain.escalation import EscalationAction, EscalationActionKind, Ladder, LadderStep
from helpdesk.domain.plan import Origin
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric
from helpdesk.presets import files
from helpdesk.presets.preset import TargetPreset

_FILE = "ladders.yaml"


@dataclass(frozen=True, slots=True)
class StepPreset:
    """A step with where its value comes from."""

    step: LadderStep
    origin: Origin
    source: str


@dataclass(frozen=True, slots=True)
class LadderPreset:
    """The steps of a promise under some priorities."""

    metric: SlaMetric
    priorities: tuple[Priority, ...]
    steps: tuple[StepPreset, ...]


@cache
def ladder_presets() -> Mapping[str, tuple[LadderPreset, ...]]:
    """Return the ladders by family of plans; a family without any escalates nothing."""
    document = files.read_document(_FILE)
    return {
        family: tuple(_ladder(each) for each in ladders) for family, ladders in document.items()
    }


def ladders_of(
    plan_code: str, promised: Mapping[Priority, Iterable[TargetPreset]]
) -> tuple[Ladder, ...]:
    """Return the ladders of a plan's family, for the priorities to which the promise is made."""
    found: list[Ladder] = []
    for preset in ladder_presets().get(plan_code.partition(".")[0], ()):
        priorities = frozenset(
            priority
            for priority in preset.priorities
            if preset.metric in {target.metric for target in promised.get(priority, ())}
        )
        if priorities:
            steps = tuple(each.step for each in preset.steps)
            found.append(Ladder(preset.metric, priorities, steps))
    return tuple(found)


def _ladder(document: Mapping[str, Any]) -> LadderPreset:  # Any: YAML
    return LadderPreset(
        metric=SlaMetric(document["metric"]),
        priorities=tuple(Priority(each) for each in document["priorities"]),
        steps=tuple(_step(each) for each in document["steps"]),
    )


def _step(document: Mapping[str, Any]) -> StepPreset:  # Any: YAML
    actions = tuple(EscalationAction(EscalationActionKind(kind)) for kind in document["actions"])
    step = LadderStep(
        level=document["level"],
        actions=actions,
        percent=document.get("percent"),
        minutes=document.get("minutes"),
    )
    return StepPreset(step, Origin(document["origin"]), document["source"])
