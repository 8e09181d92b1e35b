"""A running installation: API, worker and mail listener in one process, or any of them alone."""

import asyncio
import contextlib
import functools
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from typing_extensions import override

from helpdesk.asgi import AppSettings, build_app
from helpdesk.bootstrap import Engine, open_engine
from helpdesk.config import Settings
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.mail_peer import relays_in
from helpdesk.domain.webhook_address import WebhookAddressRules
from helpdesk.mail.dkim_key import require_extra
from helpdesk.mail.dkim_signing import Sign, dkim_signer
from helpdesk.mail.domain_check import DomainCheck
from helpdesk.mail.imap import ImapSecurity, ImapSettings
from helpdesk.mail.imap_door import ImapDoor
from helpdesk.mail.listener import Door, MailListener
from helpdesk.mail.mailbox_settings import MailboxSettings
from helpdesk.mail.outbound import FolderCatcher, SmtpSender, SmtpSettings
from helpdesk.usecases.desk import AuthorCheck, Desk, MailHabits
from helpdesk.usecases.read_mailbox import MailboxShelf
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from helpdesk.webhooks.sender import WebhookSender
from helpdesk.worker.loop import Worker
from helpdesk.worker.outbox import MailSender

UNSENT_FOLDER = "var/caught-mail"

_ENDS = (signal.SIGINT, signal.SIGTERM)

_log = logging.getLogger(__name__)


class Part(StrEnum):
    """What a process may run of an installation."""

    API = "api"
    WORKER = "worker"
    MAIL = "mail"


ALL_PARTS = frozenset(Part)


@dataclass(frozen=True)
class Running:
    """The doors that are open."""

    engine: Engine
    app: Starlette | None
    mail_port: int | None


def mail_sender(settings: Settings) -> MailSender:
    """Return the way out for mails: a folder that catches them, else the SMTP relay.

    Without either they are kept in a folder, and a warning says that nobody gets them.
    """
    if settings.caught_mail_folder:
        return FolderCatcher(Path(settings.caught_mail_folder))
    if not settings.smtp_host:
        _log.warning("mails_are_not_sent folder=%s: set HELPDESK_SMTP_HOST", UNSENT_FOLDER)
        return FolderCatcher(Path(UNSENT_FOLDER))
    relay = SmtpSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        use_starttls=settings.smtp_starttls,
        username=settings.smtp_username or None,
        password=settings.smtp_password or None,
    )
    return SmtpSender(relay, sign=_signer(settings))


def _signer(settings: Settings) -> Sign | None:
    """Return what signs mails, None where no key is named."""
    if not settings.dkim_key_file:
        return None
    return dkim_signer(
        domain=settings.dkim_domain,
        selector=settings.dkim_selector,
        key_file=Path(settings.dkim_key_file),
    )


def mail_habits(settings: Settings) -> MailHabits:
    """Return what the settings say of the mail server."""
    return MailHabits(
        authserv_id=settings.mail_authserv_id,
        has_plus_addresses=settings.mail_plus_addresses,
        relays=relays_in(settings.mail_relays),
        public_url=settings.public_url.rstrip("/"),
    )


def author_check(settings: Settings) -> AuthorCheck | None:
    """Return what finds out who vouches for an author, None where the settings do not ask for it.

    Raises DkimExtraMissing.
    """
    if settings.mail_verify == "off":
        return None
    require_extra("mail_verify")
    return DomainCheck()


def imap_door(desk: Desk, settings: MailboxSettings) -> ImapDoor:
    """Return what reads the mailbox that the settings name."""
    account = ImapSettings(
        host=settings.host,
        port=settings.port,
        security=ImapSecurity(settings.security),
        username=settings.username,
        password=settings.password,
        token_file=Path(settings.token_file) if settings.token_file else None,
        folder=settings.folder,
        done_folder=settings.done_folder,
    )
    return ImapDoor(account, MailboxShelf(desk, settings.mailbox))


