"""Monthly reports through the API: words, publication, versions, files."""

import hashlib
import json
from datetime import UTC, datetime

from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.world import World, secret_of

AUGUST = datetime(2026, 8, 3, 7, tzinfo=UTC)
SHOWN = """report { id month version state level locale reason summary message videoUrl publishedAt
  publishedBy digest document pdfUrl } errors { code path message }"""
EDIT = f"mutation M($input: EditReportInput!) {{ editReport(input: $input) {{ {SHOWN} }} }}"
PUBLISH = (
    f"mutation M($input: PublishReportInput!) {{ publishReport(input: $input) {{ {SHOWN} }} }}"
)
RECTIFY = (
    f"mutation M($input: RectifyReportInput!) {{ rectifyReport(input: $input) {{ {SHOWN} }} }}"
)
LIST = """query Q($id: ID!) { node(id: $id) { ... on Contract {
  reports { totalCount nodes { month version state } } } } }"""


def of_july(world: World, **more: object) -> dict[str, object]:
    return {"contractId": world.bruno.global_id(Noun.CONTRACT), "month": "2026-07", **more}


async def test_a_month_goes_from_words_to_a_rectified_report(world: World, alice: Api) -> None:
    world.now.set(AUGUST)
    words = {"summary": "All well.\nOne update.", "message": "Thank you.", "locale": "fr"}

    edited = (await alice.data(EDIT, input=of_july(world, **words)))["editReport"]
    published = (await alice.data(PUBLISH, input=of_july(world)))["publishReport"]
    rectified = (await alice.data(RECTIFY, input=of_july(world, reason="An hour")))["rectifyReport"]

    assert edited["errors"] == published["errors"] == rectified["errors"] == []
    draft, report, second = edited["report"], published["report"], rectified["report"]
    assert (draft["state"], draft["summary"], draft["digest"]) == (
        "DRAFT",
        ["All well.", "One update."],
        None,
    )
    assert (report["id"], report["state"], report["level"]) == (
        draft["id"],
        "PUBLISHED",
        "DETAILED",
    )
    assert report["digest"] == hashlib.sha256(report["document"].encode()).hexdigest()
    assert json.loads(report["document"])["rubrics"][0]["lines"] == ["All well.", "One update."]
    assert (second["version"], second["state"], second["reason"]) == (2, "DRAFT", "An hour")


async def test_a_client_reads_what_was_published_for_him(
    world: World, alice: Api, bruno: Api
) -> None:
    world.now.set(AUGUST)
    await alice.data(EDIT, input=of_july(world, summary="x"))
    given = world.bruno.global_id(Noun.CONTRACT)

    for_alice = (await alice.data(LIST, id=given))["node"]["reports"]
    for_bruno = (await bruno.data(LIST, id=given))["node"]["reports"]

    assert [one["month"] for one in for_alice["nodes"]] == ["2026-07", "2026-05"]
    assert for_bruno == {
        "totalCount": 1,
        "nodes": [{"month": "2026-05", "version": 1, "state": "PUBLISHED"}],
    }


async def test_refusals_name_the_input_at_fault(world: World, alice: Api) -> None:
    refused = (await alice.data(PUBLISH, input=of_july(world)))["publishReport"]
    link = of_july(world, videoUrl="http://video.example")
    insecure = (await alice.data(EDIT, input=link))["editReport"]

    assert (refused["report"], refused["errors"][0]["code"]) == (None, "PERIOD_OPEN")
    assert insecure["errors"][0]["path"] == ["input", "videoUrl"]


async def test_the_files_of_a_report_take_the_token_of_the_api(world: World) -> None:
    given = world.bruno.global_id(Noun.REPORT)
    wanted = {
        "pdf": ("application/pdf", b"%PDF-1.7"),
        "html": ("text/html; charset=utf-8", b"<!DOCTYPE html>"),
        "json": ("application/json", b'{"head":'),
    }
    async with world.api(secret_of("bruno")).client() as client:
        for extension, (kind, start) in wanted.items():
            response = await client.get(f"/reports/{given}.{extension}")

            assert (response.status_code, response.headers["content-type"]) == (200, kind)
            assert response.content.startswith(start)
            assert "default-src 'none'" in response.headers["content-security-policy"]
            assert "private" in response.headers["cache-control"]
            assert response.headers["content-disposition"].endswith(f'-2026-05.{extension}"')
        english = await client.get(f"/reports/{given}.html", params={"locale": "en"})
        strange = await client.get(f"/reports/{given}.html", params={"locale": "xx"})
        unknown = await client.get(f"/reports/{given}.exe")
        wrong = await client.get("/reports/nonsense.pdf")

    assert "Use of the plan" in english.text
    assert "Consommation du forfait" in strange.text
    assert (unknown.status_code, wrong.status_code) == (404, 404)


async def test_the_files_of_a_report_exist_for_its_client_alone(world: World, alice: Api) -> None:
    given = world.bruno.global_id(Noun.REPORT)
    world.now.set(AUGUST)
    edited = await alice.data(EDIT, input=of_july(world, summary="x"))
    draft = edited["editReport"]["report"]["id"]
    answers = []
    for person, report in (("chloe", given), ("bruno", draft), ("alice", draft)):
        async with world.api(secret_of(person)).client() as client:
            answers.append(await client.get(f"/reports/{report}.html"))
    async with world.api(secret_of("nobody")).client() as client:
        answers.append(await client.get(f"/reports/{given}.pdf"))

    assert [answer.status_code for answer in answers] == [404, 404, 200, 401]
    assert "Aperçu" in answers[2].text
    assert answers[2].headers["cache-control"] == "no-store"
