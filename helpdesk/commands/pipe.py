"""`helpdesk-pipe`: a message that a mail server pipes goes to the door of the running program.

A mail server starts it for every message, so it reads nothing of the engine but its settings and
is there in a tenth of a second. Whatever it cannot do now, it asks to be started again for.
"""

import argparse
import os
import re
import smtplib
import sys
from collections.abc import Sequence
from typing import NoReturn

from typing_extensions import override

from helpdesk.config import Settings, load_settings
from helpdesk.mail.null_sender import envelope_address

STORED, NEVER, UNKNOWN, TRY_AGAIN = 0, 65, 67, 75
"""Exit codes of sysexits.h: kept, will never be taken, no such mailbox, come back."""

TIMEOUT_SECONDS = 60.0

_OK, _UNKNOWN_RECIPIENT, _FINAL = 250, 550, 500
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Hand what is piped in to the door, and return the exit code that a mail server understands.

    0 comes only after the door said that the message is kept; any trouble is 75.
    """
    try:
        options = _parser().parse_args(arguments)
        settings = load_settings(os.environ).settings
        raw = _BARE_LINE_FEED.sub(b"\r\n", sys.stdin.buffer.read())
        return _exit_code(_handed_over(settings, options, raw))
    except Exception as trouble:  # any other exit code makes the mail server give the message up
        print(f"helpdesk-pipe: {type(trouble).__name__}: {trouble}", file=sys.stderr)  # noqa: T201
        return TRY_AGAIN


class _Parser(argparse.ArgumentParser):
    @override
    def error(self, message: str) -> NoReturn:
        """Refuse the arguments as something that an operator will mend: nothing is sent back."""
        self.exit(TRY_AGAIN, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="helpdesk-pipe", description=__doc__)
    parser.add_argument("--sender", default="", help="the envelope sender; empty for a bounce")
    parser.add_argument("recipients", nargs="+", help="the envelope recipients")
    return parser


def _handed_over(
    settings: Settings, options: argparse.Namespace, raw: bytes
) -> list[tuple[int, bytes]]:
    """Return what the door answered, for each recipient or to the message as a whole."""
    sender, recipients = envelope_address(options.sender), options.recipients
    speaks_lmtp = settings.mail_listen_protocol == "lmtp"
    protocol = smtplib.LMTP if speaks_lmtp else smtplib.SMTP
    host, port = settings.mail_listen_host, settings.mail_listen_port
    with protocol(host, port, local_hostname="helpdesk-pipe", timeout=TIMEOUT_SECONDS) as door:
        door.ehlo_or_helo_if_needed()
        wishes = [f"SIZE={len(raw)}", "BODY=8BITMIME"]
        if not "".join((sender, *recipients)).isascii():
            door.command_encoding = "utf-8"
            wishes.append("SMTPUTF8")
        begun = door.mail(sender, wishes)
        if begun[0] != _OK:
            return [begun]
        replies = [door.rcpt(recipient) for recipient in recipients]
        known = [reply for reply in replies if reply[0] == _OK]
        if known:
            # RFC 2033: one reply for each recipient that was taken
            replies = [reply for reply in replies if reply[0] != _OK]
            replies.append(door.data(raw))
            replies += [door.getreply() for _ in known[1:] if speaks_lmtp]
        return replies


def _exit_code(replies: list[tuple[int, bytes]]) -> int:
    """Return what holds for all of them: one to be tried again is tried again with the rest."""
    for code, text in replies:
        if code != _OK:
            words = text.decode("utf-8", "replace")
            print(f"helpdesk-pipe: {code} {words}", file=sys.stderr)  # noqa: T201 - for its log
    codes = {code for code, _ in replies}
    if codes == {_OK}:
        return STORED
    if any(code < _FINAL for code in codes - {_OK}):
        return TRY_AGAIN
    return UNKNOWN if _UNKNOWN_RECIPIENT in codes else NEVER


if __name__ == "__main__":
    sys.exit(main())
