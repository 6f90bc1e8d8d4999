"""The appeals that everybody may see, with personal details masked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from zhitong.kernel.matters.public import KINDS, Attachment, Matter, matching, newest_matching
from zhitong.kernel.organisation.public import category_labels, category_tree
from zhitong.kernel.territory import public as territory

from .. import rules

KIND = "appeal"
HIDDEN = ("withdrawn", "merged", "transferred")
REPLIED = ("concluded", "closed", "final", "supervision", "review", "rereview", "second")
PAGE = 20
MOST_PLACES = 2000
MOST_TYPED = 100


def public_appeals() -> QuerySet[Matter]:
    """Consented, of a sub-kind that is not private, and neither withdrawn nor carried on elsewhere."""
    rows = Matter.objects.filter(kind=KIND, is_public=True, subkind__is_private=False)
    return rows.exclude(stage__in=HIDDEN)


@dataclass(frozen=True, slots=True)
class PublicFilter:
    """What somebody looks for: a street, a top category, a public step, words; anything may be empty."""

    street: UUID | None = None
    category: UUID | None = None
    step: str = ""
    words: str = ""

    def narrow(self, rows: QuerySet[Matter]) -> QuerySet[Matter]:
        """Those of ``rows`` that fit."""
        if self.street:
            rows = rows.filter(area=self.street)
        if self.category:
            rows = rows.filter(category__path__contains=[self.category])
        if self.step:
            rows = rows.filter(stage__in=[s.slug for s in KINDS[KIND].stages if s.step == self.step])
        return matching(rows, self.words[:MOST_TYPED]) if self.words else rows


@dataclass(frozen=True, slots=True)
class Shown:
    """A public appeal as anybody sees it."""

    id: UUID
    number: str
    title: str
    text: str
    place: str
    address: str
    category: str
    step: str
    stage: str
    stage_label: Any
    is_closed: bool
    grade: str
    due_at: datetime | None
    satisfaction: int | None
    supporters: int
    opened_at: datetime
    closed_at: datetime | None
    point: tuple[float, float] | None
    reply: str


def shown(rows: Iterable[Matter]) -> list[Shown]:
    """``rows`` masked; a handful of queries for any number.  Rows need ``reporter`` and ``appeal`` selected."""
    rows = list(rows)
    places = territory.labels({row.area_id for row in rows})
    categories = category_labels({row.category_id for row in rows})
    return [_shown(row, places, categories) for row in rows]


def _shown(row: Matter, places: dict[UUID, str], categories: dict[UUID, str]) -> Shown:
    stage = KINDS[row.kind].by_slug[row.stage]
    names = [row.reporter.name] if row.reporter else []
    point = (rules.roughly(row.lon), rules.roughly(row.lat)) if row.lon is not None and row.lat is not None else None
    return Shown(
        id=row.pk, number=row.number, title=_title(row, names), text=rules.for_all(row.text, names),
        place=places.get(row.area_id, "") if row.area_id else "", address=rules.for_all(row.address, names),
        category=categories.get(row.category_id, "") if row.category_id else gettext("待分类"), step=stage.step,
        stage=row.stage, stage_label=stage.label, is_closed=stage.is_end, grade=row.grade, due_at=row.due_at,
        satisfaction=row.satisfaction, supporters=row.appeal.supporters, opened_at=row.opened_at, closed_at=row.closed_at,
        point=point, reply=rules.for_all(row.appeal.reply, names) if stage.is_end or row.stage in REPLIED else "",
    )  # fmt: skip


def _title(row: Matter, names: list[str]) -> str:
    """The title masked.  One that was cut from the text may end inside a number, so it is cut anew from the masked text."""
    if not row.text.startswith(row.title):
        return rules.for_all(row.title, names)
    first = re.split("[。！？；\n]", rules.for_all(row.text, names), maxsplit=1)[0]
    return first[: len(row.title)] or rules.for_all(row.title, names)


def _whole(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    return rows.select_related("reporter", "appeal")


def public_page(
    wanted: PublicFilter, *, before: UUID | None = None, after: UUID | None = None
) -> tuple[list[Shown], UUID | None, UUID | None]:
    """A page of the list, newest first; and the ids from which the newer and the older page go on, if there is one."""
    rows = wanted.narrow(public_appeals())
    if wanted.words and not after:
        others = replace(wanted, words="").narrow(public_appeals())
        rows = public_appeals().filter(
            pk__in=newest_matching(others, wanted.words[:MOST_TYPED], PAGE + 1, before=before)
        )
    if after:
        found = list(_whole(rows.filter(pk__gt=after)).order_by("id")[: PAGE + 1])
        has_newer, has_older, found = len(found) > PAGE, True, found[:PAGE][::-1]
    else:
        rows = rows.filter(pk__lt=before) if before else rows
        found = list(_whole(rows).order_by("-id")[: PAGE + 1])
        has_newer, has_older, found = before is not None, len(found) > PAGE, found[:PAGE]
    first, last = (found[0].pk, found[-1].pk) if found else (None, None)
    return shown(found), first if has_newer else None, last if has_older else None


def public_appeal(number: str) -> Matter | None:
    """One public appeal by its number."""
    return _whole(public_appeals()).filter(number=number).first()


def public_places(wanted: PublicFilter, box: Sequence[float] | None) -> list[Shown]:
    """The newest public appeals that have a point, inside (west, south, east, north) if given; at most 2,000."""
    rows = wanted.narrow(public_appeals()).filter(lon__isnull=False)
    if box:
        west, south, east, north = box
        rows = rows.extra(
            where=["point(matters_matter.lon, matters_matter.lat) <@ box(point(%s, %s), point(%s, %s))"],
            params=[west, south, east, north],
        )
    return shown(_whole(rows).order_by("-id")[:MOST_PLACES])


def public_files(matter_ids: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """The files of public appeals that everybody may see, oldest first.  One query."""
    rows = Attachment.objects.filter(file_is_public(), matter__in=list(matter_ids))
    found: dict[UUID, list[Attachment]] = {}
    for row in rows.order_by("added_at", "id"):
        found.setdefault(row.matter_id, []).append(row)
    return found


def file_is_public() -> Q:
    """Given for publication when the appeal was raised: a file of a later action is public to its reporter, not to all."""
    return Q(is_public=True, record=None)


def top_categories() -> list[Any]:
    """The top level of the category list, in its order."""
    return [node.item for node in category_tree()]
