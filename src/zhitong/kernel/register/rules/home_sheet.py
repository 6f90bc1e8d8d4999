"""The columns of a table of homes: one row is a building, a unit in it, or somebody who lives there, as deep as it is filled in."""

from zhitong.base.sheets import Column, Sheet


def _both(*pairs: tuple[str, str, str]) -> dict[str, str]:
    """What people write, in either language, to the stored word; the word itself counts too."""
    return {said: slug for slug, chinese, english in pairs for said in (chinese, english)}


BUILDINGS = _both(
    ("residential", "住宅楼", "residential"), ("mixed", "商住楼", "mixed use"), ("commercial", "商业楼", "commercial"),
    ("office", "办公楼", "offices"), ("industrial", "厂房仓库", "industrial"), ("public", "公共建筑", "public building"),
    ("farmhouse", "农村住宅", "farmhouse"), ("courtyard", "平房院落", "courtyard"), ("other", "其他建筑", "other"),
)  # fmt: skip
USES = _both(
    ("living", "自住", "lived in by the owner"), ("rented", "出租", "let"), ("shared", "群租", "shared"), ("shop", "商铺", "shop"),
    ("office", "办公", "office"), ("store", "仓储", "storage"), ("empty", "空置", "empty"), ("other", "其他用途", "other"),
)  # fmt: skip
HOUSEHOLDS = _both(
    ("family", "家庭户", "family"), ("collective", "集体户", "collective"), ("tenants", "承租户", "tenants")
)
ROLES = _both(
    ("head", "户主", "head"), ("spouse", "配偶", "spouse"), ("child", "子女", "child"), ("in_law", "儿媳女婿", "child-in-law"),
    ("parent", "父母", "parent"), ("grandpar", "祖父母", "grandparent"), ("grandchild", "孙子女", "grandchild"),
    ("sibling", "兄弟姐妹", "sibling"), ("tenant", "租客", "tenant"), ("other", "其他关系", "other"),
)  # fmt: skip
KINDS = _both(
    ("registered", "户籍在此", "registered here"), ("living", "居住在此", "lives here"), ("both", "人户一致", "both"),
)  # fmt: skip
GENDERS = _both(("female", "女", "female"), ("male", "男", "male"))
DATUMS = _both(
    ("wgs84", "WGS-84", "WGS-84"),
    ("wgs84", "CGCS2000", "CGCS2000"),
    ("gcj02", "GCJ-02", "GCJ-02"),
    ("bd09", "BD-09", "BD-09"),
)

HOMES = Sheet(
    "homes", "人房登记", "Homes",
    (
        Column("division", "区划编码", "Division code", is_required=True),
        Column("building", "楼栋名称", "Building", is_required=True, most=80),
        Column("address", "地址", "Address", most=200),
        Column("building_kind", "楼栋类型", "Kind of building", "choice", choices=BUILDINGS),
        Column("floors", "层数", "Floors"),
        Column("lon", "经度", "Longitude"),
        Column("lat", "纬度", "Latitude"),
        Column("datum", "坐标系", "Coordinate system", "choice", choices=DATUMS),
        Column("entrance", "单元", "Entrance", most=20),
        Column("floor", "楼层", "Floor"),
        Column("number", "房号", "Door", most=20),
        Column("use", "用途", "Use", "choice", choices=USES),
        Column("household", "户号", "Household no."),
        Column("household_kind", "户类型", "Kind of household", "choice", choices=HOUSEHOLDS),
        Column("name", "姓名", "Name", most=60),
        Column("citizen_id", "身份证号", "Citizen ID", most=30),
        Column("phone", "电话", "Phone", most=30),
        Column("gender", "性别", "Gender", "choice", choices=GENDERS),
        Column("born_on", "出生日期", "Date of birth", "day"),
        Column("role", "与户主关系", "Relation to the head", "choice", choices=ROLES),
        Column("kind", "居住类型", "Kind of residence", "choice", choices=KINDS),
        Column("since", "迁入日期", "Moved in on", "day"),
        Column("moves", "从原住处迁来", "Moved from elsewhere", "yes_no"),
        Column("is_another", "另一人", "Another person", "yes_no"),
        Column("tags", "标签", "Tags", most=200),
        Column("purpose", "标注原因", "Reason for the tag", most=200),
        Column("until", "标签到期日期", "Tag ends on", "day"),
        Column("note", "备注", "Note", most=200),
    ),
    (
        ("370103001001001", "示范花园1号楼", "示范路8号1号楼", "住宅楼", "6", "117.0215", "36.6512", "WGS-84", "1单元",
         "3", "302", "自住", "", "家庭户", "张示范", "", "19800000001", "女", "1980-01-01", "户主", "人户一致", "2020-05-01", "", "", "", "", "", ""),
        ("370103001001001", "示范花园1号楼", "", "", "", "", "", "", "1单元", "3", "302", "", "", "",
         "李示范", "", "", "男", "1948-03-05", "父母", "居住在此", "2021-03-01", "", "", "独居老人", "子女在外地，每周走访", "2026-12-31", ""),
    ),
)  # fmt: skip
WHOLE = {"floors", "floor", "household"}
DEGREES = {"lon", "lat"}
