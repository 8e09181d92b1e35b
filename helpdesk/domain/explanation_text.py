"""The story of a clock in plain sentences, French or English, in the reader's time zone."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import Locale
from helpdesk.domain.explanation import ClockSegment, SegmentKind
from helpdesk.domain.sla import ClockReading, SlaClock, SlaMetric, SlaState, Target, TargetUnit

METRICS = {
    Locale.FR: {
        SlaMetric.FIRST_RESPONSE: "Prise en charge",
        SlaMetric.NEXT_RESPONSE: "Réponse suivante",
        SlaMetric.RESOLUTION: "Résolution",
        SlaMetric.DELIVERY: "Livraison en préproduction",
        SlaMetric.UPDATE: "Nouvelles d'un incident majeur",
    },
    Locale.EN: {
        SlaMetric.FIRST_RESPONSE: "First response",
        SlaMetric.NEXT_RESPONSE: "Next response",
        SlaMetric.RESOLUTION: "Resolution",
        SlaMetric.DELIVERY: "Delivery on staging",
        SlaMetric.UPDATE: "News of a major incident",
    },
}
STATES = {
    Locale.FR: {
        SlaState.PENDING: "pas encore commencé",
        SlaState.RUNNING: "en cours",
        SlaState.PAUSED: "suspendu",
        SlaState.AT_RISK: "en alerte",
        SlaState.BREACHED: "dépassé",
        SlaState.MET: "tenu",
        SlaState.MISSED: "non tenu",
        SlaState.CANCELLED: "annulé",
    },
    Locale.EN: {
        SlaState.PENDING: "not started yet",
        SlaState.RUNNING: "running",
        SlaState.PAUSED: "paused",
        SlaState.AT_RISK: "at risk",
        SlaState.BREACHED: "breached",
        SlaState.MET: "met",
        SlaState.MISSED: "missed",
        SlaState.CANCELLED: "cancelled",
    },
}
SEGMENTS = {
    Locale.FR: {
        SegmentKind.BEFORE_START: "pas encore commencé",
        SegmentKind.COUNTED: "compté",
        SegmentKind.CLOSED_HOURS: "hors horaires",
        SegmentKind.HOLIDAY: "jour férié",
        SegmentKind.PAUSED: "suspendu",
        SegmentKind.TICKET_CLOSED: "ticket terminé",
    },
    Locale.EN: {
        SegmentKind.BEFORE_START: "not started yet",
        SegmentKind.COUNTED: "counted",
        SegmentKind.CLOSED_HOURS: "closed hours",
        SegmentKind.HOLIDAY: "public holiday",
        SegmentKind.PAUSED: "paused",
        SegmentKind.TICKET_CLOSED: "ticket finished",
    },
}
_UNITS = {
    Locale.FR: {
        TargetUnit.BUSINESS_MINUTES: "{duration} ouvrées",
        TargetUnit.BUSINESS_DAYS_SAME_TIME: "{amount} jours ouvrés, à la même heure",
        TargetUnit.BUSINESS_DAYS_END_OF_DAY: "{amount} jours ouvrés, à la fermeture",
        TargetUnit.CALENDAR_MINUTES: "{duration}, jour et nuit",
    },
    Locale.EN: {
        TargetUnit.BUSINESS_MINUTES: "{duration} of business time",
        TargetUnit.BUSINESS_DAYS_SAME_TIME: "{amount} business days, same time",
        TargetUnit.BUSINESS_DAYS_END_OF_DAY: "{amount} business days, end of day",
        TargetUnit.CALENDAR_MINUTES: "{duration}, day and night",
    },
}
_PROMISE = {
    (Locale.FR, True): "moins de {promise}",
    (Locale.FR, False): "{promise} au plus",
    (Locale.EN, True): "under {promise}",
    (Locale.EN, False): "within {promise}",
}
_DEADLINE = {Locale.FR: "échéance {when}", Locale.EN: "due {when}"}
_BREACH = {Locale.FR: "dépassé depuis {when}", Locale.EN: "broken since {when}"}
_ELAPSED = {Locale.FR: "{elapsed} comptées", Locale.EN: "{elapsed} counted"}
_LEFT = {Locale.FR: "reste {left}", Locale.EN: "{left} left"}


def clock_story(
    clock: SlaClock,
    reading: ClockReading,
    segments: Iterable[ClockSegment],
    *,
    locale: Locale,
    zone: str,
) -> tuple[str, ...]:
    """Return the lines that tell a clock: its promise, how it stands, then each segment.

    The running total of the last counted line is the elapsed time of the headline.
    """
    local = ZoneInfo(zone)
    cycle = f" #{clock.cycle}" if clock.metric is SlaMetric.NEXT_RESPONSE else ""
    headline = (
        f"{METRICS[locale][clock.metric]}{cycle} ({promise(clock.target, locale=locale)}): "
        f"{STATES[locale][reading.state]}"
    )
    facts = [headline, _ELAPSED[locale].format(elapsed=duration(reading.elapsed_seconds))]
    if reading.remaining_seconds is not None:
        facts.append(_LEFT[locale].format(left=duration(reading.remaining_seconds)))
    if clock.deadline_at is not None:
        facts.append(_DEADLINE[locale].format(when=_when(clock.deadline_at, local)))
    if clock.breached_at is not None and reading.state in {SlaState.BREACHED, SlaState.MISSED}:
        facts.append(_BREACH[locale].format(when=_when(clock.breached_at, local)))
    return (", ".join(facts), *(_line(segment, locale, local) for segment in segments))


def promise(target: Target, *, locale: Locale) -> str:
    """Return a target as the contract says it.

    >>> from helpdesk.domain.ids import CalendarId
    >>> from helpdesk.domain.sla import ClockStart
    >>> target = Target(
    ...     SlaMetric.FIRST_RESPONSE, 480, TargetUnit.BUSINESS_MINUTES, CalendarId("c"),
    ...     is_strict=True, starts_on=ClockStart.OPENING,
    ... )
    >>> promise(target, locale=Locale.EN)
    'under 8 h of business time'
    """
    said = _UNITS[locale][target.unit].format(
        amount=target.amount, duration=duration(target.amount * 60)
    )
    return _PROMISE[locale, target.is_strict].format(promise=said)


def duration(seconds: int) -> str:
    """Return seconds as hours, minutes and seconds, without the parts that are zero.

    >>> duration(9000), duration(61), duration(0)
    ('2 h 30 min', '1 min 1 s', '0 s')
    """
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (left, "s"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "0 s"


def _line(segment: ClockSegment, locale: Locale, zone: ZoneInfo) -> str:
    reason = f" ({segment.reason})" if segment.reason else ""
    added = f" +{duration(segment.seconds)} = {duration(segment.running_total)}"
    return (
        f"  {_when(segment.start, zone)} → {_when(segment.end, zone)}  "
        f"{SEGMENTS[locale][segment.kind]}{reason}{added if segment.seconds else ''}"
    )


def _when(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
