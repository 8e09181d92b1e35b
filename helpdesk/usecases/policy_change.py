"""What changes in the promises and clauses of a contract; what is not named stays as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from helpdesk.domain.access import NotFound
from helpdesk.domain.escalation import EscalationAction, EscalationInvalid, Ladder
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, Target, TargetInvalid, TargetUnit
from helpdesk.domain.sla_policy import (
    AnswerClause,
    NextResponseClause,
    ReopenClause,
    RetargetClause,
    SlaPolicy,
)
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class WantedTarget:
    """A promise for one priority; `calendar_code` is None for calendar minutes alone."""

    priority: Priority
    metric: SlaMetric
    amount: int
    unit: TargetUnit
    starts_on: ClockStart
    is_strict: bool
    calendar_code: str | None = None


@dataclass(frozen=True, slots=True)
class Reopening:
    """What becomes of a promise when its ticket is reopened, and within how many days."""

    clause: ReopenClause
    window_days: int | None = None


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """The promises and clauses that change; None keeps what was agreed."""

    targets: tuple[WantedTarget, ...] | None = None
    at_risk_percent: int | None = None
    pauses: Mapping[WaitingOn, frozenset[SlaMetric]] | None = None
    reopening: Reopening | None = None
    retargeting: RetargetClause | None = None
    answers: AnswerClause | None = None
    next_response: NextResponseClause | None = None
    ladders: tuple[Ladder, ...] | None = None


async def changed_policy(records: Records, policy: SlaPolicy, change: PolicyChange) -> SlaPolicy:
    """Return the policy after the change.

    Raises NotFound for a calendar, agent, team or webhook that the agency lacks, TargetInvalid,
    ClauseInvalid and EscalationInvalid, each with the path of the input at fault.
    """
    fields: dict[str, Any] = {  # Any: the policy's own fields
        name: value
        for name in (
            "at_risk_percent",
            "pauses",
            "retargeting",
            "answers",
            "next_response",
            "ladders",
        )
        if (value := getattr(change, name)) is not None
    }
    if change.reopening is not None:
        fields["reopening"] = change.reopening.clause
        fields["reopen_window_days"] = change.reopening.window_days
    if change.ladders is not None:
        await _require_known(records, change.ladders)
    if change.targets is not None:
        fields["targets"] = await _targets(records, change.targets)
    try:
        return replace(policy, **fields)
    except EscalationInvalid as error:
        raise error.below("ladders") from None


async def _require_known(records: Records, ladders: Sequence[Ladder]) -> None:
    """Refuse a step that names nobody of this agency: it would escalate to no one."""
    for place, ladder in enumerate(ladders):
        for action in (action for step in ladder.steps for action in step.actions):
            unknown = await _unknown(records, action)
            if unknown is not None:
                what, thing_id = unknown
                raise NotFound(path=("ladders", str(place)), what=what, id=thing_id)


async def _unknown(records: Records, action: EscalationAction) -> tuple[str, str] | None:
    agent_id, team_id, webhook_id = action.agent_id, action.team_id, action.webhook_id
    if agent_id is not None and await records.agencies.agent(agent_id) is None:
        return "Agent", agent_id
    if team_id is not None and await records.agencies.team(team_id) is None:
        return "Team", team_id
    if webhook_id is not None and await records.webhooks.webhook(webhook_id) is None:
        return "Webhook", webhook_id
    return None


def calendar_ids_of(policy: SlaPolicy) -> frozenset[CalendarId]:
    """Return the calendars that the promises are counted on."""
    return frozenset(
        target.calendar_id
        for targets in policy.targets.values()
        for target in targets
        if target.calendar_id is not None
    )


async def _targets(
    records: Records, wanted: Sequence[WantedTarget]
) -> dict[Priority, tuple[Target, ...]]:
    # Calendars are locked in the order of their codes, whoever names them.
    codes = sorted({one.calendar_code for one in wanted if one.calendar_code is not None})
    calendars = {code: await records.contracts.calendar_of_code(code) for code in codes}
    targets: dict[Priority, tuple[Target, ...]] = {}
    for index, one in enumerate(wanted):
        made = targets.get(one.priority, ())
        try:
            targets[one.priority] = (*made, _target(one, calendars, made))
        except (NotFound, TargetInvalid) as error:
            raise error.below("targets", str(index)) from None
    return targets


def _target(
    wanted: WantedTarget, calendars: Mapping[str, CalendarId | None], made: Iterable[Target]
) -> Target:
    code = wanted.calendar_code
    calendar_id = None if code is None else calendars[code]
    if code is not None and calendar_id is None:
        raise NotFound(path=("calendarCode",), what="Calendar", id=code)
    if any(target.metric is wanted.metric for target in made):
        raise TargetInvalid(metric=wanted.metric, why=f"{wanted.priority} has two of them")
    return Target(
        metric=wanted.metric,
        amount=wanted.amount,
        unit=wanted.unit,
        calendar_id=calendar_id,
        is_strict=wanted.is_strict,
        starts_on=wanted.starts_on,
    )
