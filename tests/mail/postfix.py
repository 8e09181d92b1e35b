"""A real mail server in front of ours for a test: Postfix of Debian, in a folder of its own."""

import os
import shutil
import smtplib
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

READY_SECONDS = 20.0
_PATHS = os.environ["PATH"] + ":/usr/sbin:/sbin"
_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.agence.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
alias_maps =
relay_domains = alice.example, zoe.example
transport_maps = {transport}
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
queue_run_delay = 3s
minimal_backoff_time = 3s
maximal_backoff_time = 3s
smtputf8_enable = yes
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = reject_unauth_destination,
  check_recipient_access inline:{{ {{nobody@alice.example = reject_unverified_recipient}} }}
unverified_recipient_reject_code = 550
address_verify_poll_delay = 1s
fast_flush_domains =
message_size_limit = 100000000
helpdesk_destination_recipient_limit = 1
lmtp_connect_timeout = 5s
lmtp_destination_concurrency_failed_cohort_limit = 0
helpdesk_destination_concurrency_failed_cohort_limit = 0
"""
_MASTER = """\
{port}     inet  n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
proxymap  unix  - - n - - proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
lmtp      unix  - - n - - lmtp
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
helpdesk  unix  - n n - 4 pipe
  flags=RXq user=nobody argv={argv}
"""


def is_installed() -> bool:
    """Return whether Postfix is there, and whether we may start it: it insists on being root."""
    return os.geteuid() == 0 and shutil.which("postfix", path=_PATHS) is not None


@dataclass
class Postfix:
    """A server that takes mail for both agencies on a port of its own, and hands it on to us.

    `transport` is the table that says how, in its words; `argv` is what its transport `helpdesk`
    pipes into.
    """

    folder: Path
    port: int
    transport: str
    argv: str = "/bin/false"
    _is_running: bool = field(default=False, init=False)

    def start(self) -> None:
        """Return once it takes mail."""
        config = self.folder / "etc"
        config.mkdir()
        (self.folder / "queue").mkdir()
        data = self.folder / "data"
        data.mkdir()
        shutil.chown(data, "postfix")
        main = _MAIN.format(folder=self.folder, transport=self.transport)
        (config / "main.cf").write_text(main)
        (config / "master.cf").write_text(_MASTER.format(port=self.port, argv=self.argv))
        self._run("start")
        self._is_running = True
        self._wait_until_ready()

    def stop(self) -> None:
        """End it with all its processes."""
        if self._is_running:
            self._run("abort")

    def forget(self) -> None:
        """Delete every mail that it keeps."""
        self._command("postsuper", "-d", "ALL")

    def send(self, mail: bytes, *recipients: str, sender: str = "bruno@bruno.example") -> None:
        """Give it a mail; when this returns it is its business."""
        with smtplib.SMTP("127.0.0.1", self.port, "client.example", timeout=20) as client:
            client.sendmail(sender, recipients, mail)

    def waiting(self) -> int:
        """Return how many mails it still keeps."""
        queue = self.folder / "queue"
        kept = ("incoming", "active", "deferred", "maildrop")
        return sum(path.is_file() for name in kept for path in (queue / name).rglob("*"))

    @property
    def log(self) -> str:
        """Return what it wrote down."""
        return (self.folder / "log").read_text("utf-8", "replace")

    def _run(self, word: str) -> None:
        self._command("postfix", word)

    def _command(self, name: str, *words: str) -> None:
        done = subprocess.run(
            [name, "-c", str(self.folder / "etc"), *words],
            env={"PATH": _PATHS},
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise OSError(done.stdout.decode() + done.stderr.decode() + self._log_if_any())

    def _log_if_any(self) -> str:
        return self.log if (self.folder / "log").exists() else ""

    def _wait_until_ready(self) -> None:
        ends_at = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends_at:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                    if line.recv(10).startswith(b"220"):
                        return
            except OSError:
                pass
            time.sleep(0.05)
        raise TimeoutError(self._log_if_any())
