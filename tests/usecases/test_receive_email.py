"""A stored message is understood: who wrote it, for whom, and whether it opens a ticket."""

from dataclasses import replace

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ClientId, InboundMailId
from helpdesk.domain.inbox import InboundMailReason, InboundMailState
from helpdesk.domain.priority import Impact, Priority, PriorityMatrix, Urgency
from helpdesk.domain.ticket import Channel, TicketKind, TicketStatus
from helpdesk.storage.tables.client import CLIENT, CONTACT
from helpdesk.storage.tables.mail import INBOUND_MAIL, MAIL_REFERENCE, OUTBOX_MAIL
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import ATTACHMENT, BLOB
from helpdesk.usecases.receive_email import receive_email
from tests.factories import AGENCY_ID, BRUNO, BRUNOS_CLIENT, MONDAY
from tests.usecases.mails import (
    ALICE,
    CHLOE,
    STRANGER,
    WORDS,
    Door,
    a_bounce,
    a_mail,
    an_answer,
    raw_mail,
)
from tests.usecases.world import MAILBOX, World

AUTOMATIC = (InboundMailState.IGNORED, InboundMailReason.AUTOMATIC)


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


async def test_a_known_contact_opens_a_ticket_under_his_contract(door: Door) -> None:
    outcome = await door.receive(a_mail())

    ticket = await door.ticket_of(outcome)
    assert (ticket.number, ticket.status) == ("1", TicketStatus.NEW)
    assert ticket.client_id == BRUNOS_CLIENT
    assert ticket.requester_id == BRUNO.contact_id
    assert ticket.contract_id == "contract-of-bruno"
    assert (ticket.subject, ticket.description) == ("The contact form is silent", WORDS)
    assert (ticket.channel, ticket.kind) == (Channel.MAIL, TicketKind.CORRECTIVE)
    assert (ticket.opened_at, ticket.triaged_at) == (MONDAY, None)
    assert {(row["metric"], row["started_at"]) for row in await door.world.rows(SLA_CLOCK)} == {
        ("FIRST_RESPONSE", MONDAY),
        ("DELIVERY", MONDAY),
    }


async def test_the_clocks_start_when_the_mail_came_in_not_when_it_was_read(door: Door) -> None:
    stored = await door.store(a_mail())
    door.world.now.advance(hours=3)

    outcome = await receive_email(door.world.desk, AGENCY_ID, stored.id)

    ticket = await door.ticket_of(outcome)
    assert ticket.opened_at == MONDAY
    assert {row["started_at"] for row in await door.world.rows(SLA_CLOCK)} == {MONDAY}


async def test_the_first_message_of_the_ticket_is_the_mail(door: Door) -> None:
    ticket = await door.open()

    (message,) = await door.messages(ticket.id)
    assert message["body"] == WORDS
    assert (message["author_kind"], message["contact_id"]) == ("CONTACT", "bruno")
    assert message["channel"] == "MAIL"
    assert (message["is_internal"], message["is_automatic"]) == (False, False)
    (event,) = await door.world.history(ticket.id)
    assert (event.kind.value, event.message_id) == ("OPENED", message["id"])
    assert event.actor == BRUNO


async def test_the_row_says_what_became_of_the_message(door: Door) -> None:
    stored = await door.store(a_mail())
    door.world.now.advance(minutes=3)

    outcome = await receive_email(door.world.desk, AGENCY_ID, stored.id)

    assert (outcome.state, outcome.reason) == (
        InboundMailState.DONE,
        InboundMailReason.OPENED_TICKET,
    )
    assert outcome.ticket_id == (await door.tickets())[0]["id"]
    assert (outcome.subject, outcome.from_addr) == (
        "The contact form is silent",
        "bruno@bruno.example",
    )
    assert (outcome.attempts, outcome.received_at) == (1, MONDAY)
    assert outcome.processed_at == door.world.now()


async def test_a_message_that_was_understood_is_returned_as_it_is(door: Door) -> None:
    outcome = await door.receive(a_mail())
    before = await door.world.everything()

    again = await receive_email(door.world.desk, AGENCY_ID, outcome.id)

    assert again == outcome
    assert await door.world.everything() == before


