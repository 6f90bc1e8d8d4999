"""Work that comes round: a component's ``tasks.py`` registers it, the worker runs it.

    @every(seconds=60, name="matters.clocks")
    def pass_deadlines() -> None: ...

A registered function takes nothing, finds its own work and is safe to run twice at the same time: several workers may
run, on several machines.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

F = TypeVar("F", bound=Callable[[], object])
SLOWEST_RETRY = 900.0
SOON = 5.0


@dataclass(slots=True)
class Periodic:
    """A function, how often it runs in seconds, and when it is next due on a monotonic clock.

    One that is ``by_clock`` cannot be taken back (it deletes what is old, or says that somebody is late): it waits while the
    machine's clock cannot be trusted.  One that ``is_long`` may take minutes: it runs beside the others.
    """

    name: str
    seconds: float
    run: Callable[[], object]
    by_clock: bool = False
    is_long: bool = False
    due: float = 0.0
    failures: int = 0

    def succeeded(self, now: float) -> None:
        self.failures = 0
        self.due = now + self.seconds

    def failed(self, now: float) -> None:
        """Wait twice as long after every failure in a row, at most a quarter of an hour more than usual."""
        self.failures += 1
        self.due = now + self.seconds + min(2.0**self.failures, SLOWEST_RETRY)

    def put_off(self, now: float) -> None:
        """It could not begin, through no fault of its own: soon again, however often."""
        self.due = now + min(self.seconds, SOON)


REGISTERED: dict[str, Periodic] = {}


def every(*, seconds: float, name: str, by_clock: bool = False, is_long: bool = False) -> Callable[[F], F]:
    """Register a function to be run every so many seconds under a unique name, ``component.verb``."""

    def register(run: F) -> F:
        if name in REGISTERED and REGISTERED[name].run is not run:
            raise ValueError(f"two periodic functions are called {name}")
        REGISTERED[name] = Periodic(name, seconds, run, by_clock, is_long)
        return run

    return register
