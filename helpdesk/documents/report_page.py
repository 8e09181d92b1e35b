"""The monthly report as a page: what a frozen snapshot says, in one language."""

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from helpdesk.documents.page import Block, KeyFigure, Lines, Page, Section, Tone
from helpdesk.documents.report_sections import consumption_blocks, summary_blocks, ticket_blocks
from helpdesk.documents.report_speech import Document, Speech
from helpdesk.documents.report_words import wording
from helpdesk.documents.site_sections import (
    alert_blocks,
    availability_blocks,
    forecast_blocks,
    update_blocks,
)
from helpdesk.documents.wording import percent_name, share_name
from helpdesk.domain.errors import Locale
from helpdesk.domain.gauge import GaugeState
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.report_lines import SlaVerdict
from helpdesk.domain.report_rubric import Rubric

_STILL_OPEN = frozenset({SlaVerdict.RUNNING, SlaVerdict.POSTPONED})
_DASH = "\u2013"


def report_page(snapshot: Document, locale: Locale, *, digest: str = "") -> Page:
    """Return a report to be drawn. A contract without reports shows all seven to the agency."""
    head = snapshot["head"]
    speech = Speech(wording(locale), locale, ZoneInfo(head["zone"]))
    rubrics = {Rubric(one["code"]): one for one in snapshot["rubrics"]}
    month = speech.month(head["month"])
    return Page(
        language=locale.value,
        title=speech.say("title"),
        subtitle=month[:1].upper() + month[1:],
        agency=head["agency"],
        client=head["client"],
        about=tuple(_about(head, speech)),
        notice=_notice(head, speech),
        notice_text=speech.say("why", reason=head["rectifies"]) if head["rectifies"] else "",
        figures=tuple(_figures(rubrics, speech)),
        sections=tuple(_sections(head, rubrics, speech)),
        message_title=speech.say("message") if snapshot["message"] else "",
        message=tuple(filter(None, snapshot["message"].splitlines())),
        video_label=speech.say("video") if snapshot["videoUrl"] else "",
        video_url=snapshot["videoUrl"],
        ends=tuple(_ends(head, speech, digest)),
        foot=speech.say("page_foot", agency=head["agency"], client=head["client"], month=month),
    )


def _about(head: Document, speech: Speech) -> Iterator[str]:
    contract = speech.say("contract", reference=head["contractReference"])
    yield " · ".join(filter(None, (contract, head["contractName"])))
    if head["plan"]:
        yield speech.say("plan", plan=head["plan"])
    yield speech.say("made", day=speech.day(head["madeAt"]))


def _notice(head: Document, speech: Speech) -> str:
    if head["isPreview"]:
        return speech.say("preview")
    return speech.say("rectified", version=head["version"]) if head["rectifies"] else ""


def _ends(head: Document, speech: Speech, digest: str) -> Iterator[tuple[str, str]]:
    if head["calendars"]:
        yield speech.say("calendar"), " ; ".join(head["calendars"])
    if digest:
        yield speech.say("digest"), digest


def _sections(
    head: Document, rubrics: Mapping[Rubric, Document], speech: Speech
) -> Iterator[Section]:
    is_for_agency = ReportLevel(head["level"]) is ReportLevel.NONE
    for rubric, said in rubrics.items():
        if not (said["isPrinted"] or is_for_agency):
            continue
        blocks = tuple(_blocks(rubric, said, head, speech))
        empty: tuple[Block, ...] = (Lines((speech.words.empty[rubric],)),)
        yield Section(
            number=rubric.number,
            title=rubric.heading(speech.locale),
            explained=speech.words.glossary[rubric],
            blocks=blocks or empty,
        )


def _blocks(rubric: Rubric, said: Document, head: Document, speech: Speech) -> Iterator[Block]:
    if rubric is Rubric.AVAILABILITY:
        return availability_blocks(said, head["month"], speech)
    return _TELLERS[rubric](said, speech)


_TELLERS = {
    Rubric.SUMMARY: summary_blocks,
    Rubric.TICKETS: ticket_blocks,
    Rubric.CONSUMPTION: consumption_blocks,
    Rubric.UPDATES: update_blocks,
    Rubric.ALERTS: alert_blocks,
    Rubric.FORECAST: forecast_blocks,
}


def _figures(rubrics: Mapping[Rubric, Document], speech: Speech) -> Iterator[KeyFigure]:
    """Yield the four figures at the top; a dash where a month has none."""
    tickets = rubrics[Rubric.TICKETS]["tickets"]
    yield KeyFigure(speech.say("kpi_tickets"), str(len(tickets)), Tone.PLAIN)
    yield _promises(tickets, speech)
    yield _availability(rubrics[Rubric.AVAILABILITY]["sites"], speech)
    yield _use(rubrics[Rubric.CONSUMPTION]["units"], speech)


def _promises(tickets: Sequence[Document], speech: Speech) -> KeyFigure:
    due = kept = 0
    for promise in (promise for ticket in tickets for promise in ticket["promises"]):
        verdict = SlaVerdict(promise["verdict"])
        if verdict not in _STILL_OPEN:
            due += promise["count"]
            kept += 0 if verdict.is_broken else promise["count"]
    label = speech.say("kpi_promises")
    if not due:
        return KeyFigure(label, _DASH, Tone.QUIET)
    shown = speech.say("of", part=kept, whole=due)
    return KeyFigure(label, shown, Tone.GOOD if kept == due else Tone.BAD)


def _availability(sites: Sequence[Document], speech: Speech) -> KeyFigure:
    measured = [site for site in sites if site["isMeasured"]]
    label = speech.say("kpi_availability")
    if not measured:
        return KeyFigure(label, _DASH, Tone.QUIET)
    worst = min(site["contractualHundredths"] for site in measured)
    is_missed = any(site["isMet"] is False for site in measured)
    shown = share_name(worst, speech.locale)
    return KeyFigure(label, shown, Tone.BAD if is_missed else Tone.GOOD)


def _use(units: Sequence[Document], speech: Speech) -> KeyFigure:
    percents = [unit["gauge"]["percent"] for unit in units if unit["gauge"]["percent"] is not None]
    states = {GaugeState(unit["gauge"]["state"]) for unit in units}
    label = speech.say("kpi_use")
    if not percents:
        is_unlimited = GaugeState.UNLIMITED in states
        shown = speech.words.gauges[GaugeState.UNLIMITED] if is_unlimited else _DASH
        return KeyFigure(label, shown, Tone.QUIET)
    return KeyFigure(label, percent_name(max(percents), speech.locale), _use_tone(states))


def _use_tone(states: set[GaugeState]) -> Tone:
    if GaugeState.OVER in states:
        return Tone.BAD
    return Tone.WARN if states & {GaugeState.FULL, GaugeState.WARNING} else Tone.GOOD