async def test_a_message_that_is_not_there_is_a_bug(door: Door) -> None:
    before = await door.world.everything()

    with pytest.raises(AssertionError):
        await receive_email(door.world.desk, AGENCY_ID, InboundMailId("nothing"))

    assert await door.world.everything() == before


async def test_the_address_of_a_contact_is_known_whatever_its_case(door: Door) -> None:
    ticket = await door.open(a_mail(sender="BRUNO@Bruno.Example"))

    assert ticket.requester_id == BRUNO.contact_id
    assert len(await door.world.rows(CONTACT)) == 3


@pytest.mark.parametrize("domain", ["bruno.example", "shop.mail.Bruno.example"])
async def test_somebody_new_of_a_known_domain_becomes_a_contact_of_the_client(
    door: Door, domain: str
) -> None:
    ticket = await door.open(a_mail(sender=f"Béa <Bea@{domain}>"))

    (bea,) = [row for row in await door.world.rows(CONTACT) if row["name"] == "Béa"]
    assert ticket.client_id == bea["client_id"] == BRUNOS_CLIENT
    assert ticket.requester_id == bea["id"]
    assert ticket.contract_id == "contract-of-bruno"
    assert (bea["email"], bea["locale"]) == (f"bea@{domain.lower()}", "fr")


async def test_a_domain_that_only_ends_alike_is_a_strangers(door: Door) -> None:
    ticket = await door.open(a_mail(sender="eve@evilbruno.example"))

    assert ticket.client_id != BRUNOS_CLIENT
    assert ticket.contract_id is None


async def test_strangers_share_one_pool_without_a_contract(door: Door) -> None:
    first = await door.open(a_mail(sender=STRANGER))
    second = await door.open(a_mail(sender="eve@elsewhere.example", message_id="other@x"))
    third = await door.open(a_mail(sender=STRANGER, message_id="third@x", subject="Again"))

    pools = [row for row in await door.world.rows(CLIENT) if row["is_unknown_sender_pool"]]
    assert [pool["name"] for pool in pools] == ["Expéditeurs inconnus"]
    assert {each.client_id for each in (first, second, third)} == {ClientId(pools[0]["id"])}
    assert first.requester_id == third.requester_id
    assert first.contract_id is None
    assert await door.world.rows(SLA_CLOCK) == []
    people = {row["name"] for row in await door.world.rows(CONTACT)}
    assert people == {"Bruno", "Chloé", "Yves", "Dora", "eve@elsewhere.example"}


async def test_an_agent_who_writes_about_something_new_opens_a_ticket(door: Door) -> None:
    ticket = await door.open(a_mail(sender=ALICE))

    (requester,) = [row for row in await door.world.rows(CONTACT) if row["name"] == "Alice"]
    assert ticket.requester_id == requester["id"]
    assert ticket.status is TicketStatus.NEW


async def test_the_same_message_by_two_ways_is_one_ticket(door: Door) -> None:
    ticket = await door.open()
    list_footer = a_mail()
    list_footer["X-Passed-By"] = "a forwarder"

    outcome = await door.receive(list_footer)

    assert (outcome.state, outcome.reason) == (
        InboundMailState.IGNORED,
        InboundMailReason.DUPLICATE,
    )
    assert outcome.ticket_id is None
    assert [row["id"] for row in await door.tickets()] == [ticket.id]
    assert len(await door.messages(ticket.id)) == 1


async def test_a_message_id_with_other_words_is_another_message(door: Door) -> None:
    first = await door.open()

    second = await door.open(a_mail("The shop is silent, too."))

    assert second.id != first.id
    assert second.description == "The shop is silent, too."
    (reference,) = [
        row for row in await door.world.rows(MAIL_REFERENCE) if "first" in row["message_id"]
    ]
    assert reference["ticket_id"] == first.id


async def test_messages_without_an_id_are_told_apart_by_their_bytes(door: Door) -> None:
    await door.open(a_mail(message_id=None))

    await door.open(a_mail("And again.", message_id=None))

    assert len(await door.tickets()) == 2
    assert {row["meaning_hash"] for row in await door.world.rows(INBOUND_MAIL)} == {None}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated"),
        ("Return-Path", "<>"),
        ("X-Autoreply", "yes"),
        ("X-FC-Machinegenerated", "true"),
    ],
)
async def test_an_automatic_mail_opens_nothing_and_stays_visible(
    door: Door, name: str, value: str
) -> None:
    mail = a_mail()
    mail[name] = value

    outcome = await door.receive(mail)

    assert (outcome.state, outcome.reason) == AUTOMATIC
    assert (outcome.subject, outcome.ticket_id) == ("The contact form is silent", None)
    assert await door.tickets() == []
    assert await door.world.outbox() == ()


