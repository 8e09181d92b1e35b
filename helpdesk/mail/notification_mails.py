"""The letters that tell news, in the reader's language and the agency's time zone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.digest import DigestGroup, DigestLine
from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind, LetterValue
from helpdesk.domain.notification import NotificationTopic
from helpdesk.domain.notification_catalogue import NotificationKind
from helpdesk.mail.letter_words import spoken_day, spoken_time
from helpdesk.mail.topic_words import HAPPENED, TOPIC_NAMES, WHY_HEADS
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.notification_letters import NewsToTell, Why

_Values = Mapping[str, LetterValue]

_TITLES = {
    Locale.FR: "{priority} · Demande {number} : {subject}",
    Locale.EN: "{priority} · Request {number}: {subject}",
}
_ELSEWHERE = {Locale.FR: "Sans demande", Locale.EN: "About no request"}
_LINES = {
    Locale.FR: "- {when}, {who} : {what}",
    Locale.EN: "- {when}, {who}: {what}",
}


class NotificationMails:
    """NotificationLetters as mails."""

    def told(
        self, news: NewsToTell, *, agency: Agency, reader: Agent | Contact, why: Why
    ) -> Letter:
        """Return what a reader is told of one thing that happened."""
        values = _OF_CLIENTS.get(news.kind, _of_agency)(news)
        is_clients = news.kind in _OF_CLIENTS
        kind = LetterKind(news.kind.value) if is_clients else LetterKind.AGENT_NEWS
        return Letter(kind, values, _why(why, reader.locale))

    def digest(
        self,
        groups: Sequence[DigestGroup],
        *,
        agency: Agency,
        reader: Agent | Contact,
        why: Why,
        is_flood: bool,
    ) -> Letter:
        """Return what a reader is told of all that happened, in one letter."""
        zone, locale = ZoneInfo(agency.zone), reader.locale
        values: dict[str, LetterValue] = {
            "tickets": [
                {"title": _title(group, locale), "happened": _happened(group, zone, locale)}
                for group in groups
            ],
            "how_many": str(sum(len(group.lines) for group in groups)),
            "day": spoken_day(_latest(groups, zone), locale=locale),
            "is_flood": is_flood,
        }
        return Letter(LetterKind.DIGEST, values, _why(why, locale))


def _of_agency(news: NewsToTell) -> _Values:
    return {
        "happening": news.kind.value,
        "author": news.actor,
        "client": news.client,
        "priority": news.priority,
        "why_so": news.reason,
        "detail": news.detail,
        "words": news.words,
    }


def _plain(news: NewsToTell) -> _Values:
    return {"is_own": news.is_own}


def _with_reason(news: NewsToTell) -> _Values:
    return {"is_own": news.is_own, "why_so": news.reason}


_OF_CLIENTS: Mapping[NotificationKind, Callable[[NewsToTell], _Values]] = {
    NotificationKind.QUESTION_ASKED: lambda news: {
        "is_own": news.is_own,
        "question": news.reason,
    },
    NotificationKind.REQUEST_DELIVERED: _plain,
    NotificationKind.REQUEST_RESOLVED: _plain,
    NotificationKind.REQUEST_CLOSED: _plain,
    NotificationKind.REQUEST_REOPENED: _with_reason,
    NotificationKind.REQUEST_CANCELLED: _with_reason,
    NotificationKind.REQUEST_MERGED: lambda news: {
        "is_own": news.is_own,
        "goes_on_in": news.goes_on_in,
    },
    NotificationKind.REQUEST_OPENED: lambda news: {
        "is_own": news.is_own,
        "author": news.actor,
        "words": news.words,
    },
}


def _title(group: DigestGroup, locale: Locale) -> str:
    if group.ticket_number is None:
        return _ELSEWHERE[locale]
    return _TITLES[locale].format(
        priority=group.priority, number=group.ticket_number, subject=group.subject
    )


def _happened(group: DigestGroup, zone: ZoneInfo, locale: Locale) -> str:
    return "\n".join(_line(line, zone, locale) for line in group.lines)


def _line(line: DigestLine, zone: ZoneInfo, locale: Locale) -> str:
    what = HAPPENED[locale][line.kind]
    return _LINES[locale].format(
        when=spoken_time(line.at.astimezone(zone), locale=locale),
        who=line.actor_name,
        what=f"{what} ({line.detail})" if line.detail else what,
    )


def _latest(groups: Sequence[DigestGroup], zone: ZoneInfo) -> date:
    instants: list[datetime] = [line.at for group in groups for line in group.lines]
    return max(instants).astimezone(zone).date()


def _why(why: Why, locale: Locale) -> Mapping[str, str]:
    names = ", ".join(_name(topic, locale) for topic in why.topics)
    return {
        "reason": WHY_HEADS[locale].format(topics=names),
        "unsubscribe_url": why.unsubscribe_url,
    }


def _name(topic: NotificationTopic, locale: Locale) -> str:
    return TOPIC_NAMES[locale][topic]
