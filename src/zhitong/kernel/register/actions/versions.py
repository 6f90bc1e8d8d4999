"""Two people who edit one thing: each says which version it rests on, and the later one is told what changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound, Overtaken

from ..models import Building, Household, Person, Unit
from ..rules.homes import differing

Versioned = TypeVar("Versioned", Building, Unit, Household, Person)


class Stale(Overtaken):
    """Something of the register is another version than the one that was seen."""

    version: int

    def __init__(self, version: int, fields: Mapping[str, Any]) -> None:
        said = _("这条信息刚被他人修改，请核对最新内容后再保存。")
        super().__init__("changed_meanwhile", said, version=version, fields=fields)


def hold(rows: "models.QuerySet[Versioned]", pk: UUID, missing: Any = None) -> Versioned:
    """The row, locked until the commit; NotFound where there is none."""
    row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound("no_entry", missing or _("没有登记这一条，可能已被删除。"))
    return row


def check_version(row: Building | Unit | Household | Person, version: int | None, given: Mapping[str, Any]) -> None:
    """Raise ``Stale`` where the row is another version than the one ``given`` rests on and says something else.

    ``version`` None: rests on none, as a row of a table does.
    """
    if version is None or version == row.version:
        return
    now = {name: getattr(row, name) for name in given}
    if names := differing(now, given):
        raise Stale(row.version, {name: now[name] for name in names})


def differing_of(row: Building | Unit | Household | Person, given: Mapping[str, Any]) -> list[str]:
    """The names of ``given`` that say something else than the row."""
    return differing({name: getattr(row, name) for name in given}, given)


def change(row: Versioned, given: Mapping[str, Any], at: datetime, **derived: Any) -> list[str]:
    """Write what is new of ``given``, with what follows from it, as the next version.  The names of what changed."""
    changed = differing_of(row, given)
    if changed:
        for name, value in {**{name: given[name] for name in changed}, **derived}.items():
            setattr(row, name, value)
        touch(row, at, *changed, *derived)
    return changed


def touch(row: Versioned, at: datetime, *fields: str) -> None:
    """Save these fields as the next version."""
    row.version += 1
    names = {"version", *fields}
    if not isinstance(row, Person):
        row.changed_at = at
        names.add("changed_at")
    row.save(update_fields=sorted(names))
