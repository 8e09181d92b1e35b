"""A credit in words, French and English: what it is for, and how it came to its amount."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from helpdesk.domain.compensation import CreditLine
from helpdesk.domain.compensation_evidence import (
    Calculation,
    ResolutionEvidence,
    UptimeEvidence,
)
from helpdesk.domain.compensation_life import AMOUNT_SHOWN, Credit, CreditStep, CreditStepRefused
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.errors import Locale
from helpdesk.domain.month import Month
from helpdesk.domain.period import PeriodRule

_HUNDREDTHS = 100_00

_NATURES = {
    Locale.FR: {
        CompensationNature.PRICE_REDUCTION: "Réduction de prix",
        CompensationNature.PENALTY: "Pénalité",
    },
    Locale.EN: {
        CompensationNature.PRICE_REDUCTION: "Price reduction",
        CompensationNature.PENALTY: "Penalty",
    },
}
_LABELS = {
    Locale.FR: {
        "resolution": "{nature}, {month} : résolution hors délai du ticket {number}",
        "uptime": "{nature}, {month} : disponibilité inférieure à l'engagement",
        "complement": "{label} (complément)",
    },
    Locale.EN: {
        "resolution": "{nature}, {month}: late resolution of ticket {number}",
        "uptime": "{nature}, {month}: availability below the promise",
        "complement": "{label} (complement)",
    },
}
_PROOFS = {
    Locale.FR: {
        "resolution": (
            "Ticket {number}, cycle {cycle} : échéance le {deadline}, terminé le {stopped},"
            " {over} de dépassement pour {allowance} promis (conditions v{terms}, calendrier"
            " {calendar})."
        ),
        "uptime": "Disponibilité contractuelle {up} % pour {promised} % promis.",
        "base": "Base : {base} HT, clause v{clause}.",
        "capped": "Plafond atteint : {capped} non crédités.",
        "outweighed": "Un autre crédit du même incident est plus élevé.",
    },
    Locale.EN: {
        "resolution": (
            "Ticket {number}, cycle {cycle}: due on {deadline}, ended on {stopped}, {over} over"
            " for {allowance} promised (terms v{terms}, calendar {calendar})."
        ),
        "uptime": "Contractual availability {up} % for {promised} % promised.",
        "base": "Base: {base} before tax, clause v{clause}.",
        "capped": "Cap reached: {capped} not credited.",
        "outweighed": "Another credit of the same incident is higher.",
    },
}
_DATES = {Locale.FR: "%d/%m/%Y %H:%M", Locale.EN: "%Y-%m-%d %H:%M"}


def credit_line(credit: Credit, zone: ZoneInfo) -> CreditLine:
    """Return what a document takes of a credit. Raises CreditStepRefused before its approval."""
    if credit.state not in AMOUNT_SHOWN:
        raise CreditStepRefused(
            state=credit.state, step=CreditStep.ISSUE, possible=CreditStep.APPROVE
        )
    calculation = credit.calculation
    return CreditLine(
        id=credit.id,
        key=calculation.key,
        nature=calculation.nature,
        net=credit.net,
        label=labels(calculation, is_complement=credit.completes is not None),
        evidence=proofs(calculation, zone),
    )


def labels(calculation: Calculation, *, is_complement: bool = False) -> Mapping[Locale, str]:
    """Return the designation of a line in both languages."""
    evidence = calculation.evidence
    number = evidence.ticket_number if isinstance(evidence, ResolutionEvidence) else None
    return {
        locale: designation(
            calculation.nature,
            calculation.key.month,
            number,
            is_complement=is_complement,
            locale=locale,
        )
        for locale in Locale
    }


def designation(
    nature: CompensationNature,
    month: Month,
    ticket_number: str | None,
    *,
    is_complement: bool,
    locale: Locale,
) -> str:
    """Return what a credit is for in one language; without a ticket it is for availability."""
    words = _LABELS[locale]
    label = words["uptime" if ticket_number is None else "resolution"].format(
        nature=_NATURES[locale][nature], month=_month(month, locale), number=ticket_number
    )
    return words["complement"].format(label=label) if is_complement else label


def proofs(calculation: Calculation, zone: ZoneInfo) -> Mapping[Locale, str]:
    """Return how a line came to its amount in both languages, in the contract's time zone."""
    return {locale: _proof(calculation, locale, zone) for locale in Locale}


def _proof(calculation: Calculation, locale: Locale, zone: ZoneInfo) -> str:
    words, evidence = _PROOFS[locale], calculation.evidence
    told = (
        _resolution(evidence, locale, zone)
        if isinstance(evidence, ResolutionEvidence)
        else _uptime(evidence, locale)
    )
    base, clause = calculation.base.shown.shown(locale), calculation.clause_version
    sentences = [told, words["base"].format(base=base, clause=clause)]
    if calculation.capped.cents:
        sentences.append(words["capped"].format(capped=calculation.capped.shown(locale)))
    if calculation.outweighed:
        sentences.append(words["outweighed"])
    return " ".join(sentences)


def _resolution(evidence: ResolutionEvidence, locale: Locale, zone: ZoneInfo) -> str:
    version = evidence.calendar_version
    return _PROOFS[locale]["resolution"].format(
        number=evidence.ticket_number,
        cycle=evidence.cycle,
        deadline=_instant(evidence.deadline_at or evidence.breached_at, locale, zone),
        stopped=_instant(evidence.stopped_at, locale, zone),
        over=_duration(evidence.overrun.over_seconds),
        allowance=_duration(evidence.overrun.allowance_seconds),
        terms=evidence.terms_version,
        calendar="24/7" if version is None else f"v{version}",
    )


def _uptime(evidence: UptimeEvidence, locale: Locale) -> str:
    return _PROOFS[locale]["uptime"].format(
        up=percent_shown(evidence.figure.up, locale),
        promised=percent_shown(evidence.figure.promised, locale),
    )


def percent_shown(share: Fraction, locale: Locale) -> str:
    """Return a share in percent, cut to two decimals and never rounded up to a promise.

    >>> percent_shown(Fraction(99499, 100000), Locale.EN)
    '99.49'
    """
    whole, hundredths = divmod(int(share * _HUNDREDTHS), 100)
    return f"{whole}{',' if locale is Locale.FR else '.'}{hundredths:02}"


def _month(month: Month, locale: Locale) -> str:
    calendar = ZoneInfo("UTC")  # a month has the same name everywhere
    return PeriodRule(calendar).period(month).named(calendar, locale)


def _instant(at: datetime, locale: Locale, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime(_DATES[locale])


def _duration(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (left, "s"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "0 min"
