"""What every action shares: days, locks, new rows and new versions in bulk."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.bulk import copy_rows
from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean, pinyin_search
from zhitong.kernel.events.public import Happening, record_many

from ..choices import RANK, DivisionKind, Level
from ..models import Division, DivisionShape, DivisionVersion
from ..permissions import By, demand_manage

STREAM = "division"


@dataclass(slots=True)
class New:
    """A division about to be written."""

    code: str
    name: str
    level: str
    parent: "Division | New | None"
    name_en: str = ""
    official_name: str = ""
    kind: str = DivisionKind.BASE
    id: UUID = field(default_factory=uuid7)
    path: list[UUID] = field(init=False)

    def __post_init__(self) -> None:
        self.code, self.name, self.name_en = clean(self.code), clean(self.name), clean(self.name_en)[:160]
        self.official_name = clean(self.official_name)[:120]
        self.path = [*(self.parent.path if self.parent else ()), self.id]
        check_texts(self.code, self.name)
        if self.parent and RANK[self.parent.level] >= RANK[Level(self.level)]:
            raise Refused("parent_not_above", _("上级区划的层级必须高于本级。"), field="parent")


def check_texts(code: str, name: str) -> None:
    """Raise Refused unless both may be stored."""
    if not (code and len(code) <= 24 and code.isascii() and code.isalnum()):
        raise Refused("bad_code", _("编码由不超过24位的数字或字母组成，请更正。"), field="code")
    if not (name and len(name) <= 80):
        raise Refused("bad_name", _("请填写名称，不超过80个字。"), field="name")


@contextmanager
def writing(by: By, at: datetime, on: date | None) -> Iterator[date]:
    """One change of the territory in one transaction, after all others; gives the day it takes effect.

    NotAllowed for whoever may not.  Changes wait for one another, so that what one has checked still holds when it
    writes; nobody who reads, and nothing that refers to a division, waits.
    """
    demand_manage(by)
    day = day_of(at, on)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('territory', 0))")
        yield day


def day_of(at: datetime, on: date | None) -> date:
    """The day a change takes effect: the day of ``at`` unless an earlier one is given.  Refused for a later one."""
    today = timezone.localdate(at)
    if on is not None and on > today:
        raise Refused("day_in_future", _("生效日期不能晚于今天，请到当天再办理。"), field="on")
    return on or today


def locked(division_ids: Collection[UUID], on: date) -> dict[UUID, Division]:
    """The divisions that exist on the day, locked in the order of their ids.  NotFound for any other."""
    rows = Division.objects.select_for_update(no_key=True).filter(id__in=division_ids).order_by("id")
    found = {division.id: division for division in rows}
    if set(found) != set(division_ids):
        raise NotFound("unknown_division", _("没有这个区划，请重新选择。"))
    for division in found.values():
        if division.valid_to is not None:
            raise Conflict("division_ended", _("“%(name)s”已撤销，不能再变更。") % {"name": division.name})
        if division.valid_from > on:
            raise Refused(
                "before_division", _("生效日期早于“%(name)s”设立之日，请更正。") % {"name": division.name}, field="on"
            )
    return found


def demand_free_codes(codes: Collection[str], on: date, but: Collection[UUID] = ()) -> None:
    """Raise Conflict when one of the codes is in use on the day or after it by another division."""
    used = DivisionVersion.objects.filter(code__in=codes).exclude(division__in=but).exclude(valid_to__lte=on)
    code = used.values_list("code", flat=True).first()
    if code is not None or len(set(codes)) < len(codes):
        raise Conflict("code_taken", _("编码“%(code)s”已被使用，请换一个。") % {"code": code or ""}, field="code")


def write_new(new: Sequence[New], *, on: date, by: By, at: datetime, told: Mapping[str, Any] | None = None) -> None:
    """Write divisions with their first versions and an event each; the codes must be free."""
    with connection.cursor() as cursor:
        copy_rows(
            cursor,
            "territory_division",
            (
                "id", "code", "name", "name_en", "official_name", "level", "kind", "parent_id", "path", "spelling",
                "valid_from",
            ),
            (
                (n.id, n.code, n.name, n.name_en, n.official_name, str(n.level), str(n.kind), _id(n.parent), n.path,
                 pinyin_search(n.name), on)
                for n in new
            ),
        )  # fmt: skip
        copy_rows(
            cursor,
            "territory_divisionversion",
            ("id", "division_id", "code", "name", "name_en", "kind", "parent_id", "path", "valid_from"),
            ((uuid7(), n.id, n.code, n.name, n.name_en, str(n.kind), _id(n.parent), n.path, on) for n in new),
        )
    more = dict(told or {})
    record_many(
        [
            Happening(
                "territory.created", n.id, STREAM, at, by,
                {"code": n.code, "name": n.name, "level": str(n.level), "on": on.isoformat(), **more}, is_first=True,
            )
            for n in new
        ]
    )  # fmt: skip


def _id(parent: Division | New | None) -> UUID | None:
    return parent.id if parent else None


VERSIONED = ("code", "name", "name_en", "kind", "parent_id", "path")


def amend(divisions: Mapping[UUID, Division], changes: Mapping[UUID, Mapping[str, Any]], *, on: date) -> None:
    """Give locked divisions new values from a day on: their open versions end, new ones begin.

    A version that began on the same day is corrected in place.  Refused when one began later.
    """
    opened = {v.division_id: v for v in DivisionVersion.objects.filter(division__in=changes, valid_to=None)}
    new: list[DivisionVersion] = []
    corrected: list[DivisionVersion] = []
    for division_id, values in changes.items():
        division, version = divisions[division_id], opened.get(division_id)
        if version and version.valid_from > on:
            raise Refused("before_last_change", _("在此日期之后另有变更，请选择更晚的日期。"), field="on")
        if version is None and division.valid_from < on:
            new.append(_version(division, division.valid_from, on))
        for name, value in values.items():
            setattr(division, name, value)
        division.spelling = pinyin_search(division.name)
        if version and version.valid_from == on:
            corrected.append(_version(division, on, None, version))
        else:
            new.append(_version(division, on, None))
    DivisionVersion.objects.filter(division__in=[v.division_id for v in new], valid_to=None).update(valid_to=on)
    DivisionVersion.objects.bulk_update(corrected, VERSIONED)
    DivisionVersion.objects.bulk_create(new)
    Division.objects.bulk_update([divisions[i] for i in changes], [*VERSIONED, "official_name", "spelling"])


def _version(
    division: Division, valid_from: date, valid_to: date | None, into: DivisionVersion | None = None
) -> DivisionVersion:
    """The division's present values as a version for some days."""
    version = into or DivisionVersion(division=division)
    for name in VERSIONED:
        setattr(version, name, getattr(division, name))
    version.valid_from, version.valid_to = valid_from, valid_to
    return version


def close(divisions: Collection[Division], *, on: date) -> None:
    """End locked divisions with their versions and shapes.  Refused while something lies below one of them."""
    ids = [d.id for d in divisions]
    below = Division.objects.filter(parent__in=ids, valid_to=None).exclude(id__in=ids).select_related("parent").first()
    if below and below.parent:
        raise Refused("has_children", _("“%(name)s”下面还有区划，请先调整下级区划。") % {"name": below.parent.name})
    if DivisionVersion.objects.filter(division__in=ids, valid_from__gt=on).exists():
        raise Refused("before_last_change", _("在此日期之后另有变更，请选择更晚的日期。"), field="on")
    DivisionShape.objects.filter(division__in=ids, valid_from__gt=on).update(valid_to=F("valid_from"))
    DivisionShape.objects.filter(division__in=ids).filter(open_after(on)).update(valid_to=on)
    DivisionVersion.objects.filter(division__in=ids, valid_to=None).update(valid_to=on)
    Division.objects.filter(id__in=ids).update(valid_to=on)


def open_after(on: date) -> Q:
    """Rows that began by the day and have not ended by it."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))
