"""A real IMAP server for a test: Dovecot of Debian, for one user, in a folder of its own."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "support@agence.example", "s3cret-é"
READY_SECONDS = 20.0
_CONFIG = """\
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
instance_name = {name}
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
first_valid_gid = 0
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail
mailbox_list_index = no
mail_max_userip_connections = 100
{extra}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_failure_delay = 0
"""


def is_installed() -> bool:
    """Return whether Dovecot's IMAP server is there."""
    return shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin") is not None


@dataclass
class Dovecot:
    """A server on a port of its own; it lives until `stop`."""

    folder: Path
    port: int
    extra: str = ""

    def start(self) -> None:
        """Start and return once it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "dovecot.conf").write_text(self._config(), "utf-8")
        self._process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
            env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait_until_ready()

    def stop(self) -> None:
        """End it and its children, as a machine that goes down."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def _config(self) -> str:
        me = pwd.getpwuid(os.getuid())
        is_root = me.pw_uid == 0
        # As root, Dovecot insists on the users that its package made.
        internal = "dovecot" if is_root else me.pw_name
        owner = pwd.getpwnam("nobody") if is_root else me
        mail = self.folder / "mail"
        mail.mkdir(exist_ok=True)
        os.chown(mail, owner.pw_uid, owner.pw_gid)
        return _CONFIG.format(
            folder=self.folder,
            name=self.folder.name,
            internal=internal,
            group=grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name,
            login="dovenull" if is_root else me.pw_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            password=PASSWORD,
            port=self.port,
            extra=self.extra,
        )

    def _wait_until_ready(self) -> None:
        ends_at = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends_at:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                    if line.recv(10).startswith(b"* OK"):
                        return
            except OSError:
                pass
            time.sleep(0.05)
        raise TimeoutError((self.folder / "log").read_text("utf-8", "replace"))
