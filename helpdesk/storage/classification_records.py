"""Classifications, exclusions and interventions in the database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, Table, bindparam, select, update

from helpdesk.domain.classification import ClassificationRule
from helpdesk.domain.ids import ExclusionId, InterventionId, TicketId
from helpdesk.storage.classification_documents import (
    actor_document,
    actor_of,
    classified_of,
    classified_params,
    exclusion_of,
    exclusion_params,
    intervention_of,
    intervention_params,
)
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.agency import AGENCY
from helpdesk.storage.tables.classification import (
    AUTOMATIC_RULES,
    CLASSIFICATION,
    EXCLUSION,
    INTERVENTION,
)
from helpdesk.usecases.classification_ports import (
    AutomaticRules,
    ClassifiedTicket,
    SiteIntervention,
    TicketExclusion,
)

_OF_TICKET: BindParameter[str] = bindparam("ticket_id")

_HISTORY = Query(
    select(CLASSIFICATION)
    .where(CLASSIFICATION.c.agency_id == MINE, CLASSIFICATION.c.ticket_id == _OF_TICKET)
    .order_by(CLASSIFICATION.c.sequence)
)
_LATEST = Query(
    select(CLASSIFICATION).where(
        CLASSIFICATION.c.agency_id == MINE,
        CLASSIFICATION.c.ticket_id == _OF_TICKET,
        CLASSIFICATION.c.is_latest,
    )
)
_NO_LONGER_LATEST = Query(
    update(CLASSIFICATION)
    .where(
        CLASSIFICATION.c.agency_id == MINE,
        CLASSIFICATION.c.ticket_id == _OF_TICKET,
        CLASSIFICATION.c.is_latest,
    )
    .values(is_latest=False)
)
_APPEND = Query(insert(CLASSIFICATION))
_AUTOMATIC = Query(
    select(AUTOMATIC_RULES)
    .where(AUTOMATIC_RULES.c.agency_id == MINE)
    .order_by(AUTOMATIC_RULES.c.number.desc())
    .limit(1)
)
_LOCK_AGENCY = Query(select(AGENCY.c.agency_id).where(AGENCY.c.agency_id == MINE).with_for_update())
_ADD_AUTOMATIC = Query(insert(AUTOMATIC_RULES))
_STANDING = Query(
    select(EXCLUSION)
    .where(
        EXCLUSION.c.agency_id == MINE,
        EXCLUSION.c.ticket_id == _OF_TICKET,
        EXCLUSION.c.lifted_at.is_(None),
    )
    .order_by(EXCLUSION.c.recorded_at, EXCLUSION.c.id)
    .limit(1)
)
_ADD_EXCLUSION = Query(insert(EXCLUSION))
_LIFT = Query(
    update(EXCLUSION)
    .where(EXCLUSION.c.agency_id == MINE, EXCLUSION.c.id == bindparam("exclusion_id"))
    .values(
        lifted_by=bindparam("new_lifted_by"),
        lifted_at=bindparam("new_lifted_at"),
        lift_reason=bindparam("new_lift_reason"),
    )
)
_ADD_INTERVENTION = Query(insert(INTERVENTION))
_VALIDATE = Query(
    update(INTERVENTION)
    .where(INTERVENTION.c.agency_id == MINE, INTERVENTION.c.id == bindparam("intervention_id"))
    .values(validated_by=bindparam("new_validated_by"), validated_at=bindparam("new_validated_at"))
)


def _by_id(table: Table) -> tuple[Query, Query]:
    statement = select(table).where(table.c.agency_id == MINE, table.c.id == bindparam("id"))
    return Query(statement), Query(statement.with_for_update())


_EXCLUSIONS, _INTERVENTIONS = _by_id(EXCLUSION), _by_id(INTERVENTION)


class SqlClassificationRecords:
    """ClassificationRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._exclusion, self._intervention = _EXCLUSIONS[locks], _INTERVENTIONS[locks]

    async def latest(self, ticket_id: TicketId) -> ClassifiedTicket | None:
        """Return the classification that holds."""
        row = await self._session.fetch_one(_LATEST, ticket_id=ticket_id)
        return None if row is None else classified_of(_held(CLASSIFICATION, row))

    async def history(self, ticket_id: TicketId) -> tuple[ClassifiedTicket, ...]:
        """Return every step, the first one at the front."""
        rows = await self._session.fetch_all(_HISTORY, ticket_id=ticket_id)
        return tuple(classified_of(_held(CLASSIFICATION, row)) for row in rows)

    async def append(self, step: ClassifiedTicket) -> None:
        """Add a step, which is the latest from now on."""
        await self._session.write(_NO_LONGER_LATEST, ticket_id=step.ticket_id)
        await self._session.add(_APPEND, classified_params(step))

    async def automatic_rules(self) -> AutomaticRules | None:
        """Return what the agency said last."""
        row = await self._session.fetch_one(_AUTOMATIC)
        if row is None:
            return None
        held = _held(AUTOMATIC_RULES, row)
        rules = frozenset(map(ClassificationRule, held["rules"]))
        return AutomaticRules(rules, actor_of(held["set_by"]), held["set_at"])

    async def add_automatic_rules(self, automatic: AutomaticRules) -> None:
        """Add what the agency says from now on."""
        await self._session.fetch_one(_LOCK_AGENCY)  # who says so at the same time waits here
        row = await self._session.fetch_one(_AUTOMATIC)
        last = 0 if row is None else _held(AUTOMATIC_RULES, row)["number"]
        await self._session.write(
            _ADD_AUTOMATIC,
            number=last + 1,
            rules=sorted(rule.value for rule in automatic.rules),
            set_by=actor_document(automatic.set_by),
            set_at=automatic.set_at,
        )

    async def exclusion(self, exclusion_id: ExclusionId) -> TicketExclusion | None:
        """Return an exclusion."""
        row = await self._session.fetch_one(self._exclusion, id=exclusion_id)
        return None if row is None else exclusion_of(_held(EXCLUSION, row))

    async def standing_exclusion(self, ticket_id: TicketId) -> TicketExclusion | None:
        """Return the first exclusion of a ticket that was not lifted."""
        row = await self._session.fetch_one(_STANDING, ticket_id=ticket_id)
        return None if row is None else exclusion_of(_held(EXCLUSION, row))

    async def add_exclusion(self, exclusion: TicketExclusion) -> None:
        """Add an exclusion."""
        await self._session.add(_ADD_EXCLUSION, exclusion_params(exclusion))

    async def lift(self, exclusion: TicketExclusion) -> None:
        """Write the gesture that lifts an exclusion."""
        lifting = exclusion.exclusion.lifting
        assert lifting is not None  # noqa: S101 - what is lifted carries who lifted it
        await self._session.write(
            _LIFT,
            exclusion_id=exclusion.id,
            new_lifted_by=actor_document(lifting.by),
            new_lifted_at=lifting.at,
            new_lift_reason=lifting.reason,
        )

    async def intervention(self, intervention_id: InterventionId) -> SiteIntervention | None:
        """Return an intervention."""
        row = await self._session.fetch_one(self._intervention, id=intervention_id)
        return None if row is None else intervention_of(_held(INTERVENTION, row))

    async def add_intervention(self, intervention: SiteIntervention) -> None:
        """Add an intervention."""
        await self._session.add(_ADD_INTERVENTION, intervention_params(intervention))

    async def validate(self, intervention: SiteIntervention) -> None:
        """Write who validated an intervention, and when."""
        await self._session.write(
            _VALIDATE,
            intervention_id=intervention.id,
            new_validated_by=intervention.intervention.validated_by,
            new_validated_at=intervention.validated_at,
        )


def _held(table: Table, row: Row) -> Mapping[str, Any]:  # Any: columns of every type
    return dict(zip(table.c.keys(), row, strict=True))
