"""Reports to test with: a quiet month, and one in which everything happened."""

from datetime import UTC, date, datetime, timedelta

from helpdesk.domain.consumption import Consumption
from helpdesk.domain.errors import Locale
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import ReportContent, ReportHead
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.priority import Priority
from helpdesk.domain.report_lines import (
    AlertKind,
    AlertLine,
    CreditLine,
    ExclusionLine,
    ForecastKind,
    ForecastLine,
    IncidentLine,
    IndicatorLine,
    LedgerLine,
    ReportLines,
    SiteAvailability,
    SlaLine,
    SlaVerdict,
    TicketLine,
    UnitConsumption,
    UpdateLine,
)
from helpdesk.domain.report_summary import proposed_summary
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.sla import SlaMetric, TargetUnit
from helpdesk.domain.ticket import TicketKind, TicketStatus

MARCH = Month(2026, 3)
DAY = timedelta(days=1)
LATE = {
    Locale.FR: "Délai de résolution P0 dépassé, ticket n° 41",
    Locale.EN: "P0 resolution missed, ticket no. 41",
}
BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_promise(
    verdict: SlaVerdict = SlaVerdict.KEPT,
    metric: SlaMetric = SlaMetric.FIRST_RESPONSE,
    *,
    counted: int | None = 3600,
    postponed_to: datetime | None = None,
) -> SlaLine:
    return SlaLine(
        metric=metric,
        verdict=verdict,
        amount=120,
        unit=TargetUnit.BUSINESS_MINUTES,
        is_strict=True,
        allowance_seconds=7200,
        counted_seconds=counted,
        at=BEGINNING + DAY,
        postponed_to=postponed_to,
    )


def a_ticket(
    number: int,
    title: str,
    *promises: SlaLine,
    priority: Priority = Priority.P2,
    status: TicketStatus = TicketStatus.RESOLVED,
    minutes: int = 45,
    exclusions: tuple[ExclusionLine, ...] = (),
) -> TicketLine:
    return TicketLine(
        number=number,
        title=title,
        kind=TicketKind.CORRECTIVE,
        priority=priority,
        status=status,
        site="Boutique",
        opened_at=BEGINNING + DAY * (number % 25),
        resolved_at=BEGINNING + DAY * (number % 25 + 1),
        minutes=minutes,
        promises=promises,
        exclusions=exclusions,
    )


def an_availability(site: str = "boutique.example", *, down: int = 45 * 60) -> SiteAvailability:
    return SiteAvailability(
        site=site,
        total_seconds=743 * 3600,
        down_seconds=down + 1800,
        counted_seconds=down,
        promised_hundredths=99_50,
        is_measured=True,
        is_met=down < 13_000,
        allowed_minutes=222,
        down_by_day=tuple({6: 1800, 17: down, 20: None}.get(day, 0) for day in range(31)),
        incidents=(
            IncidentLine(
                BEGINNING + 15 * DAY,
                BEGINNING + 15 * DAY + timedelta(seconds=down),
                "Erreur 502 sur tout le site",
                "UptimeRobot",
            ),
            IncidentLine(
                BEGINNING + 4 * DAY,
                BEGINNING + 4 * DAY + timedelta(minutes=30),
                "Migration de la base de données",
                "UptimeRobot",
                "PLANNED_MAINTENANCE",
            ),
        ),
    )


def consumption() -> tuple[UnitConsumption, ...]:
    entries = (
        LedgerLine(BEGINNING, EntryKind.GRANT, 120, None, "Forfait Business"),
        LedgerLine(BEGINNING, EntryKind.ROLLOVER_IN, 60, None, ""),
        LedgerLine(BEGINNING + DAY, EntryKind.CONSUME, 105, 42, "Nouveau bandeau d'accueil"),
        LedgerLine(
            BEGINNING + 2 * DAY, EntryKind.ADJUST, -15, None, "Minutes oubliées", date(2026, 2, 1)
        ),
        LedgerLine(BEGINNING + 31 * DAY, EntryKind.ROLLOVER_OUT, 30, None, ""),
        LedgerLine(BEGINNING + 31 * DAY, EntryKind.EXPIRE, 30, None, ""),
    )
    first, end = date(2026, 3, 1), date(2026, 4, 1)
    return (
        UnitConsumption(
            RetainerUnit.CORRECTIVE_TICKETS,
            first,
            end,
            Consumption(granted=5, consumed=5, overage=1),
        ),
        UnitConsumption(
            RetainerUnit.RUN_MINUTES,
            first,
            end,
            Consumption(granted=120, rollover_in=60, adjust=-15, consumed=105),
            rollover_out=30,
            expired=30,
            overage_cents=45_00,
            entries=entries,
        ),
    )


