"""What the engine writes when a promise is in danger, and when an incident is critical."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.errors import Locale
from helpdesk.domain.explanation_text import METRICS, duration
from helpdesk.domain.sla import SlaMetric
from helpdesk.mail.texts import Letterhead, MailText, mail_about, spoken_time, tagged_subject

A_MINUTE = 60

_SUBJECT = {
    Locale.FR: "Alerte niveau {level} ({metric}) : {subject}",
    Locale.EN: "Alert level {level} ({metric}): {subject}",
}
_WHAT = {
    Locale.FR: "Demande {number} « {subject} », {priority}, {client}.",
    Locale.EN: "Request {number} “{subject}”, {priority}, {client}.",
}
_HOLDS = {
    Locale.FR: "{metric} : à tenir avant le {when}. Il reste {left} de temps compté.",
    Locale.EN: "{metric}: due before {when}. {left} of counted time are left.",
}
_BROKEN = {
    Locale.FR: "{metric} : engagement rompu depuis le {when}, {over} de temps compté en trop.",
    Locale.EN: "{metric}: the promise has been broken since {when}, {over} of counted time over.",
}
_BROKEN_NOW = {
    Locale.FR: "{metric} : engagement rompu à l'instant, le {when}.",
    Locale.EN: "{metric}: the promise has just been broken, {when}.",
}
_PAUSED = {
    Locale.FR: "{metric} : le délai est suspendu. Il restera {left} de temps compté.",
    Locale.EN: "{metric}: the time is suspended. {left} of counted time will be left.",
}
_RULE = {
    Locale.FR: (
        "Vous êtes prévenu par l'escalade du contrat {reference} (version {version}) : niveau"
        " {level}, étape {step}."
    ),
    Locale.EN: (
        "You are told by the escalation of contract {reference} (version {version}): level"
        " {level}, step {step}."
    ),
}
_LOOP = {
    Locale.FR: (
        "Sur la demande {number} « {subject} », des mails et des réponses automatiques se suivent"
        " sans qu'une personne écrive. Les mails automatiques au client y sont suspendus : ils"
        " reprendront quand une personne aura répondu, ou après dix minutes de silence."
    ),
    Locale.EN: (
        "On request {number} “{subject}”, mails and automatic answers follow each other without a"
        " person writing. Automatic mails to the client are suspended there: they go on once a"
        " person has answered, or after ten minutes of silence."
    ),
}
_ANSWERABLE = {
    Locale.FR: "Répondre à ce mail, c'est répondre au client sur la demande.",
    Locale.EN: "To answer this mail is to answer the client on the request.",
}
_TASKS = {
    Locale.FR: {
        SlaMetric.FIRST_RESPONSE: "vous répondre",
        SlaMetric.NEXT_RESPONSE: "répondre à votre message",
        SlaMetric.RESOLUTION: "corriger le problème",
        SlaMetric.DELIVERY: "livrer la correction",
        SlaMetric.UPDATE: "vous donner des nouvelles",
    },
    Locale.EN: {
        SlaMetric.FIRST_RESPONSE: "answer you",
        SlaMetric.NEXT_RESPONSE: "answer your message",
        SlaMetric.RESOLUTION: "solve the problem",
        SlaMetric.DELIVERY: "deliver the correction",
        SlaMetric.UPDATE: "give you news",
    },
}
_CLIENT_HOLDS = {
    Locale.FR: (
        "Au sujet de votre demande « {subject} » (numéro {number}) : nous devons {task} avant le"
        " {when}. Nous faisons le nécessaire pour tenir ce délai."
    ),
    Locale.EN: (
        "About your request “{subject}” (number {number}): we have to {task} before {when}. We are"
        " doing what it takes to keep this time."
    ),
}
_CLIENT_BROKEN = {
    Locale.FR: (
        "Au sujet de votre demande « {subject} » (numéro {number}) : nous devions {task} avant le"
        " {when}. Ce délai est dépassé, et nous vous prions de nous en excuser. Votre demande reste"
        " suivie et nous revenons vers vous dès que possible."
    ),
    Locale.EN: (
        "About your request “{subject}” (number {number}): we had to {task} before {when}. This"
        " time has passed, and we apologise. Your request is still followed, and we will come back"
        " to you as soon as possible."
    ),
}
_CLIENT_PAUSED = {
    Locale.FR: (
        "Au sujet de votre demande « {subject} » (numéro {number}) : nous devons {task}. Le délai"
        " est suspendu pour le moment."
    ),
    Locale.EN: (
        "About your request “{subject}” (number {number}): we have to {task}. The time is suspended"
        " for now."
    ),
}
_CRITICAL_NEW = {
    Locale.FR: (
        "Nous avons bien reçu votre demande « {subject} ». Elle porte le numéro {number} et nous la"
        " traitons comme critique."
    ),
    Locale.EN: (
        "We have received your request “{subject}”. Its number is {number} and we handle it as"
        " critical."
    ),
}
_CRITICAL_NOW = {
    Locale.FR: "Nous traitons désormais comme critique votre demande « {subject} » ({number}).",
    Locale.EN: "We now handle your request “{subject}” ({number}) as critical.",
}
_ANSWER_BY = {
    Locale.FR: "Une personne de l'équipe vous répondra au plus tard le {answer_by}.",
    Locale.EN: "Someone from the team will answer you by {answer_by}.",
}
_NEWS_BY = {
    Locale.FR: "Vous aurez de nos nouvelles au plus tard le {news_by}.",
    Locale.EN: "You will hear from us by {news_by}.",
}
_NEWS_EVERY = {
    Locale.FR: (
        "Vous aurez ensuite de nos nouvelles au moins toutes les {every}{hours}, jusqu'à la fin de"
        " l'incident."
    ),
    Locale.EN: "After that you will hear from us at least every {every}{hours} until it is over.",
}
_IN_OPENING_HOURS = {Locale.FR: " (heures ouvrées)", Locale.EN: " (opening hours)"}
_ADD = {
    Locale.FR: "Un détail à ajouter ? Répondez simplement à ce message.",
    Locale.EN: "Something to add? Simply reply to this message.",
}


@dataclass(frozen=True, kw_only=True)
class Danger:
    """A promise in danger, its instants in the reader's time zone.

    `deadline_at` is None while it is suspended, `broken_at` while it holds.
    """

    metric: SlaMetric
    deadline_at: datetime | None
    broken_at: datetime | None
    seconds_left: int
    seconds_over: int


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The rule of a contract that tells somebody, and about whose request."""

    reference: str
    version: int
    level: int
    step: str
    priority: str
    client: str


