"""The letters about contracts, in the reader's language."""

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.errors import Locale
from helpdesk.domain.period import day_named
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.mail.texts import Heading, body_text
from helpdesk.usecases.contract_letters import NoticeDay, PriceToCome, RenewalToCome
from helpdesk.usecases.letter_ports import Letter

_SUBJECT = {
    Locale.FR: "Contrat {reference} : préavis jusqu'au {last_day}",
    Locale.EN: "Contract {reference}: notice until {last_day}",
}
_LAST_DAY = {
    Locale.FR: (
        "Le contrat {reference} de {client} peut être dénoncé jusqu'au {last_day} inclus. Ensuite"
        " il est reconduit le {renewed_on}."
    ),
    Locale.EN: (
        "Notice of contract {reference} of {client} can be given until {last_day}, that day"
        " included. After that it is renewed on {renewed_on}."
    ),
}


_RENEWAL_SUBJECT = {
    Locale.FR: "Votre contrat {reference} sera reconduit le {renewed_on}, sauf refus de votre part",
    Locale.EN: "Your contract {reference} will be renewed on {renewed_on}, unless you refuse",
}
_RENEWAL = {
    Locale.FR: (
        "Sans refus de votre part, votre contrat {reference} avec {agency} est reconduit tacitement"
        " le {renewed_on}, pour {months} mois."
    ),
    Locale.EN: (
        "Unless you refuse, your contract {reference} with {agency} is tacitly renewed on"
        " {renewed_on}, for {months} months."
    ),
}
_LAST_DAY_TO_REFUSE = {
    Locale.FR: "Date limite pour refuser la reconduction :",
    Locale.EN: "Last day to refuse the renewal:",
}
_HOW_TO_REFUSE = {
    Locale.FR: (
        "Pour refuser, il suffit de répondre à ce message ou d'écrire à {mailbox}, au plus tard ce"
        " jour-là."
    ),
    Locale.EN: (
        "To refuse, simply answer this message or write to {mailbox}, on that day at the latest."
    ),
}
_THE_LAW = {
    Locale.FR: (
        "Cette information vous est due en application de l'article L. 215-1 du code de la"
        " consommation. Si vous ne la receviez pas à temps, vous pourriez mettre fin au contrat"
        " gratuitement, à tout moment à compter de la date de reconduction."
    ),
    Locale.EN: (
        "This information is due to you under article L. 215-1 of the French consumer code. If you"
        " did not receive it in time, you could end the contract free of charge, at any time from"
        " the renewal on."
    ),
}


_PRICE_SUBJECT = {
    Locale.FR: "Votre contrat {reference} : nouveau prix à partir du {since}",
    Locale.EN: "Your contract {reference}: new price from {since}",
}
_PRICE = {
    Locale.FR: (
        "À partir du {since}, votre contrat {reference} avec {agency} coûtera {after} par mois, au"
        " lieu de {before}."
    ),
    Locale.EN: (
        "From {since}, your contract {reference} with {agency} will cost {after} a month instead of"
        " {before}."
    ),
}
_LAST_NOTICE_DAY = {
    Locale.FR: "Dernier jour pour donner votre préavis :",
    Locale.EN: "Last day to give notice:",
}
_HOW_TO_LEAVE = {
    Locale.FR: (
        "Si ce prix ne vous convient pas, il suffit de répondre à ce message ou d'écrire à"
        " {mailbox}, au plus tard ce jour-là : le contrat prendra alors fin le {since}. Sinon il"
        " est reconduit à ce prix."
    ),
    Locale.EN: (
        "If this price does not suit you, simply answer this message or write to {mailbox}, on that"
        " day at the latest: the contract will then end on {since}. Otherwise it is renewed at this"
        " price."
    ),
}
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
        heading = Heading(locale=agent.locale, agency_name=agency.name, recipient_name=agent.name)
        values = {
            "reference": notice.reference,
            "client": notice.client_name,
            "last_day": notice.last_day.isoformat(),
            "renewed_on": notice.renewed_on.isoformat(),
        }
        return Letter(
            _SUBJECT[agent.locale].format(**values),
            body_text(heading, _LAST_DAY[agent.locale], **values),
        )

    def renewal_information(
        self, renewal: RenewalToCome, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a consumer reads before a tacit renewal (L. 215-1), its last day in a box."""
        locale = contact.locale
        heading = Heading(locale=locale, agency_name=agency.name, recipient_name=contact.name)
        values = {
            "reference": renewal.reference,
            "renewed_on": day_named(renewal.renewed_on, locale),
            "months": str(renewal.months),
            "mailbox": agency.mailbox,
            "box": _boxed(_LAST_DAY_TO_REFUSE[locale], day_named(renewal.last_day, locale)),
        }
        paragraphs = (_RENEWAL[locale], "{box}", _HOW_TO_REFUSE[locale], _THE_LAW[locale])
        return Letter(
            _RENEWAL_SUBJECT[locale].format(**values), body_text(heading, *paragraphs, **values)
        )

    def price_announcement(self, price: PriceToCome, *, agency: Agency, contact: Contact) -> Letter:
        """Return what a client reads of a higher price, while he may still leave."""
        locale = contact.locale
        heading = Heading(locale=locale, agency_name=agency.name, recipient_name=contact.name)
        values = {
            "reference": price.reference,
            "since": day_named(price.since, locale),
            "before": _priced(price.before, locale),
            "after": _priced(price.after, locale),
            "mailbox": agency.mailbox,
            "box": _boxed(_LAST_NOTICE_DAY[locale], day_named(price.last_day, locale)),
        }
        paragraphs = (_PRICE[locale], "{box}", _HOW_TO_LEAVE[locale])
        return Letter(
            _PRICE_SUBJECT[locale].format(**values), body_text(heading, *paragraphs, **values)
        )


def _priced(price: PlanPrice, locale: Locale) -> str:
    return _TAX[locale][price.tax_basis].format(price=price.monthly.shown(locale))


def _boxed(*lines: str) -> str:
    """Return lines in a frame, so that nobody overlooks them."""
    width = max(map(len, lines))
    edge = "─" * (width + 2)
    inside = [f"│ {line:<{width}} │" for line in lines]
    return "\n".join([f"┌{edge}┐", *inside, f"└{edge}┘"])
