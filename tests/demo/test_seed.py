"""The demo as it stands in a database: who is there, what happened, what is still to be sent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.demo.seed import LOT, MAILS_LEFT, DemoNeedsEmptyDatabase, seed
from helpdesk.demo.year import REQUESTS
from helpdesk.domain.access import CLIENT_SCOPES, ActorKind, Scope
from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import CalendarId, ClientId
from helpdesk.domain.ticket import TicketStatus
from helpdesk.public_holidays import public_holidays
from helpdesk.usecases.authenticate import authenticate
from helpdesk.usecases.desk import Desk
from tests.demo.planting import (
    SMALL_YEAR,
    SUNDAY_NIGHT,
    THURSDAY,
    Planted,
    at_a_desk,
    desks,
    planted,
    rows_of,
)

REPEATED, SPAM, LIVING, LATE = 7, 8, 18, 2
A_YEAR = timedelta(days=365)
EVERY_TICKET = """
    SELECT t.number, t.status, t.priority, t.subject, t.opened_at, c.name, t.channel
    FROM helpdesk_ticket t JOIN helpdesk_client c ON c.id = t.client_id ORDER BY t.number
"""
CLOCKS = """
    SELECT t.status, c.metric FROM helpdesk_sla_clock c
    JOIN helpdesk_ticket t ON t.id = c.ticket_id
    WHERE c.stopped_at IS NULL AND c.cancelled_at IS NULL AND c.started_at IS NOT NULL
