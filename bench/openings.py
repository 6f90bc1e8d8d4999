"""Appeals to raise: the demo's invented texts, each with its reporter, its point and its key."""

import itertools
import time
from collections.abc import Iterator
from random import Random
from typing import Any

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "安宁平和清明嘉佳子文思雨欣然晓晨一诺可心"


class Openings:
    """An endless supply, the same for the same seed but for the keys, which are new in every run."""

    def __init__(self, seed: int) -> None:
        from django.utils import timezone

        from zhitong.config.demo import history

        self._world = history.world(timezone.now())
        self._world.random.seed(seed)
        self._random = Random(seed)
        self._number = itertools.count()
        self._run = f"bench-{time.time_ns()}"

    def one(self, *, is_named: bool = True) -> Any:
        """An opening as a machine sends it: with a point, without a division."""
        from zhitong.config.demo import history
        from zhitong.config.demo.scenarios import SCENARIOS
        from zhitong.kernel.matters.public import Reporter

        scenario = self._random.choice(SCENARIOS)
        made = history.opening_of(self._world, scenario, self._world.now, f"{self._run}-{next(self._number)}")
        made.at, made.division_id = None, None
        made.reporter = Reporter(name=self._name(), phone=self._phone()) if is_named else None
        return made

    def many(self, count: int, *, is_named: bool = True) -> Iterator[Any]:
        """``count`` of them."""
        return (self.one(is_named=is_named) for _ in range(count))

    def _name(self) -> str:
        return self._random.choice(SURNAMES) + "".join(self._random.sample(GIVEN, 2))

    def _phone(self) -> str:
        return f"139{self._random.randrange(10**8):08d}"