Announce = Callable[[Running], None]


async def serve(
    settings: Settings, parts: frozenset[Part], *, announce: Announce | None = None
) -> None:
    """Run the parts until the process is told to stop, then let each finish what it holds.

    `announce` is called once, when every door is open.
    """
    rules = WebhookAddressRules(settings.webhook_private_addresses)
    opened = open_engine(
        settings.database_url,
        webhook_addresses=rules,
        mail_habits=mail_habits(settings),
        author_check=author_check(settings),
    )
    async with opened as engine, _parts(engine, settings, parts) as up:
        tell = functools.partial(announce, up) if announce else _nothing
        if up.app is None:
            tell()
            await _until_told_to_stop()
            return
        config = uvicorn.Config(
            up.app,
            host=settings.host,
            port=settings.port,
            log_level=settings.log_level.lower(),
            access_log=False,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=10,
        )
        await _AnnouncingServer(config, tell).serve()


class _AnnouncingServer(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = tell

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """End serving on SIGINT and SIGTERM, at once on the second one.

        uvicorn would raise the signal again afterwards, and kill what has still to be finished.
        """
        loop = asyncio.get_running_loop()
        before = {each: signal.getsignal(each) for each in _ENDS}
        for each in _ENDS:
            loop.add_signal_handler(each, self._leave)
        try:
            yield
        finally:
            for each, handler in before.items():
                loop.remove_signal_handler(each)
                signal.signal(each, handler)

    def _leave(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def _nothing() -> None:
    """Say nothing."""


@contextlib.asynccontextmanager
async def _parts(
    engine: Engine, settings: Settings, parts: frozenset[Part]
) -> AsyncIterator[Running]:
    async with contextlib.AsyncExitStack() as stack:
        caller = WebhookSender(engine.desk.webhook_addresses)
        await stack.enter_async_context(caller)
        worker = Worker(engine.desk, mail_sender(settings), caller=caller)
        if Part.WORKER in parts:
            await stack.enter_async_context(_working(worker))
        mail_port = None
        if Part.MAIL in parts:
            listener = _listener(engine, settings, worker)
            await listener.start()
            stack.push_async_callback(listener.close)
            mail_port = listener.port
            for mailbox in settings.all_mailboxes:
                await stack.enter_async_context(_reading(imap_door(engine.desk, mailbox)))
        app = _app(engine, settings, worker) if Part.API in parts else None
        yield Running(engine, app, mail_port)


def _app(engine: Engine, settings: Settings, worker: Worker) -> Starlette:
    return build_app(
        engine.desk,
        engine.database,
        AppSettings(
            graphiql=settings.graphiql,
            introspection=settings.introspection,
            public_url=settings.public_url,
            mail_http_secret=settings.mail_http_secret,
            on_mail=worker.wake,
            caught_mail_folder=Path(settings.caught_mail_folder)
            if settings.caught_mail_folder
            else None,
        ),
    )


def _listener(engine: Engine, settings: Settings, worker: Worker) -> MailListener:
    desk = engine.desk

    async def store(received: ReceivedMail) -> None:
        await store_inbound_mail(desk, received)
        worker.wake()

    async def accepts(address: str) -> bool:
        return await desk.store.agency_of_mailbox(address) is not None

    return MailListener(
        Door(store=store, accepts=accepts, now=desk.now),
        transport=Transport(settings.mail_listen_protocol),
        host=settings.mail_listen_host,
        port=settings.mail_listen_port,
    )


@contextlib.asynccontextmanager
async def _working(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task


@contextlib.asynccontextmanager
async def _reading(door: ImapDoor) -> AsyncIterator[None]:
    task = asyncio.create_task(door.run())
    try:
        yield
    finally:
        door.close()
        await task


async def _until_told_to_stop() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in _ENDS:
        loop.add_signal_handler(each, told.set)
    await told.wait()
