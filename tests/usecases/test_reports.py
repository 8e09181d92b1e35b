"""Reports are completed, published once, frozen, sent, and put right by a next version."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, ScopeMissing
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.contract_facts import ContractFact, ContractFactKind
from helpdesk.domain.contract_term import TermClause
from helpdesk.domain.engagement import Engagement, EngagementModel
from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.ids import ContactId, ContractId, ReportId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import (
    ReportMonthOpen,
    ReportNotPublished,
    ReportOutsideContract,
    ReportPublished,
    ReportState,
    SummaryTooLong,
    VideoLinkInvalid,
)
from helpdesk.domain.plan import Origin, PlanServices, ReportLevel, Sourced
from helpdesk.domain.report_lines import AlertKind
from helpdesk.domain.report_snapshot import digest_of
from helpdesk.storage.tables.report import REPORT
from helpdesk.usecases.edit_report import EditReport, edit_report
from helpdesk.usecases.preview_report import PreviewReport, preview_report
from helpdesk.usecases.publish_report import PublishReport, publish_report
from helpdesk.usecases.rectify_report import RectifyReport, rectify_report
from helpdesk.usecases.show_report import file_name, show_report
from tests.factories import AGENCY_ID, at
from tests.usecases.reports import (
    AUGUST,
    JULY,
    READY,
    answered,
    july,
    pack_bought,
    preview,
    published,
)
from tests.usecases.retainers import CONTRACT, PACK, RUN, opened, whole_book
from tests.usecases.world import World

WORDS = EditReport(CONTRACT, JULY, "All well.", "Thank you, Bruno.", "https://video.example/7")


async def edited(world: World, request: EditReport = WORDS) -> None:
    await edit_report(world.desk, viewer=world.alice, request=request)


async def rectified(world: World, reason: str = "An hour was counted twice") -> None:
    request = RectifyReport(CONTRACT, JULY, reason)
    await rectify_report(world.desk, viewer=world.alice, request=request)


async def level_is(world: World, level: ReportLevel) -> None:
    """Let Bruno's contract say from the first on how much of the report he gets."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(CONTRACT)
        assert contract is not None
        terms = contract.terms[-1]
        commercial = CommercialTerms(
            Engagement(frozenset({EngagementModel.SLA})),
            TermClause(contract.starts_on, 12, 12),
            services=PlanServices(report=Sourced(level, Origin.AGREED, "test")),
        )
        version = replace(
            terms, version=terms.version + 1, effective_from=world.now(), commercial=commercial
        )
        await records.contracts.add_terms(CONTRACT, version)


async def test_a_published_report_is_frozen_with_its_hash(both_worlds: World) -> None:
    world = both_worlds
    await july(world)
    await edited(world)

    report = await published(world)

    assert (report.state, report.version, report.published_at) == (
        ReportState.PUBLISHED,
        1,
        READY,
    )
    assert report.snapshot is not None
    assert report.digest == digest_of(report.snapshot)
    assert report.snapshot["rubrics"][0]["lines"] == ["All well."]
    assert report.snapshot["head"]["isPreview"] is False
    before = await shown(world, report.id)
    late = await world.ticket("Opened afterwards")
    await answered(world, late, at("08-04 09:00"))
    assert await shown(world, report.id) == before == report.snapshot


async def shown(world: World, report_id: ReportId) -> object:
    return (await show_report(world.desk, viewer=world.bruno, report_id=report_id)).snapshot


async def test_publishing_closes_the_forfait_of_the_month_and_tells_what_expired(
    both_worlds: World,
) -> None:
    world = both_worlds
    await july(world)

    report = await published(world)

    assert report.snapshot is not None
    run = report.snapshot["rubrics"][2]["units"][1]
    assert (run["unit"], run["expired"]) == (RUN.value, 75)
    assert (await whole_book(world, RUN)).book.open_from == at("08-01 00:00")


