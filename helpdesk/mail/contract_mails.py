"""The letters about contracts, in the reader's language."""

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.period import day_named
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.usecases.contract_letters import NoticeDay, PriceToCome, RenewalToCome
from helpdesk.usecases.letter_ports import Letter

_TAX = {
    Locale.FR: {TaxBasis.HT: "{price} HT", TaxBasis.TTC: "{price} TTC", None: "{price}"},
    Locale.EN: {
        TaxBasis.HT: "{price} before VAT",
        TaxBasis.TTC: "{price}, VAT included,",
        None: "{price}",
    },
}


class ContractMails:
    """ContractLetters as mails."""

    def notice_reminder(self, notice: NoticeDay, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads before the last notice day of a contract."""
        values = {
            "reference": notice.reference,
            "client": notice.client_name,
            "last_day": notice.last_day.isoformat(),
            "renewed_on": notice.renewed_on.isoformat(),
        }
        return Letter(LetterKind.NOTICE_REMINDER, values)

    def renewal_information(
        self, renewal: RenewalToCome, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a consumer reads before a tacit renewal (L. 215-1), its last day in a box."""
        values = {
            "reference": renewal.reference,
            "renewed_on": day_named(renewal.renewed_on, contact.locale),
            "months": str(renewal.months),
            "last_day": day_named(renewal.last_day, contact.locale),
        }
        return Letter(LetterKind.RENEWAL_INFORMATION, values)

    def price_announcement(self, price: PriceToCome, *, agency: Agency, contact: Contact) -> Letter:
        """Return what a client reads of a higher price, while he may still leave."""
        values = {
            "reference": price.reference,
            "since": day_named(price.since, contact.locale),
            "before": _priced(price.before, contact.locale),
            "after": _priced(price.after, contact.locale),
            "last_day": day_named(price.last_day, contact.locale),
        }
        return Letter(LetterKind.PRICE_ANNOUNCEMENT, values)


def _priced(price: PlanPrice, locale: Locale) -> str:
    return _TAX[locale][price.tax_basis].format(price=price.monthly.shown(locale))
