"""Learning categories from 10,000 invented messages, and answering: seconds, milliseconds, memory.

No database. The limit of an answer is reading the message alone in the same run: cutting it into words, which whoever wants words must do.
The ratio is that of the five milliseconds that are wanted to what an answer takes.
"""

import random
import resource
import time
from collections.abc import Callable

from zhitong.base.tests.invented import FILLING, PLACES, invented

from .report import Report

NEEDS_DISTRICT = False
MESSAGES, ASKED, LONG = 10_000, 500, 24
WANTED_MS, WANTED_SECONDS, WANTED_MB = 5.0, 120, 200


def main() -> None:
    """Measure and print."""
    from dataclasses import replace

    import rjieba

    from zhitong.base.learning.measures import macro_f1
    from zhitong.base.learning.model import learned, unpacked

    report, chance = Report("dispatch"), random.Random(1)
    # some 400 characters a message, as long as real ones: what it is about drowns in what everybody writes
    examples = [replace(one, body=f"{one.body}{_talk(chance)}") for one in invented(MESSAGES + ASKED)]
    known, asked = examples[:MESSAGES], examples[MESSAGES:]
    began = time.process_time()
    model = learned(known)
    learning = time.process_time() - began
    data = model.packed()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    again = unpacked(data)
    again.likely(asked[0].title, asked[0].body)  # dictionaries are read once
    said = [again.likely(one.title, one.body, most=1)[0].label[-1] for one in asked]
    answer = _each(len(asked), lambda n: again.likely(asked[n].title, asked[n].body))
    cut = _each(len(asked), lambda n: rjieba.cut(f"{asked[n].title}{asked[n].body}"))
    report.table(
        ("messages", "learned in processor s", "of wanted", "peak MB", "of wanted", "file MB", "macro-F1 of invented"),
        [(
            f"{MESSAGES:,}", f"{learning:.1f}", f"{learning / WANTED_SECONDS:.2f}", f"{peak:.0f}", f"{peak / WANTED_MB:.2f}",
            f"{len(data) / 1e6:.1f}", f"{macro_f1([one.label[-1] for one in asked], said):.3f}",
        )],
    )  # fmt: skip
    report.table(
        ("an answer, processor ms", "cutting it into words alone", "÷"),
        [(f"{answer:.2f}", f"{cut:.2f}", f"{answer / cut:.1f}")],
    )
    report.end(WANTED_MS / answer)


def _talk(chance: random.Random) -> str:
    return "，".join(f"{chance.choice(PLACES)}{chance.choice(FILLING)}" for _ in range(LONG))


def _each(n: int, run: Callable[[int], object]) -> float:
    """Milliseconds of one processor for each of ``n``."""
    began = time.process_time()
    for at in range(n):
        run(at)
    return 1000 * (time.process_time() - began) / n