def to_agent(head: Letterhead, danger: Danger, rule: Rule) -> MailText:
    """Return what a person of the agency reads: which promise, what is left, by which rule."""
    locale = head.locale
    when = danger.broken_at or danger.deadline_at
    metric = METRICS[locale][danger.metric]
    mail = mail_about(
        head,
        _WHAT[locale],
        _standing(danger)[locale],
        _RULE[locale],
        priority=rule.priority,
        client=rule.client,
        metric=metric,
        when="" if when is None else spoken_time(when, locale=locale),
        left=duration(danger.seconds_left),
        over=duration(danger.seconds_over),
        reference=rule.reference,
        version=str(rule.version),
        level=str(rule.level),
        step=rule.step,
    )
    about = _SUBJECT[locale].format(level=rule.level, metric=metric, subject=head.ticket_subject)
    return MailText(tagged_subject(head.ticket_number, about), mail.text)


def _standing(danger: Danger) -> Mapping[Locale, str]:
    if danger.broken_at is not None:
        return _BROKEN if danger.seconds_over >= A_MINUTE else _BROKEN_NOW
    return _PAUSED if danger.deadline_at is None else _HOLDS


def to_client(head: Letterhead, danger: Danger) -> MailText:
    """Return what a client reads: which promise, and nothing of what goes on inside."""
    locale = head.locale
    when = danger.broken_at or danger.deadline_at
    if when is None:
        standing = _CLIENT_PAUSED
    else:
        standing = _CLIENT_HOLDS if danger.broken_at is None else _CLIENT_BROKEN
    return mail_about(
        head,
        standing[locale],
        _ADD[locale],
        task=_TASKS[locale][danger.metric],
        when="" if when is None else spoken_time(when, locale=locale),
    )


def critical(
    head: Letterhead,
    *,
    is_new: bool,
    answer_by: datetime | None,
    news_by: datetime | None,
    news_every_seconds: int | None,
    is_in_opening_hours: bool,
) -> MailText:
    """Return what a client reads when his request is handled as critical: when he hears more."""
    locale = head.locale
    spoken = {
        "answer_by": "" if answer_by is None else spoken_time(answer_by, locale=locale),
        "news_by": "" if news_by is None else spoken_time(news_by, locale=locale),
        "every": duration(news_every_seconds or 0),
        "hours": _IN_OPENING_HOURS[locale] if is_in_opening_hours else "",
    }
    paragraphs = [(_CRITICAL_NEW if is_new else _CRITICAL_NOW)[locale]]
    if answer_by is not None:
        paragraphs.append(_ANSWER_BY[locale])
    elif news_by is not None:
        paragraphs.append(_NEWS_BY[locale])
    if news_every_seconds is not None:
        paragraphs.append(_NEWS_EVERY[locale])
    return mail_about(head, *paragraphs, _ADD[locale], **spoken)


def loop(head: Letterhead) -> MailText:
    """Return what a manager reads when two machines answer each other on a ticket."""
    return mail_about(head, _LOOP[head.locale])


def answerable(text: str, *, locale: Locale) -> str:
    """Return the text of a mail with the words that an answer to it goes to the client."""
    return f"{text.rstrip()}\n\n{_ANSWERABLE[locale]}\n"
