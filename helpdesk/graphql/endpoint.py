"""GraphQL over HTTP: who asks, what, and the answer with the status that belongs to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import DocumentNode, GraphQLSchema, OperationType
from starlette.datastructures import Headers
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from strawberry.http.ides import get_graphql_ide_html

from helpdesk.domain.access import Viewer
from helpdesk.domain.errors import HelpdeskError
from helpdesk.graphql.bearer import spoken_locale, viewer_of
from helpdesk.graphql.limits import Limits
from helpdesk.graphql.operation import Operations, Refused
from helpdesk.graphql.parameters import (
    JSON,
    RESPONSE_JSON,
    HttpRefusal,
    Parameters,
    body_parameters,
    media_type,
    query_parameters,
    wants_page,
)
from helpdesk.graphql.query_errors import ErrorReport, QueryErrorCode, refusal
from helpdesk.graphql.request import Request
from helpdesk.graphql.user_error import message_of
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.read_models import Reads

Answer = dict[str, Any]  # JSON


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """What the operator decides about the endpoint."""

    graphiql: bool = False
    introspection: bool = True
    public_url: str = ""
    limits: Limits = field(default_factory=Limits)
    is_retryable: Callable[[BaseException], bool] = lambda _: False


class GraphQLEndpoint:
    """Answers GraphQL requests."""

    def __init__(
        self, schema: GraphQLSchema, desk: Desk, reads: Reads, settings: EndpointSettings
    ) -> None:
        """Answer with this schema, at this desk."""
        self.operations = Operations(
            schema, settings.limits, allows_introspection=settings.introspection
        )
        self._desk = desk
        self._reads = reads
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        http = HttpRequest(scope, receive)
        response = await self._response(http)
        await response(scope, receive, send)

    async def _response(self, http: HttpRequest) -> Response:
        if self._settings.graphiql and _is_visit(http):
            return HTMLResponse(get_graphql_ide_html("graphiql"))
        kind = JSON
        try:
            kind = media_type(http.headers)
            viewer = await viewer_of(self._desk, http.headers)
            return await self._answered(http, viewer, kind)
        except HttpRefusal as refused:
            answer = {"errors": refused.errors}
            return _json(answer, kind, refused.status, refused.headers)
        except HelpdeskError as error:
            return _unauthenticated(error, http.headers, kind)
        except Exception as error:
            report = self._report(http.headers)
            return _json({"errors": [report.of_bug(error)]}, kind, 500)

    async def _answered(self, http: HttpRequest, viewer: Viewer, kind: str) -> Response:
        parameters = await self._parameters(http)
        request = Request(
            desk=self._desk,
            reads=self._reads,
            viewer=viewer,
            at=self._desk.now(),
            public_url=self._settings.public_url or str(http.base_url).rstrip("/"),
            id=self._desk.new_id(),
            points_limit=self._settings.limits.points,
            address=http.client.host if http.client else "",
        )
        report = ErrorReport(request.id, viewer.locale, self._settings.is_retryable)
        understood = self.operations.understood(parameters.query)
        if understood.document is None:
            return _refused(report.shown(understood.errors), kind)
        operation = understood.operation(parameters.operation_name)
        if isinstance(operation, Refused):
            return _refused(report.shown(operation.errors), kind)
        if http.method == "GET" and operation.operation is not OperationType.QUERY:
            raise HttpRefusal(405, "A GET only reads: send a mutation as a POST.", allow="POST")
        return await self._executed(understood.document, parameters, request, report, kind)

    async def _executed(
        self,
        document: DocumentNode,
        parameters: Parameters,
        request: Request,
        report: ErrorReport,
        kind: str,
    ) -> Response:
        result = await self.operations.answer(
            document, parameters.operation_name, parameters.variables, request
        )
        if isinstance(result, Refused):
            return _refused(report.shown(result.errors), kind)
        answer: Answer = {"data": result.data}
        if result.errors:
            answer = {"errors": report.shown(result.errors), **answer}
        return _json(answer, kind)

    async def _parameters(self, http: HttpRequest) -> Parameters:
        if http.method == "GET":
            return query_parameters(http.query_params)
        if http.method == "POST":
            return await body_parameters(http.headers, http.receive)
        raise HttpRefusal(405, "Send a GET or a POST.", allow="GET, POST")

    def _report(self, headers: Headers) -> ErrorReport:
        return ErrorReport(self._desk.new_id(), spoken_locale(headers), self._settings.is_retryable)


def _is_visit(http: HttpRequest) -> bool:
    return http.method == "GET" and "query" not in http.query_params and wants_page(http.headers)


def _unauthenticated(error: HelpdeskError, headers: Headers, kind: str) -> Response:
    message = message_of(error, spoken_locale(headers))
    answer = {"errors": [refusal(QueryErrorCode.UNAUTHENTICATED, message)]}
    return _json(answer, kind, 401, {"www-authenticate": "Bearer"})


def _refused(errors: Sequence[Answer], kind: str) -> Response:
    """Return the answer to an operation that was not executed: it has no `data`."""
    return _json({"errors": errors}, kind, 400 if kind == RESPONSE_JSON else 200)


def _json(
    answer: Answer, kind: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(
        orjson.dumps(answer, option=orjson.OPT_UTC_Z),
        status,
        {"cache-control": "no-store", **(headers or {})},
        media_type=f"{kind}; charset=utf-8",
    )
