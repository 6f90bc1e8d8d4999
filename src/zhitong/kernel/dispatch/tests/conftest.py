"""A kind of its own with closed matters of invented people, so that no line is needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from zhitong.base.learning.model import Example
from zhitong.base.tests.invented import ABOUT, invented
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Category, Organ, import_categories

SYSTEM = Actor.system("test")
MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
KIND = m.Kind(
    slug="sorted",
    label="sorted",
    steps=(("one", "one"), ("two", "two")),
    stages=(m.Stage("new", "new", "one"), m.Stage("done", "done", "two", is_end=True)),
    actions=(m.Action("note", "note", ("new",), None, (m.Who.SCOPE,), "sorted.note", m.Note, m.note),),
)


@dataclass
class Room:
    """An organ, categories, and matters that it closed."""

    organ: Organ
    categories: dict[tuple[str, ...], UUID]
    opened: int = 0

    def close(self, n: int, *, seed: int = 1, days: float = 300, reporter: str = "") -> None:
        """``n`` matters that are over, spread over so many days before Monday; by one person where one is named."""
        who = m.Reporter(name=reporter, phone="13800001234") if reporter else m.Reporter()
        openings = [self._opening(one, who) for one in invented(n, seed)]
        made = m.open_many(openings, by=SYSTEM, at=MONDAY)
        for at, one in zip(count(), made, strict=False):
            opened = MONDAY - timedelta(days=days * (n - at) / n)
            m.Matter.objects.filter(pk=one.matter_id).update(
                stage="done", lead=self.organ, opened_at=opened, closed_at=opened + timedelta(minutes=5)
            )

    def _opening(self, one: Example, who: m.Reporter) -> m.Opening:
        return m.Opening(
            kind="sorted", subkind="plain", text=one.body or one.title, title=one.title, channel="portal",
            category_id=self.categories[one.label], reporter=who,
        )  # fmt: skip

    def open(self, text: str, **more: Any) -> m.Matter:
        opening = m.Opening(kind="sorted", subkind="plain", text=text, channel="portal", **more)
        self.opened += 1
        opened = m.open_matter(opening, by=SYSTEM, at=MONDAY + timedelta(seconds=self.opened))
        return m.Matter.objects.get(pk=opened.matter_id)


@pytest.fixture
def kind() -> Iterator[None]:
    """The kind, for as long as the test runs."""
    m.KINDS["sorted"] = KIND
    yield
    del m.KINDS["sorted"]


@pytest.fixture
def room(db: None, kind: None) -> Room:
    """Nothing closed yet."""
    m.SubKind.objects.create(kind="sorted", slug="plain", name="普通")
    m.touch_catalogue()
    words = {path: texts[0] for path, texts in ABOUT.items()}
    firsts, seconds = (list(dict.fromkeys(path[:n] for path in ABOUT)) for n in (1, 2))
    rows = [
        {
            "code": f"{firsts.index(path[:1]) + 51:02}{seconds.index(path[:2]) + 1:02}{n:02}",
            "level1": path[0], "level2": path[1], "level3": path[2], "keywords": words[path],
        }
        for n, path in enumerate(ABOUT, start=1)
    ]  # fmt: skip
    import_categories(rows, by=SYSTEM, at=MONDAY)
    by_id = {one.pk: one for one in Category.objects.all()}
    paths = {tuple(by_id[step].name for step in one.path): pk for pk, one in by_id.items()}
    return Room(
        Organ.objects.create(code="X", name="城管局", kind="department", valid_from=date(2020, 1, 1)),
        {path: paths[path] for path in ABOUT},
    )
