"""Whoever waits at the same moment is served together."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")
MOST_AT_ONCE = 64
MOST_WAITING = 512


class Full(Exception):
    """Too many wait already."""


class Coalescer(Generic[A, B]):
    """Calls ``serve`` with everything that came while the call before was under way; one call at a time, in a thread of
    its own.  Used from one event loop only.

    Nobody waits for company: what comes while nothing is under way is served at once.
    """

    def __init__(
        self, serve: Callable[[Sequence[A]], Sequence[B]], *, at_once: int = MOST_AT_ONCE, waiting: int = MOST_WAITING
    ) -> None:
        self._serve, self._at_once, self._most = serve, at_once, waiting
        self._waiting: deque[tuple[A, asyncio.Future[B]]] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lane")
        self._running: asyncio.Task[None] | None = None

    async def add(self, one: A) -> B:
        """The answer to this one; ``Full`` when too many wait, and whatever ``serve`` raised."""
        if len(self._waiting) >= self._most:
            raise Full
        answer: asyncio.Future[B] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, answer))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._at_once))]
                await self._one(batch)
        finally:
            self._running = None

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