def busy_lines(tickets: int = 6) -> ReportLines:
    late = a_promise(SlaVerdict.BROKEN, counted=9_300)
    return ReportLines(
        tickets=(
            a_ticket(41, "Le site ne répond plus", a_promise(), late, priority=Priority.P0),
            a_ticket(42, "Paiement refusé au dernier écran", late, priority=Priority.P1),
            a_ticket(
                43,
                "Bandeau d'accueil à traduire en trois langues avant l'ouverture des ventes privées"
                " de printemps, avec les visuels fournis par l'atelier",
                a_promise(
                    SlaVerdict.POSTPONED,
                    SlaMetric.DELIVERY,
                    counted=None,
                    postponed_to=BEGINNING + 36 * DAY,
                ),
                status=TicketStatus.IN_PROGRESS,
            ),
            a_ticket(
                44,
                "Extension installée par un tiers",
                a_promise(),
                exclusions=(ExclusionLine("third_party", "Extension ajoutée sans validation"),),
            ),
            *(
                a_ticket(number, f"Demande {number}", a_promise())
                for number in range(45, 41 + tickets)
            ),
        ),
        consumption=consumption(),
        credits=(CreditLine(LATE, 29_85, "EUR", "ISSUED", "AV-2026-0007"),),
        updates=(
            UpdateLine("WordPress", "6.7.1", "6.7.2", date(2026, 3, 5), "PRODUCTION", "Boutique"),
            UpdateLine(
                *("WooCommerce", "9.6.0", "9.6.2", date(2026, 3, 12), "PRODUCTION", "Boutique"),
                is_security=True,
                is_within_72h=True,
            ),
        ),
        availability=(an_availability(),),
        alerts=(
            AlertLine(
                AlertKind.P1_MENTION,
                "Paiement refusé au dernier écran",
                ticket_number=42,
                promise=late,
            ),
            AlertLine(AlertKind.CERTIFICATE, "boutique.example", date(2026, 4, 20)),
            AlertLine(
                AlertKind.RECOMMENDATION, "Activer un cache de pages", quote_number="D2026-0012"
            ),
        ),
        forecast=(
            ForecastLine(ForecastKind.POSTPONED_TICKET, "Bandeau d'accueil", date(2026, 4, 7), 43),
            ForecastLine(ForecastKind.NOTICE, "C-1", date(2026, 9, 30)),
            ForecastLine(ForecastKind.BATCH, "Lot d'avril", None),
        ),
        indicators=(IndicatorLine("load_time", 1_890, "boutique.example"),),
    )


def a_head(level: ReportLevel = ReportLevel.DETAILED, **changes: object) -> ReportHead:
    values: dict[str, object] = {
        "agency": "Atelier Numérique",
        "client": "Maison Lefèvre",
        "contract_reference": "C-1",
        "contract_name": "Maintenance de la boutique",
        "plan": "Business",
        "month": MARCH,
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2026, 4, 1),
        "zone": "Europe/Paris",
        "level": level,
        "calendars": ("Du lundi au vendredi, 9 h à 13 h et 14 h à 18 h, hors jours fériés",),
        "made_at": datetime(2026, 4, 1, 7, 0, tzinfo=UTC),
        "version": 1,
        "rectifies": "",
        "is_preview": False,
    }
    return ReportHead(**(values | changes))  # type: ignore[arg-type]  # names checked above


def a_report(
    lines: ReportLines | None = None, *, locale: Locale = Locale.FR, head: ReportHead | None = None
) -> ReportContent:
    told = busy_lines() if lines is None else lines
    return ReportContent(
        head=head or a_head(),
        locale=locale,
        summary=proposed_summary(told, locale),
        is_summary_proposed=True,
        message="Bonjour Bruno,\nmars fut chargé ; merci pour votre réactivité sur le paiement.",
        video_url="https://video.example/mars-2026",
        lines=told,
    )
