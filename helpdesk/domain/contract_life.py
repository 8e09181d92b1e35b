"""The life of a contract: draft, active, suspended, ending, ended; and what activating it takes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.contract_term import Notice, TermClause
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.plan import PlanPrice
from helpdesk.domain.priority import MatrixAcceptance


class ContractStep(StrEnum):
    """The acts that the status of a contract allows or refuses, named as the API's mutations."""

    ACTIVATE = "activateContract"
    SUSPEND = "suspendContract"
    RESUME = "resumeContract"
    RENEW = "renewContract"
    GIVE_NOTICE = "giveNotice"
    END = "endContract"


CONTRACT_STEPS: Mapping[ContractStep, Mapping[ContractStatus, ContractStatus]] = {
    ContractStep.ACTIVATE: {ContractStatus.DRAFT: ContractStatus.ACTIVE},
    ContractStep.SUSPEND: {ContractStatus.ACTIVE: ContractStatus.SUSPENDED},
    ContractStep.RESUME: {ContractStatus.SUSPENDED: ContractStatus.ACTIVE},
    ContractStep.RENEW: {
        ContractStatus.ACTIVE: ContractStatus.ACTIVE,
        ContractStatus.SUSPENDED: ContractStatus.SUSPENDED,
    },
    ContractStep.GIVE_NOTICE: {
        ContractStatus.ACTIVE: ContractStatus.ENDING,
        ContractStatus.SUSPENDED: ContractStatus.ENDING,
    },
    ContractStep.END: {ContractStatus.ENDING: ContractStatus.ENDED},
}
"""From which status each step leads to which: the table is the rule (R-LIFE)."""


class ContractStepRefused(HelpdeskError):
    """What is owed follows from where a contract stands, so it moves by known steps only."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = (
        "Contract {reference} is {status}: {step} is not possible. Possible now: {possible}."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} est {status} : {step} n'est pas possible. Possible : {possible}."
    )


class NoticeNotAgreed(HelpdeskError):
    """A contract that renews itself says how to leave it; no source gives a length (X-31)."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = (
        "Contract {reference} is renewed tacitly and names no notice: agree on one."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} se renouvelle tacitement sans préavis convenu : fixez-en un."
    )


class CalendarNotDefined(HelpdeskError):
    """“Ouvrable” and “24 h ouvrées” mean two things each, so the client reads which: X-03, X-04."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = (
        "Contract {reference} does not say what its hours mean: confirm the days and hours."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} ne dit pas ce que ses heures veulent dire : confirmez les jours et"
        " les horaires."
    )


class MatrixNotAccepted(HelpdeskError):
    """The matrix decides which promise holds, so the client accepts it by contract (REQ-C05)."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = (
        "Nobody accepted the priority matrix of contract {reference}: note who did, and when."
    )
    french: ClassVar[str] = (
        "Personne n'a accepté la matrice de priorisation du contrat {reference} : notez qui, et"
        " quand."
    )


class PerimeterNotListed(HelpdeskError):
    """What is out is said as clearly as what is in (REQ-E12, REQ-E13)."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = (
        "Contract {reference} needs both lists of its perimeter: what is included, what is"
        " excluded."
    )
    french: ClassVar[str] = (
        "Il faut au contrat {reference} les deux listes de son périmètre : ce qui est inclus, ce"
        " qui est exclu."
    )


class CompensationNatureNotChosen(HelpdeskError):
    """A price reduction bears VAT and a penalty does not, so there is no silent choice (X-35)."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = (
        "Contract {reference} compensates breaches: say whether by a price reduction or a penalty."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} compense les manquements : dites si c'est par une réduction de prix"
        " ou une pénalité."
    )


class TaxBasisNotStated(HelpdeskError):
    """199 € without tax and 199 € with it are two prices (X-20)."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = (
        "The price of contract {reference} does not say whether tax is in it: state HT or TTC."
    )
    french: ClassVar[str] = (
        "Le prix du contrat {reference} ne dit pas s'il comprend la TVA : indiquez HT ou TTC."
    )


class SiteAlreadyCovered(HelpdeskError):
    """Under two contracts nobody could say which promise a request on the site falls under."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_OVERLAP
    english: ClassVar[str] = (
        "Contract {reference} overlaps with {other} on {sites}: end one, or share the sites out."
    )
    french: ClassVar[str] = (
        "Le contrat {reference} chevauche {other} sur {sites} : mettez fin à l'un, ou répartissez"
        " les sites."
    )


class CompensationNature(StrEnum):
    """What a compensation is before tax law: a reduction of the price, or a penalty (R-VAT)."""

    PRICE_REDUCTION = "price_reduction"
    PENALTY = "penalty"