async def test_each_person_of_the_client_gets_the_pdf_once(both_worlds: World) -> None:
    world = both_worlds
    await july(world)
    sent_before = {mail.idempotency_key for mail in await world.outbox()}

    report = await published(world)

    mails = [one for one in await world.outbox() if one.idempotency_key not in sent_before]
    (mail,) = (one.mail for one in mails)
    assert mail.recipient.email == "bruno@bruno.example"
    assert "juillet 2026" in mail.subject
    (file,) = mail.files
    assert (file.name, file.content_type) == ("TMA-BRUNO-2026-07.pdf", "application/pdf")
    assert report.snapshot is not None
    assert file.content == world.desk.reports.printer.pdf(report.snapshot, Locale.FR)


async def test_nobody_is_written_to_when_nobody_is_named(world: World) -> None:
    world.now.set(READY)
    await published(world, recipient_ids=())

    assert await world.outbox() == ()


async def test_a_named_reader_is_one_of_the_client(world: World) -> None:
    world.now.set(READY)
    async with world.refused(NotFound):
        await published(world, recipient_ids=(ContactId("chloe"),))

    await published(world, recipient_ids=(ContactId("bruno"), ContactId("bruno")))

    assert len(await world.outbox()) == 1


async def test_an_open_month_is_previewed_and_not_published(both_worlds: World) -> None:
    world = both_worlds
    world.now.set(at("07-31 23:59"))

    async with world.refused(ReportMonthOpen):
        await published(world)
    content = await preview(world)

    assert content.head.is_preview
    assert content.is_summary_proposed


async def test_what_was_published_is_neither_edited_nor_published_again(world: World) -> None:
    world.now.set(READY)
    await published(world)

    async with world.refused(ReportPublished):
        await edited(world)
    async with world.refused(ReportPublished):
        await published(world)


async def test_a_wrong_report_is_put_right_by_the_next_version(both_worlds: World) -> None:
    world = both_worlds
    await july(world)
    first = await published(world)
    await rectified(world)

    second = await published(world)

    assert (second.version, second.reason) == (2, "An hour was counted twice")
    assert second.snapshot is not None
    assert second.snapshot["head"]["rectifies"] == "An hour was counted twice"
    assert await shown(world, first.id) == first.snapshot
    last = (await world.outbox())[-1].mail
    assert "rectificatif" in last.subject
    assert "An hour was counted twice" in last.text
    assert last.files[0].name == "TMA-BRUNO-2026-07-v2.pdf"


async def test_a_rectification_has_a_reason_and_something_to_rectify(world: World) -> None:
    world.now.set(READY)
    async with world.refused(NotFound):
        await rectified(world)
    await edited(world)
    async with world.refused(ReportNotPublished):
        await rectified(world)
    await published(world)
    async with world.refused(TextRequired):
        await rectified(world, " ")


async def test_words_that_are_left_out_stay_and_empty_ones_go(world: World) -> None:
    world.now.set(READY)
    await edited(world)
    await edited(world, EditReport(CONTRACT, JULY, message="", locale=Locale.EN))

    content = await preview(world)

    assert (content.summary, content.message, content.locale) == (("All well.",), "", Locale.EN)
    assert content.video_url == "https://video.example/7"
    await edited(world, EditReport(CONTRACT, JULY, summary=""))
    assert (await preview(world)).summary == (
        "A quiet month: no request to handle.",
        "To come: 1 planned date.",
    )


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (EditReport(CONTRACT, JULY, summary="a\nb\nc\nd"), SummaryTooLong),
        (EditReport(CONTRACT, JULY, video_url="http://video.example"), VideoLinkInvalid),
        (EditReport(CONTRACT, Month(2025, 12), summary="x"), ReportOutsideContract),
        (EditReport(ContractId("nobody"), JULY, summary="x"), NotFound),
    ],
)
async def test_words_that_cannot_be_printed_are_refused(
    world: World, request_: EditReport, error: type[Exception]
) -> None:
    async with world.refused(error):  # type: ignore[arg-type]  # each is a HelpdeskError
        await edited(world, request_)


