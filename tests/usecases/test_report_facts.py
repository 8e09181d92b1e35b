"""What a monthly report tells, from what really happened."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.compensation import CreditId, CreditKey, CreditKind
from helpdesk.domain.compensation_clause import ApprovalClause
from helpdesk.domain.compensation_life import Amount, CreditDeed, CreditStep, proposed
from helpdesk.domain.contract_term import Notice, TermClause
from helpdesk.domain.engagement import Engagement, EngagementModel
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.period import PeriodRule
from helpdesk.domain.priority import Impact, Priority
from helpdesk.domain.report_lines import AlertKind, ForecastKind, SlaVerdict
from helpdesk.domain.signal import Signal
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import TicketStatus
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.create_batch import CreateBatch, create_batch
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.preview_report import PreviewReport, preview_report
from helpdesk.usecases.raise_signal import MoveSignal, raise_signal
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from helpdesk.usecases.record_watch import RecordWatch, record_watch
from helpdesk.usecases.reopen_ticket import reopen_ticket
from helpdesk.usecases.ticket_step import ReasonedStepRequest, TicketStepRequest
from tests.domain.compensations import a_calculation, late
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, at
from tests.usecases.reports import (
    JULY,
    MONTH_END,
    READY,
    SITE,
    answered,
    july,
    preview,
    put_off,
    resolved,
    worked,
)
from tests.usecases.retainers import CONTRACT, RUN, opened
from tests.usecases.world import World

REVIEW = (ForecastKind.MEETING, date(2027, 1, 1))
"""A contract is reviewed a year after it began, at the latest."""


async def test_a_lived_month_is_told_in_every_rubric(both_worlds: World) -> None:
    await july(both_worlds)

    lines = (await preview(both_worlds)).lines

    urgent, normal = lines.tickets
    assert (urgent.title, urgent.priority, urgent.minutes) == ("The payment fails", Priority.P1, 45)
    assert urgent.status is TicketStatus.RESOLVED
    assert urgent.resolved_at == at("07-08 12:00")
    assert urgent.promises[0].metric is SlaMetric.FIRST_RESPONSE
    assert urgent.promises[0].verdict is SlaVerdict.BROKEN
    assert urgent.promises[0].over_seconds == 9 * 3600
    assert {one.metric: one.verdict for one in normal.promises} == {
        SlaMetric.FIRST_RESPONSE: SlaVerdict.KEPT,
        SlaMetric.DELIVERY: SlaVerdict.POSTPONED,
    }
    assert [one.component for one in lines.updates] == ["WordPress", "WooCommerce"]
    assert [one.is_within_72h for one in lines.updates] == [True, None]
    (site,) = lines.availability
    assert (site.down_seconds, site.counted_seconds, site.is_met) == (75 * 60, 45 * 60, None)
    assert [one.excluded for one in site.incidents] == [None, "HOSTING_FAILURE"]
    assert (site.down_by_day[16], site.down_by_day[17], len(site.down_by_day)) == (2700, 0, 31)
    kinds = [one.kind for one in lines.alerts]
    assert kinds == [
        AlertKind.P1_MENTION,
        AlertKind.PACK_EXPIRY,
        AlertKind.CERTIFICATE,
        AlertKind.SECURITY_WATCH,
    ]
    assert lines.alerts[1].on == date(2026, 9, 6)
    assert [(one.kind, one.on) for one in lines.forecast] == [
        (ForecastKind.POSTPONED_TICKET, date(2026, 8, 20)),
        REVIEW,
    ]


async def test_a_ticket_stands_as_it_stood_when_the_month_ended(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket("Slow pages")
    await answered(world, ticket, at("07-06 11:00"))
    world.now.advance(minutes=1)
    before = await preview(world)
    await resolved(world, ticket, at("08-04 10:00"))

    (line,) = (await preview(world)).lines.tickets

    assert (line.status, line.resolved_at) == (before.lines.tickets[0].status, None)
    world.now.set(at("09-01 09:00"))
    (later,) = (await preview(world, JULY.following)).lines.tickets
    assert (later.status, later.resolved_at) == (TicketStatus.RESOLVED, at("08-04 10:00"))


async def test_a_fact_at_the_midnight_between_two_months_belongs_to_the_later_one(
    both_worlds: World,
) -> None:
    world = both_worlds
    world.now.set(MONTH_END)
    await world.ticket("Opened at midnight")
    world.now.set(at("09-01 09:00"))

    assert (await preview(world)).lines.tickets == ()
    assert len((await preview(world, JULY.following)).lines.tickets) == 1


async def test_nothing_of_another_client_is_told(both_worlds: World) -> None:
    world = both_worlds
    await july(world)
    request = PreviewReport(ContractId("contract-of-chloe"), JULY)
    other = await preview_report(world.desk, viewer=world.alice, request=request)

    assert (other.lines.tickets, other.lines.consumption, other.lines.alerts) == ((), (), ())
    assert other.head.client == "Chloé SARL"


async def test_what_was_no_request_is_not_told(both_worlds: World) -> None:
    world = both_worlds
    spam, twin, first = [await world.ticket(one) for one in ("Cheap watches", "Again", "First")]
    dropped, worked_on = await world.ticket("Never mind"), await world.ticket("Half done")
    await opened(world, RUN, 60)
    await worked(world, worked_on, 15, at("07-06 12:00"))
    alice, desk = world.alice, world.desk
    await mark_spam(desk, viewer=alice, request=TicketStepRequest(spam.id))
    await merge_tickets(desk, viewer=alice, request=MergeTickets(twin.id, first.id))
    for one in (dropped, worked_on):
        await cancel_ticket(desk, viewer=alice, request=ReasonedStepRequest(one.id, "x"))
    world.now.set(READY)

    told = (await preview(world)).lines.tickets

    assert [one.title for one in told] == ["First", "Half done"]


async def test_a_promise_that_was_kept_before_a_reopening_counts_where_it_was_kept(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await world.ticket("It is back", impact=Impact.MINOR)
    await answered(world, ticket, at("07-06 10:00"))
    await resolved(world, ticket, at("07-06 12:00"))
    world.now.set(at("07-20 10:00"))
    request = ReasonedStepRequest(ticket.id, "Not yet")
    await reopen_ticket(world.desk, viewer=world.bruno, request=request)
    world.now.set(READY)

    (line,) = (await preview(world)).lines.tickets

    kept = [one for one in line.promises if one.verdict is SlaVerdict.KEPT]
    assert {one.metric for one in kept} >= {SlaMetric.FIRST_RESPONSE}
    assert line.resolved_at is None


async def test_a_delivery_that_is_put_off_too_late_is_broken_and_documented(
    both_worlds: World,
) -> None:
    world = both_worlds
    normal = await world.ticket("A banner", impact=Impact.MINOR)
    await answered(world, normal, at("07-06 11:00"))
    world.now.set(at("07-15 10:00"))
    await put_off(world, normal, at("08-20 10:00"))
    world.now.set(READY)

    (line,) = (await preview(world)).lines.tickets

    delivery = next(one for one in line.promises if one.metric is SlaMetric.DELIVERY)
    assert delivery.verdict is SlaVerdict.BROKEN_DOCUMENTED
    assert delivery.postponed_to == at("08-20 10:00")


async def test_the_dates_of_a_term_are_told_once_they_are_near(both_worlds: World) -> None:
    world = both_worlds
    world.now.set(READY)
    await contract_ends(world, date(2027, 1, 1), renewal_months=12)

    renewed = (await preview(world)).lines.forecast
    june = (await preview(world, Month(2026, 6))).lines.forecast
    november = (await preview(world, Month(2026, 11))).lines.forecast

    assert [(one.kind, one.on) for one in renewed] == [
        (ForecastKind.NOTICE, date(2026, 9, 30)),
        (ForecastKind.RENEWAL, date(2027, 1, 1)),
    ]
    assert june == ()
    assert [one.kind for one in november] == [ForecastKind.RENEWAL]


async def test_a_contract_that_is_not_renewed_ends(both_worlds: World) -> None:
    world = both_worlds
    world.now.set(READY)
    await contract_ends(world, date(2026, 9, 1), renewal_months=None)

    (line,) = (await preview(world)).lines.forecast

    assert (line.kind, line.on) == (ForecastKind.END, date(2026, 9, 1))


async def contract_ends(world: World, ends_on: date, *, renewal_months: int | None) -> None:
    """Let Bruno's contract end on a day, with a notice of three months."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(CONTRACT)
        assert contract is not None
        await records.contracts.save_contract(replace(contract, ends_on=ends_on))
        commercial = CommercialTerms(
            Engagement(frozenset({EngagementModel.SLA})),
            TermClause(contract.starts_on, 12, renewal_months),
            notice=Notice(months=3),
        )
        terms = replace(
            contract.terms[0], version=2, effective_from=at("01-02 00:00"), commercial=commercial
        )
        await records.contracts.add_terms(CONTRACT, terms)


