"""What lines put onto the page of a matter beside what every kind has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Matter

Build = Callable[[Matter, Actor, datetime], Mapping[str, Any] | None]
EVERY = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A template, and the values it is drawn with as ``part``."""

    template: str
    values: Mapping[str, Any]


_parts: dict[str, list[tuple[str, Build]]] = {}


def declare_part(kind: str, template: str, build: Build) -> None:
    """Tell the page of matters of ``kind`` (``EVERY``: of every kind) of a part; ``build(matter, by, at)`` reads what it shows, None
    where there is nothing to show."""
    _parts.setdefault(kind, []).append((template, build))


def parts_of(matter: Matter, by: Actor, at: datetime) -> list[Part]:
    """The parts of this matter, in the order in which they were declared."""
    declared = [*_parts.get(matter.kind, ()), *_parts.get(EVERY, ())]
    built = ((template, build(matter, by, at)) for template, build in declared)
    return [Part(template, values) for template, values in built if values is not None]
