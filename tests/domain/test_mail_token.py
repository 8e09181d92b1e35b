"""The token of our mails: what it says, and that nobody else can make one."""

import re

import pytest

from helpdesk.domain.ids import AgencyId
from helpdesk.domain.inbound_email import Address, InboundEmail
from helpdesk.domain.mail_token import (
    LONGEST_LOCAL_PART,
    MAX_TOKENS,
    MailKey,
    key_number,
    own_marks,
    plus_address,
    signed_token,
    tokens_of,
    verified,
    without_plus,
)

KEY = MailKey(AgencyId("agency-of-alice"), 1, "a secret")
READER = "bruno@bruno.example"
TOKEN = signed_token(KEY, ticket_number=12, reader=READER)


@pytest.mark.parametrize("number", [0, 1, 31, 32, 4096, 10**9])
def test_a_token_says_its_ticket_its_reader_and_its_key(number: int) -> None:
    token = signed_token(KEY, ticket_number=number, reader=READER)

    read = verified(token, KEY)

    assert read is not None
    assert (read.ticket_number, key_number(token)) == (number, 1)
    assert read.was_sent_to("Bruno@BRUNO.example ")
    assert not read.was_sent_to("chloe@chloe.example")


def test_a_token_is_made_of_what_a_server_does_not_change() -> None:
    assert re.fullmatch(r"t\.[a-z2-7]+", TOKEN)


def test_no_letter_of_a_token_can_be_another() -> None:
    for index in range(2, len(TOKEN)):
        other = "b" if TOKEN[index] == "a" else "a"
        assert verified(TOKEN[:index] + other + TOKEN[index + 1 :], KEY) is None


@pytest.mark.parametrize(
    "key",
    [
        MailKey(KEY.agency_id, 1, "another secret"),
        MailKey(AgencyId("agency-of-zoe"), 1, KEY.secret),
    ],
    ids=["another-secret", "another-agency"],
)
def test_a_token_is_of_one_agency_and_one_secret(key: MailKey) -> None:
    assert verified(TOKEN, key) is None


def test_tokens_name_the_key_that_signed_them() -> None:
    later = MailKey(KEY.agency_id, 37, "a new secret")

    token = signed_token(later, ticket_number=12, reader=READER)

    assert key_number(token) == 37
    assert verified(token, later) is not None


def test_a_plus_address_is_never_longer_than_a_server_takes() -> None:
    fits = "s" * (LONGEST_LOCAL_PART - len(TOKEN) - 1) + "@alice.example"

    address = plus_address(fits, TOKEN)

    assert address is not None
    assert len(address.partition("@")[0]) == LONGEST_LOCAL_PART
    assert plus_address(f"s{fits}", TOKEN) is None
    assert without_plus(address.upper()) == fits


def test_clues_are_found_place_by_place() -> None:
    one, two, three, four, five = (
        signed_token(KEY, ticket_number=number, reader=READER) for number in range(1, 6)
    )
    email = InboundEmail(
        from_=Address("", READER),
        to=(Address("", f"support+{two}@alice.example".upper()),),
        delivered_to=(f"support+{one}@alice.example",),
        in_reply_to=f"id.{four}@alice.example",
        references=(f"id.{three}@alice.example",),
        text=f"Hello.\n> -- above --\n> Ref: {five}\n> a word like {one}",
    )

    clues = tokens_of(email, envelope_to=("support@alice.example",))

    assert clues.in_addresses == (one, two)
    assert clues.in_ids == (four, three)
    assert clues.in_text == (five,)


def test_a_mail_full_of_tokens_is_not_read_to_its_end() -> None:
    many = [signed_token(KEY, ticket_number=n, reader=READER) for n in range(MAX_TOKENS + 5)]
    email = InboundEmail(from_=None, text="\n".join(f"Ref: {token}" for token in many))

    assert tokens_of(email, envelope_to=()).in_text == tuple(many[:MAX_TOKENS])


def test_a_mail_is_ours_by_its_own_id_or_our_header_alone() -> None:
    ours = InboundEmail(from_=None, message_id=f"id.{TOKEN}@alice.example")
    passed_on = InboundEmail(from_=None, message_id="other@x", own_marks=(TOKEN,))
    answer = InboundEmail(from_=None, in_reply_to=f"id.{TOKEN}@alice.example", text=f"Ref: {TOKEN}")

    assert own_marks(ours) == own_marks(passed_on) == (TOKEN,)
    assert own_marks(answer) == ()


def test_a_mail_about_what_is_the_agencys_alone_is_known_by_its_token() -> None:
    email = "alice@alice.example"
    inside = verified(signed_token(KEY, ticket_number=12, reader=email, is_inside=True), KEY)
    outside = verified(signed_token(KEY, ticket_number=12, reader=email), KEY)

    assert inside is not None
    assert outside is not None
    assert inside.was_sent_to(" Alice@alice.example")
    assert inside.was_sent_inside_to("ALICE@alice.example ")
    assert not inside.was_sent_to("bruno@bruno.example")
    assert not outside.was_sent_inside_to(email)