"""


def contracts_in(demo: Planted) -> list[Contract]:
    clients = [ClientId(row[0]) for row in demo.rows("SELECT id FROM helpdesk_client")]

    async def read(desk: Desk) -> list[Contract]:
        async with desk.store.reading(demo.access.agency.id) as records:
            return [one for each in clients for one in await records.contracts.contracts_of(each)]

    return demo.asked(read)


def test_the_year_has_as_many_tickets_as_it_says(demo: Planted) -> None:
    [(count,)] = demo.rows("SELECT count(*) FROM helpdesk_ticket")
    [(routines,)] = demo.rows("SELECT count(*) FROM helpdesk_routine_run")

    assert count == demo.access.tickets == SMALL_YEAR + REPEATED + SPAM + LIVING + LATE + routines


def test_there_is_a_ticket_in_every_status(demo: Planted) -> None:
    statuses = {row[0] for row in demo.rows("SELECT DISTINCT status FROM helpdesk_ticket")}

    assert statuses == set(TicketStatus)


def test_numbers_follow_the_openings(demo: Planted) -> None:
    rows = demo.rows("SELECT opened_at FROM helpdesk_ticket ORDER BY CAST(number AS INTEGER)")

    assert rows == sorted(rows)


def test_one_p0_is_being_worked_on(demo: Planted) -> None:
    running = demo.rows(
        CLOCKS + "AND t.priority = 'P0' AND c.metric = 'RESOLUTION' AND c.breached_at > :now",
        now=demo.now.isoformat(),
    )

    assert running == [("IN_PROGRESS", "RESOLUTION")]


def test_one_promise_is_at_risk_and_one_is_broken(demo: Planted) -> None:
    now = demo.now.isoformat()
    living = CLOCKS + "AND t.priority = 'P1' AND c.metric = 'FIRST_RESPONSE' "

    at_risk = demo.rows(living + "AND c.at_risk_at <= :now AND c.breached_at > :now", now=now)
    broken = demo.rows(living + "AND c.breached_at <= :now", now=now)

    assert at_risk == broken == [("OPEN", "FIRST_RESPONSE")]


def test_the_history_has_notes_merges_reopenings_and_overrides(demo: Planted) -> None:
    kinds = {row[0] for row in demo.rows("SELECT DISTINCT kind FROM helpdesk_ticket_event")}
    overridden = demo.rows("SELECT 1 FROM helpdesk_ticket WHERE priority_reason IS NOT NULL")

    assert {"NOTE_ADDED", "MERGED", "ABSORBED", "REOPENED", "MARKED_SPAM"} <= kinds
    assert len(overridden) > 0


def test_the_mails_of_the_year_are_sent_but_for_a_handful(demo: Planted) -> None:
    pending = demo.rows("SELECT created_at FROM helpdesk_outbox_mail WHERE state = 'PENDING'")
    others = demo.rows("SELECT state, created_at, sent_at FROM helpdesk_outbox_mail "
                       "WHERE state <> 'PENDING'")  # fmt: skip

    assert len(pending) == demo.access.mails_left == MAILS_LEFT
    assert {state for state, _, _ in others} == {"SENT"}
    assert all(created_at == sent_at for _, created_at, sent_at in others)
    assert max(row[1] for row in others) <= min(row[0] for row in pending)


def test_seven_clients_have_a_contract_whose_matrix_somebody_accepted(demo: Planted) -> None:
    contracts = contracts_in(demo)

    assert sorted(one.terms[0].plan_code for one in contracts) == (
        ["guide.business"] * 2 + ["guide.critique"] * 2 + ["guide.essentiel"] * 3
    )
    for contract in contracts:
        acceptance = contract.terms[0].matrix.acceptance
        assert acceptance is not None
        assert acceptance.accepted_by
        assert acceptance.accepted_at <= demo.now - A_YEAR


def test_one_client_has_tickets_without_a_contract(demo: Planted) -> None:
    rows = demo.rows(
        "SELECT DISTINCT t.contract_id FROM helpdesk_ticket t JOIN helpdesk_client c "
        "ON c.id = t.client_id WHERE c.name = 'Librairie La Page Cornée'"
    )

    assert rows == [(None,)]


def test_the_client_in_alsace_has_a_calendar_of_its_own(demo: Planted) -> None:
    codes = demo.rows("SELECT code, id FROM helpdesk_calendar ORDER BY code")
    alsace = CalendarId(dict(codes)["ouvre5-6ae"])
    good_friday = date(2026, 4, 3)

    async def is_closed(desk: Desk) -> bool:
        async with desk.store.reading(demo.access.agency.id) as records:
            [version] = await records.contracts.calendar_versions([alsace])
        return version.hours.is_holiday(good_friday)

    assert [code for code, _ in codes] == ["continuous", "ouvre5", "ouvre5-6ae"]
    assert demo.asked(is_closed)


def test_the_token_of_the_manager_is_the_manager_herself(demo: Planted) -> None:
    viewer = demo.asked(lambda desk: authenticate(desk, demo.access.manager.secret))

    assert (viewer.kind, viewer.name) == (ActorKind.AGENT, "Alice Moreau")
    assert viewer.scopes == frozenset(Scope)
    assert viewer.client_id is None


def test_the_token_of_the_contact_is_bound_to_his_client(demo: Planted) -> None:
    viewer = demo.asked(lambda desk: authenticate(desk, demo.access.contact.secret))
    [(client_id,)] = demo.rows("SELECT id FROM helpdesk_client WHERE name = 'Maison Verdier'")

    assert (viewer.kind, viewer.name) == (ActorKind.CONTACT, "Bruno Verdier")
    assert viewer.scopes == CLIENT_SCOPES
    assert viewer.client_id == client_id


def test_mail_from_strangers_came_in_by_the_mail_door(demo: Planted) -> None:
    rows = demo.rows("SELECT state, reason, count(*) FROM helpdesk_inbound_mail GROUP BY 1, 2")

    assert rows == [("DONE", "OPENED_TICKET", SPAM + 3)]


def test_the_same_lot_tells_the_same_year(demo: Planted, empty_file: Path) -> None:
    again = planted(empty_file)

    assert again.rows(EVERY_TICKET) == demo.rows(EVERY_TICKET)


def test_another_lot_tells_another_year(demo: Planted, empty_file: Path) -> None:
    other = planted(empty_file, lot=LOT + 1)

    assert other.access.tickets == demo.access.tickets
    assert other.rows(EVERY_TICKET) != demo.rows(EVERY_TICKET)


def test_the_demo_may_start_in_the_night_of_a_holiday_weekend(empty_file: Path) -> None:
    demo = planted(empty_file, now=SUNDAY_NIGHT)

    statuses = {row[0] for row in demo.rows("SELECT DISTINCT status FROM helpdesk_ticket")}
    assert statuses == set(TicketStatus)
    assert len(demo.rows("SELECT 1 FROM helpdesk_outbox_mail WHERE state = 'PENDING'")) > 0


def test_a_database_that_has_an_agency_is_left_alone(demo: Planted) -> None:
    counted = "SELECT count(*), max(version) FROM helpdesk_ticket"
    before = demo.rows(counted)

    with pytest.raises(DemoNeedsEmptyDatabase) as refusal:
        planted(demo.path)

    assert refusal.value.message(Locale.FR) == (
        "Cette base contient déjà l'agence Atelier Lumen : rien n'a été modifié. Donnez à la "
        "démonstration une base vide."
    )
    assert demo.rows(counted) == before


class _Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


def test_a_demo_cut_short_leaves_nothing_behind(empty_file: Path) -> None:
    too_late = datetime(2025, 9, 1, tzinfo=UTC)

    async def interrupted(desk: Desk) -> None:
        def desk_at(instant: datetime) -> Desk:
            if too_late < instant < THURSDAY:
                raise _Interrupted
            return replace(desks(desk)(instant))

        await seed(desk_at, now=THURSDAY, holidays_of=public_holidays, requests=SMALL_YEAR)

    with pytest.raises(_Interrupted):
        at_a_desk(empty_file, THURSDAY, interrupted)

    assert rows_of(empty_file, "SELECT count(*) FROM helpdesk_agency") == [(0,)]
    assert rows_of(empty_file, "SELECT count(*) FROM helpdesk_ticket") == [(0,)]


def test_a_whole_year_mostly_keeps_its_promises(empty_file: Path) -> None:
    demo = planted(empty_file, requests=REQUESTS)

    [(ended, missed)] = demo.rows(
        "SELECT count(*), sum(breached_at IS NOT NULL AND breached_at <= stopped_at) "
        "FROM helpdesk_sla_clock WHERE stopped_at IS NOT NULL"
    )
    [(links,)] = demo.rows("SELECT count(*) FROM helpdesk_ticket_link WHERE kind = 'CAUSED_BY'")
    signs = {row[0] for row in demo.rows("SELECT DISTINCT security_sign FROM helpdesk_ticket")}

    [(routines,)] = demo.rows("SELECT count(*) FROM helpdesk_routine_run")
    assert demo.access.tickets == REQUESTS + REPEATED + SPAM + LIVING + LATE + routines
    assert 0.02 < missed / ended < 0.12
    assert links > 0
    assert signs == {None, "DATA_COMPROMISED", "FLAW_EXPLOITED"}


def test_everybody_is_of_a_team(demo: Planted) -> None:
    rows = demo.rows(
        """SELECT t.name, count(*) FROM helpdesk_team_member m
        JOIN helpdesk_team t ON t.id = m.team_id GROUP BY t.name ORDER BY t.name"""
    )

    assert rows == [("Infra & sécurité", 1), ("Support & TMA", 4)]


def test_one_batch_is_open_and_one_is_planned(demo: Planted) -> None:
    rows = demo.rows(
        """SELECT b.status, b.planned_on IS NOT NULL, count(*) FROM helpdesk_batch b
        JOIN helpdesk_ticket t ON t.batch_id = b.id GROUP BY b.id ORDER BY b.number"""
    )
    running = demo.rows(
        """SELECT c.started_at = b.opened_at FROM helpdesk_sla_clock c
        JOIN helpdesk_ticket t ON t.id = c.ticket_id JOIN helpdesk_batch b ON b.id = t.batch_id
        WHERE c.metric = 'DELIVERY' AND c.cancelled_at IS NULL AND b.status = 'OPEN'"""
    )

    assert rows == [("OPEN", 0, 2), ("PLANNED", 1, 1)]
    assert running == [(1,), (1,)]


def test_a_delivery_was_put_off_and_a_call_was_noted(demo: Planted) -> None:
    [(put_off,)] = demo.rows(
        """SELECT count(*) FROM helpdesk_sla_clock
        WHERE postponed_to IS NOT NULL AND deadline_at = postponed_to"""
    )
    [(called,)] = demo.rows("SELECT count(*) FROM helpdesk_ticket_event WHERE kind = 'CALL_LOGGED'")

    assert (put_off, called) == (1, 1)
