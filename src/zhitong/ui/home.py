"""What stands on the home page of a person: lines say it in their declarations, permissions decide who gets what."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from zhitong.kernel.accounts.public import Actor

from .sets import counts


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


Counting = Generator[Mapping[str, Q], Mapping[str, int], Section | None]
Build = Callable[[Actor, datetime], Section | Counting | None]


@dataclass(frozen=True, slots=True)
class _Declared:
    slug: str
    permissions: tuple[str, ...]
    build: Build
    order: int


_declared: dict[str, _Declared] = {}


def declare_home(slug: str, permissions: Sequence[str], build: Build, *, order: int = 100) -> None:
    """Add a section for whoever holds any of ``permissions``; ``build(by, at)`` may still give none.

    A section that counts matters yields its conditions by name and gets the numbers: those of all sections are counted
    in one statement.

        def visits(by, at):
            n = yield sets_q(by, at, ["appeal.visit"])
            return Section(_("回访"), tiles=[Tile(_("待回访"), n["appeal.visit"])])
    """
    _declared[slug] = _Declared(slug, tuple(permissions), build, order)


def home_of(by: Actor, at: datetime) -> list[tuple[str, Section]]:
    """The sections of one person, in their order."""
    mine = [d for d in sorted(_declared.values(), key=lambda d: d.order) if any(map(by.may, d.permissions))]
    built: dict[str, Section | None] = {}
    counting: dict[str, Counting] = {}
    asked: dict[tuple[str, str], Q] = {}
    for one in mine:
        found = one.build(by, at)
        if not isinstance(found, Generator):
            built[one.slug] = found
        elif (conditions := _begun(found, one.slug, built)) is not None:
            counting[one.slug] = found
            asked |= {(one.slug, name): q for name, q in conditions.items()}
    numbers = counts(by, asked)
    for slug, begun in counting.items():
        built[slug] = _finished(begun, {name: n for (of, name), n in numbers.items() if of == slug})
    return [(one.slug, section) for one in mine if (section := built[one.slug])]


def _begun(section: Counting, slug: str, built: dict[str, Section | None]) -> Mapping[str, Q] | None:
    """What it counts; None when it had nothing to count."""
    try:
        return next(section)
    except StopIteration as done:
        built[slug] = done.value
        return None


def _finished(section: Counting, numbers: Mapping[str, int]) -> Section | None:
    try:
        section.send(numbers)
    except StopIteration as done:
        result: Section | None = done.value
        return result
    raise RuntimeError("a section of the home page counts once")
