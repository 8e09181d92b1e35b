"""How an agency invoices: who it is, under which rule of taxation, and how it numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk.domain.credit_note import Mentions
from helpdesk.domain.credit_note_series import STATEMENT_PREFIX, Numbering
from helpdesk.domain.errors import Locale
from helpdesk.domain.money import VatRegime
from helpdesk.domain.party import Party

USUAL_MENTIONS: Mapping[Locale, Mentions] = {
    Locale.FR: Mentions(
        discount="Pas d'escompte pour paiement anticipé.",
        late_penalties="En cas de retard de paiement : pénalités au taux de trois fois l'intérêt"
        " légal, exigibles sans rappel (art. L441-10 du code de commerce).",
        recovery_fee="En cas de retard de paiement : indemnité forfaitaire de 40 € pour frais de"
        " recouvrement (art. D441-5 du code de commerce).",
    ),
    Locale.EN: Mentions(
        discount="No discount for early payment.",
        late_penalties="Late payment: penalties at three times the French legal interest rate, due"
        " without a reminder (art. L441-10 of the French commercial code).",
        recovery_fee="Late payment: a fixed sum of €40 for recovery costs (art. D441-5 of the"
        " French commercial code).",
    ),
}
"""What the law asks for where an agency says nothing else; a credit note carries it as well."""


@dataclass(frozen=True, slots=True)
class FiscalIdentity:
    """What every document of an agency says of its seller.

    `is_vat_on_debits` is the option to pay VAT when invoicing, which the documents mention.
    """

    seller: Party
    regime: VatRegime = VatRegime.STANDARD
    numbering: Numbering = field(default_factory=Numbering)
    is_vat_on_debits: bool = False

    def mentions(self, locale: Locale) -> Mentions:
        """Return what the law has it write, in the language of a document."""
        usual = USUAL_MENTIONS[locale]
        return Mentions(
            discount=usual.discount,
            late_penalties=usual.late_penalties,
            recovery_fee=usual.recovery_fee,
            is_vat_on_debits=self.is_vat_on_debits,
        )


STATEMENTS = Numbering(STATEMENT_PREFIX)
"""How penalty statements are numbered: never in the series of credit notes."""
