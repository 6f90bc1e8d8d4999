"""Whoever waits at the same moment is served together."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")
MOST_AT_ONCE = 64
MOST_WAITING = 512
COMPANY = 0.004  # seconds


class Full(Exception):
    """Too many wait already."""


class Coalescer(Generic[A, B]):
    """Calls ``serve`` with everything that came while the call before was under way; one call at a time, in a thread of
    its own.  Used from one event loop only.

    Who comes alone is served at once.  Those who were served together mostly come again together, one after the other: so
    that the first of them does not go alone and the others wait for it, as many as the last time are waited for, for at
    most ``company`` seconds.
    """

    def __init__(
        self, serve: Callable[[Sequence[A]], Sequence[B]], *, at_once: int = MOST_AT_ONCE, waiting: int = MOST_WAITING,
        company: float = COMPANY,
    ) -> None:  # fmt: skip
        self._serve, self._at_once, self._most, self._patience = serve, at_once, waiting, company
        self._waiting: deque[tuple[A, asyncio.Future[B]]] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lane")
        self._running: asyncio.Task[None] | None = None
        self._last = 1
        self._enough: asyncio.Future[None] | None = None

    async def add(self, one: A) -> B:
        """The answer to this one; ``Full`` when too many wait, and whatever ``serve`` raised."""
        if len(self._waiting) >= self._most:
            raise Full
        answer: asyncio.Future[B] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, answer))
        if self._enough and not self._enough.done() and len(self._waiting) >= self._last:
            self._enough.set_result(None)
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                if len(self._waiting) < self._last:
                    await self._company()
                batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._at_once))]
                self._last = len(batch)
                await self._one(batch)
        finally:
            self._running = None

    async def _company(self) -> None:
        self._enough = asyncio.get_running_loop().create_future()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._enough, self._patience)
        self._enough = None

    async def _one(self, batch: Sequence[tuple[A, "asyncio.Future[B]"]]) -> None:
        """Serve a batch; whoever has gone meanwhile is served too, but not told."""
        loop = asyncio.get_running_loop()
        waiting = [answer for _one, answer in batch]
        try:
            found = await loop.run_in_executor(self._thread, self._serve, [one for one, _answer in batch])
        except Exception as error:
            for answer in waiting:
                if not answer.done():
                    answer.set_exception(error)
            return
        for answer, one in zip(waiting, found, strict=True):
            if not answer.done():
                answer.set_result(one)