@dataclass(frozen=True, slots=True)
class Perimeter:
    """What a contract includes and what it excludes, each in words that the client reads."""

    included: tuple[str, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivationFile:
    """What the parties settled before a contract starts; None where nothing was settled.

    `defined_calendars` are the definitions that the client read, such as "Monday to Friday, 9 to
    18". `compensation_nature` is asked for only where the contract `compensates`.
    """

    reference: str
    term: TermClause
    notice: Notice | None
    defined_calendars: tuple[str, ...]
    acceptance: MatrixAcceptance | None
    perimeter: Perimeter
    compensates: bool
    compensation_nature: CompensationNature | None
    price: PlanPrice | None

    def missing(self) -> tuple[HelpdeskError, ...]:
        """Return a refusal for everything that is not settled, in the order of the rules."""
        return tuple(
            refusal(path=(path,), reference=self.reference)
            for path, refusal, is_missing in _ASKED
            if is_missing(self)
        )

    def require_complete(self) -> None:
        """Refuse with the first thing that is missing (R-LIFE 2)."""
        for refusal in self.missing():
            raise refusal


def _lacks_notice(file: ActivationFile) -> bool:
    return file.term.renewal_months is not None and file.notice is None


def _lacks_perimeter(file: ActivationFile) -> bool:
    return not (file.perimeter.included and file.perimeter.excluded)


def _lacks_nature(file: ActivationFile) -> bool:
    return file.compensates and file.compensation_nature is None


def _lacks_tax_basis(file: ActivationFile) -> bool:
    return file.price is not None and file.price.tax_basis is None


_ASKED: tuple[tuple[str, type[HelpdeskError], Callable[[ActivationFile], bool]], ...] = (
    ("notice", NoticeNotAgreed, _lacks_notice),
    ("calendars", CalendarNotDefined, lambda file: not file.defined_calendars),
    ("matrix", MatrixNotAccepted, lambda file: file.acceptance is None),
    ("perimeter", PerimeterNotListed, _lacks_perimeter),
    ("compensationNature", CompensationNatureNotChosen, _lacks_nature),
    ("price", TaxBasisNotStated, _lacks_tax_basis),
)


def possible_steps(status: ContractStatus) -> tuple[ContractStep, ...]:
    """Return the steps that a status allows."""
    return tuple(step for step, moves in CONTRACT_STEPS.items() if status in moves)


def stepped(contract: Contract, step: ContractStep) -> Contract:
    """Return the contract after a step; ContractStepRefused names what is possible instead."""
    moves = CONTRACT_STEPS[step]
    if contract.status not in moves:
        raise ContractStepRefused(
            reference=contract.reference,
            status=contract.status,
            step=step,
            possible=", ".join(possible_steps(contract.status)) or "—",
        )
    return replace(contract, status=moves[contract.status])


def activated(contract: Contract, file: ActivationFile, others: Iterable[Contract]) -> Contract:
    """Return the contract in force, with the end of its first term when it is not renewed.

    Raises ContractStepRefused, the first refusal of `ActivationFile.missing`, and
    SiteAlreadyCovered for one of the client's `others`.
    """
    active = stepped(contract, ContractStep.ACTIVATE)
    file.require_complete()
    if file.term.renewal_months is None:
        active = replace(active, ends_on=file.term.term(1).ends_on)
    require_no_overlap(active, others)
    return active


def noticed(contract: Contract, *, ends_on: date) -> Contract:
    """Return the contract that ends on a local day, exclusive, because notice was given."""
    return replace(stepped(contract, ContractStep.GIVE_NOTICE), ends_on=ends_on)


_IN_FORCE = frozenset({ContractStatus.ACTIVE, ContractStatus.SUSPENDED, ContractStatus.ENDING})


def require_no_overlap(contract: Contract, others: Iterable[Contract]) -> None:
    """Refuse with SiteAlreadyCovered when another contract covers one of its sites meanwhile.

    A contract for every site of the client stands beside one that names some of them, because the
    one that names the site wins (`contract_for`); two for every site do not.
    """
    for other in others:
        is_same_client = other.id != contract.id and other.client_id == contract.client_id
        if not is_same_client or other.status not in _IN_FORCE or not _meets(contract, other):
            continue
        shared = tuple(_shared(contract, other))
        if shared:
            raise SiteAlreadyCovered(
                path=("siteIds",),
                reference=contract.reference,
                other=other.reference,
                sites=", ".join(shared),
            )


def _meets(one: Contract, other: Contract) -> bool:
    return (one.ends_on is None or other.starts_on < one.ends_on) and (
        other.ends_on is None or one.starts_on < other.ends_on
    )


def _shared(one: Contract, other: Contract) -> Iterator[str]:
    if not one.site_ids and not other.site_ids:
        yield "*"
    yield from sorted(one.site_ids & other.site_ids)
