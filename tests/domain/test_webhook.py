"""A call says what happened and who says it, and a failed one is tried again for two days."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta, timezone

import pytest

from helpdesk.domain.webhook import (
    LONGEST_REST,
    PAUSES,
    CallFailed,
    message,
    next_try,
    secret_of,
    signature,
)

NOW = datetime(2026, 7, 6, 7, 0, tzinfo=UTC)
TROUBLE = CallFailed("503 later")


def test_a_signature_is_that_of_the_example_of_the_standard() -> None:
    # The example that the libraries of Standard Webhooks are tested with.
    body = b'{"test": 2432232314}'

    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_without_its_prefix_signs_the_same() -> None:
    secret = secret_of("drawn by lot")

    assert signature(secret, "1", 2, b"{}") == signature(
        secret.removeprefix("whsec_"), "1", 2, b"{}"
    )


def test_a_secret_is_256_bits_in_base64() -> None:
    secret = secret_of("drawn by lot")

    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    assert secret != secret_of("drawn again")


@pytest.mark.parametrize("changed", ["id", "timestamp", "body", "secret"])
def test_nothing_that_is_signed_can_be_changed(changed: str) -> None:
    given: dict[str, object] = {"secret": "whsec_AAAA", "id": "1", "timestamp": 2, "body": b"{}"}
    other: dict[str, object] = {"secret": "whsec_AAAB", "id": "2", "timestamp": 3, "body": b"{ }"}

    assert _signed(given) != _signed({**given, changed: other[changed]})


def test_a_message_has_the_shape_of_the_standard() -> None:
    paris = timezone(timedelta(hours=2))

    told = message("ticket.opened", {"number": "12"}, at=datetime(2026, 7, 6, 9, 0, tzinfo=paris))

    assert told == {
        "type": "ticket.opened",
        "timestamp": "2026-07-06T07:00:00Z",
        "data": {"number": "12"},
    }


def test_pauses_grow_and_span_two_days() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert timedelta(days=2) < sum(PAUSES, timedelta()) < timedelta(days=3)


def test_each_failed_try_is_followed_by_the_next_pause() -> None:
    tries = [next_try(attempts, TROUBLE, at=NOW) for attempts in range(1, len(PAUSES) + 1)]

    assert tries == [NOW + pause for pause in PAUSES]


def test_after_the_last_pause_a_delivery_is_given_up() -> None:
    assert next_try(len(PAUSES) + 1, TROUBLE, at=NOW) is None


def test_a_receiver_that_is_gone_is_not_called_again() -> None:
    assert next_try(1, CallFailed("410 gone", is_final=True), at=NOW) is None


@pytest.mark.parametrize(
    ("rest", "waited"),
    [
        (timedelta(seconds=3), PAUSES[0]),
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(days=400), LONGEST_REST),
    ],
)
def test_a_receiver_may_ask_for_a_longer_rest_up_to_a_day(
    rest: timedelta, waited: timedelta
) -> None:
    assert next_try(1, CallFailed("429 slow down", rest=rest), at=NOW) == NOW + waited


def test_trouble_of_our_own_is_tried_again_too() -> None:
    assert next_try(1, RuntimeError("no ink"), at=NOW) == NOW + PAUSES[0]


def _signed(given: dict[str, object]) -> str:
    key = base64.b64decode(str(given["secret"]).removeprefix("whsec_"))
    body = given["body"]
    assert isinstance(body, bytes)
    ours = signature(str(given["secret"]), str(given["id"]), int(str(given["timestamp"])), body)
    expected = hmac.new(key, f"{given['id']}.{given['timestamp']}.".encode() + body, hashlib.sha256)
    assert ours == f"v1,{base64.b64encode(expected.digest()).decode()}"
    return ours
