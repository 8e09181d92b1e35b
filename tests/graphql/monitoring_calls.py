"""Calls of monitoring tools over HTTP, as somebody who has no token of the API."""

import json
from datetime import datetime
from typing import Any

import httpx

from helpdesk.domain.webhook import signature
from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.test_mutations import done
from tests.graphql.world import World

Json = Any  # decoded JSON

HOOK = "secret hook { id name tool url revokedAt site { name } }"


async def hook_for(api: Api, world: World, tool: str = "GENERIC", **given: Any) -> Json:
    """Return a hook that was made through the API."""
    site_id = world.bruno.global_id(Noun.SITE)
    return await done(
        api, "createMonitoringHook", HOOK, name="Probe", tool=tool, siteId=site_id, **given
    )


async def call(
    api: Api, made: Json, event: Json, *, at: datetime, call_id: str = "call-1"
) -> httpx.Response:
    """Return the answer to a call in our own format, signed at an instant."""
    body = json.dumps(event).encode()
    second = int(at.timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": call_id,
        "webhook-timestamp": str(second),
        "webhook-signature": signature(made["secret"], call_id, second, body),
    }
    return await post(api, made, body, headers)


async def post(
    api: Api, made: Json, body: bytes, headers: dict[str, str], query: str = ""
) -> httpx.Response:
    """Return the answer to a call of somebody who has no token of the API."""
    path = made["hook"]["url"].removeprefix("https://helpdesk.example") + query
    async with Api(api.app, None).client() as client:
        return await client.post(path, content=body, headers=headers)
