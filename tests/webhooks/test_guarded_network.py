"""Who may name an address reaches nothing through us that only our network reaches."""

import socket
from collections.abc import AsyncIterator, Sequence

import pytest

from helpdesk.domain.webhook import CallFailed
from helpdesk.domain.webhook_address import WebhookAddressRules
from helpdesk.webhooks.guarded_network import Resolve, resolved
from helpdesk.webhooks.sender import WebhookSender
from tests.webhooks.receiver import NOW, Receiver, a_call

PUBLIC = WebhookAddressRules()
ANYWHERE = WebhookAddressRules(allows_private=True)
REFUSED = "this machine or a private network: it is not called"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver().open() as opened:
        yield opened


def known_as(*answers: Sequence[str]) -> Resolve:
    """Return a directory of names that gives these answers in turn, the last one for ever."""
    left = list(answers)

    async def resolve(_: str, __: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "0",
        "0.0.0.0",  # noqa: S104 - an address that must not be called
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::]",
    ],
)
async def test_no_spelling_of_this_machine_is_called(receiver: Receiver, host: str) -> None:
    async with WebhookSender(PUBLIC) as sender:
        with pytest.raises(CallFailed, match=REFUSED):
            await sender.send(a_call(receiver.url(host=host)), at=NOW)

    assert receiver.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001"])
async def test_the_same_spellings_reach_it_where_that_is_allowed(
    receiver: Receiver, host: str
) -> None:
    async with WebhookSender(ANYWHERE) as sender:
        await sender.send(a_call(receiver.url(host=host)), at=NOW)

    assert receiver.connections == 1


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["10.0.0.7"],
        ["169.254.169.254"],
        ["::ffff:10.0.0.7"],
        ["fe80::1%eth0"],
        ["224.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
    ],
    ids=", ".join,
)
async def test_a_public_name_of_a_private_address_is_not_called(
    receiver: Receiver, addresses: list[str]
) -> None:
    async with WebhookSender(PUBLIC, resolve=known_as(addresses)) as sender:
        with pytest.raises(CallFailed, match=REFUSED):
            await sender.send(a_call(receiver.url(host="hooks.example")), at=NOW)

    assert receiver.connections == 0


async def test_the_address_that_was_checked_is_the_one_that_is_called(receiver: Receiver) -> None:
    async with WebhookSender(ANYWHERE, resolve=known_as(["127.0.0.1"])) as sender:
        await sender.send(a_call(receiver.url(host="hooks.example")), at=NOW)

    (heard,) = receiver.heard
    assert heard.headers["host"] == f"hooks.example:{receiver.port}"


async def test_a_name_that_changes_its_address_is_checked_at_each_connection(
    receiver: Receiver,
) -> None:
    directory = known_as(["192.0.2.1", "10.0.0.7"], ["127.0.0.1"])

    async with WebhookSender(PUBLIC, resolve=directory, timeout_seconds=0.5) as sender:
        for address in ("192.0.2.1", "127.0.0.1"):
            with pytest.raises(CallFailed, match=f"is at {address}"):
                await sender.send(a_call(receiver.url(host="hooks.example")), at=NOW)

    assert receiver.connections == 0


@pytest.mark.parametrize("silent", ["127.0.0.2", "240.0.0.1", "fe80::1%lo"])
async def test_of_several_addresses_the_first_that_answers_is_called(
    receiver: Receiver, silent: str
) -> None:
    directory = known_as([silent, "127.0.0.1"])

    async with WebhookSender(ANYWHERE, resolve=directory, timeout_seconds=3.0) as sender:
        await sender.send(a_call(receiver.url(host="hooks.example")), at=NOW)

    assert len(receiver.heard) == 1


async def test_a_name_that_nobody_has_is_told() -> None:
    async with WebhookSender(PUBLIC) as sender:
        with pytest.raises(CallFailed, match=r"nobody\.invalid is unknown"):
            await sender.send(a_call("https://nobody.invalid/"), at=NOW)


async def test_names_are_resolved_as_the_system_does() -> None:
    assert "127.0.0.1" in await resolved("localhost", 80)


async def test_a_machine_that_swallows_everything_is_given_up_in_time() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):  # its queue is full now
            async with WebhookSender(ANYWHERE, timeout_seconds=0.3) as sender:
                with pytest.raises(CallFailed, match=r"does not answer|No whole answer"):
                    await sender.send(a_call(f"http://127.0.0.1:{port}/"), at=NOW)


async def test_a_handshake_that_never_ends_is_given_up(receiver: Receiver) -> None:
    async with WebhookSender(ANYWHERE, timeout_seconds=0.6) as sender:
        with pytest.raises(CallFailed, match="ConnectTimeout"):
            await sender.send(a_call(f"https://localhost:{receiver.port}/"), at=NOW)
