"""Messages from a file, its hottest things, and how well pairs of it are told apart; no database."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhitong.base.moments import moment_of
from zhitong.base.tables import BadTable, read_table

from .clusters import clusters_of
from .heat import heat
from .names import naming, shared_runs
from .replies import Replied
from .texts import ALIKE, Message, Sketch, likeness, sketch, sought, survey

WANTED = ("id", "title", "submitted_at", "body")


def read_messages(path: Path) -> list[Message]:
    """The messages of a table with the columns id, title, submitted_at, body and, where there are any, user, likes, against; in
    the order of their moments.  BadTable when a column is missing or a moment cannot be read."""
    with read_table(path) as table:
        columns = {name.lower(): place for place, name in enumerate(table.headings)}
        if not all(name in columns for name in WANTED):
            raise BadTable("not_a_table")
        found = [_message(number, columns, row) for number, row in table.rows]
    return sorted(found, key=lambda m: (m.at, m.key))


def _message(number: int, columns: Mapping[str, int], row: Sequence[str]) -> Message:
    cells = {name: row[place].strip() for name, place in columns.items()}
    at = moment_of(cells["submitted_at"])
    if at is None:
        raise BadTable("broken", number)
    support = sum(int(cells[name]) for name in ("likes", "against") if cells.get(name, "").isdigit())
    return Message(cells["id"], cells["title"], cells["body"], at, cells.get("user", ""), support)


def read_replies(path: Path) -> list[Replied]:
    """The messages of a table that has the columns reply and replied_at besides, in the order in which they were answered."""
    messages = {m.key: m for m in read_messages(path)}
    with read_table(path) as table:
        columns = {name.lower(): place for place, name in enumerate(table.headings)}
        if not {"reply", "replied_at"} <= set(columns):
            raise BadTable("not_a_table")
        found = [
            Replied(
                messages[row[columns["id"]].strip()],
                row[columns["reply"]],
                moment_of(row[columns["replied_at"]].strip()),
            )
            for _number, row in table.rows
        ]
    return sorted(found, key=lambda one: (one.at or one.asked.at, one.asked.key))


def hottest(messages: Sequence[Message], most: int) -> Iterator[dict[str, Any]]:
    """The hottest of what ``messages`` tell of, the hottest first; the moment of the last message is taken for now."""
    clusters, _words, sketches = clusters_of(messages)
    now = messages[-1].at
    ranked = [(heat([messages[i] for i in c.members], now), c) for c in clusters]
    ranked.sort(key=lambda pair: (-pair[0].figure, pair[1].members))
    for rank, (figure, cluster) in enumerate(ranked[:most], start=1):
        own = [sketches[i] for i in cluster.members]
        places = naming([s.plain for s in own], {name for s in own for name in s.names})
        yield {
            "rank": rank,
            "title": messages[cluster.speaker].title,
            "places": places,
            "about": shared_runs([messages[i].title for i in cluster.members]),
            "first": figure.first_at.date().isoformat(),
            "last": figure.last_at.date().isoformat(),
            "messages": len(cluster.members),
            "people": figure.people,
            "support": figure.support,
            "heat": round(figure.figure, 1),
            "ids": [messages[i].key for i in cluster.members],
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """Of pairs that people looked at: told rightly to be one thing, wrongly, and missed; ``met`` are those told rightly that are looked
    at where not all can be, by the words of the later one."""

    right: int
    wrong: int
    missed: int
    rest: int
    met: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0


def measured(messages: Sequence[Message], labels: Path, least: float = ALIKE) -> Measured:
    """How well pairs are told apart: ``labels`` has the columns one, other, same (1 or 0)."""
    words = survey(messages)
    by_key = {m.key: m for m in messages}
    sketches: dict[str, Sketch] = {}
    met = 0
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    with labels.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for key in (row["one"], row["other"]):
                sketches[key] = sketches.get(key) or sketch(by_key[key], words)
            is_alike = likeness(sketches[row["one"]], sketches[row["other"]], words).score >= least
            counts[is_alike, row["same"] == "1"] += 1
            if is_alike and row["same"] == "1":
                first, later = sorted((by_key[row["one"]], by_key[row["other"]]), key=lambda m: m.at)
                met += sought(later, words).is_in(f"{first.title}\n{first.text}")
    return Measured(counts[True, True], counts[True, False], counts[False, True], counts[False, False], met)
