"""The door for monitoring tools, for callers that hang up."""

from typing import Any

from starlette.requests import Request

from helpdesk.monitoring.door import monitoring_door
from tests.usecases.world import World


async def test_who_hangs_up_before_the_end_told_nothing(world: World) -> None:
    before = await world.everything()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/hooks/monitoring/x",
        "headers": [],
        "query_string": b"",
        "path_params": {"hook_id": "x"},
    }

    async def hangs_up() -> dict[str, Any]:  # Any: an ASGI message
        return {"type": "http.disconnect"}

    answer = await monitoring_door(world.desk)(Request(scope, hangs_up))

    assert answer.status_code == 400
    assert await world.everything() == before
