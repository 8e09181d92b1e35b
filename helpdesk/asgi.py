"""The HTTP surface: the API, the files of messages, and whether the process is well."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from graphql import GraphQLSchema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from helpdesk.demo.mail_routes import caught_mail_routes
from helpdesk.domain.access import NotFound, Scope
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.graphql.bearer import spoken_locale, viewer_of
from helpdesk.graphql.credit_note_files import credit_note_routes
from helpdesk.graphql.endpoint import EndpointSettings, GraphQLEndpoint
from helpdesk.graphql.exports import export_routes
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.inbound_files import original_file
from helpdesk.graphql.limits import Limits
from helpdesk.graphql.report_files import report_file
from helpdesk.graphql.schema import build_schema
from helpdesk.mail.http_door import http_door
from helpdesk.mail.unsubscribe_page import unsubscribe_page
from helpdesk.monitoring.door import monitoring_door
from helpdesk.storage.database import Database
from helpdesk.storage.errors import Retryable, StorageError
from helpdesk.storage.reads.sql_reads import SqlReads
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.leaving import UNSUBSCRIBE_PATH
from helpdesk.usecases.mail_health import mail_health
from helpdesk.usecases.mail_metrics import mail_detail, mail_metrics
from helpdesk.usecases.read_models import File, Noun, Reads
from helpdesk.usecases.worker_health import PROMETHEUS, prometheus_text, worker_health

Handler = Callable[[Request], Awaitable[Response]]

_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What no browser takes for a program; everything else is saved, never shown."""

_STATUSES = {ErrorCode.FORBIDDEN: 403, ErrorCode.BAD_INPUT: 404}


@dataclass(frozen=True, slots=True)
class AppSettings:
    """What the operator decides about the HTTP surface.

    `public_url` is where clients reach it; without it, it is read from each request.
    `caught_mail_folder` lets a demo show the mails that it would have sent. `mail_http_secret`
    opens the door for mails over HTTP, and `on_mail` is called when one was stored.
    """

    graphiql: bool = False
    introspection: bool = True
    public_url: str = ""
    caught_mail_folder: Path | None = None
    mail_http_secret: str = field(default="", repr=False)
    on_mail: Callable[[], None] | None = None
    limits: Limits = field(default_factory=Limits)


def build_app(
    desk: Desk,
    database: Database,
    settings: AppSettings,
    *,
    schema: GraphQLSchema | None = None,
) -> Starlette:
    """Return the HTTP surface at a desk and its database.

    `schema` is built here unless it is given, by those who make several apps.
    """
    reads = SqlReads(database, desk.timelines)
    endpoint = GraphQLEndpoint(
        schema or build_schema(),
        desk,
        reads,
        EndpointSettings(
            graphiql=settings.graphiql,
            introspection=settings.introspection,
            public_url=settings.public_url.rstrip("/"),
            limits=settings.limits,
            is_retryable=lambda error: isinstance(error, Retryable),
        ),
    )
    routes = _routes(desk, reads, endpoint)
    if settings.mail_http_secret:
        door = http_door(desk, secret=settings.mail_http_secret, woken=settings.on_mail)
        routes.append(Route("/mail/inbound", door, methods=["POST"]))
    if settings.caught_mail_folder is not None:
        routes += caught_mail_routes(settings.caught_mail_folder)
    app = Starlette(routes=routes)
    app.state.graphql = endpoint
    return app


def _routes(desk: Desk, reads: Reads, endpoint: GraphQLEndpoint) -> list[BaseRoute]:
    return [
        Route("/graphql", endpoint),
        Route("/attachments/{attachment_id}", _attachment(desk, reads), methods=["GET"]),
        *credit_note_routes(desk),
        Route("/inbound-messages/{message_id}", original_file(desk), methods=["GET"]),
        Route("/reports/{report_id}.{extension}", report_file(desk), methods=["GET"]),
        *export_routes(desk, reads),
        Route("/hooks/monitoring/{hook_id}", monitoring_door(desk), methods=["POST"]),
        Route(f"{UNSUBSCRIBE_PATH}{{word}}", unsubscribe_page(desk), methods=["GET", "POST"]),
        Route("/healthz", _alive, methods=["GET"]),
        Route("/readyz", _ready(desk, reads), methods=["GET"]),
        Route("/metrics", _metrics(desk), methods=["GET"]),
    ]


async def _alive(_: Request) -> Response:
    return PlainTextResponse("alive")


def _ready(desk: Desk, reads: Reads) -> Handler:
    """Return what says whether requests can be served.

    They can without a worker, which may run elsewhere, and while a mailbox elsewhere cannot be
    read; the answer says how the workers and the mails do.
    """

    async def ready(_: Request) -> Response:
        try:
            await reads.ping()
            health = await worker_health(desk)
            mail = mail_detail(await mail_health(desk))
        except StorageError:
            return JSONResponse({"database": "unreachable"}, 503)
        worker = "ok" if health.is_alive else "silent"
        lag = health.lag_seconds
        said = {"database": "ok", "worker": worker, "deadlineLagSeconds": lag, "mail": mail}
        return JSONResponse(said)

    return ready


def _metrics(desk: Desk) -> Handler:
    async def metrics(_: Request) -> Response:
        try:
            text = prometheus_text(await worker_health(desk))
            text += mail_metrics(await mail_health(desk))
        except StorageError:
            return PlainTextResponse("the database is unreachable", 503)
        return PlainTextResponse(text, media_type=PROMETHEUS)

    return metrics


def _attachment(desk: Desk, reads: Reads) -> Handler:
    async def attachment(request: Request) -> Response:
        locale = spoken_locale(request.headers)
        try:
            viewer = await viewer_of(desk, request.headers)
        except HelpdeskError as error:
            return _refused(error.message(locale), 401, {"www-authenticate": "Bearer"})
        given = request.path_params["attachment_id"]
        try:
            viewer.require(Scope.TICKETS_READ)
            file = await reads.file(viewer, id_of(Noun.ATTACHMENT, given))
        except HelpdeskError as error:
            return _refused(error.message(viewer.locale), _STATUSES[error.code])
        if file is None:
            missing = NotFound(what="Attachment", id=given)
            return _refused(missing.message(viewer.locale), 404)
        return _download(file)

    return attachment


def _refused(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(message, status, {"cache-control": "no-store", **(headers or {})})


def _download(file: File) -> Response:
    """Return the bytes of a file as something that no browser ever runs."""
    kind = file.content_type.partition(";")[0].strip().lower()
    is_picture = kind in _PICTURES
    name = quote(file.filename.replace("/", "_").replace("\\", "_"), safe="")
    return Response(
        file.content,
        media_type=kind if is_picture else "application/octet-stream",
        headers={
            "content-disposition": f"{'inline' if is_picture else 'attachment'}; "
            f"filename*=UTF-8''{name}",
            "content-security-policy": "default-src 'none'; sandbox",
            "cross-origin-resource-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "cache-control": "private, max-age=31536000, immutable",
            "etag": f'"{file.sha256}"',
        },
    )
