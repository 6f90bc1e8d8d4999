"""Where a category lies in its list."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection


def category_paths(category_ids: Iterable[UUID | None]) -> dict[UUID, list[UUID]]:
    """The path from level 1 down to each category; unknown ids are left out."""
    wanted = {i for i in category_ids if i}
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, path FROM organisation_category WHERE id = ANY(%s)", [list(wanted)])
        return dict(cursor.fetchall())


def category_path(category_id: UUID | None) -> list[UUID]:
    """The path of one category; empty for none."""
    return category_paths([category_id]).get(category_id, []) if category_id else []
