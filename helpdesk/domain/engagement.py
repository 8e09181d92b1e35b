"""The four ways to commit to maintenance, alone or together."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.plan import Cover, Plan, TmaDimension
from helpdesk.domain.retainer_terms import RetainerUnit


class EngagementModel(StrEnum):
    """How maintenance is sold: the union of the models of two sources (X-22).

    Prepaid time is consumed for the time really spent; paying per use needs no purchase (X-21).
    """

    MONTHLY_PLAN = "MONTHLY_PLAN"
    PREPAID_TIME = "PREPAID_TIME"
    PAY_PER_USE = "PAY_PER_USE"
    SLA = "SLA"


class EngagementOpen(HelpdeskError):
    """How maintenance is sold says how work is paid; without it each request is an argument."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = "The contract does not say how it is sold: choose among {models}."
    french: ClassVar[str] = (
        "Le contrat ne dit pas selon quel modèle il est vendu : choisissez parmi {models}."
    )


class EngagementMissing(HelpdeskError):
    """Work that a plan leaves to be paid apart could not be paid at all."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = "Plan {plan} needs the engagement model {model}: add it."
    french: ClassVar[str] = (
        "Le forfait {plan} a besoin du modèle d'engagement {model} : ajoutez-le."
    )


_PAID_BY = {
    Cover.TIME_CREDIT: EngagementModel.PREPAID_TIME,
    Cover.PAY_PER_USE: EngagementModel.PAY_PER_USE,
}


@dataclass(frozen=True, slots=True)
class Engagement:
    """The models of one contract: any of them, and any together (002 §4 L383-385, REQ-E02).

    Raises EngagementOpen for a contract without any.
    """

    models: frozenset[EngagementModel]

    def __post_init__(self) -> None:
        """Refuse a contract that sells nothing."""
        if not self.models:
            raise EngagementOpen(path=("models",), models=", ".join(EngagementModel))

    @property
    def has_sla(self) -> bool:
        """Whether delays are promised: a clause that can be added to any other model."""
        return EngagementModel.SLA in self.models

    def require_fit(self, plan: Plan) -> None:
        """Refuse with EngagementMissing unless all that the plan leaves to pay can be paid."""
        for model in _needed(plan):
            if model not in self.models:
                raise EngagementMissing(path=("models",), plan=plan.code, model=model)


def _needed(plan: Plan) -> Iterator[EngagementModel]:
    if plan.price is not None or any(plan.grants(unit) for unit in RetainerUnit):
        yield EngagementModel.MONTHLY_PLAN
    covers = {plan.cover(dimension) for dimension in TmaDimension}
    yield from (model for cover, model in _PAID_BY.items() if cover in covers)
