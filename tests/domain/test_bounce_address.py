"""The address on the envelope that names the mail that comes back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from helpdesk.domain.bounce_address import bounce_address, mail_of_message_id, mails_named_in
from helpdesk.domain.ids import AgencyId, OutboxMailId
from helpdesk.domain.mail_token import MailKey, signed_token, without_plus

KEY = MailKey(AgencyId("agency-of-alice"), 1, "a secret")
LATER = MailKey(AgencyId("agency-of-alice"), 40, "another secret")
ZOES = MailKey(AgencyId("agency-of-zoe"), 1, "a secret")
MAIL = OutboxMailId("018f0000000070008000000000000001")
MAILBOX = "support@alice.example"


@pytest.mark.parametrize("key", [KEY, LATER])
def test_it_names_the_mail_whatever_a_server_does_to_its_case(key: MailKey) -> None:
    address = bounce_address(MAILBOX, key, MAIL)

    assert address is not None
    assert without_plus(address) == MAILBOX
    assert mails_named_in([address.upper()], [KEY, LATER]) == (MAIL,)


def test_it_is_named_once_however_often_it_stands_there() -> None:
    address = bounce_address(MAILBOX, KEY, MAIL) or ""

    assert mails_named_in(["nobody@x.example", address, address], [KEY]) == (MAIL,)


def test_what_another_key_signed_names_nothing() -> None:
    address = bounce_address(MAILBOX, KEY, MAIL) or ""

    assert mails_named_in([address], [LATER]) == ()
    assert mails_named_in([address], [ZOES]) == ()


def test_a_forged_address_names_nothing() -> None:
    address = bounce_address(MAILBOX, KEY, MAIL) or ""
    local, _, domain = address.partition("@")
    other = "a" if local[-1] != "a" else "b"

    assert mails_named_in([f"{local[:-1]}{other}@{domain}"], [KEY]) == ()


def test_the_token_of_a_ticket_names_no_mail() -> None:
    token = signed_token(KEY, ticket_number=12, reader="bruno@bruno.example")

    assert mails_named_in([f"support+{token}@alice.example"], [KEY]) == ()


def test_a_mailbox_with_a_long_name_has_none() -> None:
    assert bounce_address("the-support-of-a-large-agency@alice.example", KEY, MAIL) is None


def test_an_id_of_another_kind_has_none() -> None:
    assert bounce_address(MAILBOX, KEY, OutboxMailId("by-hand")) is None


def test_a_message_id_of_ours_says_which_mail_it_would_be() -> None:
    token = signed_token(KEY, ticket_number=12, reader="bruno@bruno.example")

    assert mail_of_message_id(f"{MAIL}.{token}@alice.example") == MAIL
    assert mail_of_message_id("somebody@else.example") is None


def test_what_a_key_signed_that_was_retired_names_nothing() -> None:
    address = bounce_address(MAILBOX, KEY, MAIL) or ""
    retired = replace(KEY, retired_at=datetime(2026, 7, 6, tzinfo=UTC))

    assert mails_named_in([address], [retired]) == ()
