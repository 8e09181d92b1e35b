"""What the rules read from a mail: which ticket it answers, and whether to answer it."""

from dataclasses import replace

import pytest

from helpdesk.domain.automatic_mail import (
    AutomaticReason,
    AutomaticSigns,
    automatic_reasons,
    is_out_of_office,
)
from helpdesk.domain.errors import Locale
from helpdesk.domain.inbound_email import (
    MAX_THREAD_CANDIDATES,
    Address,
    Defect,
    InboundAttachment,
    InboundEmail,
    filename_for,
    reasons_not_to_answer,
    subject_of,
    thread_candidates,
    ticket_number_in,
)

SUPPORT = Address("Support", "Support@agence.example")
OWN = frozenset({"support@agence.example"})
BRUNO = InboundEmail(
    from_=Address("Bruno", "bruno@client.example"), to=(SUPPORT,), text="Bonjour Alice"
)


def test_the_nearest_ancestor_comes_first_and_once() -> None:
    email = replace(BRUNO, in_reply_to="c@x", references=("a@x", "b@x", "c@x", "a@x"))

    assert thread_candidates(email) == ("c@x", "a@x", "b@x")


def test_without_ancestors_there_is_no_candidate() -> None:
    assert thread_candidates(BRUNO) == ()


def test_an_endless_thread_gives_its_fifty_nearest_ancestors() -> None:
    email = replace(BRUNO, references=tuple(f"{number}@x" for number in range(500)))

    candidates = thread_candidates(email)

    assert len(candidates) == MAX_THREAD_CANDIDATES
    assert candidates[0] == "499@x"


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Re: [#12] Panne", 12),
        ("[#7] et [#8]", 7),
        ("#12 Panne", None),
        ("[#0123456789] trop long", None),
        ("[# 12]", None),
        ("", None),
    ],
)
def test_only_a_bracketed_number_names_a_ticket(subject: str, number: int | None) -> None:
    assert ticket_number_in(subject) == number


@pytest.mark.parametrize(
    ("email", "locale", "subject"),
    [
        (replace(BRUNO, subject="  Panne "), Locale.FR, "Panne"),
        (BRUNO, Locale.FR, "Bonjour Alice"),
        (replace(BRUNO, text="un deux trois quatre cinq six sept huit neuf"), Locale.FR,
         "un deux trois quatre cinq six sept huit…"),
        (replace(BRUNO, text="x" * 500), Locale.FR, "x" * 80),
        (replace(BRUNO, text=" \n"), Locale.FR, "(sans objet)"),
        (replace(BRUNO, text=""), Locale.EN, "(no subject)"),
        (replace(BRUNO, reply_text="Oui", text="Oui\n> Non"), Locale.FR, "Oui"),
    ],
)  # fmt: skip
def test_a_ticket_always_has_a_subject(email: InboundEmail, locale: Locale, subject: str) -> None:
    assert subject_of(email, locale=locale) == subject


@pytest.mark.parametrize("value", ["auto-replied", "AUTO-GENERATED", "auto-notified; x", "auto-x"])
def test_anything_but_no_is_automatic(value: str) -> None:
    signs = AutomaticSigns(auto_submitted=value)

    assert automatic_reasons(signs) == (AutomaticReason.AUTO_SUBMITTED,)


@pytest.mark.parametrize("value", ["", "no", " NO ", "no (by hand)"])
def test_no_is_not_automatic(value: str) -> None:
    assert automatic_reasons(AutomaticSigns(auto_submitted=value)) == ()


def test_every_sign_gives_its_reason() -> None:
    signs = AutomaticSigns(
        auto_submitted="auto-replied",
        has_empty_return_path=True,
        sender_local_parts=("postmaster",),
        precedence="junk",
        response_suppress="none, OOF",
        has_list_header=True,
        has_autoresponder_header=True,
        has_feedback_id=True,
        is_bounce=True,
        is_calendar_reply=True,
    )

    assert automatic_reasons(signs) == tuple(AutomaticReason)[:10]


