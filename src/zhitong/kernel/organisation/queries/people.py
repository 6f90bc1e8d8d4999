"""Who sits where."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from ..models import Appointment, Leave, Post, valid_on


def _in_force(on: date) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(valid_on(on), valid_on(on, "post__"))
    return rows.select_related("staff", "post__organ")


def posts_on(on: date) -> QuerySet[Post]:
    """The posts of that day by organ and title, ``organ`` loaded: for choosing one."""
    rows = Post.objects.filter(valid_on(on), valid_on(on, "organ__")).select_related("organ")
    return rows.order_by("organ__sort_key", "title", "id")


def staff_of(organ_id: UUID, on: date) -> QuerySet[Appointment]:
    """The appointments in an organ on that day, head first, then by pinyin; ``staff`` and ``post`` are loaded."""
    return _in_force(on).filter(post__organ=organ_id).order_by("-post__is_head", "is_deputy", "staff__sort_key", "id")


def staffed_divisions(on: date) -> set[UUID]:
    """The divisions that somebody is there for on that day: a post of their own with a person on it who is not on leave."""
    found = present_on(on).filter(post__division__isnull=False)
    return {pk for pk in found.values_list("post__division", flat=True) if pk}


def present_on(on: date) -> QuerySet[Appointment]:
    """The appointments of that day whose people are not on leave; ``staff`` and ``post.organ`` are loaded."""
    away = Leave.objects.filter(valid_on(on), staff=OuterRef("staff"))
    return _in_force(on).filter(~Exists(away))


def posts_of_divisions(division_ids: Iterable[UUID], on: date) -> QuerySet[Appointment]:
    """Who sits that day on posts of these very divisions, leave or not, by division; regular before deputising."""
    rows = _in_force(on).filter(post__division__in=list(division_ids))
    return rows.order_by("post__division", "is_deputy", "valid_from", "id")


def posts_of_level(level: str, on: date) -> QuerySet[Appointment]:
    """The same of all divisions of a level that there are that day, in no order: for counting, however many they are."""
    here = {"post__division__level": level}
    return _in_force(on).filter(valid_on(on, "post__division__"), **here).order_by()


def leaves_on(on: date) -> QuerySet[Leave]:
    """Who is on leave that day, and until when."""
    return Leave.objects.filter(valid_on(on))


def posts_of(staff_id: UUID, on: date) -> QuerySet[Appointment]:
    """The appointments of a person on that day, regular before deputising, head first, then by length of service."""
    return _in_force(on).filter(staff=staff_id).order_by("is_deputy", "-post__is_head", "valid_from", "id")


def head_of(organ_id: UUID, on: date) -> Appointment | None:
    """Who heads the organ on that day: the person deputising if there is one, else the head; None when vacant."""
    return heads_of([organ_id], on).get(organ_id)


def heads_of(organ_ids: Iterable[UUID], on: date) -> dict[UUID, Appointment]:
    """`head_of` for many organs.  One query."""
    rows = _in_force(on).filter(post__organ__in=list(organ_ids), post__is_head=True)
    return {row.post.organ_id: row for row in rows.order_by("is_deputy", "valid_from", "id")}