async def test_reports_are_written_by_the_agency_and_read_by_their_client(world: World) -> None:
    world.now.set(READY)
    await edited(world)
    async with world.desk.store.reading(AGENCY_ID) as records:
        draft = await records.reports.latest(CONTRACT, JULY)
    assert draft is not None

    for person, error in ((world.bruno, AgencyOnly), (world.chloe, NotFound)):
        async with world.refused(error):
            await publish_report(world.desk, viewer=person, request=PublishReport(CONTRACT, JULY))
        async with world.refused(error):
            await preview_report(world.desk, viewer=person, request=PreviewReport(CONTRACT, JULY))
        async with world.refused(NotFound):
            await show_report(world.desk, viewer=person, report_id=draft.id)
    scopeless = replace(world.alice, scopes=frozenset())
    async with world.refused(ScopeMissing):
        await show_report(world.desk, viewer=scopeless, report_id=draft.id)
    async with world.refused(NotFound):
        await show_report(world.desk, viewer=world.zoe, report_id=draft.id)
    live = await show_report(world.desk, viewer=world.alice, report_id=draft.id)
    assert (live.digest, live.snapshot["head"]["isPreview"]) == (None, True)


async def test_without_a_report_the_data_are_kept_and_mentioned_in_the_next_one(
    both_worlds: World,
) -> None:
    world = both_worlds
    await level_is(world, ReportLevel.NONE)
    await july(world)
    mails = len(await world.outbox())
    silent = await published(world)
    assert len(await world.outbox()) == mails
    assert silent.level is ReportLevel.NONE
    async with world.refused(NotFound):
        await show_report(world.desk, viewer=world.bruno, report_id=silent.id)
    await level_is(world, ReportLevel.SIMPLIFIED)
    world.now.set(at("09-01 09:00"))

    august = await published(world, AUGUST)

    assert august.snapshot is not None
    told = [one["ticketNumber"] for one in mentions(august.snapshot)]
    assert told == [one["ticketNumber"] for one in mentions(silent.snapshot or {})]
    assert len(told) == 1
    world.now.set(at("10-01 09:00"))
    september = await published(world, Month(2026, 9))
    assert mentions(september.snapshot or {}) == []


def mentions(snapshot: object) -> list[dict[str, object]]:
    assert isinstance(snapshot, dict)
    alerts = snapshot["rubrics"][5]["alerts"]
    return [one for one in alerts if one["kind"] == AlertKind.P1_MENTION]


async def test_a_file_has_a_name_that_every_disk_takes(world: World) -> None:
    world.now.set(READY)
    report = await published(world)
    async with world.desk.store.reading(AGENCY_ID) as records:
        contract = await records.contracts.contract(CONTRACT)
    assert isinstance(contract, Contract)

    odd = replace(contract, reference="../TMA : 7/\n", ends_on=date(2027, 1, 1))

    assert file_name(odd, report) == "TMA-7-2026-07"
    assert file_name(replace(contract, reference="é"), report) == "report-2026-07"


async def test_a_pack_waits_for_the_end_of_a_rest_when_its_month_is_published(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, PACK)
    await pack_bought(world, 600, months=1)
    resting = ContractFact(
        1, ContractFactKind.SUSPENDED, world.now(), date(2026, 7, 10), None, world.alice.actor, "x"
    )
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(CONTRACT)
        assert contract is not None
        suspended = replace(contract, status=ContractStatus.SUSPENDED)
        await records.contracts.save_contract(suspended)
        await records.contracts.add_fact(CONTRACT, resting)
    world.now.set(at("09-01 09:00"))

    await published(world, JULY)
    report = await published(world, AUGUST)

    assert report.snapshot is not None
    (pack,) = report.snapshot["rubrics"][2]["units"]
    assert (pack["expired"], pack["gauge"]["total"]) == (0, 600)


async def test_who_comes_second_publishes_and_rectifies_nothing(both_worlds: World) -> None:
    world = both_worlds
    world.now.set(READY)

    for act in (lambda: published(world), lambda: rectified(world)):
        outcomes = await asyncio.gather(*(act() for _ in range(4)), return_exceptions=True)
        refused = [one for one in outcomes if isinstance(one, HelpdeskError)]
        assert len(refused) == 3
        assert {type(one) for one in refused} <= {ReportPublished, ReportNotPublished}

    assert len(await world.outbox()) == 1
    assert [row["version"] for row in await world.rows(REPORT)] == [1, 2]
