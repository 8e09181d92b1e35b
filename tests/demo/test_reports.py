"""The monthly reports of the demo: what is frozen, and what a client reads over the API."""

import json
import shutil
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from helpdesk.asgi import AppSettings, build_app
from helpdesk.bootstrap import desk_on
from helpdesk.domain.ids import ContractId, ReportId, SiteId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import Report
from helpdesk.domain.report_snapshot import digest_of, snapshot_of
from helpdesk.graphql.global_ids import global_id
from helpdesk.storage.database import Database
from helpdesk.testing import FrozenNow
from helpdesk.usecases.authenticate import authenticate
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.preview_report import PreviewReport, preview_report
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from tests.demo.planting import Planted, at_a_desk, on_database
from tests.graphql.api import Api
from tests.graphql.world import SCHEMA

T = TypeVar("T")

DECEMBER, MARCH = Month(2025, 12), Month(2026, 3)
MONTHS = ["2025-12", "2026-01", "2026-02"]
WITH_REPORT = ["Brasserie Keller", "Maison Verdier", "Mutuelle Horizon Ouest", "Transports Lagarde"]
REPORTS = """
    SELECT c.name, r.month, r.state, r.message, r.published_at
    FROM helpdesk_report r JOIN helpdesk_client c ON c.id = r.client_id
    ORDER BY r.month, c.name
"""
OF_KELLER = """
    SELECT r.id, r.contract_id, s.id FROM helpdesk_report r
    JOIN helpdesk_site s ON s.client_id = r.client_id
    WHERE r.month = '2025-12' AND s.name = 'Brasserie Keller'
"""
MINE = """{
  creditNotes { nodes { client { name } number grossCents uses { invoiceNumber } pdfUrl } }
  contracts { nodes { client { name } reports { nodes { month message digest document } } } }
}"""


def test_the_last_months_are_published_with_a_word_and_the_present_one_is_not(
    demo: Planted,
) -> None:
    rows = demo.rows(REPORTS)

    assert [(month, name) for name, month, *_ in rows] == [
        (month, name) for month in MONTHS for name in WITH_REPORT
    ]
    assert {state for _, _, state, *_ in rows} == {"PUBLISHED"}
    assert all(message.startswith("Bonjour ") for *_, message, _ in rows)


def test_a_month_is_told_once_it_is_over_and_its_credits_are_decided(demo: Planted) -> None:
    published = dict(demo.rows("SELECT DISTINCT month, published_at FROM helpdesk_report"))
    issued = demo.rows("SELECT substr(first_day, 1, 7), issued_at FROM helpdesk_credit_note")

    assert all(str(at) > str(Month.parsed(month).following) for month, at in published.items())
    assert all(at < published[month] for month, at in issued if month in published)
    assert {month for month, _ in issued} & set(published)


def test_what_was_published_stays_when_the_past_is_told_otherwise(
    demo: Planted, tmp_path: Path
) -> None:
    [(report_id, contract_id, site_id)] = demo.rows(OF_KELLER)
    path = Path(shutil.copy(demo.path, tmp_path / "copy.db"))

    async def told(desk: Desk) -> tuple[Report, str, str]:
        viewer = await authenticate(desk, demo.access.manager.secret)
        asked = PreviewReport(ContractId(contract_id), DECEMBER)
        before = digest_of(snapshot_of(await preview_report(desk, viewer=viewer, request=asked)))
        began_at = datetime(2025, 12, 29, 3, tzinfo=UTC)
        ended_at = began_at + timedelta(hours=2)
        outage = RecordIncident(SiteId(site_id), began_at, "Page blanche", ended_at)
        await record_incident(desk, viewer=viewer, request=outage)
        after = digest_of(snapshot_of(await preview_report(desk, viewer=viewer, request=asked)))
        async with desk.store.reading(viewer.agency_id) as records:
            report = await records.reports.report(ReportId(report_id))
        assert report is not None
        return report, before, after

    report, before, after = at_a_desk(path, demo.now, told)

    [(digest,)] = demo.rows("SELECT digest FROM helpdesk_report WHERE id = :id", id=report_id)
    assert report.snapshot is not None
    assert report.digest == digest == digest_of(report.snapshot)
    assert before != after


def test_the_month_that_runs_has_a_preview(demo: Planted) -> None:
    [(_, contract_id, _)] = demo.rows(OF_KELLER)

    async def previewed(desk: Desk) -> bool:
        viewer = await authenticate(desk, demo.access.manager.secret)
        asked = PreviewReport(ContractId(contract_id), MARCH)
        return (await preview_report(desk, viewer=viewer, request=asked)).head.is_preview

    assert demo.asked(previewed)


def test_a_client_reads_his_credit_note_and_his_reports_and_nobody_elses(demo: Planted) -> None:
    seen = _data(demo, MINE)

    [note] = seen["creditNotes"]["nodes"]
    [contract] = seen["contracts"]["nodes"]
    reports = contract["reports"]["nodes"]
    assert note["client"]["name"] == contract["client"]["name"] == "Maison Verdier"
    assert note["uses"][0]["invoiceNumber"].startswith("F2026-")
    assert [one["month"] for one in reports] == list(reversed(MONTHS))
    for one in reports:
        assert json.loads(one["document"])["head"]["client"] == "Maison Verdier"
        assert one["message"].startswith("Bonjour Bruno")


def test_the_report_of_another_client_does_not_exist_for_a_client(demo: Planted) -> None:
    [(report_id, _, _)] = demo.rows(OF_KELLER)
    path = f"/reports/{global_id(Noun.REPORT, report_id)}.html"

    async def status(api: Api) -> int:
        async with api.client() as client:
            return (await client.get(path)).status_code

    assert _asked(demo, status, secret=demo.access.manager.secret) == 200
    assert _asked(demo, status) == 404


def _data(demo: Planted, query: str) -> Any:  # Any: JSON
    return _asked(demo, lambda api: api.data(query))


def _asked(
    demo: Planted,
    question: Callable[[Api], Coroutine[Any, Any, T]],  # Any: what a coroutine is sent
    *,
    secret: str | None = None,
) -> T:
    """Return what the client's contact, or the holder of another token, finds over HTTP."""

    async def asked(database: Database) -> T:
        desk = desk_on(database, now=FrozenNow(demo.now))
        app = build_app(desk, database, AppSettings(), schema=SCHEMA)
        return await question(Api(app, secret or demo.access.contact.secret))

    return on_database(demo.path, asked)
