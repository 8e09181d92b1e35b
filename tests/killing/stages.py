"""Where the program dies: at the n-th time that it comes to a named stage of its work."""

import os
import signal
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from helpdesk import service
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.mail import parser_process
from helpdesk.mail.outbound import FolderCatcher
from helpdesk.mail.parser_process import MailParser
from helpdesk.storage.mail_records import SqlWorkQueue
from helpdesk.storage.postgres import _Transaction
from helpdesk.storage.sqlite import _Writer
from helpdesk.worker import inbox


class Stage(StrEnum):
    """The moments between which something could be lost or done twice."""

    ANY_INSTANT = "any-instant"
    STORING_BEFORE_COMMIT = "storing-before-commit"
    STORED_BEFORE_ANSWER = "stored-before-answer"
    PARSED = "parsed"
    UNDERSTOOD_BEFORE_COMMIT = "understood-before-commit"
    UNDERSTOOD = "understood"
    LEASED_BEFORE_SENDING = "leased-before-sending"
    SENT_BEFORE_MARKING = "sent-before-marking"
    MARKED = "marked"
    BEFORE_ANY_COMMIT = "before-any-commit"
    AFTER_ANY_COMMIT = "after-any-commit"


OF_DOOR = (
    Stage.ANY_INSTANT,
    Stage.STORING_BEFORE_COMMIT,
    Stage.STORED_BEFORE_ANSWER,
    Stage.BEFORE_ANY_COMMIT,
    Stage.AFTER_ANY_COMMIT,
)
OF_WORKER = tuple(stage for stage in Stage if "stor" not in stage)

Work = Callable[..., Awaitable[Any]]  # Any: whatever the work takes and returns

_doing: ContextVar[str] = ContextVar("doing", default="")


@dataclass
class Fuse:
    """Kills this process when it has burnt so often."""

    left: int

    def burn(self) -> None:
        """Count once more."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def arm(stage: Stage, nth: int) -> None:
    """Die at the n-th time at this stage; at any instant means that somebody else kills."""
    fuse = Fuse(nth)
    _around(service, "store_inbound_mail", fuse, doing="storing")
    _around(inbox, "receive_email", fuse, doing="understanding")
    if stage is Stage.STORED_BEFORE_ANSWER:
        _around(service, "store_inbound_mail", fuse, after=True)
    elif stage is Stage.UNDERSTOOD:
        _around(inbox, "receive_email", fuse, after=True)
    elif stage is Stage.PARSED:
        _after_parsing(fuse)
    elif stage in {Stage.LEASED_BEFORE_SENDING, Stage.SENT_BEFORE_MARKING}:
        is_sent = stage is Stage.SENT_BEFORE_MARKING
        _around(FolderCatcher, "send", fuse, before=not is_sent, after=is_sent)
    elif stage is Stage.MARKED:
        _around(SqlWorkQueue, "mark_sent", fuse, after=True)
    elif stage is not Stage.ANY_INSTANT:
        for connection in (_Writer, _Transaction):
            _around_commits(connection, stage, fuse)


def _around_commits(connection: type, stage: Stage, fuse: Fuse) -> None:
    of = {Stage.STORING_BEFORE_COMMIT: "storing", Stage.UNDERSTOOD_BEFORE_COMMIT: "understanding"}
    after = stage is Stage.AFTER_ANY_COMMIT
    _around(connection, "commit", fuse, before=not after, after=after, while_=of.get(stage, ""))


def _around(
    owner: Any,  # Any: a module or a class
    name: str,
    fuse: Fuse,
    *,
    before: bool = False,
    after: bool = False,
    doing: str = "",
    while_: str = "",
) -> None:
    work: Work = getattr(owner, name)

    async def watched(*given: Any, **named: Any) -> Any:  # Any: what the work takes and returns
        outer = _doing.set(doing or _doing.get())
        is_meant = not while_ or _doing.get() == while_
        if before and is_meant:
            fuse.burn()
        try:
            result = await work(*given, **named)
        finally:
            _doing.reset(outer)
        if after and is_meant:
            fuse.burn()
        return result

    setattr(owner, name, watched)


def _after_parsing(fuse: Fuse) -> None:
    parse = MailParser.__call__

    def parsed(parser: MailParser, raw: bytes) -> InboundEmail:
        email = parse(parser, raw)
        fuse.burn()
        return email

    vars(parser_process)["MailParser"].__call__ = parsed
