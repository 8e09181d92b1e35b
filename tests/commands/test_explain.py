"""`helpdesk explain`: the story of a ticket's clocks, for people and for programs."""

import json

import pytest

from helpdesk.cli import main
from tests.commands.running import Capture
from tests.usecases.world import MAILBOX

pytestmark = pytest.mark.usefixtures("agencies")


def test_a_story_is_told_in_english(capsys: Capture) -> None:
    assert main(["explain", "1", "--agency", MAILBOX]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["#1 The contact form is silent [P2, NEW]", ""]
    assert lines[2].startswith("First response")


def test_a_story_is_told_in_french(capsys: Capture) -> None:
    assert main(["--lang", "fr", "explain", "#1", "--agency", MAILBOX]) == 0

    assert "\n\nPrise en charge" in capsys.readouterr().out


def test_a_story_is_told_to_programs(capsys: Capture) -> None:
    assert main(["explain", "1", "--agency", MAILBOX, "--json"]) == 0

    story = json.loads(capsys.readouterr().out)
    assert {name: story[name] for name in ("number", "subject", "priority", "status")} == {
        "number": "1",
        "subject": "The contact form is silent",
        "priority": "P2",
        "status": "NEW",
    }
    clock = story["clocks"][0]
    assert (clock["metric"], clock["cycle"], clock["termsVersion"]) == ("FIRST_RESPONSE", 1, 1)
    assert (clock["startedAt"], clock["deadlineAt"]) == (
        "2026-07-06T07:00:00+00:00",
        "2026-07-09T07:00:00+00:00",
    )
    assert clock["segments"][0]["from"] == "2026-07-06T07:00:00+00:00"
    assert list(clock["segments"][0]) == [
        "from",
        "to",
        "kind",
        "reason",
        "seconds",
        "runningTotal",
        "calendarVersion",
        "termsVersion",
    ]


def test_a_story_is_told_in_plain_sentences(capsys: Capture) -> None:
    assert main(["--lang", "fr", "explain", "1", "--agency", MAILBOX, "--sentences"]) == 0

    said = capsys.readouterr().out.replace("\u00a0", " ")
    assert "\n\nPrise en charge\nDemande ouverte le lundi 6 juillet à 9 h 00.\n" in said
    assert (
        "Nous nous sommes engagés à vous répondre en moins de 3 jours ouvrés, à la même heure : "
        "l’échéance" in said
    )


def test_a_story_is_told_one_way_at_a_time(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["explain", "1", "--sentences", "--json"])

    assert "not allowed with" in capsys.readouterr().err


def test_an_unknown_ticket_is_refused(capsys: Capture) -> None:
    assert main(["--lang", "fr", "explain", "99", "--agency", MAILBOX]) == 1

    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Il n'y a pas ici d'objet « Ticket » 99.\n")
