"""One call of a webhook: signed, in time, to a public address, without following anybody."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import httpcore
import orjson

from helpdesk.domain.webhook import CallFailed, signature
from helpdesk.domain.webhook_address import WebhookAddressRules
from helpdesk.usecases.webhook_ports import WebhookCall
from helpdesk.webhooks.guarded_network import GuardedNetwork, Resolve, resolved

TIMEOUT_SECONDS = 10.0
"""For the whole call: a receiver that drips its answer does not hold us longer."""

REPLY_LIMIT = 500
"""Characters of an answer that are kept for those who look into a failure."""

_REPLY_BYTES = 16 * 1024
_GONE = 410
_REDIRECTS = range(300, 400)
_SUCCESSES = range(200, 300)


class WebhookSender:
    """Makes calls; connections are kept for a few seconds for the next call to the same machine."""

    def __init__(
        self,
        rules: WebhookAddressRules,
        *,
        resolve: Resolve = resolved,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        """Open nothing yet; `rules` say which machines may be called."""
        self._timeout_seconds = timeout_seconds
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpcore.default_ssl_context(),
            keepalive_expiry=5.0,
            network_backend=GuardedNetwork(rules, resolve),
        )

    async def __aenter__(self) -> Self:
        """Return itself, to be closed at the end of the block."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections that were kept."""
        await self._pool.aclose()

    async def send(self, call: WebhookCall, *, at: datetime) -> None:
        """Return once the receiver answered with a 2xx; CallFailed otherwise.

        `at` is the instant of this try, which the signature covers.
        """
        body = orjson.dumps(call.delivery.body, option=orjson.OPT_SORT_KEYS)
        headers = _headers(call, body, timestamp=int(at.timestamp()))
        # Of several addresses, one that swallows everything leaves time for the next.
        extensions = {"timeout": {"connect": self._timeout_seconds / 3}}
        with _as_call_failures(self._timeout_seconds):
            async with asyncio.timeout(self._timeout_seconds):
                async with self._pool.stream(
                    "POST",
                    call.webhook.url,
                    headers=headers,
                    content=body,
                    extensions=extensions,
                ) as response:
                    reply = await _beginning(response)
        if response.status not in _SUCCESSES:
            raise _failure(response, reply)


def _headers(call: WebhookCall, body: bytes, *, timestamp: int) -> list[tuple[str, str]]:
    delivery = call.delivery
    return [
        ("content-type", "application/json"),
        ("user-agent", "helpdesk"),
        ("webhook-id", delivery.id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", signature(call.webhook.secret, delivery.id, timestamp, body)),
    ]


async def _beginning(response: httpcore.Response) -> bytes:
    """Return the first bytes of an answer; what is longer is not fetched."""
    read = bytearray()
    async for chunk in response.aiter_stream():
        read += chunk
        if len(read) >= _REPLY_BYTES:
            break
    return bytes(read[:_REPLY_BYTES])


def _failure(response: httpcore.Response, reply: bytes) -> CallFailed:
    text = reply.decode("utf-8", "replace").strip()[:REPLY_LIMIT]
    told = f"{response.status} {text}".strip()
    if response.status in _REDIRECTS:
        told = f"{response.status}: redirects are not followed, give the address where it ends"
    return CallFailed(told, rest=_rest(response), is_final=response.status == _GONE)


def _rest(response: httpcore.Response) -> timedelta:
    """Return how long the receiver asks us to wait, given in seconds; dates are not read."""
    asked = next((v for k, v in response.headers if k.lower() == b"retry-after"), b"")
    is_number = asked.isdigit() and len(asked) <= len("31536000")
    return timedelta(seconds=int(asked)) if is_number else timedelta(0)


@contextmanager
def _as_call_failures(timeout_seconds: float) -> Iterator[None]:
    """Turn what the library raises into what the worker needs, here and nowhere else."""
    try:
        yield
    except TimeoutError as error:
        raise CallFailed(f"No whole answer within {timeout_seconds:g} s.") from error
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.TimeoutException,
        OSError,
    ) as error:
        raise CallFailed(f"{type(error).__name__}: {error}") from error
