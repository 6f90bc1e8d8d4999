"""Where a division lies in the tree, as it is when a matter is placed."""

from collections.abc import Collection, Iterable
from uuid import UUID

from zhitong.kernel.organisation.public import Category
from zhitong.kernel.territory.public import Division, Level

Place = tuple[list[UUID], UUID | None]


def paths(division_ids: Collection[UUID]) -> dict[UUID, Place]:
    """The path from the top to each division, and its ancestor at street level; unknown ids are left out."""
    if not division_ids:
        return {}
    found = dict(Division.objects.filter(pk__in=division_ids).values_list("pk", "path"))
    above = {i for path in found.values() for i in path}
    streets = set(Division.objects.filter(pk__in=above, level=Level.STREET).values_list("pk", flat=True))
    return {pk: (list(path), next((i for i in path if i in streets), None)) for pk, path in found.items()}


def category_paths(category_ids: Iterable[UUID | None]) -> dict[UUID, list[UUID]]:
    """The path from level 1 down to each category; unknown ids are left out."""
    wanted = {i for i in category_ids if i}
    return dict(Category.objects.filter(pk__in=wanted).values_list("pk", "path")) if wanted else {}


def category_path(category_id: UUID | None) -> list[UUID]:
    """The path of one category; empty for none."""
    return category_paths([category_id]).get(category_id, []) if category_id else []
