"""An agency that only its doors can reach: mails come in over HTTP, all else is the API."""

from argparse import Namespace
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from helpdesk.asgi import AppSettings, build_app
from helpdesk.bootstrap import Engine, desk_on
from helpdesk.commands.agency import create
from helpdesk.commands.doctor import doctor
from helpdesk.domain.webhook import secret_of, signature
from helpdesk.storage.database import Database
from helpdesk.testing import FrozenNow
from helpdesk.worker.credits import CreditWatch
from helpdesk.worker.deadlines import FiredSteps, act_due, fire_due
from helpdesk.worker.inbox import understand_due
from tests.graphql.api import Api
from tests.graphql.world import SCHEMA

Json = Any  # what JSON gives

RELAY = secret_of("of the relay")
PARIS = ZoneInfo("Europe/Paris")


@dataclass
class Office:
    """The program with a clock in the hand; nobody works in it yet."""

    engine: Engine
    now: FrozenNow

    def be(self, local: str) -> None:
        """Let it be this month, day and time of 2026 in Paris, as `07-06 09:00`."""
        there = datetime.fromisoformat(f"2026-{local}").replace(tzinfo=PARIS)
        self.now.set(there.astimezone(UTC))

    def api(self, secret: str) -> Api:
        """Return the doors as the holder of a token sees them."""
        settings = AppSettings(mail_http_secret=RELAY)
        return Api(
            build_app(self.engine.desk, self.engine.database, settings, schema=SCHEMA), secret
        )

    async def founded(self, name: str) -> Api:
        """Return the API of the manager of a new agency, made as an operator makes it."""
        words = Namespace(
            name=f"Agency of {name}",
            mailbox=f"support@{name}.example",
            manager=name.capitalize(),
            email=f"{name}@{name}.example",
            zone="Europe/Paris",
            language="fr",
            holidays="FR",
            subdivision=None,
        )
        told = await create(self.engine, words)
        return self.api(told.rpartition("Bearer ")[2])

    async def mailed(self, subject: str, *, number: int) -> None:
        """Have a mail of Bruno's arrive and be understood."""
        body = (
            f"From: Bruno <bruno@bruno.example>\r\nTo: support@alice.example\r\n"
            f"Message-ID: <{number}@bruno.example>\r\nSubject: {subject}\r\n\r\nPlease come.\r\n"
        ).encode()
        second = int(self.now().timestamp())
        headers = {
            "webhook-id": str(number),
            "webhook-timestamp": str(second),
            "webhook-signature": signature(
                RELAY, str(number), second, b"x-envelope-to: support@alice.example\n\n" + body
            ),
            "x-envelope-to": "support@alice.example",
        }
        async with self.api("").client() as client:
            answer = await client.post("/mail/inbound", content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        assert await understand_due(self.engine.desk) == 1

    async def work(self) -> None:
        """Do what the worker does without anybody asking."""
        await fire_due(self.engine.desk, FiredSteps(), _never)
        while await act_due(self.engine.desk):
            pass
        await self.settle()

    async def settle(self) -> None:
        """Do what the worker does for credits alone."""
        await CreditWatch(self.engine.desk).settle(_never)

    async def assert_healthy(self) -> None:
        """The doctor finds nothing in any agency."""
        told: list[str] = []
        for agency in await self.engine.desk.store.agencies():
            assert await doctor(self.engine, agency, repair=False, say=told.append), told


def office(database: Database) -> Office:
    """Return the program on an empty database, on 29 June 2026."""
    now = FrozenNow(datetime(2026, 6, 29, 7, tzinfo=UTC))
    return Office(Engine(desk_on(database, now=now), database), now)


async def got(api: Api, url: str) -> httpx.Response:
    """Return what is behind an address that the API gave."""
    async with api.client() as client:
        return await client.get(httpx.URL(url).path)


def _never() -> bool:
    return False