async def test_a_mail_that_is_critical_gets_the_words_for_that_and_no_others(door: Door) -> None:
    cells = {impact: dict.fromkeys(Urgency, Priority.P0) for impact in Impact}
    matrix = PriorityMatrix("all-critical", 1, cells)
    door.world.desk = replace(door.world.desk, default_matrix=matrix)

    ticket = await door.open(a_mail(sender=STRANGER))

    (promised,) = await door.world.outbox()
    assert ticket.priority is Priority.P0
    assert promised.idempotency_key == f"acknowledgement:{ticket.id}"
    assert "nous la traitons comme critique" in promised.mail.text


MASS_MAIL = (
    ("Precedence", "bulk"),
    ("List-Id", "<support.alice.example>"),
    ("List-Unsubscribe", "<mailto:out@bruno.example>"),
    ("Feedback-ID", "1:2:3:news"),
)


@pytest.mark.parametrize(("name", "value"), MASS_MAIL)
async def test_mass_mail_of_a_stranger_opens_nothing(door: Door, name: str, value: str) -> None:
    mail = a_mail(sender="news@elsewhere.example")
    mail[name] = value

    outcome = await door.receive(mail)

    assert (outcome.state, outcome.reason) == AUTOMATIC
    assert await door.tickets() == []


@pytest.mark.parametrize(("name", "value"), [*MASS_MAIL, ("Auto-Submitted", "auto-forwarded")])
async def test_a_client_who_writes_through_a_list_is_heard_and_gets_no_automatic_answer(
    door: Door, name: str, value: str
) -> None:
    mail = a_mail()
    mail[name] = value

    outcome = await door.receive(mail)

    assert outcome.reason is InboundMailReason.OPENED_TICKET
    assert len(await door.tickets()) == 1
    assert await door.world.outbox() == ()


async def test_mass_mail_of_somebody_who_wrote_once_opens_nothing(door: Door) -> None:
    await door.receive(a_mail(sender="eve@elsewhere.example"))
    letter = a_mail(sender="eve@elsewhere.example", message_id="letter@elsewhere.example")
    letter["List-Unsubscribe"] = "<mailto:out@elsewhere.example>"

    outcome = await door.receive(letter)

    assert (outcome.state, outcome.reason) == AUTOMATIC


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.example", "postmaster@bruno.example"])
async def test_a_machine_makes_no_contact(door: Door, sender: str) -> None:
    outcome = await door.receive(a_mail(sender=sender))

    assert (outcome.state, outcome.reason) == AUTOMATIC
    assert len(await door.world.rows(CONTACT)) == 3


async def test_a_mail_without_an_envelope_sender_opens_nothing(door: Door) -> None:
    outcome = await door.receive(a_mail(), envelope_from="")

    assert (outcome.state, outcome.reason) == AUTOMATIC
    assert await door.tickets() == []


async def test_a_bounce_opens_nothing_and_says_so(door: Door) -> None:
    outcome = await door.receive(a_bounce(), envelope_from="")

    assert (outcome.state, outcome.reason) == (InboundMailState.IGNORED, InboundMailReason.BOUNCE)
    assert await door.tickets() == []
    assert await door.world.rows(OUTBOX_MAIL) == []


async def test_our_own_mail_that_comes_back_is_ignored(door: Door) -> None:
    outcome = await door.receive(a_mail(sender=f"Agency <{MAILBOX.upper()}>"))

    assert (outcome.state, outcome.reason) == (InboundMailState.IGNORED, InboundMailReason.OWN_MAIL)
    assert await door.tickets() == []


@pytest.mark.parametrize("sender", [None, "Bruno without an address"])
async def test_a_mail_from_nobody_is_set_aside_for_people(door: Door, sender: str | None) -> None:
    raw = bytes(a_mail(sender=None))
    raw = raw if sender is None else f"From: {sender}\n".encode() + raw

    outcome = await door.receive(raw)

    assert (outcome.state, outcome.reason) == (
        InboundMailState.QUARANTINED,
        InboundMailReason.NO_SENDER,
    )
    assert outcome.from_addr is None
    assert await door.tickets() == []
    assert len(await door.world.rows(CONTACT)) == 3
    assert len(await door.world.rows(BLOB)) == 1


