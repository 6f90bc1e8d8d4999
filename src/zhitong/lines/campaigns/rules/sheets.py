"""The columns of a list of targets, of a plan and of an inventory, as people fill them in."""

from typing import Protocol

from zhitong.base.sheets import Column, Sheet

TARGETS = Sheet(
    "targets", "行动对象", "Targets",
    (
        Column("number", "编号", "Number", most=80),
        Column("name", "对象名称", "Name", is_required=True, most=120),
        Column("code", "统一编码", "Division code", most=24),
        Column("address", "地点", "Place", most=200),
        Column("lon", "经度", "Longitude", most=24),
        Column("lat", "纬度", "Latitude", most=24),
        Column("sort", "问题类型", "Kind of disorder", most=40),
        Column("organ", "责任单位", "Organ in charge", most=80),
        Column("due_on", "完成期限", "Due on", "day"),
        Column("note", "说明", "Note", most=200),
    ),
    (("A-001", "东风路18号东侧彩钢棚", "370103001001001", "东风路18号", "", "", "违法建设", "", "2026-12-31", ""),),
)  # fmt: skip

PLAN = Sheet(
    "plan", "计划", "Plan",
    (
        Column("by_day", "日期", "Day", "day", is_required=True),
        Column("done", "应完成", "Done by then", is_required=True, most=9),
        Column("code", "统一编码", "Division code", most=24),
        Column("organ", "责任单位", "Organ in charge", most=80),
    ),
    (("2026-12-10", "25", "", ""), ("2026-12-31", "100", "370103001", "")),
)  # fmt: skip


class Kept(Protocol):
    """What the sheet of an inventory depends on."""

    name: str
    fields: list[str]
    has_holder: bool
    has_licence: bool


def entry_sheet(inventory: Kept) -> Sheet:
    """The columns of an inventory: what every thing has, and its own fields under their own names."""
    holder = [Column("holder", "设置人或经营单位", "Holder", most=120)] if inventory.has_holder else []
    licence = [
        Column("licence", "许可证号", "Licence", most=60),
        Column("valid_until", "许可有效期至", "Valid until", "day"),
    ]
    columns = (
        Column("name", "名称", "Name", is_required=True, most=120),
        Column("code", "统一编码", "Division code", most=24),
        Column("address", "地点", "Place", most=200),
        Column("lon", "经度", "Longitude", most=24),
        Column("lat", "纬度", "Latitude", most=24),
        *holder,
        *(licence if inventory.has_licence else []),
        *(Column(f"field {name}", name, name, most=200) for name in inventory.fields),
    )
    return Sheet("entries", inventory.name[:31], inventory.name[:31], columns, ())


def points_of(lon: str, lat: str) -> tuple[float, float] | None:
    """Degrees as typed; None for nothing; ``ValueError`` for what is no point."""
    if not lon and not lat:
        return None
    found = float(lon), float(lat)
    if not (-180 <= found[0] <= 180 and -90 <= found[1] <= 90):
        raise ValueError("not on earth")
    return found
