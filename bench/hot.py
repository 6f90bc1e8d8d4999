"""Hot spots among 4,326 invented messages of some 230 characters, as many as the file they are measured on holds, and among 10,000.

No database.  Things have between sixty messages and two, most messages stand alone; each thing has a place and words of its own,
drowned in what everybody writes.  The ratio is that of the minute that is wanted to what 4,326 take, in processor time.
"""

import random
import time
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from .report import Report

if TYPE_CHECKING:
    from zhitong.base.likeness import Message

NEEDS_DISTRICT = False
SIZES = (4_326, 10_000)
WANTED_SECONDS = 60
HAN, WORDS, COMMON = range(0x4E00, 0x5400), 6_000, 300
ENDINGS = ("小区", "花园", "路", "大道", "中学", "街道", "市场", "公园")
TROUBLE, LONG, OWN = 30, 110, 25  # words of a thing; words of a message, of which so many are the thing's
LARGEST, GROUPED = 60, 0.4
BEGUN = datetime(2025, 1, 1, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    from zhitong.base.likeness import clusters_of, heat

    report = Report("hot")
    rows, first = [], 0.0
    for n in SIZES:
        messages, things = invented(n)
        began = time.process_time()
        clusters, _words, _sketches = clusters_of(messages)
        sorted(clusters, key=lambda one: -heat([messages[i] for i in one.members], messages[-1].at).figure)
        took = time.process_time() - began
        first = first or took
        precision, recall = measured(things, {i: c for c, one in enumerate(clusters) for i in one.members})
        rows.append((f"{n:,}", f"{took:.1f}", f"{1000 * took / n:.1f}", f"{precision:.3f}", f"{recall:.3f}"))
    report.table(("messages", "processor s", "ms each", "pairs of one thing: precision", "recall"), rows)
    report.end(WANTED_SECONDS / first)


def invented(n: int, seed: int = 1) -> tuple[list["Message"], list[int]]:
    """``n`` messages in the order of their moments, and of which thing each tells."""
    from zhitong.base.likeness import Message

    chance = random.Random(seed)
    words = ["".join(map(chr, chance.choices(HAN, k=2))) for _ in range(WORDS)]
    found = []
    for thing, size in enumerate(_sizes(n)):
        place = "".join(map(chr, chance.choices(HAN, k=2))) + chance.choice(ENDINGS)
        own = chance.sample(words[COMMON:], TROUBLE)
        for _ in range(size):
            title = f"{place}{''.join(chance.sample(own, 4))}"
            at = BEGUN + timedelta(minutes=chance.randrange(525_600))
            text = "".join([f"{place}，", *_said(chance, own, words)])
            found.append((at, thing, title, text))
    found.sort()
    messages = [Message(str(i), title, text, at, person=str(i)) for i, (at, _thing, title, text) in enumerate(found)]
    return messages, [thing for _at, thing, _title, _text in found]


def _sizes(n: int) -> Iterator[int]:
    """Messages of each thing: the largest sixty, then fewer and fewer, and single ones."""
    left, rank = int(GROUPED * n), 1
    while left > 0:
        size = max(LARGEST // rank, 2)
        yield size
        left, rank = left - size, rank + 1
    yield from (1 for _ in range(n - int(GROUPED * n) + min(left, 0)))


def _said(chance: random.Random, own: Sequence[str], words: Sequence[str]) -> Iterator[str]:
    """The words of a text: those of the thing among those that everybody uses."""
    mine = chance.sample(range(LONG), OWN)
    for at in range(LONG):
        yield chance.choice(own) if at in mine else chance.choice(words[: COMMON if at % 2 else WORDS])
        if at % 9 == 8:
            yield "，"


def measured(things: Sequence[int], groups: Mapping[int, int]) -> tuple[float, float]:
    """Of the pairs that stand together, how many tell of one thing, and of those that do, how many stand together."""
    right = _pairs((thing, groups[at]) for at, thing in enumerate(things))
    return right / max(_pairs(groups.values()), 1), right / max(_pairs(things), 1)


def _pairs(keys: Iterable[Hashable]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(keys).values())
