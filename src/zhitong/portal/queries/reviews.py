"""What the pages of reviews show: what was given for a service, lines of the list, and figures for leaders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.indicators.public import Figure, Filters, Question, figures_many
from zhitong.kernel.matters.public import KINDS, Matter, Record, reasons
from zhitong.kernel.organisation.public import organ_names
from zhitong.kernel.register.public import contacts_of, masked
from zhitong.kernel.reviews import public as r
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import named


@dataclass(frozen=True, slots=True)
class Given:
    """The reviews of a service, what became of a bad one, and whether one may be given now."""

    reviews: list[r.Review]
    matter: Matter | None
    reply: str
    asks: bool

    @property
    def step(self) -> int:
        """Where the rectification stands among its public steps."""
        if self.matter is None:
            return 0
        kind = KINDS[self.matter.kind]
        return [slug for slug, _label in kind.steps].index(kind.by_slug[self.matter.stage].step)


def given(service: r.Service) -> Given:
    """For whoever holds the code."""
    rows = list(r.Review.objects.filter(service=service).select_related("matter").order_by("round"))
    matter = rows[0].matter if rows and rows[0].matter and rows[0].matter.kind == r.KIND else None
    reply = ""
    if matter is not None and matter.closed_at is not None:
        record = Record.objects.filter(matter=matter, action="answer").order_by("-at").first()
        reply = str(record.data.get("reply", "")) if record else ""
    asks = not rows or (len(rows) == 1 and r.awaits_second(rows[0]))
    return Given(rows, matter, reply, asks)


def behind(matter: Matter, by: Actor, at: datetime) -> dict[str, Any]:
    """The review that opened a rectification, and whom to call back, as far as that person may see either."""
    row = r.visible_reviews(by).filter(matter=matter.pk).first()
    if row is None or not r.nameable(by, [row]):
        return {"review": row, "contacts": [], "may_name": False, "may_reveal": False}
    contacts = contacts_of([row.person_id]).get(row.person_id, []) if row.person_id else []
    name = masked(row.person).name if contacts and row.person else ""
    return {
        "review": row,
        "contacts": contacts,
        "person": name,
        "may_name": True,
        "may_reveal": by.may("register.reveal"),
    }


FACES = {5: "very_good", 4: "good", 3: "fair", 2: "bad", 1: "very_bad"}


@dataclass(frozen=True, slots=True)
class Line:
    """One review in the list, as this person may see it."""

    review: r.Review
    organ: str
    what: str
    where: str
    reasons: tuple[str, ...]
    words: str
    may_name: bool

    @property
    def grade(self) -> str:
        """The name of its face."""
        return FACES[self.review.mark]

    @property
    def masked(self) -> str:
        """The words as they leave the house."""
        return mask_inline(self.review.words)


def lines(rows: Sequence[r.Review], by: Actor) -> list[Line]:
    """Rows with their names.  The words of people are masked inline until one may know who it was."""
    organs = organ_names({row.organ_id for row in rows})
    labels = {one.slug: named(one) for list_ in (r.GOOD_REASONS, r.BAD_REASONS) for one in reasons(list_)}
    areas = territory.labels({row.area_id for row in rows})
    nameable = r.nameable(by, rows)
    return [_line(row, row.pk in nameable, organs, labels, areas) for row in rows]


def _line(row: r.Review, may: bool, organs: dict[UUID, str], labels: dict[str, str], areas: dict[UUID, str]) -> Line:
    where = row.point.name if row.point else areas.get(row.area_id, "") if row.area_id else ""
    said = tuple(labels.get(slug, slug) for slug in row.reasons)
    words = row.words if may else mask_inline(row.words)
    return Line(row, organs.get(row.organ_id, ""), row.service.item_label, where, said, words, may)


SLUGS = (
    "review_services", "review_reviews", "review_participation", "review_satisfaction", "review_bad", "review_on_site",
    "review_on_site_satisfaction", "review_second_satisfaction", "review_in_time_answer",
)  # fmt: skip
COLUMNS = ("review_services", "review_reviews", "review_participation", "review_satisfaction", "review_bad")
MARKS = tuple(f"review.mark.{mark}" for mark in r.Mark.values)
BROKEN_DOWN = ("organ", "point", "item", "area", "month")


@dataclass(frozen=True, slots=True)
class Row:
    """One organ, window, item, street or month; ``services`` orders them."""

    key: Any
    name: str
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the page of figures shows: tiles, grades, and a table for each way of breaking down."""

    tiles: list[Figure]
    marks: list[tuple[str, int]]
    tables: dict[str, list[Row]]


def answers(start: date, end: date, filters: Filters, by: Actor, shown: Sequence[str] = BROKEN_DOWN) -> Answers:
    """One statement for all of it, hence one snapshot."""
    questions = [Question(SLUGS, start, end, (), filters), Question(MARKS, start, end, (), filters)]
    questions += [Question(COLUMNS, start, end, (name,), filters) for name in shown]
    tiles, marks, *tables = figures_many(questions, scope=by)
    of_marks = {figure.indicator.slug: int(figure.value or 0) for figure in marks}
    return Answers(
        tiles,
        [(str(mark.label), of_marks.get(f"review.mark.{mark.value}", 0)) for mark in r.Mark],
        {name: _rows(name, found) for name, found in zip(shown, tables, strict=True)},
    )


def _rows(name: str, found: Sequence[Figure]) -> list[Row]:
    cells: dict[Any, dict[str, Figure]] = {}
    for figure in found:
        cells.setdefault(figure.keys[0], {})[figure.indicator.slug] = figure
    known = _names(name, [key for key in cells if key is not None])
    rows = [
        Row(key, known.get(key, ""), [cell[slug] for slug in COLUMNS])
        for key, cell in cells.items() if key is not None and any(cell[slug].value for slug in COLUMNS[:2])
    ]  # fmt: skip
    return sorted(
        rows, key=(lambda row: row.key) if name == "month" else lambda row: (-(row.figures[0].value or 0), row.name)
    )


def _names(name: str, keys: list[Any]) -> dict[Any, str]:
    match name:
        case "organ":
            return dict(organ_names(keys))
        case "area":
            return dict(territory.labels(keys))
        case "item":
            return dict(r.item_labels(keys))
        case "point":
            return dict(r.point_labels(keys))
    return {key: f"{key:%Y-%m}" for key in keys}
