"""What a broken promise is worth to a client: one credit line a breach, with what proves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from typing_extensions import override

from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ContractId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month

CreditId = NewType("CreditId", str)


class CreditKind(StrEnum):
    """Which promise of the guide's table pays: the others have effects that are no money."""

    P0_RESOLUTION = "P0_RESOLUTION"
    UPTIME = "UPTIME"


@dataclass(frozen=True, slots=True, order=True)
class CreditKey:
    """What a credit is for, once and for ever (R-CMP 7).

    `subject` names the thing that broke the promise: `ticket:ID` (`ticket:ID/2` for the second
    cycle of its clock) or `site:ID`. `month` is the local month of the breach.
    """

    contract_id: ContractId
    kind: CreditKind
    subject: str
    month: Month

    @override
    def __str__(self) -> str:
        return f"{self.contract_id}:{self.kind}:{self.subject}:{self.month}"


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A line of a credit note or of a penalty statement: approved, rounded, positive, without tax.

    This is all that a document needs of a credit: the credit's `id` (so that the document names
    what it settles, once), its `key` with contract and month, its `nature` (PRICE_REDUCTION goes
    on a credit note with the VAT of the invoice, PENALTY on a statement without VAT outside the
    series), the amount before tax in whole cents, the designation and the proof in both languages.
    A complement is a line of its own with the difference, under the same key and another id.
    """

    id: CreditId
    key: CreditKey
    nature: CompensationNature
    net: Money
    label: Mapping[Locale, str]
    evidence: Mapping[Locale, str]
