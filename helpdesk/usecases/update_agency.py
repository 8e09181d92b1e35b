"""A manager changes how the agency works; what it said before is kept."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.classification import ClassificationRule
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.follow_up import FollowUp
from helpdesk.usecases.classification_ports import AutomaticRules
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_ports import AgencyFollowUp
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager


class ExclusionNeverAutomatic(HelpdeskError):
    """An exclusion takes away what was promised, so a person answers for each (X-15)."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "An exclusion is never automatic: leave EXCLUSION out of the list."
    french: ClassVar[str] = (
        "Une exclusion n'est jamais automatique : retirez EXCLUSION de la liste."
    )


@dataclass(frozen=True, slots=True)
class UpdateAgency:
    """What changes; None leaves it as it is.

    `automatic_rules` are the rules of classification that are final without a person, `follow_up`
    is what mails on finished tickets do.
    """

    automatic_rules: frozenset[ClassificationRule] | None = None
    follow_up: FollowUp | None = None


async def update_agency(desk: Desk, *, viewer: Viewer, request: UpdateAgency) -> Agency:
    """Change how the agency works and return it; nothing that was classified before changes.

    Raises AgencyOnly, ScopeMissing, ManagersOnly and ExclusionNeverAutomatic.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        rules = request.automatic_rules
        if rules is not None and ClassificationRule.EXCLUSION in rules:
            raise ExclusionNeverAutomatic(path=("automaticRules",))
        agency = await records.agencies.agency()
        await _follow_up_from_now_on(desk, records, viewer, request.follow_up)
        known = await records.classifications.automatic_rules()
        if rules is not None and (known is None or known.rules != rules):
            said = AutomaticRules(rules, viewer.actor, desk.now())
            await records.classifications.add_automatic_rules(said)
        return agency


async def _follow_up_from_now_on(
    desk: Desk, records: Records, viewer: Viewer, wanted: FollowUp | None
) -> None:
    known = await records.mail.follow_up()
    if wanted is not None and (known is None or known.follow_up != wanted):
        await records.mail.add_follow_up(AgencyFollowUp(wanted, viewer.actor, desk.now()))
