"""What the clients of the demo agreed on: their contracts, drafted from a plan and put in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Client, Contact
from helpdesk.domain.commercial_terms import CompensationClause
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_life import CompensationNature, Perimeter
from helpdesk.domain.contract_term import Notice
from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.errors import Locale
from helpdesk.domain.money import Money
from helpdesk.domain.plan import BillingInterval, PlanPrice, TaxBasis
from helpdesk.domain.priority import MatrixAcceptance
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    RetainerUnit,
    RolloverMode,
    RolloverTerms,
)
from helpdesk.presets.catalogue import calendar_preset, plan
from helpdesk.usecases.activate_contract import activate_contract
from helpdesk.usecases.contract_terms_wanted import TermLength, WantedTerms, WantedUnit
from helpdesk.usecases.create_contract import CreateContract, create_contract
from helpdesk.usecases.desk import Desk

_MONTHS = 12
_NOTICE = Notice(months=2)
_INCLUDED = (
    "Correction des anomalies constatées en production",
    "Mises à jour de sécurité et supervision des sites",
)
_EXCLUDED = (
    "Création de pages, refonte et développements nouveaux",
    "Production et saisie de contenus",
    "Conséquences d'une intervention du client ou d'un tiers",
)
_COMPENSATION = (
    "Chaque heure entamée au-delà du délai de résolution d'un incident P0 donne droit à une "
    "réduction de prix de 5 % de la redevance du mois. Une disponibilité du mois sous 99,5 % donne "
    "droit à 10 %, sous 99 % à 25 %, sous 95 % à 50 %. Le tout est plafonné à 50 %."
)

_Told = Mapping[str, Any]  # a client as he is written, known by his reader


@dataclass(frozen=True, slots=True)
class Agreement:
    """Between which agency and client, who signs, and what they settled beside the plan."""

    manager: Viewer
    client: Client
    signatory: Contact
    plan_code: str
    settled: _Told

    async def sign(
        self, desk: Desk, *, reference: str, starts_on: date, calendars: Mapping[str, str]
    ) -> Contract:
        """Draft the contract, put it in force and return it.

        `calendars` says which calendar of the agency each code of the plan stands for.
        """
        request = CreateContract(
            client_id=self.client.id,
            reference=reference,
            name=f"{plan(self.plan_code).label[Locale.FR]} – {self.client.name}",
            starts_on=starts_on,
            models=frozenset(EngagementModel(model) for model in self.settled["models"]),
            length=TermLength(_MONTHS, _MONTHS),
            plan_code=self.plan_code,
            calendars=calendars,
            terms=self._terms(desk),
        )
        draft = await create_contract(desk, viewer=self.manager, request=request)
        return await activate_contract(desk, viewer=self.manager, contract_id=draft.id)

    def _terms(self, desk: Desk) -> WantedTerms:
        codes = sorted(plan(self.plan_code).calendar_codes)
        billing = self.settled.get("billing")
        return WantedTerms(
            notice=_NOTICE,
            price=PlanPrice(Money(self.settled["monthly_cents"]), TaxBasis.HT),
            billing=None if billing is None else BillingInterval(billing),
            units=tuple(self._units()),
            perimeter=Perimeter(_INCLUDED, _EXCLUDED),
            calendar_definitions=tuple(
                calendar_preset(code).definition[Locale.FR] for code in codes
            ),
            compensation=CompensationClause(
                _COMPENSATION, CompensationNature.PRICE_REDUCTION, desk.plans.compensation()
            ),
            acceptance=MatrixAcceptance(self.signatory.name, desk.now()),
        )

    def _units(self) -> Iterator[WantedUnit]:
        overage, rollover = self.settled.get("overage", {}), self.settled.get("rollover", {})
        for code in sorted({*overage, *rollover}):
            yield WantedUnit(
                RetainerUnit(code),
                overage=_overage(overage.get(code)),
                rollover=_rollover(rollover.get(code)),
            )


def _overage(told: _Told | None) -> OverageTerms | None:
    if told is None:
        return None
    cents = told.get("price_cents")
    price = None if cents is None else Money(cents)
    return OverageTerms(OveragePolicy(told["policy"]), price)


def _rollover(told: _Told | None) -> RolloverTerms | None:
    if told is None:
        return None
    return RolloverTerms(
        RolloverMode(told["mode"]), told.get("cap_percent"), told.get("cap_quantity")
    )
