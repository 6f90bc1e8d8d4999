"""What keeps something from being published."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """A stable slug, the field, and what to do."""

    code: str
    field: str
    message: Any
