"""`helpdesk serve --demo`: an agency from nothing, with a year behind it, and the way in."""

import asyncio
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from helpdesk.bootstrap import open_engine, utc_now
from helpdesk.config import Settings
from helpdesk.demo.seed import DemoAccess, seed
from helpdesk.service import ALL_PARTS, Running, serve
from helpdesk.storage.schema_upgrade import upgrade

FOLDER = Path("var/demo")
ACCESS_FILE = "access.json"

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

  {client_name}, a client, sees only her own tickets:
Authorization: Bearer {client_token}

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
    )
    upgrade(demo.database_url)
    access = asyncio.run(_access(demo))
    asyncio.run(serve(demo, ALL_PARTS, announce=_Welcome(demo, access)))


@dataclass(frozen=True)
class _Welcome:
    """Says where everything is, once it is really there."""

    settings: Settings
    access: DemoAccess

    def __call__(self, running: Running) -> None:
        print(  # noqa: T201 - what the person waits for
            WELCOME.format(
                agency=self.access.agency_name,
                host=self.settings.host,
                port=self.settings.port,
                mail_port=running.mail_port,
                mailbox=self.access.mailbox,
                token=self.access.agent_token,
                client_name=self.access.client_name,
                client_token=self.access.client_token,
            ),
            flush=True,
        )


async def _access(settings: Settings) -> DemoAccess:
    """Return the way into the demo, kept beside it, after making it the first time."""
    file = FOLDER / ACCESS_FILE
    if file.exists():
        return DemoAccess(**json.loads(file.read_text("utf-8")))
    print("Making the demo: a year of tickets, a few seconds...", flush=True)  # noqa: T201
    async with open_engine(settings.database_url) as engine:
        access = await seed(engine.database, now=utc_now())
    file.write_text(json.dumps(asdict(access), indent=2), "utf-8")
    return access
