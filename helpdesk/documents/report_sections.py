"""The sections of the monthly report that tell of tickets and of the forfait."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from helpdesk.documents.page import (
    Bar,
    Block,
    Cell,
    Column,
    Lines,
    Part,
    Shares,
    SubHeading,
    Table,
    Tone,
)
from helpdesk.documents.report_speech import Document, Speech
from helpdesk.documents.wording import minutes_name, percent_name
from helpdesk.domain.gauge import GaugeState
from helpdesk.domain.priority import Priority
from helpdesk.domain.report_lines import SlaVerdict
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import UNFINISHED, TicketStatus

_WHOLE = 100
_TONES = {
    SlaVerdict.RUNNING: Tone.QUIET,
    SlaVerdict.KEPT: Tone.GOOD,
    SlaVerdict.BROKEN: Tone.BAD,
    SlaVerdict.POSTPONED: Tone.WARN,
    SlaVerdict.BROKEN_DOCUMENTED: Tone.BAD,
}
_GAUGE_TONES = {
    GaugeState.OK: Tone.GOOD,
    GaugeState.WARNING: Tone.WARN,
    GaugeState.FULL: Tone.WARN,
    GaugeState.OVER: Tone.BAD,
    GaugeState.UNLIMITED: Tone.GOOD,
    GaugeState.NONE: Tone.QUIET,
}
# The worst first: it is what the cell of a ticket shows.
_WORST_FIRST = (
    SlaVerdict.BROKEN,
    SlaVerdict.BROKEN_DOCUMENTED,
    SlaVerdict.POSTPONED,
    SlaVerdict.RUNNING,
    SlaVerdict.KEPT,
)
_TAKES_AWAY = frozenset(
    {EntryKind.CONSUME, EntryKind.OVERAGE, EntryKind.EXPIRE, EntryKind.ROLLOVER_OUT}
)
_FACTS = (
    *("opening", "granted", "rollover_in", "purchased", "gesture", "adjust"),
    *("consumed", "overage"),
)


def ticket_blocks(rubric: Document, speech: Speech) -> Iterator[Block]:
    """Yield how promises were kept, as bars, and the tickets, as a table."""
    tickets = rubric["tickets"]
    if not tickets:
        return
    shares = _promise_shares(tickets, speech)
    if shares.lines:
        yield shares
    yield Table(
        caption=speech.say("kpi_tickets"),
        columns=(
            Column(speech.say("number"), is_number=True),
            Column(speech.say("ticket"), share=1),
            Column(speech.say("priority")),
            Column(speech.say("time"), is_number=True),
            Column(speech.say("status")),
            Column(speech.say("sla")),
        ),
        rows=tuple(_ticket_row(ticket, speech) for ticket in tickets),
        total=(
            "",
            speech.say("total"),
            "",
            minutes_name(sum(ticket["minutes"] for ticket in tickets)),
            "",
            "",
        ),
    )


def _promise_shares(tickets: Sequence[Document], speech: Speech) -> Shares:
    lines = []
    for metric in SlaMetric:
        promises = [
            promise
            for ticket in tickets
            for promise in ticket["promises"]
            if promise["metric"] == metric.value
        ]
        if promises:
            parts = _parts(promises, speech)
            kept, broken, running = (part.count for part in parts)
            text = speech.say("kept_of", kept=kept, broken=broken, open=running)
            lines.append((speech.words.metrics[metric], parts, text))
    return Shares(speech.say("promises"), tuple(lines))


def _parts(promises: Sequence[Document], speech: Speech) -> tuple[Part, ...]:
    counts = dict.fromkeys((SlaVerdict.KEPT, SlaVerdict.BROKEN, SlaVerdict.RUNNING), 0)
    for promise in promises:
        verdict = SlaVerdict(promise["verdict"])
        if verdict.is_broken:
            verdict = SlaVerdict.BROKEN
        elif verdict is SlaVerdict.POSTPONED:
            verdict = SlaVerdict.RUNNING
        counts[verdict] += promise["count"]
    verdicts = speech.words.verdicts
    return tuple(Part(verdicts[one], count, _TONES[one]) for one, count in counts.items())


def _ticket_row(ticket: Document, speech: Speech) -> tuple[Cell, ...]:
    promises, words = ticket["promises"], speech.words
    notes = [speech.promise(promise) for promise in promises]
    notes += [
        speech.say("excluded", explanation=one["explanation"]) for one in ticket["exclusions"]
    ]
    opened = speech.say("opened", day=speech.short(ticket["openedAt"]))
    about = " · ".join(filter(None, (ticket["site"], opened)))
    status, priority = TicketStatus(ticket["status"]), Priority(ticket["priority"])
    return (
        Cell(str(ticket["number"])),
        Cell(ticket["title"], (about, *filter(None, notes))),
        Cell(words.priorities[priority]),
        Cell(minutes_name(ticket["minutes"]) if ticket["minutes"] else "\u2013"),
        Cell(words.statuses[status], tone=Tone.QUIET if status in UNFINISHED else Tone.PLAIN),
        _verdict_cell(promises, speech),
    )


def _verdict_cell(promises: Sequence[Document], speech: Speech) -> Cell:
    found = {SlaVerdict(promise["verdict"]) for promise in promises}
    worst = next((one for one in _WORST_FIRST if one in found), None)
    if worst is None:
        return Cell("\u2013")
    return Cell(speech.words.verdicts[worst], tone=_TONES[worst])


def consumption_blocks(rubric: Document, speech: Speech) -> Iterator[Block]:
    """Yield a gauge for each unit with its movements, then the credit notes."""
    for unit in rubric["units"]:
        yield _bar(unit, speech)
        if unit["entries"]:
            yield _movements(unit, speech)
    if rubric["credits"]:
        yield SubHeading(speech.say("credits"))
        yield _credits(rubric["credits"], speech)


def _bar(unit: Document, speech: Speech) -> Bar:
    gauge, name = unit["gauge"], unit["unit"]
    state, percent = GaugeState(gauge["state"]), gauge["percent"]
    most = max(_WHOLE, percent or 0)
    filled = min(_WHOLE, (percent or 0) * _WHOLE // most)
    over = filled - _WHOLE * _WHOLE // most if most > _WHOLE else 0
    return Bar(
        title=speech.words.units[RetainerUnit(name)],
        badge=speech.words.gauges[state],
        tone=_GAUGE_TONES[state],
        figure="" if percent is None else percent_name(percent, speech.locale),
        filled=filled,
        over=max(0, over),
        text=_bar_text(unit, speech),
        facts=tuple(_facts(unit, speech)),
    )


def _bar_text(unit: Document, speech: Speech) -> str:
    gauge, name = unit["gauge"], unit["unit"]
    used, total = gauge["consumed"] + gauge["overage"], gauge["total"]
    said = [_period(unit, speech)]
    if total is None:
        said.append(speech.say("counted", used=speech.quantity(used, name)))
    elif not total and not used:
        said.append(speech.say("nothing_granted"))
    else:
        shown = {"used": speech.quantity(used, name), "total": speech.quantity(total, name)}
        said.append(speech.say("used", **shown))
        if gauge["available"]:
            said.append(speech.say("left", left=speech.quantity(gauge["available"], name)))
    if gauge["overage"]:
        said.append(_over(unit, speech))
    return ". ".join(said) + "."


def _over(unit: Document, speech: Speech) -> str:
    over = speech.quantity(unit["gauge"]["overage"], unit["unit"])
    if unit["overageCents"] is None:
        return speech.say("over", over=over)
    amount = speech.money(unit["overageCents"], unit["currency"])
    return speech.say("over_amount", over=over, amount=amount)


def _period(unit: Document, speech: Speech) -> str:
    last = _eve(unit["endsOn"])
    return speech.say("period", first=speech.day(unit["startsOn"]), last=speech.day(last))


def _facts(unit: Document, speech: Speech) -> Iterator[tuple[str, str]]:
    gauge, name = unit["gauge"], unit["unit"]
    for fact in _FACTS:
        first, *rest = fact.split("_")
        amount = gauge[first + "".join(map(str.capitalize, rest))]
        if amount:
            yield speech.say(fact), speech.quantity(amount, name)
    for fact, amount in (("rollover_out", unit["rolloverOut"]), ("expired", unit["expired"])):
        if amount:
            yield speech.say(fact), speech.quantity(amount, name)


def _movements(unit: Document, speech: Speech) -> Table:
    return Table(
        caption=speech.say("movements"),
        columns=(
            Column(speech.say("day")),
            Column(speech.say("movement")),
            Column(speech.say("detail"), share=1),
            Column(speech.say("quantity"), is_number=True),
        ),
        rows=tuple(_movement(entry, unit["unit"], speech) for entry in unit["entries"]),
    )


def _movement(entry: Document, unit: str, speech: Speech) -> tuple[Cell, ...]:
    kind, subject = EntryKind(entry["kind"]), entry["subject"]
    if entry["ticketNumber"] is not None:
        subject = speech.say("ticket_subject", number=entry["ticketNumber"], subject=subject)
    if entry["corrects"] is not None:
        month = speech.month(entry["corrects"])
        subject = speech.say("correction", month=month, subject=subject)
    amount = entry["quantity"] * (-1 if kind in _TAKES_AWAY else 1)
    return (
        Cell(speech.short(entry["at"])),
        Cell(speech.words.entries[kind]),
        Cell(subject),
        Cell(speech.quantity(amount, unit)),
    )


def _credits(credits_: Sequence[Document], speech: Speech) -> Table:
    states = speech.words.credits
    return Table(
        caption=speech.say("credits"),
        columns=(
            Column(speech.say("number")),
            Column(speech.say("credit"), share=1),
            Column(speech.say("state")),
            Column(speech.say("amount"), is_number=True),
        ),
        rows=tuple(
            (
                Cell(one["number"] or "\u2013"),
                Cell(one["subject"][speech.locale.value]),
                Cell(states.get(one["status"], one["status"])),
                Cell(speech.money(one["netCents"], one["currency"])),
            )
            for one in credits_
        ),
    )


def summary_blocks(rubric: Document, speech: Speech) -> Iterator[Block]:
    """Yield the lines that sum up the month."""
    del speech  # people's words need no translation
    if rubric["lines"]:
        yield Lines(tuple(rubric["lines"]), is_large=True)


def _eve(text: str) -> str:
    return (date.fromisoformat(text) - timedelta(days=1)).isoformat()
