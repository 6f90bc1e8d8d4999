"""The one door of the territory: divisions, what they were called when, and where a point lies."""

from .choices import RANK, DivisionKind, Level, ShapeSource, SuccessionKind
from .models import Division, DivisionShape, DivisionVersion, Succession, valid_on

__all__ = [
    "RANK", "Division", "DivisionKind", "DivisionShape", "DivisionVersion", "Level", "ShapeSource", "Succession",
    "SuccessionKind", "valid_on",
]  # fmt: skip
