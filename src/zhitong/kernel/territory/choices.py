"""Enumerations of the territory."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(TextChoices):
    """From the largest to the smallest.  A district uses four of them as a rule and may name them its own way."""

    CITY = "city", _("市")
    DISTRICT = "district", _("区县")
    STREET = "street", _("街道（镇）")
    ZONE = "zone", _("管区")
    COMMUNITY = "community", _("社区（村）")
    GRID = "grid", _("网格")
    MICROGRID = "microgrid", _("微网格")


RANK: dict[str, int] = {level: rank for rank, level in enumerate(Level.values)}


def aside(level: str) -> float:
    """How many degrees to the east the index of boxes keeps a level, so that a view of one meets no other."""
    return 1000.0 * RANK[level]


# Changes with every division, version, shape and name of a level.
MARK = "territory"
# Changes with the choice of what lies beneath the maps.
GROUND_MARK = "ground"


class DivisionKind(TextChoices):
    BASE = "base", _("基础")
    DEDICATED = "dedicated", _("专属")


class ShapeSource(TextChoices):
    IMPORTED = "imported", _("导入")
    DRAWN = "drawn", _("绘制")
    DIVIDED = "divided", _("由上级区划等分")


class SuccessionKind(TextChoices):
    SPLIT = "split", _("拆分")
    MERGE = "merge", _("合并")


class FaultKind(TextChoices):
    """What the coverage check finds."""

    OVERLAP = "overlap", _("重叠")
    GAP = "gap", _("空隙")
    OUTSIDE = "outside", _("超出上级范围")


class StrayKind(TextChoices):
    """How a building stands to the divisions of a level."""

    NOWHERE = "nowhere", _("不在任何区划内")
    TWICE = "twice", _("在两个区划内")
    ASTRIDE = "astride", _("横跨区划边界")
    ELSEWHERE = "elsewhere", _("登记区划与位置不符")
    UNPLACED = "unplaced", _("没有坐标")


class RedrawingKind(TextChoices):
    """What is done on the map."""

    SHAPE = "shape", _("修改边界")
    NEW = "new", _("新设")
    SPLIT = "split", _("拆分")
    MERGE = "merge", _("合并")
    RENUMBER = "renumber", pgettext_lazy("redrawing", "变更编码")