@pytest.mark.parametrize(
    ("signs", "subject", "is_away"),
    [
        (AutomaticSigns(auto_submitted="auto-replied"), "Re: Panne", True),
        (AutomaticSigns(has_autoresponder_header=True), "", True),
        (AutomaticSigns(precedence="bulk"), "Réponse automatique : absente", True),
        (AutomaticSigns(precedence="bulk"), "Lettre de mars", False),
        (AutomaticSigns(), "Out of office", False),
        (AutomaticSigns(auto_submitted="auto-replied", is_bounce=True), "", False),
    ],
)
def test_an_absence_needs_more_than_a_subject(
    signs: AutomaticSigns,
    subject: str,
    is_away: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert is_out_of_office(signs, subject=subject) is is_away


def test_a_person_who_wrote_to_us_is_answered() -> None:
    assert reasons_not_to_answer(BRUNO, envelope_from="bruno@x", own_addresses=OWN) == ()


@pytest.mark.parametrize(
    ("email", "envelope_from", "reasons"),
    [
        (BRUNO, "", (AutomaticReason.EMPTY_ENVELOPE_SENDER,)),
        (replace(BRUNO, from_=None), "b@x", (AutomaticReason.NO_SENDER,)),
        (replace(BRUNO, to=()), "b@x", (AutomaticReason.NOT_ADDRESSED_TO_US,)),
        (replace(BRUNO, from_=SUPPORT), "b@x", (AutomaticReason.OWN_MAILBOX,)),
        (
            replace(BRUNO, automatic_reasons=(AutomaticReason.EMPTY_ENVELOPE_SENDER,)),
            "",
            (AutomaticReason.EMPTY_ENVELOPE_SENDER,),
        ),
    ],
)
def test_the_delivery_adds_its_own_reasons(
    email: InboundEmail, envelope_from: str, reasons: tuple[AutomaticReason, ...]
) -> None:
    found = reasons_not_to_answer(email, envelope_from=envelope_from, own_addresses=OWN)

    assert found == reasons


def test_a_plus_address_of_ours_is_ours() -> None:
    local, _, domain = SUPPORT.email.partition("@")
    email = replace(BRUNO, to=(Address("", f"{local}+shop@{domain}"),))

    assert reasons_not_to_answer(email, envelope_from="b@x", own_addresses=OWN) == ()


def test_a_copy_to_us_is_written_to_us() -> None:
    email = replace(BRUNO, to=(Address("", "c@x"),), cc=(SUPPORT,))

    assert reasons_not_to_answer(email, envelope_from="b@x", own_addresses=OWN) == ()


@pytest.mark.parametrize(
    ("email", "may_reopen"),
    [
        (BRUNO, True),
        (replace(BRUNO, is_bounce=True), False),
        (replace(BRUNO, is_out_of_office=True), False),
        (replace(BRUNO, automatic_reasons=(AutomaticReason.CALENDAR_REPLY,)), False),
        (replace(BRUNO, automatic_reasons=(AutomaticReason.RESPONSE_SUPPRESSED,)), True),
    ],
)
def test_only_a_person_reopens_a_ticket(
    email: InboundEmail,
    may_reopen: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert email.may_reopen is may_reopen


@pytest.mark.parametrize(
    ("defect", "is_doubtful"),
    [
        (Defect.NO_SENDER, True),
        (Defect.SEVERAL_SENDERS, True),
        (Defect.MALFORMED_SENDER, True),
        (Defect.TEXT_CUT, False),
    ],
)
def test_a_damaged_sender_grants_nothing(
    defect: Defect,
    is_doubtful: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert replace(BRUNO, defects=(defect,)).has_doubtful_sender is is_doubtful


def test_two_spellings_of_an_address_are_one_box() -> None:
    assert SUPPORT.is_same_as(Address("", "support@AGENCE.example"))
    assert not SUPPORT.is_same_as(Address("Support", "chloe@autre.example"))
    assert SUPPORT.local_part == "support"


@pytest.mark.parametrize(
    ("content_type", "name"),
    [
        ("image/png", "image.png"),
        ("application/pdf", "application.pdf"),
        ("application/x-zip", "application.zip"),
        ("image/svg+xml", "image.svg"),
        ("text/calendar", "invitation.ics"),
        ("", "file.bin"),
    ],
)
def test_a_file_without_a_name_gets_one(content_type: str, name: str) -> None:
    assert filename_for(content_type) == name


def test_a_file_tells_its_size_and_not_its_bytes() -> None:
    file = InboundAttachment(filename="a", content_type="x/y", content=b"secret", sha256="0")

    assert file.size == 6
    assert "secret" not in repr(file)


@pytest.mark.parametrize(
    "address",
    [
        "no-reply@client.example",
        "noreply@client.example",
        "NoReply@client.example",
        "do-not-reply@client.example",
        "donotreply@client.example",
        "billing.noreply@client.example",
        "noreply+12@client.example",
        "ne-pas-repondre@client.example",
        "nepasrepondre@client.example",
        "nicht-antworten@client.example",
        "no-responder@client.example",
    ],
)
def test_nobody_reads_the_answers_to_a_no_reply_address(address: str) -> None:
    written = replace(BRUNO, from_=Address("", address))

    for email, envelope_from in ((written, "bruno@x"), (BRUNO, address)):
        found = reasons_not_to_answer(email, envelope_from=envelope_from, own_addresses=OWN)
        assert found == (AutomaticReason.NO_REPLY_ADDRESS,)


@pytest.mark.parametrize(
    "address", ["reply@client.example", "noel.replyon@client.example", "nora@reply.example"]
)
def test_people_are_not_taken_for_no_reply_addresses(address: str) -> None:
    email = replace(BRUNO, from_=Address("", address))

    assert reasons_not_to_answer(email, envelope_from=address, own_addresses=OWN) == ()


def test_an_envelope_of_our_own_mailbox_is_not_answered() -> None:
    (own,) = OWN
    local, _, domain = own.partition("@")

    found = reasons_not_to_answer(BRUNO, envelope_from=f"{local}+t.abc@{domain}", own_addresses=OWN)

    assert found == (AutomaticReason.OWN_MAILBOX,)
