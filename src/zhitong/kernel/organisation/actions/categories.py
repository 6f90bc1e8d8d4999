"""The list of matter categories."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid7

from ..models import Category
from ..permissions import By
from .writing import Log, changed, fetched, put, tidy, writing

_DIGITS_PER_LEVEL = 2
_LEVELS = 3


class CategoryFields(TypedDict, total=False):
    """What may be changed of a category; its code and its place in the tree stay."""

    name: str
    name_en: str
    keywords: str
    is_active: bool
    sort: int


class Imported(NamedTuple):
    """What an import of categories did."""

    created: int
    changed: int
    unchanged: int


def create_category(
    *, code: str, by: By, at: datetime, parent_id: UUID | None = None, **fields: Unpack[CategoryFields]
) -> Category:
    """A new category at the top or below ``parent_id``.  Refused below the third level."""
    with writing(by, at) as log:
        parent = fetched(Category, parent_id) if parent_id else None
        return write_category(log, parent, {"code": code, **fields})


def write_category(log: Log, parent: Category | None, values: Mapping[str, Any]) -> Category:
    """`create_category` inside a running transaction."""
    category = Category(id=uuid7(), parent=parent, **tidy(values))
    category.level = parent.level + 1 if parent else 1
    category.path = [*(parent.path if parent else []), category.pk]
    if category.level > _LEVELS:
        raise Refused("too_deep", _("类别最多三级，请选择一级或二级类别作为上级。"), "parent")
    put(category, is_checked=True)
    data = {"code": category.code, "name": category.name, "level": category.level}
    log.add("category.created", category, data, is_first=True)
    return category


def change_category(category_id: UUID, *, by: By, at: datetime, **fields: Unpack[CategoryFields]) -> Category:
    """Change how a category is called and found, or take it out of use together with all below it."""
    with writing(by, at) as log:
        category = fetched(Category, category_id)
        rewrite_category(log, category, fields)
        if fields.get("is_active") is False:
            for below in Category.objects.filter(path__contains=[category.pk], is_active=True):
                rewrite_category(log, below, {"is_active": False})
        return category


def rewrite_category(log: Log, category: Category, fields: Mapping[str, Any]) -> bool:
    """`change_category` for one row inside a running transaction; whether anything differed."""
    differences = changed(category, fields)
    if differences:
        put(category, is_checked=True)
        log.add("category.changed", category, {"name": category.name, "changes": differences})
    return bool(differences)


def import_categories(rows: Iterable[Mapping[str, str]], *, by: By, at: datetime) -> Imported:
    """Take over a category list; what has a known code is brought up to date, nothing is taken out of use.

    ``rows`` have the columns ``code`` (six digits, two per level), ``level1``, ``level1_en`` ... ``level3_en`` and
    ``keywords``.  Higher levels are made from the first row that names them.
    """
    with writing(by, at) as log:
        known = {category.code: category for category in Category.objects.select_for_update()}
        done = [_import(log, known, entry) for entry in _entries(rows)]
    return Imported(done.count("created"), done.count("changed"), done.count("unchanged"))


def _entries(rows: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Every category of every level once, parents before children."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        code = row["code"].strip()
        if len(code) != _LEVELS * _DIGITS_PER_LEVEL or not (code.isascii() and code.isdigit()):
            raise Refused("bad_code", _("类别编码“%(code)s”应为六位数字。") % {"code": code[:20]}, "code")
        for level in range(1, _LEVELS + 1):
            own = code[: level * _DIGITS_PER_LEVEL]
            names = {"name": row[f"level{level}"], "name_en": row.get(f"level{level}_en") or ""}
            keywords = {"keywords": row.get("keywords") or ""} if level == _LEVELS else {}
            found.setdefault(own, {"code": own, "sort": int(own.ljust(6, "0")), **names, **keywords})
    return sorted(found.values(), key=lambda entry: (len(entry["code"]), entry["code"]))


def _import(log: Log, known: dict[str, Category], entry: dict[str, Any]) -> str:
    code = entry["code"]
    if code in known:
        fields = {name: value for name, value in entry.items() if name != "code"}
        return "changed" if rewrite_category(log, known[code], fields) else "unchanged"
    parent = known[code[:-_DIGITS_PER_LEVEL]] if len(code) > _DIGITS_PER_LEVEL else None
    known[code] = write_category(log, parent, entry)
    return "created"
