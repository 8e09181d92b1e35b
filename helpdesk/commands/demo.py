"""`helpdesk serve --demo`: an agency from nothing, with a year behind it, and the way in."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import uvloop

from helpdesk.bootstrap import TimeOrderedIds, open_engine, utc_now
from helpdesk.config import Settings
from helpdesk.demo.seed import seed
from helpdesk.public_holidays import public_holidays
from helpdesk.service import ALL_PARTS, Running, mail_habits, serve
from helpdesk.storage.schema_upgrade import upgrade
from helpdesk.usecases.desk import Desk

FOLDER = Path("var/demo")
WAY_FILE = "way-in.json"

WELCOME = """
helpdesk demo: {agency}

  GraphiQL and API   http://{host}:{port}/graphql
  Caught mails       http://{host}:{port}/demo/mails
  Mail in (SMTP)     {host}:{mail_port}  to {mailbox}

Authorization: Bearer {token}

Try:
  curl -s http://{host}:{port}/graphql \\
    -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\
    -d '{{"query":"{{ tickets(first: 3) {{ nodes {{ number subject priority status }} }} }}"}}'

{client_name} ({client}) is a client and sees only the tickets of {client}:
  {client_token}

Stop with Ctrl-C. Start again and everything is still there; `make clean` forgets it.
"""


def run_demo(settings: Settings) -> None:
    """Prepare the demo if it is not there yet, start everything, print the way in."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    demo = replace(
        settings,
        database_url=f"sqlite:///{FOLDER / 'helpdesk.sqlite3'}",
        caught_mail_folder=str(FOLDER / "caught-mail"),
        graphiql=True,
        webhook_private_addresses=True,
        public_url=settings.public_url or f"http://{settings.host}:{settings.port}",
    )
    upgrade(demo.database_url)
    way = asyncio.run(_way_in(demo))
    uvloop.run(serve(demo, ALL_PARTS, announce=_Welcome(demo, way)))


@dataclass(frozen=True)
class _Way:
    """The way into the demo, kept beside it: invented secrets of an invented agency."""

    agency: str
    mailbox: str
    token: str
    client: str
    client_name: str
    client_token: str


@dataclass(frozen=True)
class _Welcome:
    """Says where everything is, once it is really there."""

    settings: Settings
    way: _Way

    def __call__(self, running: Running) -> None:
        print(  # noqa: T201 - what the person waits for
            WELCOME.format(
                host=self.settings.host,
                port=self.settings.port,
                mail_port=running.mail_port,
                **asdict(self.way),
            ),
            flush=True,
        )


async def _way_in(settings: Settings) -> _Way:
    """Return the way into the demo, after making it the first time."""
    file = FOLDER / WAY_FILE
    if file.exists():
        return _Way(**json.loads(file.read_text("utf-8")))
    print("Making the demo: a year of tickets, a few seconds...", flush=True)  # noqa: T201 - says why it waits
    async with open_engine(settings.database_url, mail_habits=mail_habits(settings)) as engine:
        access = await seed(_desks(engine.desk), now=utc_now(), holidays_of=public_holidays)
    way = _Way(
        agency=access.agency.name,
        mailbox=access.agency.mailbox,
        token=access.manager.secret,
        client=access.contact.organisation,
        client_name=access.contact.name,
        client_token=access.contact.secret,
    )
    file.write_text(json.dumps(asdict(way), indent=2, ensure_ascii=False), "utf-8")
    return way


def _desks(desk: Desk) -> Callable[[datetime], Desk]:
    """Return what gives the same desk with its clock put at an instant."""

    def at(instant: datetime) -> Desk:
        def now() -> datetime:
            return instant

        return replace(desk, now=now, new_id=TimeOrderedIds(now))

    return at
