"""Killed at every stage, the program keeps each mail once: `python -m tests.killing` does more."""

from pathlib import Path

from tests.killing.ordeal import Plan, ordeal


async def test_each_mail_is_one_message_of_one_ticket_whenever_the_program_dies(
    database_url: str, tmp_path: Path
) -> None:
    outcome = await ordeal(database_url, tmp_path, Plan(opening=32, answers=8, kills=12, seed=3))

    assert outcome.wrong == []
    assert outcome.deaths.total() >= 12
    assert outcome.tries > 40
