"""A report is published: its month is closed, what it says is frozen, and the client gets it."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.agency import Contact
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.contract_facts import recorded_suspensions
from helpdesk.domain.ids import ContactId, ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import Report, require_over
from helpdesk.domain.outgoing_mail import AttachedFile, AutoSubmitted
from helpdesk.domain.period import Period, midnight
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.report_snapshot import digest_of, snapshot_of
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.close_period import ClosePeriod, closed_period
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.gather_report import ReportMonth
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.ports import Records
from helpdesk.usecases.report_ports import ReportNews
from helpdesk.usecases.report_step import (
    content_now,
    contract_to_report,
    month_at,
    report_to_change,
)
from helpdesk.usecases.retainer_ports import BookAsk
from helpdesk.usecases.retainer_step import book_to_move
from helpdesk.usecases.show_report import file_name

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class PublishReport:
    """Of which contract and month, and who reads it: everybody of the client unless said."""

    contract_id: ContractId
    month: Month
    recipient_ids: tuple[ContactId, ...] | None = None


async def publish_report(desk: Desk, *, viewer: Viewer, request: PublishReport) -> Report:
    """Publish the draft of a month and return it, frozen; the mails with the PDF are promised.

    The periods of the forfait that ended with the month are closed first, so that the report tells
    what was carried over and what expired (R-PER). A contract without reports keeps the data and
    nobody is written to. Raises NotFound, AgencyOnly, ScopeMissing, ReportOutsideContract,
    ReportMonthOpen and ReportPublished.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        month = await month_at(records, request.month, desk.now())
        contract = await contract_to_report(records, viewer, request.contract_id, month)
        require_over(month.month, month.zone, at=month.at)
        draft = await report_to_change(desk, records, contract, month)
        draft.require_draft()
        readers = await _readers(records, contract, request)
        await _close_books(desk, records, contract, month, viewer)
        content = await content_now(desk, records, contract, month, draft)
        frozen = snapshot_of(replace(content, head=replace(content.head, is_preview=False)))
        report = draft.published(
            frozen, digest_of(frozen), at=month.at, by=viewer.actor, level=content.head.level
        )
        await records.reports.save(report)
        if report.level is not ReportLevel.NONE:
            await _send(desk, records, contract, report, readers)
        return report


async def _close_books(
    desk: Desk, records: Records, contract: Contract, month: ReportMonth, viewer: Viewer
) -> None:
    resting = await _resting_since(records, contract, month)
    for unit in await records.retainer.units_of(contract.id):
        while (period := await _open_period(records, contract, unit)).end <= month.end:
            asked = ClosePeriod(contract.id, period.start, unit)
            await closed_period(
                desk, records, contract, asked, actor=viewer.actor, suspended_since=resting
            )


async def _resting_since(
    records: Records, contract: Contract, month: ReportMonth
) -> datetime | None:
    """Return since when a contract rests, for its packs wait for the end; None if it does not."""
    if contract.status is not ContractStatus.SUSPENDED:
        return None
    rests = recorded_suspensions(await records.contracts.facts(contract.id))
    return midnight(rests[-1].days.first, month.zone) if rests else None


async def _open_period(records: Records, contract: Contract, unit: RetainerUnit) -> Period:
    kept = await book_to_move(records, contract, BookAsk(contract.id, unit))
    return kept.book.terms.periods.period_of(kept.book.open_from)


async def _readers(
    records: Records, contract: Contract, request: PublishReport
) -> tuple[Contact, ...]:
    known = await records.reports.readers(contract.client_id)
    if request.recipient_ids is None:
        return known
    by_id = {contact.id: contact for contact in known}
    for contact_id in request.recipient_ids:
        if contact_id not in by_id:
            raise NotFound(path=("recipientIds",), what="Contact", id=contact_id)
    return tuple(by_id[contact_id] for contact_id in dict.fromkeys(request.recipient_ids))


async def _send(
    desk: Desk,
    records: Records,
    contract: Contract,
    report: Report,
    readers: tuple[Contact, ...],
) -> None:
    """Promise each reader the report as a PDF in his language."""
    assert report.snapshot is not None  # noqa: S101 - it has just been published
    agency = await records.agencies.agency()
    news = ReportNews(
        agency.name, report.month, contract.name, report.reason, report.words.video_url
    )
    files = {}
    for locale in dict.fromkeys(reader.locale for reader in readers):
        # Typesetting takes a moment, in which others are answered.
        content = await asyncio.to_thread(desk.reports.printer.pdf, report.snapshot, locale)
        files[locale] = AttachedFile(f"{file_name(contract, report)}.pdf", PDF, content)
    for reader in readers:
        letter = desk.reports.letters.report_published(news, reader)
        await promise_letter(
            desk,
            records,
            None,
            Envelope(agency, reader, letter, (files[reader.locale],)),
            key=f"report:{report.id}:{reader.id}",
            auto_submitted=AutoSubmitted.AUTO_GENERATED,
        )
