"""What an import refers to by code, fetched at once instead of row by row."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.territory.public import Division

from ..models import Appointment, Category, Duty, Organ, Post, Staff

Codes = dict[str, set[str]]


@dataclass
class Lookup:
    """Rows by code.  What the import itself creates is added as it goes, and taken back when its row fails."""

    divisions: dict[str, UUID] = field(default_factory=dict)
    categories: dict[str, UUID] = field(default_factory=dict)
    organs: dict[str, list[Organ]] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    posts: dict[tuple[UUID, str, UUID | None], list[Post]] = field(default_factory=dict)
    appointments: dict[tuple[UUID, UUID], list[Appointment]] = field(default_factory=dict)
    duties: dict[tuple[UUID, UUID | None, UUID | None, str], list[Duty]] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)

    def organ(self, code: str, column: str = "organ") -> Organ:
        """The last organ of that code."""
        found = self.organs.get(code)
        if not found:
            raise Refused("unknown_organ", _("没有编码为“%(code)s”的单位。") % {"code": code}, column)
        return found[-1]

    def division(self, code: str, column: str = "division") -> UUID | None:
        """The division of that code; None for no code."""
        if not code:
            return None
        if code not in self.divisions:
            raise Refused("unknown_division", _("没有编码为“%(code)s”的区划。") % {"code": code}, column)
        return self.divisions[code]

    def category(self, code: str) -> UUID | None:
        """The category of that code; None for no code."""
        if not code:
            return None
        if code not in self.categories:
            raise Refused("unknown_category", _("没有编码为“%(code)s”的类别。") % {"code": code}, "category")
        return self.categories[code]


def look_up(codes: Codes) -> Lookup:
    """Everything the codes in a file refer to.  Seven queries at most; organs are locked for the import."""
    found = Lookup()
    divisions = Division.objects.filter(code__in=codes["division"]).order_by("valid_from")
    found.divisions = dict(divisions.values_list("code", "pk"))
    found.categories = dict(Category.objects.filter(code__in=codes["category"]).values_list("code", "pk"))
    for organ in Organ.objects.select_for_update().filter(code__in=codes["organ"]).order_by("valid_from"):
        found.organs.setdefault(organ.code, []).append(organ)
    found.staff = {s.staff_no: s for s in Staff.objects.select_for_update().filter(staff_no__in=codes["staff"])}
    organs = [organ.pk for same in found.organs.values() for organ in same]
    _people(found, organs if codes["staff"] else [])
    if codes["category"] or codes["duty"]:
        for duty in Duty.objects.filter(organ__in=organs).order_by("valid_from"):
            found.duties.setdefault((duty.organ_id, duty.category_id, duty.division_id, duty.hours), []).append(duty)
    return found


def _people(found: Lookup, organs: Collection[UUID]) -> None:
    posts = {post.pk: post for post in Post.objects.filter(organ__in=organs).order_by("valid_from")}
    for post in posts.values():
        found.posts.setdefault((post.organ_id, post.title, post.division_id), []).append(post)
    for appointment in Appointment.objects.filter(post__in=posts, staff__staff_no__in=found.staff):
        appointment.post = posts[appointment.post_id]
        found.appointments.setdefault((appointment.staff_id, appointment.post_id), []).append(appointment)


def overlapping(rows: Collection[Any], start: date, end: date | None) -> list[Any]:
    """The rows with a day in common with ``start`` to ``end``."""
    return [
        row
        for row in rows
        if (end is None or row.valid_from < end)
        and (row.valid_to is None or (row.valid_to > start and row.valid_to > row.valid_from))
    ]
