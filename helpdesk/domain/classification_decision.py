"""What an agent makes of a proposal: another coverage, and who pays under it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from helpdesk.domain.classification import ClassificationRule, Coverage, Funding, Verdict
from helpdesk.domain.errors import ErrorCode, HelpdeskError

FUNDINGS: Mapping[Coverage, tuple[Funding, ...]] = {
    Coverage.INCLUDED: (
        Funding.NONE,
        Funding.TICKET_QUOTA,
        Funding.TIME_CREDIT,
        Funding.PAY_PER_USE,
    ),
    Coverage.RUN: (Funding.RUN_MINUTES,),
    Coverage.QUOTE: (Funding.QUOTE,),
    Coverage.OUT_OF_CONTRACT: (Funding.QUOTE,),
}
"""Who can pay for what (R-CLS); the first one does where nobody says."""


class FundingImpossible(HelpdeskError):
    """Who pays follows from where the request stands: work on a quote takes no run time."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{coverage} is not paid by {funding}: choose among {possible}."
    french: ClassVar[str] = "{coverage} ne se paie pas par {funding} : choisissez parmi {possible}."


class RegressionNotCharged(HelpdeskError):
    """What the agency broke it repairs at its own cost: nobody can decide otherwise (R-LED 5)."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "A regression of the agency is not paid by {funding}: classify it again without"
        " `isRegression` if it is none."
    )
    french: ClassVar[str] = (
        "Une régression due à l'agence ne se paie pas par {funding} : reclassez la demande sans"
        " `isRegression` si ce n'en est pas une."
    )


def decided(verdict: Verdict, coverage: Coverage | None, funding: Funding | None) -> Verdict:
    """Return the verdict with the coverage and the funding of an agent; None keeps what is said.

    Another coverage without a funding takes the usual one. Raises FundingImpossible and
    RegressionNotCharged.
    """
    wanted = verdict.coverage if coverage is None else coverage
    usual = verdict.funding if wanted is verdict.coverage else FUNDINGS[wanted][0]
    paid = usual if funding is None else funding
    if paid not in FUNDINGS[wanted]:
        possible = ", ".join(FUNDINGS[wanted])
        raise FundingImpossible(path=("funding",), coverage=wanted, funding=paid, possible=possible)
    if verdict.rule is ClassificationRule.WARRANTY and paid is not Funding.NONE:
        raise RegressionNotCharged(path=("funding",), funding=paid)
    return replace(verdict, coverage=wanted, funding=paid)
