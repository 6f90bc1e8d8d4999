"""Reading reviews."""

from . import codes
from .points import (
    code_of_poster,
    code_of_tablet,
    manageable_points,
    point_of_poster,
    point_of_tablet,
    waiting_at,
)
from .visible import may_name, visible_reviews

__all__ = [
    "code_of_poster",
    "code_of_tablet",
    "codes",
    "manageable_points",
    "may_name",
    "point_of_poster",
    "point_of_tablet",
    "visible_reviews",
    "waiting_at",
]