async def test_a_planned_batch_is_told_to_its_client(both_worlds: World) -> None:
    world = both_worlds
    for planned_on in (date(2026, 8, 24), date(2026, 7, 20), None):
        request = CreateBatch(BRUNOS_CLIENT, f"Batch {planned_on}", planned_on)
        await create_batch(world.desk, viewer=world.alice, request=request)
    world.now.set(READY)

    lines = (await preview(world)).lines.forecast

    assert [(one.subject, one.on) for one in lines] == [
        ("Batch 2026-08-24", date(2026, 8, 24)),
        ("TMA-BRUNO", REVIEW[1]),
        ("Batch None", None),
    ]


async def test_an_anniversary_period_is_told_in_the_month_in_which_it_ends(
    both_worlds: World,
) -> None:
    world = both_worlds
    rule = PeriodRule(ZoneInfo("Europe/Paris"), anchor_day=15)
    await opened(world, RUN, 60, periods=rule)
    world.now.set(READY)

    (unit,) = (await preview(world)).lines.consumption

    assert (unit.starts_on, unit.ends_on) == (date(2026, 6, 15), date(2026, 7, 15))
    assert unit.gauge.granted == 60


async def test_a_warning_signal_and_an_approved_credit_are_told(both_worlds: World) -> None:
    world = both_worlds
    world.now.set(READY)
    signal = MoveSignal(SITE, Signal.NO_STAGING, "There is none")
    await raise_signal(world.desk, viewer=world.alice, request=signal)
    await credited(world, approved=True)
    await credited(world, approved=False)

    lines = (await preview(world)).lines

    (alert,) = lines.alerts
    assert (alert.kind, alert.subject) == (AlertKind.SIGNAL, "bruno.example")
    assert alert.words[Locale.FR] == "Pas d'environnement de staging"
    (credit,) = lines.credits
    assert (credit.status, credit.net_cents > 0, credit.number) == ("ISSUED", True, "AV-2026-1")
    assert set(credit.subject) == set(Locale)


