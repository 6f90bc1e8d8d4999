"""Where a category lies in its list."""

from collections.abc import Iterable
from uuid import UUID

from zhitong.kernel.organisation import public as organisation


def category_paths(category_ids: Iterable[UUID | None]) -> dict[UUID, list[UUID]]:
    """The path from level 1 down to each category; unknown ids are left out."""
    wanted = {i for i in category_ids if i}
    return {pk: list(path) for pk, path in organisation.category_paths(wanted).items()} if wanted else {}


def category_path(category_id: UUID | None) -> list[UUID]:
    """The path of one category; empty for none."""
    return category_paths([category_id]).get(category_id, []) if category_id else []