async def test_a_client_reads_the_language_of_the_agency_when_he_is_new(door: Door) -> None:
    await door.open(a_mail(sender=STRANGER, subject=None, text="\n"))

    (dora,) = [row for row in await door.world.rows(CONTACT) if row["name"] == "Dora"]
    assert dora["locale"] == Locale.FR
    assert [(row["subject"], row["description"]) for row in await door.tickets()] == [
        ("(sans objet)", "(sans objet)")
    ]


async def test_chloe_has_her_own_contract(door: Door) -> None:
    ticket = await door.open(a_mail(sender=CHLOE))

    assert (ticket.client_id, ticket.contract_id) == (
        door.world.chloe.client_id,
        "contract-of-chloe",
    )


async def test_files_are_kept_once_by_content(door: Door) -> None:
    photo = b"\x89PNG shop window"
    first, second = a_mail(), an_answer("first@bruno.example")
    for mail, names in ((first, ("été.png", "copy.png")), (second, ("again.png",))):
        for name in names:
            mail.add_attachment(photo, maintype="image", subtype="png", filename=name)

    await door.open(first)
    await door.receive(second)

    files = await door.world.rows(ATTACHMENT)
    assert [row["filename"] for row in files] == ["été.png", "copy.png", "again.png"]
    assert {(row["content_type"], row["size"]) for row in files} == {("image/png", len(photo))}
    blobs = [row["content"] for row in await door.world.rows(BLOB)]
    assert blobs.count(photo) == 1
    assert len(blobs) == 3


async def test_the_page_of_a_mail_is_kept_clean(door: Door) -> None:
    mail = a_mail()
    mail.add_alternative("<p>Silent</p><script>alert(1)</script>", subtype="html")

    ticket = await door.open(mail)

    (message,) = await door.messages(ticket.id)
    assert message["html"].strip() == "<p>Silent</p>"


class TestMailThatNoLibraryWouldWrite:
    """Whatever the bytes are, they are kept and somebody reads them, on both databases."""

    @pytest.fixture
    def door(self, both_worlds: World) -> Door:
        return Door(both_worlds)

    @pytest.mark.parametrize(
        ("raw", "subject", "description"),
        [
            (raw_mail(b"caf\xe9", content_type=b"text/plain; charset=klingon"), "Panne", "café"),
            (raw_mail(b"a\x00b", subject=b"Pan\x00ne"), "Panne", "ab"),
            (raw_mail(b"Le site est lent.", subject=b""), "Le site est lent.", "Le site est lent."),
            (raw_mail(b""), "Panne", "Panne"),
            (raw_mail(b"", subject=b" "), "(sans objet)", "(sans objet)"),
        ],
    )
    async def test_broken_bytes_become_a_ticket(
        self, door: Door, raw: bytes, subject: str, description: str
    ) -> None:
        ticket = await door.open(raw)

        assert (ticket.subject, ticket.description) == (subject, description)
        assert [row["content"] for row in await door.world.rows(BLOB)] == [raw]

    async def test_a_huge_text_becomes_a_ticket_with_the_whole_mail_beside_it(
        self, door: Door
    ) -> None:
        raw = raw_mail(b"Le site est lent. " * 120_000)

        ticket = await door.open(raw)

        assert ticket.description.startswith("Le site est lent. Le site")
        assert len(ticket.description) <= 1_000_000
        (file,) = await door.world.rows(ATTACHMENT)
        assert (file["filename"], file["size"]) == ("message.eml", len(raw))
        assert [len(row["content"]) for row in await door.world.rows(BLOB)] == [len(raw)]

    async def test_a_huge_subject_and_message_id_become_a_ticket(self, door: Door) -> None:
        raw = raw_mail(b"Voir l'objet.", subject=b"Panne " * 4000).replace(
            b"raw@bruno.example", b"x" * 5000 + b"@bruno.example"
        )

        ticket = await door.open(raw)

        assert ticket.subject == ("Panne " * 42)[:250]
