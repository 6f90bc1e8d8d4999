"""Organs and categories as the process keeps them: read by almost every page, changed a few times a year."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

from django.utils.translation import get_language

from zhitong.base.text import in_language
from zhitong.kernel.events.public import Kept

from ..models import Category, Organ

MARK = "organisation"
SEPARATOR = " / "


@dataclass(frozen=True, slots=True)
class KnownOrgan:
    """An organ, also one that is no more."""

    id: UUID
    code: str
    name: str
    short_name: str
    name_en: str
    kind: str
    parent_id: UUID | None
    division_id: UUID | None
    valid_from: date
    valid_to: date | None

    def __str__(self) -> str:
        return in_language(self.short_name or self.name, self.name_en, get_language())

    @property
    def full_name(self) -> str:
        """As its seal says."""
        return in_language(self.name, self.name_en, get_language())

    def is_valid_on(self, on: date) -> bool:
        """Whether the organ is in being on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Heading:
    """A category, also one that is switched off.  ``path`` leads from level 1 down to itself."""

    id: UUID
    code: str
    name: str
    name_en: str
    parent_id: UUID | None
    level: int
    path: tuple[UUID, ...]
    keywords: str
    is_active: bool

    def __str__(self) -> str:
        return in_language(self.name, self.name_en, get_language())


@dataclass
class Directory:
    """All organs by pinyin and all categories in their order."""

    organs: dict[UUID, KnownOrgan]
    categories: dict[UUID, Heading]
    _within: dict[UUID, frozenset[UUID]] = field(default_factory=dict)

    @cached_property
    def _children(self) -> dict[UUID | None, list[UUID]]:
        found: dict[UUID | None, list[UUID]] = {}
        for organ in self.organs.values():
            found.setdefault(organ.parent_id, []).append(organ.id)
        return found

    def within(self, organ_id: UUID) -> frozenset[UUID]:
        """The organ and every one below it."""
        if organ_id not in self._within:
            found, ahead = set[UUID](), [organ_id] if organ_id in self.organs else []
            while ahead:
                found.add(step := ahead.pop())
                ahead += [child for child in self._children.get(step, ()) if child not in found]
            self._within[organ_id] = frozenset(found)
        return self._within[organ_id]


def _build() -> Directory:
    organs = Organ.objects.order_by("sort_key", "id").values_list(
        "id", "code", "name", "short_name", "name_en", "kind", "parent_id", "division_id", "valid_from", "valid_to"
    )
    categories = Category.objects.order_by("sort", "code").values_list(
        "id", "code", "name", "name_en", "parent_id", "level", "path", "keywords", "is_active"
    )
    return Directory(
        {row[0]: KnownOrgan(*row) for row in organs},
        {row[0]: Heading(*row[:6], tuple(row[6]), *row[7:]) for row in categories},
    )


_directory: Kept[Directory] = Kept(MARK, _build, most=2)


def directory() -> Directory:
    """Organs and categories as they are now."""
    return _directory.get()


def organs() -> list[KnownOrgan]:
    """Every organ by pinyin, closed ones too."""
    return list(directory().organs.values())


def organs_on(on: date) -> list[KnownOrgan]:
    """The organs in being on that day, by pinyin."""
    return [organ for organ in organs() if organ.is_valid_on(on)]


def known_organ(organ_id: UUID | None) -> KnownOrgan | None:
    """One organ, a closed one too; None for none."""
    return directory().organs.get(organ_id) if organ_id else None


def organ_names(ids: Iterable[UUID | None], *, in_full: bool = False) -> dict[UUID, str]:
    """What the organs are called, in the reader's language, closed ones too: in short, or as their seals say."""
    known = directory().organs
    return {i: known[i].full_name if in_full else str(known[i]) for i in set(ids) if i in known}


def organs_within(organ_id: UUID) -> frozenset[UUID]:
    """The ids of the organ and of every organ below it, closed ones too: what they left behind is still theirs."""
    return directory().within(organ_id)


def headings(*, with_inactive: bool = False) -> list[Heading]:
    """The category list in its order."""
    return [one for one in directory().categories.values() if one.is_active or with_inactive]


def category_paths(ids: Collection[UUID | None]) -> dict[UUID, tuple[UUID, ...]]:
    """The path from level 1 down to each category; unknown ids are left out."""
    known = directory().categories
    return {i: known[i].path for i in set(ids) if i in known}


def categories_within(category_id: UUID) -> frozenset[UUID]:
    """The ids of a category and of every one below it; nothing for an unknown one."""
    return frozenset(one.id for one in directory().categories.values() if category_id in one.path)


def category_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Bare names in the reader's language."""
    known = directory().categories
    return {i: str(known[i]) for i in set(ids) if i in known}


def category_labels(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Each category as "城乡建设 / 市政设施 / 路灯照明", in the reader's language and in the order of ``ids``."""
    known = directory().categories
    return {
        i: SEPARATOR.join(str(known[step]) for step in known[i].path if step in known)
        for i in dict.fromkeys(ids)
        if i in known
    }


def category_label(category_id: UUID) -> str:
    """One category with what stands above it; empty when there is no such category."""
    return category_labels([category_id]).get(category_id, "")
