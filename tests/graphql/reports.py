"""A published report in the hands of each client, and a draft that he does not see."""

from dataclasses import replace
from datetime import UTC, datetime

from helpdesk.domain.access import Viewer
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ContractId, ReportId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import Report
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.report_snapshot import digest_of, snapshot_of
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.read_models import Noun
from tests.domain.reports import a_head, a_report

MAY = Month(2026, 5)
JUNE = datetime(2026, 6, 1, 7, tzinfo=UTC)


async def add_report(desk: Desk, agent: Viewer, client: Viewer, name: str) -> dict[Noun, str]:
    """Add the report of a client's May past the verbs, and return its identity."""
    assert client.client_id is not None
    head = a_head(client=client.name, month=MAY)
    frozen = snapshot_of(replace(a_report(head=head), message=f"Thank you, {client.name}."))
    draft = Report(
        id=ReportId(f"report-{name}"),
        agency_id=agent.agency_id,
        client_id=client.client_id,
        contract_id=ContractId(f"contract-{name}"),
        month=MAY,
        version=1,
        locale=Locale.FR,
        created_at=JUNE,
    )
    report = draft.published(
        frozen, digest_of(frozen), at=JUNE, by=agent.actor, level=ReportLevel.DETAILED
    )
    async with desk.store.transaction(agent.agency_id) as records:
        await records.reports.add(report)
    return {Noun.REPORT: report.id}
