"""How a kind of matter is passed on by itself: what its line declares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Passing:
    """In which stage matters of a kind wait to be passed on, by which action, and what is filled in.

    ``form(matter, category_id, lead_id, co_ids, reason)`` gives the fields of the action, or None for a matter that a person must see.
    """

    kind: str
    stage: str
    action: str
    form: Callable[..., Mapping[str, Any] | None]


PASSING: dict[str, Passing] = {}


def declare_passing(passing: Passing) -> None:
    """Called by the line; the same kind twice is a mistake in code."""
    if PASSING.setdefault(passing.kind, passing) is not passing:
        raise ValueError(f"passing of {passing.kind} is declared twice")
