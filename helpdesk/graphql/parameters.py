"""The parameters of a GraphQL request over HTTP, as the specification reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from helpdesk.graphql.query_errors import QueryErrorCode, refusal

LARGEST_BODY = 6 * 1024 * 1024
"""Bytes: a text of a million characters fits, whatever its script."""

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a request asks."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]  # JSON


class HttpRefusal(Exception):
    """A request that is not understood as one: a status and what to do."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        """Refuse with this status."""
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.errors = [refusal(QueryErrorCode.BAD_USER_INPUT, message)]


def media_type(headers: Headers) -> str:
    """Return the media type that the answer will have. Raises HttpRefusal (406)."""
    accept = headers.get("accept", "").strip()
    if not accept:
        return JSON
    weights = {JSON: 0.0, RESPONSE_JSON: 0.0}
    for place, item in enumerate(accept.lower().split(",")):
        name, weight = _weighed(item)
        # Of two that are wanted equally, the first one named.
        score = weight - place / 1_000_000 if weight > 0 else 0.0
        if name in weights:
            weights[name] = max(weights[name], score)
        elif name in {"*/*", "application/*"}:
            weights[JSON] = max(weights[JSON], score)
    best = max(weights, key=lambda name: weights[name])
    if weights[best] <= 0:
        raise HttpRefusal(406, f"The answer is {RESPONSE_JSON} or {JSON}: accept one of them.")
    return best


def wants_page(headers: Headers) -> bool:
    """Return whether a browser asks for a page."""
    accept = headers.get("accept", "").lower()
    return "text/html" in accept and RESPONSE_JSON not in accept


def query_parameters(given: Mapping[str, str]) -> Parameters:
    """Return the parameters of a GET. Raises HttpRefusal (400)."""
    fields: dict[str, object] = dict(given)
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = _parsed(given[name].encode(), f"`{name}` is not JSON")
    return _checked(fields)


async def body_parameters(headers: Headers, receive: Receive) -> Parameters:
    """Return the parameters of a POST. Raises HttpRefusal (400, 413, 415)."""
    kind, _, attributes = headers.get("content-type", "").lower().partition(";")
    if kind.strip() != JSON:
        raise HttpRefusal(415, f"Send the request as JSON, with `Content-Type: {JSON}`.")
    charset = attributes.partition("charset=")[2].strip(' "')
    if charset not in {"", "utf-8", "utf8"}:
        raise HttpRefusal(415, "Send the request in UTF-8.")
    body = _parsed(await _read(headers, receive), "The body is not JSON")
    if isinstance(body, list):
        raise HttpRefusal(400, "Send one operation at a time: batches are not answered.")
    if not isinstance(body, dict):
        raise HttpRefusal(400, 'Send a JSON object with the operation under "query".')
    return _checked(body)


async def _read(headers: Headers, receive: Receive) -> bytes:
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > LARGEST_BODY:
        raise _body_too_large()
    body = bytearray()
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise HttpRefusal(400, "The request was broken off.")
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise _body_too_large()
        if not message.get("more_body"):
            return bytes(body)


def _body_too_large() -> HttpRefusal:
    return HttpRefusal(413, f"The body has more than {LARGEST_BODY} bytes: send less.")


def _checked(given: Mapping[str, object]) -> Parameters:
    query, name = given.get("query"), given.get("operationName")
    variables, extensions = given.get("variables"), given.get("extensions")
    if not isinstance(query, str) or not query.strip():
        raise HttpRefusal(400, "`query` is missing: give the text of an operation.")
    if not isinstance(name, str | None):
        raise HttpRefusal(400, "`operationName` is a text.")
    if not isinstance(variables, dict | None):
        raise HttpRefusal(400, "`variables` is an object.")
    if not isinstance(extensions, dict | None):
        raise HttpRefusal(400, "`extensions` is an object.")
    return Parameters(query, name or None, variables or {})


def _parsed(text: bytes, complaint: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HttpRefusal(400, f"{complaint}: {error}.") from None


def _weighed(item: str) -> tuple[str, float]:
    name, *attributes = (part.strip() for part in item.split(";"))
    for attribute in attributes:
        key, _, value = attribute.partition("=")
        if key.strip() == "q":
            try:
                return name, float(value)
            except ValueError:
                return name, 0.0
    return name, 1.0
