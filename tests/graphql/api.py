"""The API as a program calls it: over HTTP, with a token."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.applications import Starlette

from helpdesk.graphql.endpoint import GraphQLEndpoint

Json = dict[str, Any]  # what JSON gives


@dataclass(frozen=True)
class Api:
    """The HTTP surface, as the holder of a token sees it."""

    app: Starlette
    secret: str | None

    @property
    def endpoint(self) -> GraphQLEndpoint:
        """The endpoint itself, for what it counts."""
        endpoint: GraphQLEndpoint = self.app.state.graphql
        return endpoint

    def client(self) -> httpx.AsyncClient:
        """Return a client that sends the token."""
        headers = {} if self.secret is None else {"authorization": f"Bearer {self.secret}"}
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(
            transport=transport, base_url="https://helpdesk.example", headers=headers
        )

    async def send(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,  # Any: JSON
        *,
        accept: str = "application/graphql-response+json",
    ) -> httpx.Response:
        """Send an operation and return the response."""
        async with self.client() as client:
            return await client.post(
                "/graphql",
                json={"query": query, "variables": dict(variables or {})},
                headers={"accept": accept},
            )

    async def answer(self, query: str, **variables: Any) -> Json:  # Any: JSON
        """Return the whole answer to an operation."""
        answer: Json = (await self.send(query, variables)).json()
        return answer

    async def data(self, query: str, **variables: Any) -> Json:  # Any: JSON
        """Return the data of an operation that must succeed."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: Json = answer["data"]
        return data

    async def refusal(self, query: str, **variables: Any) -> Json:  # Any: JSON
        """Return the first error of an operation that must fail."""
        answer = await self.answer(query, **variables)
        error: Json = answer["errors"][0]
        return error
