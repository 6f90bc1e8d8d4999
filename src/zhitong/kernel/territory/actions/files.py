"""Taking over a file of shapes, and giving shapes away as one."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused
from zhitong.base.geometry import Area, Datum, as_area, convert_shape
from zhitong.base.text import clean
from zhitong.kernel.events.public import Happening, record_many

from .. import rules
from ..choices import RANK, ShapeSource
from ..models import Division, ShapeFile
from ..permissions import By, demand_manage
from ..queries.tree import Node, tree
from ..rules.files import BadFile, Columns, Row, read_file
from .shapes import changed_shapes, reshape
from .writing import STREAM, New, amend, demand_free_codes, locked, write_new, writing

_WRONG = {
    "too_large": _("文件太大：压缩包不超过32MB，解压后不超过160MB，请拆分后再导入。"),
    "not_a_zip": _("压缩包无法打开，请重新压缩，不要加密。"),
    "no_shapefile": _("压缩包内应有且只有一个Shapefile（同名的.shp和.dbf），请重新打包。"),
    "projected": _("文件使用投影坐标，请转换为经纬度后再导入。"),
    "not_json": _("不是有效的GeoJSON要素集合，请检查文件。"),
    "no_columns": _("没有找到编码列或边界列，请填写列名后重试。"),
    "not_text": _("文字编码无法识别，请保存为UTF-8后重试。"),
    "too_many": _("行数太多，每个文件不超过20万行，请拆分后再导入。"),
    "broken": _("文件已损坏，无法读取，请重新导出。"),
    "unknown": _("请上传GeoJSON、CSV或Shapefile（zip压缩包）。"),
}
_ROW = {
    "no_shape": _("边界不是有效的多边形，请重新绘制或检查文件。"),
    "too_many_corners": _("边界的拐点超过10万个，请简化后再导入。"),
    "swapped": _("经度和纬度写颠倒了，请按先经度、后纬度的顺序导出。"),
    "not_degrees": _("坐标不是经纬度，可能是以米为单位的投影坐标，请转换为经纬度后再导入。"),
    "crosses": _("边界自相交，无法确定范围，请改正交叉处后再导入。"),
}


@dataclass(slots=True)
class FileTaken:
    """What became of a file.  ``errors`` are (row from 1 or line of the CSV, code, what to do); such rows are left out."""

    is_dry_run: bool
    created: int = 0
    renamed: int = 0
    reshaped: int = 0
    unchanged: int = 0
    errors: list[tuple[int, str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class _Plan:
    """What the rows come to."""

    new: list[New] = field(default_factory=list)
    names: dict[Any, str] = field(default_factory=dict)
    areas: dict[Any, Area] = field(default_factory=dict)


def take_file(
    name: str, content: bytes, *, by: By, at: datetime, on: date | None = None, columns: Columns | None = None,
    datum: str = Datum.WGS84, dry_run: bool = False,
) -> FileTaken:  # fmt: skip
    """Divisions and shapes from a file: a known code gets the shape and the name, an unknown one is set up below its parent.

    Rows that cannot be used are told and left out.  Refused when the file as a whole cannot be read, Conflict when the same
    bytes were taken before.  A ``dry_run`` is the import undone: what it would be refused for, the trial is.
    """
    demand_manage(by)
    try:
        rows = read_file(name, content, columns)
    except BadFile as error:
        raise Refused(f"file_{error.code}", _WRONG[error.code], field="file") from error
    digest, done = sha256(content).hexdigest(), FileTaken(dry_run)
    with writing(by, at, on) as day:
        if (before := ShapeFile.objects.filter(digest=digest).first()) is not None:
            said = {"name": before.name, "at": before.at.astimezone().strftime("%Y-%m-%d %H:%M")}
            raise Conflict(
                "file_known", _("同样内容的文件“%(name)s”已于%(at)s导入，不再重复导入。") % said, field="file"
            )
        plan = _plan(rows, datum, done)
        _count(plan, day, done)
        with transaction.atomic():
            _carry_out(plan, day, by, at)
            transaction.set_rollback(dry_run)
        if not dry_run:
            ShapeFile.objects.create(digest=digest, name=clean(name)[:200] or "-", at=at)
    return done


def _plan(rows: list[Row], datum: str, done: FileTaken) -> _Plan:
    """Parents before their children; a code twice is an error of the second."""
    plan = _Plan()
    seen: set[str] = set()
    live = {node.code: node for node in tree().nodes.values() if node.valid_to is None}
    known = Division.objects.in_bulk([live[c].id for row in rows if (c := _above(row.code)) in live])
    made: dict[str, New] = {}
    for row in sorted(rows, key=lambda row: (len(row.code), row.position)):
        try:
            area = _usable(row, datum, seen)
            if row.code in live:
                _add_known(plan, live[row.code], row, area)
            else:
                above = _above(row.code)
                parent = made.get(above) or (known.get(live[above].id) if above in live else None)
                made[row.code] = new = _new(row, parent)
                plan.new.append(new)
                plan.areas[new.id] = area
        except Refused as error:
            done.errors.append((row.position, row.code, str(error)))
    done.errors.sort(key=lambda error: error[0])
    return plan


def _above(code: str) -> str:
    return rules.parent_code(code) or ""


def _usable(row: Row, datum: str, seen: set[str]) -> Area:
    if not row.code:
        raise Refused("no_code", _("这一行没有编码。"))
    if row.code in seen:
        raise Refused("code_twice", _("编码在文件中重复出现，只取第一处。"))
    seen.add(row.code)
    if row.area is None:
        raise Refused(row.problem, _ROW[row.problem])
    try:
        return as_area(convert_shape(row.area, datum, Datum.WGS84))
    except ValueError as error:
        raise Refused("no_shape", _ROW["no_shape"]) from error


def _add_known(plan: _Plan, node: Node, row: Row, area: Area) -> None:
    if len(row.name) > 80:
        raise Refused("bad_name", _("请填写名称，不超过80个字。"))
    plan.areas[node.id] = area
    if row.name and clean(row.name) != node.name:
        plan.names[node.id] = clean(row.name)


def _new(row: Row, parent: Division | New | None) -> New:
    if not rules.is_code(row.code):
        raise Refused("bad_code", _("编码应为6位、9位、12位、15位或18位数字，请更正。"))
    level = rules.level_of(row.code)
    if parent is None and RANK[level] > RANK["district"]:
        raise Refused("no_parent", _("没有编码为“%(code)s”的上级区划。") % {"code": _above(row.code)})
    return New(row.code, row.name, level, parent, rules.english_name(clean(row.name)), row.name)


def _count(plan: _Plan, on: date, done: FileTaken) -> None:
    """Leave what is so already out of the plan, and say how many of each there are."""
    new = {one.id for one in plan.new}
    there = {i: area for i, area in plan.areas.items() if i not in new}
    changing = changed_shapes(there, on)
    done.created, done.renamed, done.reshaped = len(new), len(plan.names), len(changing)
    done.unchanged = len(there.keys() - changing.keys() - plan.names.keys())
    plan.areas = {i: area for i, area in plan.areas.items() if i in new or i in changing}


def _carry_out(plan: _Plan, on: date, by: By, at: datetime) -> None:
    there = locked({*plan.names, *(plan.areas.keys() - {n.id for n in plan.new})}, on)
    demand_free_codes([n.code for n in plan.new], on)
    write_new(plan.new, on=on, by=by, at=at)
    told = [
        Happening("territory.renamed", i, STREAM, at, by, {"name": name, "was": there[i].name, "on": on.isoformat()})
        for i, name in plan.names.items()
    ]
    amend(there, {i: {"name": name, "name_en": rules.english_name(name)} for i, name in plan.names.items()}, on=on)
    record_many(told)
    reshape(plan.areas, on, ShapeSource.IMPORTED, by, at)
