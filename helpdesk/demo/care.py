"""How the agency of the demo cares for its sites: emergency plans, a review, audits, routines."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.demo.cast import Cast, House
from helpdesk.demo.publishing import reported
from helpdesk.demo.script import Beat
from helpdesk.demo.story import document
from helpdesk.demo.turns import Turn
from helpdesk.domain.access import Viewer
from helpdesk.domain.audit import AuditKind
from helpdesk.domain.checklist import PointStatus
from helpdesk.domain.emergency import EmergencyContact, EmergencyProcedure
from helpdesk.domain.ids import AuditId
from helpdesk.domain.site_sheet import SiteSheet
from helpdesk.usecases.answer_audit_point import (
    AnswerAuditPoint,
    answer_audit_point,
    complete_audit,
)
from helpdesk.usecases.contract_care import (
    RecordReview,
    SetEmergencyProcedure,
    record_review,
    set_emergency_procedure,
)
from helpdesk.usecases.derive_signals import derive_signals
from helpdesk.usecases.describe_site import DescribeSite, describe_site
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.start_audit import StartAudit, start_audit

_A_WORKING_DAY = 8 * 3600
_PUT_RIGHT_DAYS = 9

_Told = Mapping[str, Any]  # a part of the care as it is written, known by its reader


@dataclass
class Care:
    """What is done for sites and contracts without a request, up to an instant."""

    cast: Cast
    turns: Sequence[Turn]
    now: datetime
    _audits: dict[str, AuditId] = field(default_factory=dict, init=False)

    def beats(self) -> Iterator[Beat]:
        """Return what is done, and when the engine looks at the signals of the sites."""
        told = document("care.yaml")
        yield Beat(self.turns[0].after(1), self._prepared)
        review = told["review"]
        house = self.cast.houses[review["client"]]
        held_at = self._ago(house, review["days_ago"])
        yield Beat(held_at, partial(self._reviewed, house, review))
        for audit in told["audits"]:
            yield from self._audited(audit)
        # Reports were published by then: before, every site would want one.
        yield Beat(self.turns[-1].within(1), self._looked_at)
        yield Beat(self.now, self._looked_at)

    async def _prepared(self, desk: Desk) -> None:
        told = document("care.yaml")["emergency"]
        contacts = tuple(EmergencyContact(**one) for one in told["contacts"])
        procedure = EmergencyProcedure(contacts, told["rollback"], told["escalation"])
        for house, _ in reported(self.cast):
            assert house.contract is not None  # noqa: S101 - a report is of a contract
            request = SetEmergencyProcedure(house.contract.id, procedure)
            await set_emergency_procedure(desk, viewer=self._alice, request=request)

    async def _reviewed(self, house: House, told: _Told, desk: Desk) -> None:
        assert house.contract is not None  # noqa: S101 - who has a review has a contract
        request = RecordReview(
            house.contract.id, self._today(desk), told["attendees"], told["minutes"]
        )
        await record_review(desk, viewer=self._alice, request=request)

    async def _looked_at(self, desk: Desk) -> None:
        await derive_signals(desk, self.cast.agency.id)

    def _audited(self, told: _Told) -> Iterator[Beat]:
        house = self.cast.houses[told["client"]]
        begun_at = self._ago(house, told["days_ago"])
        viewer = self.cast.colleagues[told["by"]].viewer
        yield Beat(begun_at, partial(self._begun, house, told, viewer))
        done_at = house.working.after(begun_at, _A_WORKING_DAY)
        yield Beat(done_at, self._step(told, self._completed, viewer))
        right_at = house.working.after(begun_at, _PUT_RIGHT_DAYS * _A_WORKING_DAY)
        answers = partial(self._answered, told["put_right"])
        yield Beat(right_at, self._step(told, answers, viewer))

    async def _begun(self, house: House, told: _Told, viewer: Viewer, desk: Desk) -> None:
        site_id = house.places[told["site"]].site.id
        sheet = DescribeSite(site_id, SiteSheet(**told["sheet"]))
        await describe_site(desk, viewer=viewer, request=sheet)
        request = StartAudit(site_id, AuditKind(told["kind"]))
        audit = await start_audit(desk, viewer=viewer, request=request)
        self._audits[told["client"]] = audit.id
        await self._answered(told["answers"], audit.id, viewer, desk)

    async def _answered(
        self, answers: _Told, audit_id: AuditId, viewer: Viewer, desk: Desk
    ) -> None:
        for point, told in answers.items():
            request = AnswerAuditPoint(
                audit_id,
                point,
                PointStatus(told["status"]),
                told.get("evidence", ""),
                told.get("reason", ""),
            )
            await answer_audit_point(desk, viewer=viewer, request=request)

    async def _completed(self, audit_id: AuditId, viewer: Viewer, desk: Desk) -> None:
        await complete_audit(desk, viewer=viewer, audit_id=audit_id)

    def _step(
        self, told: _Told, step: Callable[[AuditId, Viewer, Desk], Awaitable[None]], viewer: Viewer
    ) -> Callable[[Desk], Awaitable[None]]:
        """Return a step of an audit that has begun by then."""
        return lambda desk: step(self._audits[told["client"]], viewer, desk)

    def _ago(self, house: House, days: int) -> datetime:
        return house.working.after(self.now - timedelta(days=days), 0)

    def _today(self, desk: Desk) -> date:
        return desk.now().astimezone(ZoneInfo(self.cast.agency.zone)).date()

    @property
    def _alice(self) -> Viewer:
        return self.cast.colleagues["alice"].viewer
