"""The letters about forfaits, in the reader's language."""

from datetime import date, timedelta

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.errors import Locale
from helpdesk.domain.gauge import unit_named
from helpdesk.domain.period import day_named
from helpdesk.domain.retainer import Lot
from helpdesk.domain.retainer_terms import OveragePolicy, RetainerTerms, RetainerUnit
from helpdesk.mail.texts import Heading, body_text, one_line_subject
from helpdesk.usecases.due_alerts import DueAlert
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.retainer_letters import RetainerNews

_USED_SUBJECT = {
    Locale.FR: "Contrat {reference} : {percent} % du forfait utilisés",
    Locale.EN: "Contract {reference}: {percent}% of the allowance used",
}
_USED = {
    Locale.FR: "Contrat {reference} de {client} : {gauge}.",
    Locale.EN: "Contract {reference} of {client}: {gauge}.",
}
_AFTER = {
    OveragePolicy.BILL: {
        Locale.FR: "Au-delà, {each} est facturé {price} hors taxes.",
        Locale.EN: "Over it, {each} is billed at {price} before tax.",
    },
    OveragePolicy.QUOTE: {
        Locale.FR: "Au-delà, un travail nouveau attend un devis accepté ou un crédit-temps.",
        Locale.EN: "Over it, new work waits for a quote that was accepted or for a time pack.",
    },
    OveragePolicy.BLOCK: {
        Locale.FR: "Au-delà, un travail nouveau attend la prochaine dotation ou un crédit-temps.",
        Locale.EN: "Over it, new work waits for the next allowance or for a time pack.",
    },
}
_EACH = {
    Locale.FR: {True: "chaque ticket", False: "une heure"},
    Locale.EN: {True: "each ticket", False: "an hour"},
}
_URGENT = {
    Locale.FR: "Une urgence critique (P0) est traitée dans tous les cas.",
    Locale.EN: "A critical emergency (P0) is taken care of in any case.",
}
_EXPIRY_SUBJECT = {
    Locale.FR: "Contrat {reference} : crédit-temps utilisable jusqu'au {last_day}",
    Locale.EN: "Contract {reference}: time pack usable until {last_day}",
}
_EXPIRY = {
    Locale.FR: (
        "Contrat {reference} de {client} : il reste {left} {unit}, utilisables jusqu'au {last_day}"
        " inclus."
    ),
    Locale.EN: (
        "Contract {reference} of {client}: {left} {unit} are left, usable until {last_day}, that"
        " day included."
    ),
}


class RetainerMails:
    """RetainerLetters as mails."""

    def retainer_alert(
        self, news: RetainerNews, *, agency: Agency, reader: Agent | Contact
    ) -> Letter:
        """Return what is read when a forfait is nearly used up, or a pack nearly over."""
        due, locale = news.due, reader.locale
        if due.pack is None:
            subject, paragraphs, values = _of_usage(due, locale)
        else:
            subject, paragraphs, values = _of_expiry(due, due.pack, locale)
        values |= {"reference": news.reference, "client": news.client_name}
        name = "" if reader.name == reader.email else reader.name
        heading = Heading(locale=locale, agency_name=agency.name, recipient_name=name)
        return Letter(
            one_line_subject(subject.format(**values)),
            body_text(heading, *paragraphs, **values),
        )


_Text = tuple[str, tuple[str, ...], dict[str, str]]
"""A subject and paragraphs, and the values of both."""


def _of_usage(due: DueAlert, locale: Locale) -> _Text:
    values = {
        "percent": str(due.gauge.percent),
        "gauge": due.gauge.told(locale),
        **_price(due.terms, locale),
    }
    after = _AFTER[due.terms.overage.policy][locale]
    return _USED_SUBJECT[locale], (_USED[locale], after, _URGENT[locale]), values


def _of_expiry(due: DueAlert, pack: Lot, locale: Locale) -> _Text:
    values = {
        "left": str(pack.left),
        "unit": unit_named(due.unit, locale),
        "last_day": day_named(_last_day(due, pack), locale),
    }
    return _EXPIRY_SUBJECT[locale], (_EXPIRY[locale],), values


def _last_day(due: DueAlert, pack: Lot) -> date:
    expires_at = pack.terms.expires_at
    assert expires_at is not None  # noqa: S101 - a pack that never expires is told of to nobody
    return (expires_at - timedelta(microseconds=1)).astimezone(due.terms.periods.zone).date()


def _price(terms: RetainerTerms, locale: Locale) -> dict[str, str]:
    price = terms.overage.price
    is_ticket = terms.unit is RetainerUnit.CORRECTIVE_TICKETS
    return {
        "each": _EACH[locale][is_ticket],
        "price": "" if price is None else price.shown(locale),
    }
