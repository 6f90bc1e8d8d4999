"""The same question to both districts by turns, and how the slow answers compare."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from statistics import geometric_mean, median, quantiles
from typing import Any

from zhitong.base.processes import settle

from . import districts, setting
from .report import Report

Question = Callable[[], Any]
MOST_RATIO = 1.5


@dataclass
class Times:
    """Milliseconds of each answer, by district."""

    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)

    def row(self, name: str) -> tuple[str, ...]:
        """A line of the table."""
        numbers = (median(self.small), _p95(self.small), median(self.large), _p95(self.large))
        return (name, *(f"{number:.1f}" for number in numbers), f"{self.ratio:.2f}")

    @property
    def ratio(self) -> float:
        """The slowest of twenty in the large district over that in the small one."""
        return _p95(self.large) / _p95(self.small)


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1]


def compare(
    report: Report,
    questions: Callable[[], Mapping[str, Question]],
    *,
    rounds: int,
    each: int,
    pair: Any = districts,
    longer: Collection[str] = (),
) -> None:
    """Ask every question ``each`` times in a row, small and large by turns, ``rounds`` times over.

    ``pair`` makes the two databases by ``ensure()``; ``SIZES`` says how much is in ``small`` and in ``large``, ``DATABASES`` what
    they are called.  ``questions()`` is called once on each: what it picks there by chance belongs to it.  ``longer`` names those
    whose answer itself is longer in the large district: they are told, and left out of what the report ends with.
    """
    pair.ensure()
    setting.flush()
    asked: dict[str, dict[str, Question]] = {}
    found: dict[str, Times] = {}
    for size in pair.SIZES:
        setting.use(pair.DATABASES[size])
        asked[size] = dict(questions())
        for question in asked[size].values():
            question()
    settle()  # as a web server does when it has loaded what it needs
    for _round in range(rounds):
        for name in asked["small"]:
            times = found.setdefault(name, Times())
            for size in pair.SIZES:
                setting.use(pair.DATABASES[size])
                asked[size][name]()
                getattr(times, size).extend(_timed(asked[size][name]) for _ in range(each))
    report.table(
        ("", *(f"{total:,}: {what} ms" for total in pair.SIZES.values() for what in ("p50", "p95")), "p95 ÷ p95"),
        [times.row(name) for name, times in found.items()],
    )
    alike = {name: times.ratio for name, times in found.items() if name not in longer}
    worst = max(alike, key=alike.__getitem__)
    report.line(f"geometric mean {geometric_mean(alike.values()):.2f}, the worst is {worst}")
    for name in longer:
        report.line(f"{name}: the answer is longer in the large district, and not among these")
    report.end(alike[worst])


def _timed(question: Question) -> float:
    started = time.perf_counter()
    question()
    return (time.perf_counter() - started) * 1000
