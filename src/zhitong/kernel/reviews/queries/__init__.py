"""Reading reviews."""

from . import codes
from .listing import item_labels, listed, page_of, point_labels
from .points import (
    code_of_poster,
    code_of_tablet,
    just_served,
    manageable_points,
    point_of_poster,
    point_of_tablet,
    points_among,
    waiting_at,
)
from .visible import nameable, visible_reviews

__all__ = [
    "code_of_poster",
    "code_of_tablet",
    "codes",
    "item_labels",
    "just_served",
    "listed",
    "manageable_points",
    "nameable",
    "page_of",
    "point_labels",
    "point_of_poster",
    "point_of_tablet",
    "points_among",
    "visible_reviews",
    "waiting_at",
]
