"""Enumerations of figures, and the grains of the rollups."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Unit(TextChoices):
    """How a figure is written.  The value behind ``hours`` and ``days`` is in seconds."""

    COUNT = "count", pgettext_lazy("unit", "件")
    PERCENT = "percent", pgettext_lazy("unit", "百分比")
    HOURS = "hours", pgettext_lazy("unit", "小时")
    DAYS = "days", pgettext_lazy("unit", "天")
    SCORE = "score", pgettext_lazy("unit", "分")


class Direction(TextChoices):
    """Which way is better."""

    MORE = "more", _("越高越好")
    LESS = "less", _("越低越好")
    NEUTRAL = "neutral", _("不分高低")


class Part(TextChoices):
    """Which of the matters behind a figure."""

    ALL = "all", _("全部")
    TOP = "top", _("达到的")
    REST = "rest", _("没有达到的")


class Grain(IntegerChoices):
    """What the rows of a rollup are broken down by; the numbers are stored."""

    PLACE = 1
    CATEGORY = 2
    CHANNEL = 3
    DUTY = 4
    ITEM = 5
    POINT = 6
    PLACE_ITEM = 7


GRAINS: dict[Grain, frozenset[str]] = {
    Grain.PLACE: frozenset({"area", "organ"}),
    Grain.CATEGORY: frozenset({"area", "category"}),
    Grain.CHANNEL: frozenset({"area", "channel", "subkind"}),
    Grain.DUTY: frozenset({"organ", "category"}),
    Grain.ITEM: frozenset({"organ", "item"}),
    Grain.POINT: frozenset({"organ", "point"}),
    Grain.PLACE_ITEM: frozenset({"area", "organ", "item"}),
}
# Finer rollups would be as long as the facts: a month of a district has about as many combinations of all five as it has
# matters.  So has a day of a small one of street and category, but there it costs little.
DAY_GRAINS = (Grain.PLACE, Grain.CATEGORY, Grain.ITEM)
# One more with every change of the grains of days or months: what was folded by an earlier number is folded again, and read from
# facts till then.
FOLDED_BY = 3
MONTH_GRAINS = (Grain.PLACE, Grain.CATEGORY, Grain.DUTY, Grain.CHANNEL, Grain.ITEM, Grain.POINT, Grain.PLACE_ITEM)
