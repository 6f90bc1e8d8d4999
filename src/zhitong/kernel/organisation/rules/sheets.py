"""What the import workbook looks like: its sheets and their columns."""

from zhitong.base.sheets import BadCell, Column, Sheet, as_text, read_cell, read_header

__all__ = [
    "DUTIES", "ORGANS", "ORGAN_KINDS", "PEOPLE", "ROLES", "SHEETS", "BadCell", "Column", "Sheet", "as_text", "best_sheet", "read_cell",
    "read_header", "sheet_named",
]  # fmt: skip

ORGAN_KINDS = {
    "部门": "department", "街道办事处": "street_office", "镇政府": "street_office", "社区居委会": "community_committee",
    "村委会": "community_committee", "中心": "centre", "督查机构": "supervision", "企事业单位": "institution",
}  # fmt: skip
ORGAN_KINDS_EN = {
    "department": "department", "street office": "street_office", "community committee": "community_committee",
    "centre": "centre", "supervision": "supervision", "institution": "institution",
}  # fmt: skip
ROLES = {"主办": "lead", "协办": "co"}
ROLES_EN = {"lead": "lead", "co-handler": "co"}

_FROM_HELP = ("如 2025-01-01。", "For example 2025-01-01.")
_TO_HELP = ("自该日起失效；长期有效的留空。", "No longer in force from this day on; leave empty when open-ended.")

ORGANS = Sheet(
    "organs", "单位", "Organs",
    (
        Column("code", "单位编码", "Organ code", is_required=True, help="全区唯一，再次导入时按编码更新。",
               help_en="Unique in the district; a later import updates by it."),
        Column("name", "单位名称", "Name", is_required=True),
        Column("short_name", "简称", "Short name"),
        Column("name_en", "英文名称", "English name"),
        Column("kind", "单位类型", "Kind", "choice", True, {**ORGAN_KINDS, **ORGAN_KINDS_EN}),
        Column("parent", "上级单位编码", "Parent code", help="可以是同一表中的单位。",
               help_en="May be an organ of the same sheet."),
        Column("division", "辖区编码", "Division code", help="单位管辖的区划；全区性单位留空。",
               help_en="The area it covers; leave empty for the whole district."),
        Column("phone", "联系电话", "Phone"),
        Column("valid_from", "起始日期", "From", "day", True, help=_FROM_HELP[0], help_en=_FROM_HELP[1]),
        Column("valid_to", "终止日期", "To", "day", help=_TO_HELP[0], help_en=_TO_HELP[1]),
    ),
    (
        ("CG", "区城市管理局", "城管局", "Urban Management", "部门", "", "", "80000001", "2020-01-01", ""),
        ("JD01", "示例街道办事处", "示例街道", "Sample Street", "街道办事处", "", "", "80000002", "2020-01-01", ""),
    ),
)  # fmt: skip

PEOPLE = Sheet(
    "people", "人员", "People",
    (
        Column("staff_no", "工号", "Staff number", is_required=True, help="一人一号；任多个岗位的，每个岗位填一行。",
               help_en="One number per person; one row for each post held."),
        Column("name", "姓名", "Name", is_required=True),
        Column("phone", "手机", "Mobile"),
        Column("email", "电子邮箱", "E-mail"),
        Column("organ", "单位编码", "Organ code", is_required=True),
        Column("title", "岗位名称", "Post", is_required=True, help="单位尚无此岗位的，导入时自动设立。",
               help_en="Created when the organ has no such post yet."),
        Column("is_head", "主要负责人", "Head", "yes_no", help="填“是”或“否”。", help_en="yes or no."),
        Column("post_division", "岗位辖区编码", "Post division code", help="只管单位辖区一部分的岗位填写，如网格员填网格编码。",
               help_en="Only for a post that covers part of the organ's area, as the grid's code for a grid worker."),
        Column("is_deputy", "代理", "Deputising", "yes_no", help="填“是”或“否”。", help_en="yes or no."),
        Column("valid_from", "任职日期", "Appointed on", "day", True, help=_FROM_HELP[0], help_en=_FROM_HELP[1]),
        Column("valid_to", "免职日期", "Left on", "day", help=_TO_HELP[0], help_en=_TO_HELP[1]),
    ),
    (
        ("1001", "张示例", "13800000001", "zhang@example.org", "CG", "局长", "是", "", "否", "2024-03-01", ""),
        ("1002", "李样本", "13800000002", "", "CG", "市政科科员", "否", "", "否", "2024-03-01", ""),
    ),
)  # fmt: skip

DUTIES = Sheet(
    "duties", "职责", "Duties",
    (
        Column("organ", "单位编码", "Organ code", is_required=True),
        Column("category", "类别编码", "Category code", help="留空表示全部类别；填上级类别即包括其下各类。",
               help_en="Empty means every category; a higher category includes all below it."),
        Column("division", "辖区编码", "Division code", help="留空表示全区。",
               help_en="Empty means the whole district."),
        Column("role", "职责", "Role", "choice", True, {**ROLES, **ROLES_EN}),
        Column("basis", "依据", "Basis", help="职责所依据的文件或规定。",
               help_en="The document or rule the duty rests on."),
        Column("hours", "时段", "Hours", help="如“周一至周五 8:30-17:30”“22:00-6:00”；留空表示全天。",
               help_en="Like Mon-Fri 8:30-17:30 or 22:00-6:00; empty means always."),
        Column("valid_from", "起始日期", "From", "day", True, help=_FROM_HELP[0], help_en=_FROM_HELP[1]),
        Column("valid_to", "终止日期", "To", "day", help=_TO_HELP[0], help_en=_TO_HELP[1]),
    ),
    (
        ("CG", "010201", "", "主办", "《城市管理职责清单》第3项", "", "2024-01-01", ""),
        ("JD01", "", "", "协办", "属地责任", "", "2024-01-01", ""),
    ),
)  # fmt: skip

SHEETS = (ORGANS, PEOPLE, DUTIES)


def sheet_named(title: str) -> Sheet | None:
    """The sheet with that title in either language."""
    wanted = title.strip().casefold()
    return next((s for s in SHEETS if wanted in (s.title.casefold(), s.title_en.casefold())), None)


def best_sheet(header: list[str]) -> Sheet | None:
    """The sheet whose required columns all stand in ``header`` (a CSV file has no title to go by)."""
    fitting = [s for s in SHEETS if not read_header(s, header)[1]]
    return max(fitting, key=lambda s: len(read_header(s, header)[0]), default=None)
