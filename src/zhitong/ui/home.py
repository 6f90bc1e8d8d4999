"""What stands on the home page of a person: lines say it in their declarations, permissions decide who gets what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhitong.kernel.accounts.public import Actor


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with the address of the list behind it.  ``trend`` is a share of one against the time before, in points of a
    hundred where ``in_points``; ``more_is_good`` None: neither way is better."""

    label: Any
    value: Any
    href: str = ""
    tone: str = ""
    hint: Any = ""
    icon: str = ""
    unit: Any = ""
    trend: float | None = None
    more_is_good: bool | None = True
    in_points: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """A button: where it leads, and its shortcut."""

    label: Any
    href: str
    icon: str = ""
    key: str = ""
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One part of somebody's home: tiles, then what ``template`` makes of ``context``."""

    title: Any
    icon: str = ""
    tiles: Sequence[Tile] = ()
    doors: Sequence[Door] = ()
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    lead: Any = ""


Build = Callable[[Actor, datetime], Section | None]


@dataclass(frozen=True, slots=True)
class _Declared:
    slug: str
    permissions: tuple[str, ...]
    build: Build
    order: int


_declared: dict[str, _Declared] = {}


def declare_home(slug: str, permissions: Sequence[str], build: Build, *, order: int = 100) -> None:
    """Add a section for whoever holds any of ``permissions``; ``build(by, at)`` may still give none."""
    _declared[slug] = _Declared(slug, tuple(permissions), build, order)


def home_of(by: Actor, at: datetime) -> list[tuple[str, Section]]:
    """The sections of one person, in their order."""
    found = []
    for one in sorted(_declared.values(), key=lambda d: d.order):
        if any(by.may(permission) for permission in one.permissions) and (section := one.build(by, at)):
            found.append((one.slug, section))
    return found
