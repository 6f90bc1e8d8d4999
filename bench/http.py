"""Requests over HTTP on many connections at once, and how long each took."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles


@dataclass
class Run:
    """What came back: milliseconds of every answer, how many of each status, and the seconds it took in all."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    @property
    def p99(self) -> float:
        """The slowest of a hundred, in milliseconds."""
        return quantiles(self.times, n=100)[-1]


class _Connection(asyncio.Protocol):
    """Sends a request, waits for its answer, sends the next, until it is time."""

    def __init__(self, make: Callable[[], bytes], until: float, run: Run, done: "asyncio.Future[None]") -> None:
        self._make, self._until, self._run, self._done = make, until, run, done
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._next()

    def _next(self) -> None:
        if time.perf_counter() >= self._until:
            self._transport.close()
            self._done.set_result(None)
            return
        request = self._make()
        self._sent = time.perf_counter()
        self._transport.write(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._run.times.append((time.perf_counter() - self._sent) * 1000)
        self._run.statuses[int(head[9:12])] += 1
        self._read = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(error or ConnectionError("the server hung up"))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    raise ValueError(f"an answer without a length: {head!r}")


def load(port: int, make: Callable[[], bytes], *, connections: int, seconds: float) -> Run:
    """Send what ``make`` makes on so many connections for so long."""

    async def work() -> Run:
        loop, run, started = asyncio.get_running_loop(), Run(), time.perf_counter()
        waiting = []
        for _ in range(connections):
            done = loop.create_future()
            await loop.create_connection(
                lambda done=done: _Connection(make, started + seconds, run, done), "127.0.0.1", port
            )
            waiting.append(done)
        await asyncio.gather(*waiting)
        run.seconds = time.perf_counter() - started
        return run

    return asyncio.run(work())
