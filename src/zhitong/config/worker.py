"""The worker: runs what components registered with ``zhitong.base.periodic`` until it is told to stop."""

import logging
import signal
import threading
import time
from types import FrameType

from django.db import close_old_connections, connection
from django.utils.module_loading import autodiscover_modules

from zhitong.base.periodic import REGISTERED, Periodic
from zhitong.kernel.events.public import is_away, last_trusted

log = logging.getLogger("zhitong.worker")
LONGEST_NAP = 5.0
LAST_WAIT = 30.0  # seconds that something long is given to finish when the worker is told to stop
JUMP, MISTRUST = 300.0, 3600.0  # seconds
LONGEST_REST = 4 * 24 * 3600.0  # seconds for which a district may stand still without its clock being doubted


class Clock:
    """Whether the machine's clock goes as evenly as the monotonic one.  After a jump it is not trusted for an hour, in which
    somebody, or the network's time, may put it right.

    Neither is one that, when the worker starts, is days ahead of what it last said while it was trusted, or behind it:
    ``before``, on the wall; None in a new district.
    """

    def __init__(self, now: float, wall: float, before: float | None = None) -> None:
        self.ahead, self.trusted_from = wall - now, now
        if before is not None and not -JUMP <= wall - before <= LONGEST_REST:
            self.doubt(now, wall - before)

    def doubt(self, now: float, jump: float) -> None:
        """Not before an hour has passed."""
        self.trusted_from = now + MISTRUST
        log.error("the clock of this machine jumped by %d s: deadlines and deletions by age wait an hour", jump)

    def look(self, now: float, wall: float) -> bool:
        """Whether it can be trusted, now that the one says ``now`` and the other ``wall``."""
        jump, self.ahead = wall - now - self.ahead, wall - now
        if abs(jump) > JUMP:
            self.doubt(now, jump)
        return now >= self.trusted_from


def run_one(work: Periodic) -> bool:
    """Run one function; whatever it raises is logged, and it waits longer before its next turn."""
    close_old_connections()
    try:
        work.run()
    except Exception as error:
        if is_away(error):
            log.warning("%s waits for the database: %s", work.name, str(error).strip())
            work.put_off(time.monotonic())
            connection.close()
            return False
        work.failed(time.monotonic())
        log.exception("%s failed, %d in a row", work.name, work.failures)
        return False
    work.succeeded(time.monotonic())
    return True


def run_due(now: float, *, is_clock_right: bool = True, is_long: bool | None = None) -> list[bool]:
    """Run everything that is due at ``now``, or of it only what is long, or only the rest; says of each whether it went well."""
    due = [work for work in REGISTERED.values() if work.due <= now and is_long in (None, work.is_long)]
    return [run_one(work) for work in due if is_clock_right or not work.by_clock]


def _nap() -> float:
    soon = (work.due for work in REGISTERED.values() if not (work.by_clock or work.is_long))
    return max(0.05, min(LONGEST_NAP, min(soon, default=float("inf")) - time.monotonic()))


def _run_long(stopping: threading.Event) -> None:
    """What may take minutes, one after the other, so that deadlines and notices do not wait for it."""
    while not stopping.wait(LONGEST_NAP):
        run_due(time.monotonic(), is_long=True)
    connection.close()


def work(*, once: bool = False) -> bool:
    """Run until SIGTERM or SIGINT, which let the current function finish (a long one for half a minute); with ``once``, one round."""
    autodiscover_modules("tasks")
    if once:
        return all(run_due(float("inf")))
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("worker runs %s", ", ".join(sorted(REGISTERED)) or "nothing")
    beside = threading.Thread(target=_run_long, args=(stopping,), name="long", daemon=True)
    beside.start()
    clock = None
    while not stopping.wait(_nap()):
        now, wall = time.monotonic(), time.time()
        clock = clock or _clock(now, wall)
        run_due(now, is_clock_right=clock is not None and clock.look(now, wall), is_long=False)
    beside.join(LAST_WAIT)
    return True


def _clock(now: float, wall: float) -> Clock | None:
    """The clock, compared with what was last trusted; None while the database cannot be asked for that."""
    try:
        before = last_trusted()
    except Exception as error:
        if not is_away(error):
            raise
        connection.close()
        return None
    return Clock(now, wall, before.timestamp() if before else None)
