"""Mails of ours that come back: only what proves which one it means marks an address."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import NotFound
from helpdesk.domain.bounce_address import bounce_address
from helpdesk.domain.ids import OutboxMailId, TicketId
from helpdesk.domain.mail_trust import AuthFinding, AuthMethod
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.undelivered import FAILURE_WINDOW, UndeliverableAddress
from helpdesk.storage.tables.mail import OUTBOX_MAIL
from helpdesk.storage.tables.undeliverable import UNDELIVERABLE_ADDRESS
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.usecases.mail_verdict import OWN_CHECK
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.reached_again import ClearUndeliverableAddress, clear_undeliverable_address
from helpdesk.usecases.receive_email import receive_email
from tests.factories import AGENCY_ID
from tests.usecases.mails import a_mail, an_answer
from tests.usecases.returned import BRUNO, ReturningDoor, a_report_on, returning
from tests.usecases.world import MAILBOX, ZOES_AGENCY, World


@pytest.fixture
def door(both_worlds: World) -> ReturningDoor:
    return returning(both_worlds)


@pytest.fixture
def plain(both_worlds: World) -> ReturningDoor:
    return returning(both_worlds, has_plus=False)


def bounce_address_of(sent: OutboxMail) -> str:
    assert sent.mail.bounces_to is not None
    return sent.mail.bounces_to


async def test_a_report_to_the_address_of_the_envelope_marks_the_reader(
    door: ReturningDoor,
) -> None:
    sent = await door.answer()

    outcome = await door.take(a_report_on(None), to=bounce_address_of(sent))

    assert (outcome.state, outcome.reason) == ("DONE", "BOUNCE")
    assert outcome.ticket_id == sent.ticket_id
    (row,) = await door.world.rows(UNDELIVERABLE_ADDRESS)
    assert (row["address"], row["since"], row["status"]) == (BRUNO, door.world.now(), "5.1.1")
    assert row["reason"] == "550 it is refused"
    (mail,) = [row for row in await door.world.rows(OUTBOX_MAIL) if row["id"] == sent.id]
    assert (mail["bounced_at"], mail["bounce_status"]) == (door.world.now(), "5.1.1")
    assert mail["bounce_text"] == "550 it is refused"


async def test_a_report_that_gives_our_mail_back_marks_the_reader(plain: ReturningDoor) -> None:
    sent = await plain.answer()
    assert sent.mail.bounces_to is None

    outcome = await plain.take(a_report_on(sent.mail))

    assert (outcome.reason, outcome.ticket_id) == ("BOUNCE", sent.ticket_id)
    assert await plain.marked() == [BRUNO]


async def test_a_report_in_free_words_marks_the_reader_too(plain: ReturningDoor) -> None:
    sent = await plain.answer()
    raw = (
        "From: MAILER-DAEMON@qmail.example\r\nTo: support@alice.example\r\n"
        "Subject: failure notice\r\n\r\n"
        "Hi. This is the qmail-send program at qmail.example.\r\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
        f"<{BRUNO}>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
        "--- Below this line is a copy of the message.\r\n\r\n"
        f"Message-ID: <{sent.mail.message_id}>\r\nSubject: a\r\n\r\nb\r\n"
    ).encode()

    outcome = await plain.take(raw)

    assert outcome.reason == "BOUNCE"
    assert await plain.marked() == [BRUNO]


async def test_a_forged_report_marks_nothing(door: ReturningDoor) -> None:
    sent = await door.answer()
    guessed = sent.mail.message_id.replace(sent.id[:8], "00000000")
    forged = replace(sent.mail, message_id=guessed)
    kinds = await door.kinds(_ticket_of(sent))
    half = replace(sent.mail, message_id=f"{sent.id}.t.{'a' * 31}@alice.example")

    outcomes = [
        await door.take(a_report_on(None, message_id="1@x")),
        await door.take(a_report_on(forged, message_id="2@x")),
        await door.take(a_report_on(half, message_id="3@x")),
        await door.take(
            a_report_on(None, message_id="4@x"), to=f"support+b.{'a' * 44}@alice.example"
        ),
    ]

    assert {(one.state, one.reason) for one in outcomes} == {("IGNORED", "BOUNCE")}
    assert await door.marked() == []
    assert await door.kinds(_ticket_of(sent)) == kinds


async def test_a_report_names_the_address_of_the_envelope_where_there_was_one(
    door: ReturningDoor,
) -> None:
    sent = await door.answer()

    outcome = await door.take(a_report_on(sent.mail))

    assert (outcome.state, outcome.reason) == ("IGNORED", "BOUNCE")
    assert await door.marked() == []


async def test_no_server_reports_on_a_mail_that_left_without_a_sender(plain: ReturningDoor) -> None:
    await plain.open()
    (acknowledged,) = await plain.world.outbox()

    outcome = await plain.take(a_report_on(acknowledged.mail))

    assert acknowledged.mail.auto_submitted is AutoSubmitted.AUTO_REPLIED
    assert (outcome.state, outcome.reason) == ("IGNORED", "BOUNCE")
    assert await plain.marked() == []


async def test_a_report_of_a_forged_author_marks_nothing(plain: ReturningDoor) -> None:
    sent = await plain.answer()

    async def disowned(_: bytes, sender: str) -> tuple[AuthFinding, ...]:
        domain = sender.rpartition("@")[2]
        return (AuthFinding(OWN_CHECK, AuthMethod.DMARC, "fail", domain, is_above_entrance=True),)

    plain.world.desk = replace(plain.world.desk, author_check=disowned)

    await plain.take(a_report_on(sent.mail))

    assert await plain.marked() == []


async def test_the_address_of_the_envelope_is_proof_enough_of_a_disowned_server(
    door: ReturningDoor,
) -> None:
    sent = await door.answer()

    async def disowned(_: bytes, sender: str) -> tuple[AuthFinding, ...]:
        domain = sender.rpartition("@")[2]
        return (AuthFinding(OWN_CHECK, AuthMethod.DMARC, "fail", domain, is_above_entrance=True),)

    door.world.desk = replace(door.world.desk, author_check=disowned)

    await door.take(a_report_on(None), to=bounce_address_of(sent))

    assert await door.marked() == [BRUNO]


async def test_a_mailbox_that_is_read_knows_the_address_by_the_header(door: ReturningDoor) -> None:
    sent = await door.answer()
    delivered = f"Delivered-To: {bounce_address_of(sent)}\r\n".encode()

    await door.take(delivered + a_report_on(None))

    assert await door.marked() == [BRUNO]


async def test_a_person_who_answers_to_the_address_of_the_envelope_marks_nothing(
    door: ReturningDoor,
) -> None:
    sent = await door.answer()

    outcome = await door.take(
        bytes(an_answer(sent.mail.message_id)), to=bounce_address_of(sent), sender=BRUNO
    )

    assert outcome.reason == "ANSWERED_TICKET"
    assert await door.marked() == []


async def test_a_delay_sets_nothing_and_makes_no_ticket(door: ReturningDoor) -> None:
    sent = await door.answer()
    tickets = await door.tickets()

    outcome = await door.take(
        a_report_on(sent.mail, action="delayed", status="4.4.1"), to=bounce_address_of(sent)
    )

    assert (outcome.state, outcome.reason) == ("DONE", "BOUNCE")
    assert await door.marked() == []
    assert await door.tickets() == tickets
    (mail,) = [row for row in await door.world.rows(OUTBOX_MAIL) if row["id"] == sent.id]
    assert mail["bounced_at"] is None


async def test_a_full_mailbox_is_marked_by_the_third_mail(door: ReturningDoor) -> None:
    first = await door.answer()
    assert first.ticket_id is not None
    others = [await door.answer_again(first.ticket_id, f"Again {number}") for number in (1, 2)]

    marked = []
    for number, sent in enumerate([first, *others]):
        await door.take(
            a_report_on(sent.mail, status="5.2.2", message_id=f"{number}@mx"),
            to=bounce_address_of(sent),
        )
        marked.append(await door.marked())

    assert marked == [[], [], [BRUNO]]


async def test_several_reports_on_one_mail_count_once(door: ReturningDoor) -> None:
    sent = await door.answer()

    for number in range(4):
        await door.take(
            a_report_on(sent.mail, status="5.2.2", message_id=f"{number}@mx"),
            to=bounce_address_of(sent),
        )

    assert await door.marked() == []
    assert sent.ticket_id is not None
    assert len(await door.messages(sent.ticket_id)) == 3


async def test_failures_of_long_ago_do_not_count(door: ReturningDoor) -> None:
    first = await door.answer()
    assert first.ticket_id is not None
    for number in range(3):
        sent = await door.answer_again(first.ticket_id, f"Again {number}")
        await door.take(
            a_report_on(sent.mail, status="4.4.7", message_id=f"{number}@mx"),
            to=bounce_address_of(sent),
        )
        door.world.now.advance(hours=FAILURE_WINDOW.total_seconds() / 3600 / 2 + 1)

    assert await door.marked() == []


async def test_what_was_refused_for_its_content_never_marks(door: ReturningDoor) -> None:
    first = await door.answer()
    assert first.ticket_id is not None
    for number in range(4):
        sent = await door.answer_again(first.ticket_id, f"Again {number}")
        await door.take(
            a_report_on(sent.mail, status="5.7.1", message_id=f"{number}@mx"),
            to=bounce_address_of(sent),
        )

    assert await door.marked() == []
    bounced = [row["bounce_status"] for row in await door.world.rows(OUTBOX_MAIL)]
    assert bounced.count("5.7.1") == 4


async def test_a_failure_is_noted_on_the_ticket_for_the_agency_alone(door: ReturningDoor) -> None:
    sent = await door.answer()
    before = await door.world.kept(_ticket_of(sent))
    clocks = await door.world.clocks(before.id)

    await door.take(a_report_on(sent.mail), to=bounce_address_of(sent))

    note = (await door.messages(before.id))[-1]
    assert (note["is_internal"], note["is_automatic"]) == (True, True)
    assert f"à {BRUNO} n'est pas arrivé : 550 it is refused" in note["body"]
    assert "injoignable" in note["body"]
    after = await door.world.kept(before.id)
    assert after.status is before.status
    assert {
        key: row["stopped_at"] for key, row in (await door.world.clocks(before.id)).items()
    } == {key: row["stopped_at"] for key, row in clocks.items()}


async def test_the_note_follows_a_ticket_that_was_merged(door: ReturningDoor) -> None:
    sent = await door.answer()
    ticket_id = _ticket_of(sent)
    target = await door.open(a_mail(subject="Another", message_id="other@bruno.example"))
    await merge_tickets(
        door.world.desk,
        viewer=door.world.alice,
        request=MergeTickets(ticket_id, target.id),
    )

    outcome = await door.take(a_report_on(sent.mail), to=bounce_address_of(sent))

    assert outcome.ticket_id == target.id
    assert "n'est pas arrivé" in (await door.messages(target.id))[-1]["body"]


async def test_managers_hear_once(door: ReturningDoor) -> None:
    first = await door.answer()
    assert first.ticket_id is not None
    second = await door.answer_again(first.ticket_id, "Again")

    await door.take(a_report_on(first.mail), to=bounce_address_of(first))
    await door.take(a_report_on(second.mail, message_id="2@mx"), to=bounce_address_of(second))

    told = [one for one in await door.world.outbox() if "n'arrivent plus" in one.mail.text]
    assert [one.mail.recipient.email for one in told] == ["alice@alice.example"]
    assert told[0].mail.is_automatic
    assert BRUNO in told[0].mail.text
    assert "550 it is refused" in told[0].mail.text


async def test_who_takes_care_of_the_ticket_hears_instead(door: ReturningDoor) -> None:
    sent = await door.answer()
    ticket_id = _ticket_of(sent)
    asked = CreateAgent("Amir", "amir@alice.example")
    amir = await create_agent(door.world.desk, viewer=door.world.alice, request=asked)
    given = AssignTicket(ticket_id, agent_id=amir.id)
    await assign_ticket(door.world.desk, viewer=door.world.alice, request=given)

    await door.take(a_report_on(sent.mail), to=bounce_address_of(sent))

    told = [one for one in await door.world.outbox() if "n'arrivent plus" in one.mail.text]
    assert [one.mail.recipient.email for one in told] == ["amir@alice.example"]


async def test_the_owner_who_writes_with_a_token_of_ours_is_reached_again(
    door: ReturningDoor,
) -> None:
    sent = await door.answer()
    await door.take(a_report_on(sent.mail), to=bounce_address_of(sent))
    assert await door.marked() == [BRUNO]

    await door.receive(a_mail("A new matter", subject="New", message_id="new@bruno.example"))
    assert await door.marked() == [BRUNO]

    await door.receive(an_answer(sent.mail.message_id))
    assert await door.marked() == []


async def test_a_manager_clears_an_address_and_failures_count_anew(door: ReturningDoor) -> None:
    sent = await door.answer()
    await door.take(a_report_on(sent.mail), to=bounce_address_of(sent))
    request = ClearUndeliverableAddress(BRUNO.upper())

    reached = await clear_undeliverable_address(
        door.world.desk, viewer=door.world.alice, request=request
    )

    assert reached.contact is not None
    assert reached.agent is None
    assert await door.marked() == []
    (row,) = await door.world.rows(UNDELIVERABLE_ADDRESS)
    assert (row["cleared_at"], row["cleared_by"]) == (door.world.now(), door.world.alice.name)
    async with door.world.refused(NotFound):
        await clear_undeliverable_address(door.world.desk, viewer=door.world.alice, request=request)
    assert sent.ticket_id is not None
    again = await door.answer_again(sent.ticket_id, "Again")
    await door.take(a_report_on(again.mail, message_id="2@mx"), to=bounce_address_of(again))
    assert await door.marked() == [BRUNO]


async def test_an_address_of_another_agency_stays_as_it_is(door: ReturningDoor) -> None:
    sent = await door.answer()
    await door.take(a_report_on(sent.mail), to=bounce_address_of(sent))

    async with door.world.refused(NotFound):
        await clear_undeliverable_address(
            door.world.desk, viewer=door.world.zoe, request=ClearUndeliverableAddress(BRUNO)
        )


async def test_a_mail_of_another_agency_is_not_ours(door: ReturningDoor) -> None:
    sent = await door.answer()
    address = bounce_address_of(sent).replace(MAILBOX.partition("@")[2], "zoe.example")

    (stored,) = await door.store_all(
        a_report_on(sent.mail), envelope_from="", recipients=(address,)
    )
    outcome = await receive_email(door.world.desk, ZOES_AGENCY, stored.mail.id)

    assert (outcome.state, outcome.reason) == ("IGNORED", "BOUNCE")
    assert await door.marked() == []


def _ticket_of(sent: OutboxMail) -> TicketId:
    assert sent.ticket_id is not None
    return sent.ticket_id


async def test_an_absence_notice_to_the_address_of_the_envelope_is_folded_on_the_ticket(
    door: ReturningDoor,
) -> None:
    sent = await door.answer()
    before = await door.world.kept(_ticket_of(sent))
    clocks = await door.world.clocks(before.id)
    mails = len(await door.world.outbox())
    notice = a_mail(
        "I am back on Monday.",
        subject="Absence du bureau",
        message_id="away@bruno.example",
        to=bounce_address_of(sent),
        Auto_Submitted="auto-replied",
    )

    outcome = await door.take(bytes(notice), to=bounce_address_of(sent))

    assert (outcome.reason, outcome.ticket_id) == ("ANSWERED_TICKET", before.id)
    kept = (await door.messages(before.id))[-1]
    assert (kept["is_automatic"], kept["body"]) == (True, "I am back on Monday.")
    assert (await door.world.kept(before.id)).status is before.status
    assert await door.world.clocks(before.id) == clocks
    assert len(await door.world.outbox()) == mails
    assert await door.marked() == []


async def test_a_stranger_who_guesses_such_an_address_is_led_nowhere(door: ReturningDoor) -> None:
    sent = await door.answer()
    address = f"support+b.{'a' * 44}@alice.example"
    mail = a_mail("Hello", subject="Hello", message_id="guess@x.example", to=address)

    outcome = await door.take(bytes(mail), to=address, sender=BRUNO)

    assert outcome.reason == "OPENED_TICKET"
    assert outcome.ticket_id != sent.ticket_id


async def test_a_mail_about_no_ticket_may_come_back_too(door: ReturningDoor) -> None:
    sent = await _about_nothing(door)

    outcomes = [
        await door.take(
            a_report_on(sent.mail, message_id=f"{number}@mx"), to=bounce_address_of(sent)
        )
        for number in (1, 2)
    ]

    assert [(one.reason, one.ticket_id) for one in outcomes] == [("BOUNCE", None)] * 2
    assert await door.marked() == [BRUNO]
    assert await door.tickets() == []
    told = (await door.world.outbox())[-1].mail
    assert told.recipient.email == "alice@alice.example"
    assert BRUNO in told.subject


async def test_a_mail_that_is_not_there_any_more_marks_nothing(door: ReturningDoor) -> None:
    await door.answer()
    async with door.world.desk.store.reading(AGENCY_ID) as records:
        (key,) = await records.mail.mail_keys()
    unknown = bounce_address(MAILBOX, key, OutboxMailId("0" * 32))
    assert unknown is not None

    outcome = await door.take(a_report_on(None), to=unknown)

    assert (outcome.state, outcome.reason) == ("IGNORED", "BOUNCE")
    assert await door.marked() == []


async def _about_nothing(door: ReturningDoor) -> OutboxMail:
    """Promise Bruno a mail that is about no ticket, and return it."""
    desk = door.world.desk
    letter = desk.alerts.undeliverable(UndeliverableAddress("a@b.example", desk.now(), "5", "x"))
    async with desk.store.transaction(AGENCY_ID) as records:
        contact = await records.clients.contact_by_email(BRUNO)
        assert contact is not None
        envelope = Envelope(await records.agencies.agency(), contact, letter)
        await promise_letter(
            desk, records, None, envelope, key="k", auto_submitted=AutoSubmitted.AUTO_GENERATED
        )
    (sent,) = await door.world.outbox()
    return sent


def _in_words(words: str, *, to: str) -> bytes:
    return (
        f"From: postmaster@far.example\r\nTo: {to}\r\nSubject: Votre message\r\n"
        f"Message-ID: <words@far.example>\r\n\r\n{words}\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("Boîte inconnue : 550 5.1.1 pas de destinataire.", [BRUNO]),
        ("Votre message attend encore (4.4.1).", []),
        ("Bonjour.", []),
    ],
)
async def test_words_that_nobody_knows_go_by_the_code_that_they_name(
    door: ReturningDoor, words: str, marked: list[str]
) -> None:
    sent = await door.answer()
    address = bounce_address_of(sent)

    outcome = await door.take(_in_words(words, to=address), to=address)

    assert (outcome.reason, outcome.ticket_id) == ("BOUNCE", sent.ticket_id)
    assert await door.marked() == marked
