"""What the composition root draws: ids in order, secrets nobody guesses."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

from helpdesk.bootstrap import TimeOrderedIds, new_secret, open_engine, utc_now
from helpdesk.mail.parser_process import MailParser
from helpdesk.testing import FrozenNow


def test_ids_are_version_7_uuids_in_the_order_they_were_given() -> None:
    now = FrozenNow(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    new_id = TimeOrderedIds(now)

    ids = [new_id() for _ in range(1000)]

    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {(uuid.UUID(one).version, uuid.UUID(one).variant) for one in ids} == {(7, uuid.RFC_4122)}
    assert int(ids[0][:12], 16) == int(now().timestamp() * 1000)


def test_a_clock_that_goes_back_still_gives_later_ids() -> None:
    now = FrozenNow(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    new_id = TimeOrderedIds(now)
    before = new_id()

    now.advance(hours=-1)

    assert new_id() > before


def test_secrets_differ_and_fit_a_header() -> None:
    secrets = {new_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert all(one.isascii() and " " not in one for one in secrets)


def test_now_is_in_utc() -> None:
    assert utc_now().tzinfo is UTC


async def test_an_open_engine_parses_mails_in_processes_that_end_with_it(
    sqlite_template: Path,
) -> None:
    async with open_engine(f"sqlite:///{sqlite_template}") as engine:
        parser = engine.desk.parse_email
        assert isinstance(parser, MailParser)
        email = parser(b"From: bruno@client.example\nSubject: Panne\n\nBonjour")
        processes = list(parser.idle)

    assert email.subject == "Panne"
    assert [process.returncode is None for process in processes] == [False]
