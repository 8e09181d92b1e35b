"""Connections to the addresses that may be called, and to no others."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeAlias

import httpcore
from typing_extensions import override

from helpdesk.domain.webhook import CallFailed
from helpdesk.domain.webhook_address import WebhookAddressRules

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a machine; CallFailed where it has none."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a machine as the system knows them, in its order."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise CallFailed(f"{host} is unknown: {error}") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves a name once, checks every address, and connects to one of those it checked.

    A name could otherwise give a public address to the check and a private one to the connection.
    """

    def __init__(self, rules: WebhookAddressRules, resolve: Resolve = resolved) -> None:
        self._rules = rules
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a connection to the first checked address that answers, each within `timeout`.

        Raises CallFailed where the name is unknown or an address may not be called.
        """
        failure: Exception | None = None
        for address in await self._checked(host, port):
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise CallFailed(f"{host} does not answer: {failure}")

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a machine; if one may not be called, it is not called at all."""
        addresses = await self._resolve(host, port)
        refused = [address for address in addresses if not self._rules.may_call(address)]
        if refused:
            raise CallFailed(
                f"{host} is at {refused[0]}, this machine or a private network: it is not called"
            )
        return addresses
