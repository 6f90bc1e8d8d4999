"""Labelled messages in files, and how well what is learned from some of them sorts the others."""

import re
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..tables import read_table
from .measures import OfClass, by_class, macro_f1
from .model import Example, learned

COLUMNS = ("title", "body", "category")


class BadLabels(ValueError):
    """A file that holds no labelled messages; says why."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """How it went: messages learned from and asked about, per class, over all, seconds to learn, milliseconds an answer."""

    trained: int
    tested: int
    classes: list[OfClass]
    macro_f1: float
    seconds: float
    milliseconds: float


def read_labelled(path: Path) -> list[Example]:
    """The messages of one file: columns title, body, category in any order, of which title or body may be missing."""
    with read_table(path) as table:
        at = {name.strip().lower(): n for n, name in enumerate(table.headings)}
        if "category" not in at or not {"title", "body"} & set(at):
            raise BadLabels(f"{path}: wants the columns category, and title or body; has {', '.join(table.headings)}")
        rows = [[row[at[name]] if name in at else "" for name in COLUMNS] for _number, row in table.rows]
    return [Example(title, body, (category,)) for title, body, category in rows if category and (title or body)]


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text)).lower()


def each_once(examples: Iterable[Example]) -> list[Example]:
    """Every message once, those with a title and a body first: files may hold the same one whole and in parts."""
    whole_first = sorted(examples, key=lambda one: not (one.title and one.body))
    titles: set[int] = set()  # their hashes: the texts again would take as much memory as the messages
    bodies: set[int] = set()
    found: list[Example] = []
    for one in whole_first:
        title, body = hash(_plain(one.title)), hash(_plain(one.body))
        if (one.body and body in bodies) or (not one.body and title in titles):
            continue
        titles.add(title)
        bodies.add(body)
        found.append(Example(one.title, one.body, one.label, len(found)))
    return found


def evaluated(train: Iterable[Example], test: Sequence[Example]) -> Evaluated:
    """Learn from ``train``, ask about ``test``."""
    examples = each_once(train)
    if not examples or not test:
        raise BadLabels("there is nothing to learn from, or nothing to be asked about")
    n, began = len(examples), time.perf_counter()
    examples.reverse()
    model = learned(examples.pop() for _ in range(n))  # what is read is let go
    learnt = time.perf_counter()
    said = [model.likely(one.title, one.body, most=1)[0].label[0] for one in test]
    asked = time.perf_counter()
    true = [one.label[0] for one in test]
    return Evaluated(
        n, len(test), by_class(true, said), macro_f1(true, said), learnt - began,
        1000 * (asked - learnt) / len(test),
    )  # fmt: skip
