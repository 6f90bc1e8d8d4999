"""What a worker's phone needs for the day, in one answer that is kept for when there is no network."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils import timezone

from zhitong.base.geometry import to_geojson
from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS, Matter, visible_matters
from zhitong.kernel.register.public import Person
from zhitong.kernel.territory.public import areas, labels, node

from ..models import Note, Round, VideoCall
from .teams import grids_of
from .video import waiting_for

MOST_MATTERS, MOST_NOTES = 50, 30


def day(by: Actor, at: datetime) -> dict[str, Any]:
    """Grids with their shapes, what is open there and due soonest, when each was last walked, own notes that are no appeal yet,
    calls by video that wait."""
    grid_ids = grids_of(by.staff_id, timezone.localdate(at)) if by.staff_id else []
    known, shapes = labels(grid_ids), areas(grid_ids)
    walked = dict(
        Round.objects.filter(division__in=grid_ids).values_list("division").annotate(Max("begun_at")).order_by()
    )
    today = timezone.localdate(at)
    return {
        "grids": [
            {
                "id": str(grid), "name": known.get(grid, ""), "code": getattr(node(grid), "code", ""),
                "shape": to_geojson(shapes[grid], 6) if grid in shapes else None,
                "walked": walked[grid].isoformat() if grid in walked else None,
                "is_walked_today": grid in walked and timezone.localdate(walked[grid]) == today,
            }
            for grid in grid_ids
        ],
        "calls": [_call(one) for one in waiting_for(by, at)],
        "matters": [_matter(one) for one in due(by, grid_ids)],
        "notes": [str(pk) for pk in notes(by).values_list("pk", flat=True)[:MOST_NOTES]],
    }  # fmt: skip


def due(by: Actor, grid_ids: list[UUID]) -> QuerySet[Matter]:
    """What is open in these grids, the soonest due first."""
    rows = visible_matters(by).filter(closed_at=None, division__in=grid_ids)
    return rows.select_related("subkind").order_by("due_at", "id")[:MOST_MATTERS]


def _call(one: VideoCall) -> dict[str, Any]:
    title = mask_inline(one.matter.title)
    return {
        "id": str(one.pk),
        "number": one.matter.number,
        "title": title,
        "by": one.by_label,
        "at": one.asked_at.isoformat(),
    }


def _matter(one: Matter) -> dict[str, Any]:
    kind = KINDS[one.kind]
    stage = next((str(stage.label) for stage in kind.stages if stage.slug == one.stage), one.stage)
    return {
        "id": str(one.pk), "number": one.number, "title": mask_inline(one.title), "address": one.address, "stage": stage, "grade": one.grade,
        "due": one.due_at.isoformat() if one.due_at else None, "grid": str(one.division_id),
    }  # fmt: skip


def notes(by: Actor) -> QuerySet[Note]:
    """Own notes that no appeal has been made of, the newest first."""
    return Note.objects.filter(account=by.account_id, matter=None).exclude(sealed=b"").order_by("-noted_at", "-id")


def notes_of(person_id: UUID) -> QuerySet[Note]:
    """What a person said, as far as it is kept."""
    return Note.objects.filter(person=Person(pk=person_id)).exclude(sealed=b"").order_by("noted_at")
