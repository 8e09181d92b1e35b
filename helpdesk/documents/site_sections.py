"""The sections of the monthly report that tell of the sites and of what is to come."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from helpdesk.documents.page import (
    Block,
    Cell,
    Column,
    Day,
    Figure,
    Item,
    Items,
    Strip,
    SubHeading,
    Table,
    Tone,
)
from helpdesk.documents.report_speech import Document, Speech
from helpdesk.documents.wording import (
    day_name,
    milliseconds_name,
    minutes_name,
    seconds_name,
    share_name,
)
from helpdesk.domain.report_lines import AlertKind, ForecastKind

_URGENT = frozenset({AlertKind.P0_ESCALATED, AlertKind.P0_RESOLUTION, AlertKind.P1_MENTION})
LOAD_TIME = "load_time"
_ADVICE = frozenset({AlertKind.RECOMMENDATION, AlertKind.SECURITY_WATCH})


def update_blocks(rubric: Document, speech: Speech) -> Iterator[Block]:
    """Yield the components that were updated."""
    updates = rubric["updates"]
    if not updates:
        return
    yield Table(
        caption=speech.words.phrases["component"],
        columns=(
            Column(speech.say("day")),
            Column(speech.say("component"), share=3),
            Column(speech.say("version"), share=2),
            Column(speech.say("environment")),
            Column(speech.say("security")),
        ),
        rows=tuple(_update_row(update, speech) for update in updates),
    )


def _update_row(update: Document, speech: Speech) -> tuple[Cell, ...]:
    versions = " → ".join(filter(None, (update["fromVersion"], update["toVersion"])))
    return (
        Cell(speech.short(update["doneOn"])),
        Cell(update["component"], tuple(filter(None, (update["site"],)))),
        Cell(versions),
        Cell(speech.words.environments.get(update["environment"], update["environment"])),
        _security_cell(update, speech),
    )


def _security_cell(update: Document, speech: Speech) -> Cell:
    if not update["isSecurity"]:
        return Cell("\u2013")
    if update["isWithin72h"] is None:
        return Cell(speech.say("security"))
    if update["isWithin72h"]:
        return Cell(speech.say("security_in_time"), tone=Tone.GOOD)
    return Cell(speech.say("security_late"), tone=Tone.BAD)


def availability_blocks(rubric: Document, month: str, speech: Speech) -> Iterator[Block]:
    """Yield for each site its key figure, its days and its incidents."""
    for site in rubric["sites"]:
        yield _figure(site, speech)
        if site["downByDay"]:
            yield _strip(site["downByDay"], month, speech)
        if site["incidents"]:
            yield _incidents(site["incidents"], speech)
    if rubric["indicators"]:
        yield SubHeading(speech.say("indicators"))
        yield Items(tuple(_indicator(one, speech) for one in rubric["indicators"]))


def _figure(site: Document, speech: Speech) -> Figure:
    promised = site["promisedHundredths"]
    notes = (
        []
        if promised is None
        else [speech.say("promised", share=share_name(promised, speech.locale))]
    )
    if not site["isMeasured"]:
        badge, tone = speech.say("unmeasured"), Tone.QUIET
        return Figure(site["site"], "\u2013", badge, tone, tuple(notes))
    notes.append(
        speech.say("measured", share=share_name(site["measuredHundredths"], speech.locale))
    )
    if site["countedSeconds"]:
        notes.append(speech.say("down", minutes=seconds_name(site["countedSeconds"])))
    if site["allowedMinutes"] is not None:
        notes.append(speech.say("allowed", minutes=minutes_name(site["allowedMinutes"])))
    value = share_name(site["contractualHundredths"], speech.locale)
    if site["isMet"] is None:
        return Figure(site["site"], value, "", Tone.PLAIN, tuple(notes))
    badge = speech.say("met" if site["isMet"] else "missed")
    tone = Tone.GOOD if site["isMet"] else Tone.BAD
    return Figure(site["site"], value, badge, tone, tuple(notes))


def _strip(down_by_day: Sequence[int | None], month: str, speech: Speech) -> Strip:
    first = date.fromisoformat(f"{month}-01")
    days = []
    for place, down in enumerate(down_by_day):
        day = day_name(first + timedelta(days=place), speech.locale, has_year=False)
        if down is None:
            days.append(Day(day, Tone.QUIET))
        elif down:
            days.append(Day(f"{day} : {seconds_name(down)}", Tone.BAD))
        else:
            days.append(Day(day, Tone.GOOD))
    tones = [day.tone for day in days]
    text = speech.say(
        "strip_text",
        calm=tones.count(Tone.GOOD),
        hit=tones.count(Tone.BAD),
        blind=tones.count(Tone.QUIET),
    )
    return Strip(speech.say("strip"), tuple(days), text)


def _incidents(incidents: Sequence[Document], speech: Speech) -> Items:
    return Items(tuple(_incident(one, speech) for one in incidents))


def _incident(incident: Document, speech: Speech) -> Item:
    length = speech.say("ongoing")
    if incident["end"] is not None:
        start, end = (datetime.fromisoformat(incident[edge]) for edge in ("start", "end"))
        length = seconds_name(int((end - start).total_seconds()))
    when = speech.say("incident", when=speech.instant(incident["start"]), length=length)
    excluded = incident["excluded"]
    why = ""
    if excluded is not None:
        why = speech.say("not_counted", why=speech.words.outages.get(excluded, excluded))
    text = ", ".join(filter(None, (incident["title"], why)))
    return Item(when, text, incident["source"], Tone.BAD if excluded is None else Tone.QUIET)


def _indicator(indicator: Document, speech: Speech) -> Item:
    code, value = indicator["code"], indicator["value"]
    shown = milliseconds_name(value, speech.locale) if code == LOAD_TIME else str(value)
    return Item(speech.words.indicators.get(code, code), shown, indicator["site"])


def alert_blocks(rubric: Document, speech: Speech) -> Iterator[Block]:
    """Yield the points of attention, the broken promises first."""
    if rubric["alerts"]:
        yield Items(tuple(_alert(one, speech) for one in rubric["alerts"]))


def _alert(alert: Document, speech: Speech) -> Item:
    kind, said = AlertKind(alert["kind"]), alert["words"].get(speech.locale.value, "")
    subject = " · ".join(filter(None, (alert["subject"], said)))
    if alert["ticketNumber"] is not None:
        subject = speech.say("ticket_subject", number=alert["ticketNumber"], subject=subject)
    if alert["quantity"] is not None and alert["unit"] is not None:
        left = speech.quantity(alert["quantity"], alert["unit"])
        subject = " · ".join(filter(None, (subject, speech.say("left", left=left))))
    if alert["promise"] is not None:
        subject = f"{subject}. {speech.promise(alert['promise'])}"
    if alert["quoteNumber"] is not None:
        subject = f"{subject} ({speech.say('quoted', number=alert['quoteNumber'])})"
    when = "" if alert["on"] is None else speech.say("due", day=speech.day(alert["on"]))
    return Item(speech.words.alerts[kind], subject, when, _alert_tone(kind))


def _alert_tone(kind: AlertKind) -> Tone:
    if kind in _URGENT:
        return Tone.BAD
    return Tone.PLAIN if kind in _ADVICE else Tone.WARN


def forecast_blocks(rubric: Document, speech: Speech) -> Iterator[Block]:
    """Yield what is to come, by its day."""
    lines = rubric["forecast"]
    if not lines:
        return
    yield Table(
        caption=speech.say("what"),
        columns=(
            Column(speech.say("when")),
            Column(speech.say("what")),
            Column(speech.say("detail"), share=1),
        ),
        rows=tuple(_forecast_row(line, speech) for line in lines),
    )


def _forecast_row(line: Document, speech: Speech) -> tuple[Cell, ...]:
    subject = line["subject"]
    if line["ticketNumber"] is not None:
        subject = speech.say("ticket_subject", number=line["ticketNumber"], subject=subject)
    when = speech.say("unscheduled") if line["on"] is None else speech.day(line["on"])
    return (Cell(when), Cell(speech.words.forecasts[ForecastKind(line["kind"])]), Cell(subject))
