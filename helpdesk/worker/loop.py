"""The worker's day: each kind of work in a lane of its own, until all are told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from helpdesk.usecases.desk import Desk
from helpdesk.usecases.receive_signal import do_what_was_left
from helpdesk.worker import care, mail_watch, signals
from helpdesk.worker import credits as settling
from helpdesk.worker.deadlines import FiredSteps, act_due, fire_due
from helpdesk.worker.heartbeat import BEAT_SECONDS, Heartbeat
from helpdesk.worker.inbox import InboxReader
from helpdesk.worker.lane import Lane
from helpdesk.worker.news import tell_due
from helpdesk.worker.outbox import MailSender, send_due
from helpdesk.worker.terms import TermsWatch, look_pause
from helpdesk.worker.upkeep import ContractUpkeep
from helpdesk.worker.webhooks import CallSender, send_due_webhooks

SLEEP_SECONDS = 1.0
SHORTEST_SLEEP = 0.05
"""Seconds before a step that came is looked for again while somebody holds its ticket."""

_log = logging.getLogger(__name__)


class Worker:
    """Reads the inbox, sends the outbox, calls the webhooks, keeps deadlines, contracts and sites.

    Each in a lane of its own: a slow relay delays no deadline. Without `caller` the webhooks wait.
    `wake` cuts the sleep of the mail lanes short when somebody knows that there is work; the lane
    of deadlines sleeps until the next one, and hears by itself of one that comes earlier.
    """

    def __init__(
        self,
        desk: Desk,
        sender: MailSender,
        *,
        caller: CallSender | None = None,
        sleep_seconds: float = SLEEP_SECONDS,
    ) -> None:
        """Prepare; nothing runs before `run`."""
        self._desk = desk
        self._sleep_seconds = sleep_seconds
        self._tally = FiredSteps()
        self._heartbeat = Heartbeat(desk, self._tally)
        self._inbox = InboxReader(desk)
        self._longest_sleep: Callable[[], float] = lambda: sleep_seconds
        self._mails = [
            self._polling(self._understand),
            self._polling(self._tell),
            self._polling(lambda: send_due(desk, sender)),
        ]
        if caller is not None:
            self._mails.append(self._polling(lambda: send_due_webhooks(desk, caller)))
        self._deadlines = self._lane(self._fire, self._until_next_step)
        self._acts = self._lane(self._act, self._until_next_act)
        self._contracts = ContractUpkeep(desk)
        self._upkeep = self._lane(self._look_after_contracts, self._contracts.pause)
        self._lanes = (
            *self._mails,
            self._deadlines,
            self._acts,
            self._upkeep,
            self._lane(self._heartbeat.beat, _beat_pause),
            self._lane(TermsWatch(desk).follow, look_pause),
            self._lane(lambda: do_what_was_left(desk), signals.look_pause),
            self._lane(self._settle, settling.look_pause),
            self._lane(self._look_after_sites, care.look_pause),
            self._lane(self._watch_mails, mail_watch.look_pause),
        )

    def wake(self) -> None:
        """Tell the worker that mails came or wait to be sent."""
        for lane in self._mails:
            lane.wake()

    def stop(self) -> None:
        """Tell the worker to finish what it holds and end."""
        for lane in self._lanes:
            lane.stop()

    async def run(self) -> None:
        """Work until stopped, then say goodbye."""
        async with asyncio.TaskGroup() as tasks:
            for lane in self._lanes:
                tasks.create_task(self._keep(lane) if lane is self._deadlines else lane.run())
        try:
            await self._heartbeat.stop()
        except Exception:
            _log.exception("worker_did_not_say_goodbye")

    async def _keep(self, deadlines: Lane) -> None:
        """Run the lane of deadlines while it hears of steps that come earlier."""
        while not deadlines.is_stopping():
            try:
                watch = self._desk.store.queue().deadlines.watching(deadlines.wake)
                async with watch as self._longest_sleep:
                    await deadlines.run()
            except Exception:
                _log.exception("deadlines_not_watched")
                await deadlines.rest(self._sleep_seconds)

    async def _understand(self) -> int:
        understood = await self._inbox.understand_due()
        if understood:
            self.wake()
        return understood

    async def _tell(self) -> int:
        told = await tell_due(self._desk)
        if told:
            self.wake()
        return told

    async def _act(self) -> int:
        done = await act_due(self._desk)
        if done:
            self.wake()
        return done

    async def _look_after_contracts(self) -> int:
        done = await self._contracts.look(self._upkeep.is_stopping)
        if done:
            self.wake()
        return done

    async def _settle(self) -> int:
        # All lanes are told to stop together, so any of them can say so.
        return await settling.CreditWatch(self._desk).settle(self._upkeep.is_stopping)

    async def _look_after_sites(self) -> int:
        return await care.SiteCare(self._desk).look(self._upkeep.is_stopping)

    async def _watch_mails(self) -> int:
        return await mail_watch.watch_mails(self._desk, self._upkeep.is_stopping)

    async def _fire(self) -> int:
        looked_at = await fire_due(self._desk, self._tally, self._deadlines.is_stopping)
        if looked_at:
            self._acts.wake()
        return looked_at

    async def _until_next_step(self) -> float:
        deadlines = self._desk.store.queue().deadlines
        return await self._until(await deadlines.next_instant())

    async def _until_next_act(self) -> float:
        deadlines = self._desk.store.queue().deadlines
        return await self._until(await deadlines.next_act())

    async def _until(self, instant: datetime | None) -> float:
        longest = self._longest_sleep()
        if instant is None:
            return longest
        now = await self._desk.store.queue().deadlines.now()
        return min(longest, max(SHORTEST_SLEEP, (instant - now).total_seconds()))

    def _polling(self, work: Callable[[], Awaitable[int]]) -> Lane:
        async def pause() -> float:
            return self._sleep_seconds

        return self._lane(work, pause)

    def _lane(
        self, work: Callable[[], Awaitable[int]], sleep_seconds: Callable[[], Awaitable[float]]
    ) -> Lane:
        return Lane(work, sleep_seconds, trouble_seconds=self._sleep_seconds)


async def _beat_pause() -> float:
    return BEAT_SECONDS
