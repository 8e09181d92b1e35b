"""The pages of a monthly report: every rubric, in both languages, whatever the month held."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as Tree
from typing_extensions import override

from helpdesk.documents.page import Bar, Figure, Items, Page, Shares, Strip, Table, Tone
from helpdesk.documents.report_page import report_page
from helpdesk.documents.report_printer import ReportDocuments
from helpdesk.domain.consumption import Consumption
from helpdesk.domain.errors import Locale
from helpdesk.domain.monthly_report import ReportContent
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.report_lines import (
    AlertKind,
    AlertLine,
    CreditLine,
    IncidentLine,
    ReportLines,
    SlaVerdict,
    UnitConsumption,
    UpdateLine,
)
from helpdesk.domain.report_snapshot import digest_of, snapshot_of
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.sla import SlaMetric, TargetUnit
from tests.domain.reports import (
    BEGINNING,
    DAY,
    LATE,
    a_head,
    a_promise,
    a_report,
    a_ticket,
    an_availability,
    busy_lines,
    consumption,
)

PRINTER = ReportDocuments()
HOSTILE = "<script>alert(1)</script>\"&' #panic()"


def page_of(content: ReportContent, locale: Locale = Locale.FR) -> Page:
    return report_page(snapshot_of(content), locale)


def blocks(page: Page, number: int) -> list[Any]:  # Any: blocks of every kind
    return [block for one in page.sections if one.number == number for block in one.blocks]


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("tickets", [6, 60])
def test_a_report_is_drawn_as_pdf_html_and_text(locale: Locale, tickets: int) -> None:
    snapshot = snapshot_of(a_report(busy_lines(tickets)))

    pdf, page = PRINTER.pdf(snapshot, locale), PRINTER.html(snapshot, locale)
    text = PRINTER.text(snapshot, locale)

    assert pdf.startswith(b"%PDF-1.7")
    assert pdf == PRINTER.pdf(snapshot, locale)
    assert f'<html lang="{locale.value}">' in page
    assert page.count("<section") == 7
    for drawn in (page, text):
        assert digest_of(snapshot) in drawn
        assert "Demande 46" in drawn


@pytest.mark.parametrize("locale", list(Locale))
def test_an_empty_month_still_has_seven_rubrics(locale: Locale) -> None:
    content = replace(a_report(ReportLines()), summary=(), message="", video_url="")

    page = page_of(content, locale)

    assert [one.number for one in page.sections] == [1, 2, 3, 4, 5, 6, 7]
    assert all(len(one.blocks) == 1 for one in page.sections)
    assert [one.value for one in page.figures] == ["0", "–", "–", "–"]
    assert PRINTER.pdf(snapshot_of(content), locale).startswith(b"%PDF")
    assert '<div class="message">' not in PRINTER.html(snapshot_of(content), locale)


def test_a_simplified_report_prints_four_rubrics_and_a_report_of_no_level_all_to_the_agency() -> (
    None
):
    simplified = page_of(a_report(head=a_head(ReportLevel.SIMPLIFIED)))
    none = page_of(a_report(head=a_head(ReportLevel.NONE)))

    assert [one.number for one in simplified.sections] == [1, 3, 5, 6]
    assert len(none.sections) == 7


def test_a_preview_and_a_rectified_report_say_what_they_are() -> None:
    preview = page_of(a_report(head=a_head(is_preview=True)))
    rectified = page_of(a_report(head=a_head(version=2, rectifies="Une heure de trop")))

    assert preview.notice.startswith("Aperçu")
    assert rectified.notice == "Rapport rectificatif, version 2"
    assert rectified.notice_text.endswith("Une heure de trop")
    assert digest_of({}) not in PRINTER.html(
        snapshot_of(a_report(head=a_head(is_preview=True))), Locale.FR
    )


def test_each_broken_promise_is_explained_on_its_ticket() -> None:
    (shares, table) = blocks(page_of(a_report()), 2)

    assert isinstance(shares, Shares)
    assert shares.lines[0][2] == "4 tenus, 2 manqués, 0 en cours"
    notes = table.rows[1][1].notes
    assert notes[1] == (
        "Prise en charge : moins de 2\xa0h de service promis. Dépassé le 3\xa0mars à 10\xa0h\xa000,"
        " terminé après 2\xa0h\xa035, soit 35\xa0min de trop."
    )
    assert table.rows[2][1].notes[1] == (
        "Livraison en recette : reporté au 7\xa0avril à 11\xa0h\xa000."
    )
    assert table.rows[3][1].notes[1] == "Hors engagement : Extension ajoutée sans validation"
    assert [row[-1].tone for row in table.rows[:4]] == [Tone.BAD, Tone.BAD, Tone.WARN, Tone.GOOD]


def test_what_leaves_the_forfait_is_told_below_zero() -> None:
    tables = [one for one in blocks(page_of(a_report()), 3) if isinstance(one, Table)]

    quantities = [row[-1].text.replace("\xa0", " ") for row in tables[-2].rows]
    assert quantities == ["2 h", "1 h", "−1 h 45", "−15 min", "−30 min", "−30 min"]


def test_a_late_postponement_a_running_promise_and_days_are_told() -> None:
    late = a_promise(SlaVerdict.BROKEN_DOCUMENTED, postponed_to=BEGINNING + 40 * DAY)
    days = replace(
        a_promise(SlaVerdict.BROKEN, SlaMetric.DELIVERY, counted=None),
        unit=TargetUnit.BUSINESS_DAYS_SAME_TIME,
        amount=5,
        is_strict=False,
        at=None,
    )
    tickets = (
        a_ticket(1, "a", late, days),
        a_ticket(2, "b", a_promise(SlaVerdict.RUNNING)),
        a_ticket(3, "c", minutes=0),
    )

    (_, table) = blocks(page_of(a_report(ReportLines(tickets=tickets))), 2)

    first = table.rows[0][1].notes
    assert first[1].startswith("Prise en charge : hors délai, puis reporté au 11\xa0avril")
    assert first[2].startswith("Livraison en recette : 5 jours ouvrés promis.")
    assert [row[-1].text for row in table.rows] == ["Manqué", "En cours", "–"]
    assert table.rows[2][3].text == "–"


def test_tickets_without_promises_have_no_chart() -> None:
    lines = ReportLines(tickets=(a_ticket(1, "a"),))

    assert [type(one) for one in blocks(page_of(a_report(lines)), 2)] == [Table]


def test_a_gauge_says_the_same_in_words_as_in_length() -> None:
    tickets, run, _, _, _ = blocks(page_of(a_report()), 3)

    assert (tickets.figure, tickets.filled, tickets.over) == ("120\xa0%", 100, 17)
    assert tickets.text.endswith("6 sur 5 utilisés. 1 au-delà du forfait.")
    assert (run.figure, run.filled, run.over) == ("64\xa0%", 64, 0)
    assert run.text.endswith("1\xa0h\xa045 sur 2\xa0h\xa045 utilisés. Reste 1\xa0h.")


@pytest.mark.parametrize(
    ("gauge", "figure", "said"),
    [
        (Consumption(is_unlimited=True, consumed=7), "", "7 utilisés, sans limite."),
        (Consumption(), "", "Aucune dotation pour ce mois."),
        (Consumption(overage=2), "", "2 sur 0 utilisés. 2 au-delà du forfait, soit 45,00\xa0€ HT."),
        (Consumption(granted=4, consumed=4), "100\xa0%", "4 sur 4 utilisés."),
    ],
)
def test_what_has_no_percentage_has_no_bar(gauge: Consumption, figure: str, said: str) -> None:
    unit = replace(consumption()[0], gauge=gauge, overage_cents=45_00)
    page = page_of(a_report(ReportLines(consumption=(unit,))))

    (bar,) = blocks(page, 3)

    assert isinstance(bar, Bar)
    assert bar.figure == figure
    assert bar.text.endswith(said)


def test_the_figures_at_the_top_follow_the_worst() -> None:
    unlimited = UnitConsumption(
        RetainerUnit.CORRECTIVE_TICKETS,
        consumption()[0].starts_on,
        consumption()[0].ends_on,
        Consumption(is_unlimited=True),
    )
    near = replace(unlimited, gauge=Consumption(granted=100, consumed=80))
    fine = replace(unlimited, gauge=Consumption(granted=100, consumed=20))
    missed = replace(an_availability(down=20_000), is_met=False)

    busy = page_of(a_report())
    calm = page_of(a_report(ReportLines(consumption=(unlimited,), availability=(missed,))))
    warned = page_of(a_report(ReportLines(consumption=(near,), tickets=(a_ticket(1, "a"),))))
    good = page_of(a_report(ReportLines(consumption=(fine,))))

    assert [one.value for one in busy.figures] == ["6", "4 sur 6", "99,89\xa0%", "120\xa0%"]
    assert (calm.figures[3].value, calm.figures[2].tone) == ("Illimité", Tone.BAD)
    assert (warned.figures[3].tone, good.figures[3].tone) == (Tone.WARN, Tone.GOOD)


def test_a_month_that_was_not_measured_shows_no_figure() -> None:
    site = replace(an_availability(), is_measured=False, promised_hundredths=None, incidents=())
    unpromised = replace(an_availability(), is_met=None, counted_seconds=0, allowed_minutes=None)
    page = page_of(a_report(ReportLines(availability=(site, unpromised))))

    figure, _, other, _, _ = blocks(page, 5)

    assert isinstance(figure, Figure)
    assert (figure.value, figure.badge, figure.notes) == ("–", "Mois non mesuré", ())
    assert (other.value, other.badge) == ("100,00\xa0%", "")


def test_a_strip_says_how_many_days_were_what() -> None:
    figure, strip, incidents, _, indicators = blocks(page_of(a_report()), 5)

    assert isinstance(strip, Strip)
    assert figure.badge == "Engagement tenu"
    assert strip.text == "28 jours sans arrêt, 2 avec arrêt, 1 non surveillés."
    assert len(strip.days) == 31
    assert "45\xa0min" in strip.days[17].label
    assert isinstance(incidents, Items)
    assert incidents.items[1].text.endswith("non compté : maintenance annoncée")
    assert indicators.items[0].label == "Temps de chargement"
    assert indicators.items[0].text == "1,8\xa0s"


def test_an_outage_that_lasts_and_a_day_without_figures_are_told() -> None:
    lasting = IncidentLine(BEGINNING, None, "Panne", "", "HOSTING_FAILURE")
    site = replace(an_availability(), incidents=(lasting,), down_by_day=())

    _, incidents = blocks(page_of(a_report(ReportLines(availability=(site,)))), 5)

    assert incidents.items[0].label.endswith("en cours")
    assert incidents.items[0].text == "Panne, non compté : panne de l'hébergement"


def test_updates_say_whether_they_came_in_time() -> None:
    late = UpdateLine("A", "", "2", BEGINNING.date(), "STAGING", None, is_security=True)
    updates = (
        replace(late, is_within_72h=False),
        replace(late, is_within_72h=True),
        late,
        replace(late, is_security=False),
    )
    (table,) = blocks(page_of(a_report(ReportLines(updates=updates))), 4)

    assert [row[-1].text for row in table.rows] == [
        "Sécurité, après 72\xa0h",
        "Sécurité, sous 72\xa0h",
        "Sécurité",
        "–",
    ]
    assert (table.rows[0][2].text, table.rows[0][3].text) == ("2", "Préproduction")


def test_alerts_name_what_is_left_and_which_quote_came_of_them() -> None:
    pack = AlertLine(
        AlertKind.PACK_EXPIRY, "", BEGINNING.date(), quantity=90, unit=RetainerUnit.PACK_MINUTES
    )
    signal = AlertLine(AlertKind.SIGNAL, "boutique", words={Locale.FR: "Aucune sauvegarde testée"})
    page = page_of(a_report(ReportLines(alerts=(pack, signal, *busy_lines().alerts))))

    (items,) = blocks(page, 6)

    assert items.items[0].text == "Reste 1\xa0h\xa030"
    assert items.items[0].when == "avant le 2\xa0mars 2026"
    assert items.items[1].text == "boutique · Aucune sauvegarde testée"
    assert items.items[2].tone is Tone.BAD
    assert items.items[4].text == "Activer un cache de pages (devis D2026-0012)"


def test_a_credit_is_told_with_its_state() -> None:
    one = CreditLine(LATE, 29_85, "EUR", "APPROVED")
    page = page_of(a_report(ReportLines(credits=(one,))), Locale.EN)

    (_, table) = blocks(page, 3)

    texts = [cell.text for cell in table.rows[0]]
    assert texts == ["–", "P0 resolution missed, ticket no. 41", "Approved", "€29.85"]


def test_nothing_that_somebody_wrote_is_taken_for_markup() -> None:
    ticket = replace(a_ticket(1, HOSTILE, a_promise()), site=HOSTILE)
    alert = AlertLine(AlertKind.RECOMMENDATION, HOSTILE)
    content = replace(
        a_report(ReportLines(tickets=(ticket,), alerts=(alert,)), head=a_head(client=HOSTILE)),
        summary=(HOSTILE,),
        message=HOSTILE,
        video_url="https://video.example/?a=1&b=%22",
    )

    page = PRINTER.html(snapshot_of(content), Locale.FR)

    assert "<script" not in page
    assert 'href="https://video.example/?a=1&amp;b=%22"' in page
    assert PRINTER.pdf(snapshot_of(content), Locale.FR).startswith(b"%PDF")


class _Balanced(HTMLParser):
    """Counts what is opened and closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"rect", "br"}


def test_the_html_is_well_formed_fetches_nothing_and_runs_nothing() -> None:
    page = PRINTER.html(snapshot_of(a_report()), Locale.FR)

    parser = _Balanced()
    parser.feed(page)
    assert parser.open == []
    assert re.findall(r"<(?:script|img|link|iframe|object)\b", page) == []
    assert re.findall(r"(?:src|url)\s*[=(]", page) == []
    assert re.findall(r'https?://[^"]+', page) == ["https://video.example/mars-2026"]


def test_the_html_can_be_read_without_seeing_it() -> None:
    tree = Tree(PRINTER.html(snapshot_of(a_report()), Locale.FR))

    assert len(tree.css("h1")) == 1
    assert all(one.attributes.get("scope") == "col" for one in tree.css("th"))
    assert all(one.css_first("caption") for one in tree.css("table"))
    assert all(one.attributes.get("aria-label") for one in tree.css("svg[role=img]"))
    assert all(
        tree.css_first(f"#{one.attributes['aria-labelledby']}") for one in tree.css("section")
    )
