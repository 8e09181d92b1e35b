"""What was done on a site, written down and read through the API."""

import json
from typing import Any

import pytest

from helpdesk.usecases.read_models import Noun
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

Json = Any  # decoded JSON


RECORDS = """site { updates { recordId component fromVersion toVersion environment isLate note
    recordedBy at } backups { what isOffSite retentionDays } restoreTests { hasSucceeded }
  certificates { host expiresAt issuer } vulnerabilities { component identifier severity state }
  performance { url figures { name value } } checks { what isOk validUntil } }"""


async def test_what_was_done_on_a_site_is_written_down_and_read(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    site = {"siteId": world.bruno.global_id(Noun.SITE)}
    told: list[tuple[str, dict[str, Any]]] = [
        ("recordBackup", {"what": "DATABASE", "isOffSite": True, "retentionDays": 30}),
        ("recordRestoreTest", {"hasSucceeded": True}),
        (
            "recordCertificate",
            {"host": "bruno.example", "expiresAt": "2026-09-01T00:00:00Z", "issuer": "R3"},
        ),
        (
            "recordVulnerability",
            {"component": "forms", "identifier": "CVE-1", "title": "XSS", "severity": "HIGH"},
        ),
        (
            "recordPerformance",
            {"url": "https://bruno.example", "figures": [{"name": "lcp", "value": "2431.5"}]},
        ),
        ("recordCheck", {"what": "LOGS", "isOk": True, "validUntil": "2026-08-01"}),
    ]
    for name, given in told:
        await done(alice, name, "site { name }", **site, **given)
    slip = await done(
        alice,
        "recordUpdate",
        RECORDS,
        **site,
        component="WordPress",
        toVersion="6.6.5",
        securityPublishedAt="2026-07-03T06:59:59Z",
    )
    record_id = slip["site"]["updates"][0]["recordId"]

    right = await done(
        alice,
        "recordUpdate",
        RECORDS,
        **site,
        component="WordPress",
        toVersion="6.5.5",
        securityPublishedAt="2026-07-03T07:00:00Z",
        corrects=record_id,
    )

    shown = right["site"]
    assert [(one["toVersion"], one["isLate"]) for one in shown["updates"]] == [
        ("6.5.5", False),
        ("1.1", True),
    ]
    assert slip["site"]["updates"][0]["isLate"] is True
    assert {key: shown[key] for key in shown if key != "updates"} == {
        "backups": [{"what": "DATABASE", "isOffSite": True, "retentionDays": 30}],
        "restoreTests": [{"hasSucceeded": True}],
        "certificates": [
            {"host": "bruno.example", "expiresAt": "2026-09-01T00:00:00Z", "issuer": "R3"}
        ],
        "vulnerabilities": [
            {"component": "forms", "identifier": "CVE-1", "severity": "HIGH", "state": "FOUND"}
        ],
        "performance": [
            {"url": "https://bruno.example", "figures": [{"name": "lcp", "value": "2431.5"}]}
        ],
        "checks": [{"what": "LOGS", "isOk": True, "validUntil": "2026-08-01"}],
    }


@pytest.mark.parametrize("value", ["much", "NaN", "Infinity"])
async def test_a_figure_is_a_number(world: World, value: str) -> None:
    alice = world.api(secret_of("alice"))
    before = await everything_in(world.database)

    payload = await do(
        alice,
        "recordPerformance",
        "site { name }",
        siteId=world.bruno.global_id(Noun.SITE),
        url="https://bruno.example",
        figures=[{"name": "lcp", "value": value}],
    )

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("BAD_INPUT", ["input", "figures"])
    assert await everything_in(world.database) == before


async def test_a_report_is_read(world: World) -> None:
    alice = world.api(secret_of("alice"))
    site = {"siteId": world.bruno.global_id(Noun.SITE)}
    report = json.dumps(
        {
            "auditReportVersion": 2,
            "vulnerabilities": {
                "a": {
                    "via": [
                        {
                            "name": "a",
                            "title": "t",
                            "url": "https://github.com/advisories/GHSA-1",
                            "severity": "low",
                        }
                    ]
                }
            },
        }
    )
    wanted = "site { vulnerabilities { identifier tool } checks { what isOk note } }"

    payload = await done(
        alice, "importSiteReport", wanted, **site, format="NPM_AUDIT", content=report
    )
    refused = await do(alice, "importSiteReport", wanted, **site, format="WPSCAN", content="{}")

    assert payload["site"]["vulnerabilities"] == [{"identifier": "GHSA-1", "tool": "npm audit"}]
    assert payload["site"]["checks"][0]["what"] == "DEPENDENCY_AUDIT"
    assert [(one["code"], one["path"]) for one in refused["errors"]] == [
        ("BAD_INPUT", ["input", "content"])
    ]