async def credited(world: World, *, approved: bool) -> None:
    """Credit Bruno for a ticket of July; what is only proposed shows no amount."""
    ticket = await world.ticket("Late")
    key = CreditKey(CONTRACT, CreditKind.P0_RESOLUTION, f"ticket:{ticket.id}", JULY)
    evidence = replace(late(), ticket_id=ticket.id, ticket_number=ticket.number)
    calculation = replace(a_calculation(evidence=evidence), key=key)
    deed = CreditDeed(world.now(), world.alice.actor)
    amount = Amount(calculation, calculation.net)
    credit = proposed(CreditId(f"credit-{approved}"), 1, amount, ApprovalClause(), deed)
    if approved:
        credit = credit.stepped(CreditStep.APPROVE, deed)
        credit = credit.stepped(CreditStep.ISSUE, replace(deed, document="AV-2026-1"))
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.credits.add_credit(credit, BRUNOS_CLIENT)


async def test_a_preview_tells_a_month_as_far_as_it_went(both_worlds: World) -> None:
    world = both_worlds
    world.now.set(at("07-10 12:00"))
    watch = RecordWatch(SITE, "UptimeRobot", at("07-03 00:00"))
    await record_watch(world.desk, viewer=world.alice, request=watch)
    for began in ("06-20 09:00", "07-09 09:00"):
        start = at(began)
        outage = RecordIncident(SITE, start, "Down", start + timedelta(minutes=5))
        await record_incident(world.desk, viewer=world.alice, request=outage)

    (site,) = (await preview(world)).lines.availability

    assert site.down_by_day[:3] == (None, None, 0)
    assert site.down_by_day[8] == 300
    assert site.down_by_day[10:] == (None,) * 21
    assert len(site.incidents) == 1


async def test_a_new_date_that_is_missed_too_leaves_the_promise_broken(both_worlds: World) -> None:
    world = both_worlds
    normal = await world.ticket("A banner", impact=Impact.MINOR)
    await answered(world, normal, at("07-06 11:00"))
    world.now.set(at("07-15 10:00"))
    await put_off(world, normal, at("07-20 10:00"))
    world.now.set(READY)

    (line,) = (await preview(world)).lines.tickets

    delivery = next(one for one in line.promises if one.metric is SlaMetric.DELIVERY)
    assert delivery.verdict is SlaVerdict.BROKEN


async def test_a_delivery_that_was_put_off_in_time_and_came_is_postponed(
    both_worlds: World,
) -> None:
    world = both_worlds
    normal = await world.ticket("A banner", impact=Impact.MINOR)
    await answered(world, normal, at("07-06 11:00"))
    await put_off(world, normal, at("07-20 10:00"))
    await resolved(world, normal, at("07-16 10:00"))
    world.now.set(READY)

    (line,) = (await preview(world)).lines.tickets

    delivery = next(one for one in line.promises if one.metric is SlaMetric.DELIVERY)
    assert (delivery.verdict, delivery.at) == (SlaVerdict.POSTPONED, at("07-16 10:00"))


async def test_what_happened_after_the_end_of_a_contract_is_not_told(both_worlds: World) -> None:
    world = both_worlds
    await contract_ends(world, date(2026, 7, 16), renewal_months=None)
    world.now.set(READY)
    for start in ("07-15 09:00", "07-20 09:00"):
        began = at(start)
        outage = RecordIncident(SITE, began, "Down", began + timedelta(minutes=5))
        await record_incident(world.desk, viewer=world.alice, request=outage)

    (site,) = (await preview(world)).lines.availability

    assert [one.start for one in site.incidents] == [at("07-15 09:00")]
    assert site.total_seconds == 15 * 86_400
