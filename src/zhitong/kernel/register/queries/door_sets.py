"""Doors that a list is made of: every building, every household, every household with a tag, every firm.  What lines offer, and what they take."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.territory.public import within

from ..choices import FirmState
from ..models import Firm
from .homes import Door, doors, tag_kinds

TAGGED = ("person", "household")  # what a tag may be on that says which household is meant
TAG = "tag:"


def door_choices() -> list[tuple[str, str]]:
    """What there is to choose from, as a list offers it."""
    kinds = [one for one in tag_kinds() if one.subject in TAGGED]
    tagged = [(f"{TAG}{one.pk}", _("有“%(tag)s”标签的住户") % {"tag": one.name}) for one in kinds]
    return [("building", _("每栋楼")), ("household", _("每户")), *tagged, ("firm", _("每家市场主体"))]


def doors_of(of: str, inside: UUID | None = None) -> list[Door]:
    """The doors of one of these choices, inside a division or in all; ``Refused`` when there is none."""
    tag_kind = uuid_of(of.removeprefix(TAG)) if of.startswith(TAG) else None
    subject = "household" if of.startswith(TAG) else of
    divisions = None if inside is None else within(inside)
    found = _firms(divisions) if of == "firm" else doors(subject, divisions, tag_kind=tag_kind)
    if not found:
        raise Refused("no_targets", _("该辖区内没有登记这样的对象。"), "of")
    return found


def _firms(division_ids: Collection[UUID] | None) -> list[Door]:
    """Every active firm that has a place."""
    rows = Firm.objects.filter(state=FirmState.ACTIVE, division__isnull=False)
    rows = rows if division_ids is None else rows.filter(division__in=division_ids)
    found = rows.order_by("division", "name").values_list("id", "division", "name")
    return [Door(pk, division, name, "firm") for pk, division, name in found.iterator() if division]
