"""What was done on the demo's sites, and how long they were available."""

from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.site_record import SiteRecordKind
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.uptime_figures import MonthUptime, contracts_uptime
from tests.demo.planting import Planted

FEBRUARY = Month(2026, 2)


def test_every_contract_has_a_figure_for_the_month_before(demo: Planted) -> None:
    ids = [ContractId(one) for (one,) in demo.rows("SELECT id FROM helpdesk_contract")]

    async def figures(desk: Desk) -> list[MonthUptime]:
        agency = await desk.store.only_agency()
        assert agency is not None
        async with desk.store.reading(agency.id) as records:
            contracts = await records.contracts.contracts(ids)
            found = await contracts_uptime(records, contracts, FEBRUARY, at=desk.now())
        return list(found.values())

    found = demo.asked(figures)

    assert len(found) == len(ids) > 0
    assert all(one.uptime.is_measured for one in found)


def test_sites_went_down_and_somebody_said_why(demo: Planted) -> None:
    reasons = demo.rows("SELECT DISTINCT reason FROM helpdesk_incident")
    explained = demo.rows(
        "SELECT count(*) FROM helpdesk_incident_fact WHERE kind = 'CORRECTED' AND explanation <> ''"
    )
    incidents = demo.rows("SELECT count(*) FROM helpdesk_incident")

    assert len(reasons) > 1
    assert explained == incidents != [(0,)]


def test_every_month_has_updates_and_backups(demo: Planted) -> None:
    kinds = demo.rows("SELECT DISTINCT kind FROM helpdesk_site_record")
    months = demo.rows(
        "SELECT count(DISTINCT substr(at, 1, 7)) FROM helpdesk_site_record WHERE kind = 'BACKUP'"
    )

    assert {kind for (kind,) in kinds} == {
        *(SiteRecordKind.UPDATE, SiteRecordKind.BACKUP, SiteRecordKind.RESTORE_TEST),
        *(SiteRecordKind.CERTIFICATE, SiteRecordKind.PERFORMANCE),
    }
    assert months[0][0] >= 12
