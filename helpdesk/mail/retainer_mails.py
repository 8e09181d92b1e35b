"""The letters about forfaits, in the reader's language."""

from datetime import date, timedelta

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.errors import Locale
from helpdesk.domain.gauge import unit_named
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.period import day_named
from helpdesk.domain.retainer import Lot
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.due_alerts import DueAlert
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.retainer_letters import RetainerNews


class RetainerMails:
    """RetainerLetters as mails."""

    def retainer_alert(
        self, news: RetainerNews, *, agency: Agency, reader: Agent | Contact
    ) -> Letter:
        """Return what is read when a forfait is nearly used up, or a pack nearly over."""
        due, locale = news.due, reader.locale
        about = {"reference": news.reference, "client": news.client_name}
        if due.pack is None:
            return Letter(LetterKind.RETAINER_USED, {**about, **_usage(due, locale)})
        return Letter(LetterKind.PACK_EXPIRES, {**about, **_expiry(due, due.pack, locale)})


def _usage(due: DueAlert, locale: Locale) -> dict[str, str | bool]:
    overage = due.terms.overage
    return {
        "percent": str(due.gauge.percent),
        "gauge": due.gauge.told(locale),
        "policy": overage.policy.name,
        "is_in_tickets": due.terms.unit is RetainerUnit.CORRECTIVE_TICKETS,
        "price": "" if overage.price is None else overage.price.shown(locale),
    }


def _expiry(due: DueAlert, pack: Lot, locale: Locale) -> dict[str, str]:
    return {
        "remaining": str(pack.left),
        "unit": unit_named(due.unit, locale),
        "last_day": day_named(_last_day(due, pack), locale),
    }


def _last_day(due: DueAlert, pack: Lot) -> date:
    expires_at = pack.terms.expires_at
    assert expires_at is not None  # noqa: S101 - a pack that never expires is told of to nobody
    return (expires_at - timedelta(microseconds=1)).astimezone(due.terms.periods.zone).date()
