"""The division tree, what each division was called when, and its shapes.

Every range of days is half open: ``valid_from`` is the first day, ``valid_to`` the first day after it; no ``valid_to``
means open.  A row whose two days are equal was never in force.

`Division` holds what is so now; `DivisionVersion` holds every code, name and parent it ever had, the open one equal to
the division's own.  A renumbered or renamed division stays the same division; a split or a merge ends some and begins
others, tied by `Succession`.
"""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7
from zhitong.base.text import in_language, pinyin_search

from .choices import DivisionKind, Level, RedrawingKind, ShapeSource, SuccessionKind

Path = list[UUID]


def _box() -> models.Func:
    """Where a shape lies, each level in a world of its own (``choices.aside``)."""
    corners = [models.Func(F(x) + F("aside"), y, function="point") for x, y in (("west", "south"), ("east", "north"))]
    return models.Func(*corners, function="box")


def _days_in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
        name=name,
        violation_error_message=_("结束日期不能早于开始日期。"),
    )


class Dated(models.Model):
    """A row in force from ``valid_from`` up to, not including, ``valid_to``."""

    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("终止日期"), null=True, blank=True, help_text=_("自该日起失效；留空表示长期有效。"))

    class Meta:
        abstract = True

    def is_valid_on(self, on: date) -> bool:
        """Whether the row is in force on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def valid_on(on: date) -> Q:
    """The rows in force on that day, as a condition."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


class Described(Dated):
    """What a division is called and where it stands in the tree."""

    code = models.CharField(_("编码"), max_length=24)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    kind = models.CharField(_("类型"), max_length=10, choices=DivisionKind.choices, default=DivisionKind.BASE)
    path: "ArrayField[Path, Path]" = ArrayField(models.UUIDField(), editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language(self.name, self.name_en, get_language())


class Division(Described):
    """A piece of territory.  ``path`` holds the ids from the topmost division down to itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    level = models.CharField(_("层级"), max_length=10, choices=Level.choices)
    official_name = models.CharField(_("全称"), max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级区划")
    )
    spelling = models.CharField(max_length=500, editable=False)

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("区划")
        verbose_name_plural = _("区划")
        ordering: ClassVar = ["code", "id"]
        constraints: ClassVar = [
            _days_in_order("division_days_in_order"),
            models.CheckConstraint(condition=~Q(code=""), name="division_has_code"),
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="division_not_its_own_parent",
                violation_error_message=_("上级区划不能是区划自身。"),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(valid_to__isnull=True),
                name="division_live_code_once",
                violation_error_message=_("已有区划使用该编码。"),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["path"], name="division_path"),
            models.Index(fields=["level", "code"], name="division_level_code"),
            models.Index(fields=["code"], name="division_code"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the path and the spelling with what they follow from."""
        self.path = [*(self.parent.path if self.parent else ()), self.id]
        self.spelling = pinyin_search(self.name)
        super().save(*args, **kwargs)


class DivisionVersion(Described):
    """What a division was called, and where it stood, during some days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.ForeignKey(Division, models.CASCADE, related_name="versions", verbose_name=_("区划"))
    parent = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("上级区划")
    )

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("区划沿革")
        verbose_name_plural = _("区划沿革")
        ordering: ClassVar = ["division", "valid_from"]
        constraints: ClassVar = [_days_in_order("division_version_days_in_order")]
        indexes: ClassVar = [
            GinIndex(fields=["path"], name="division_version_path"),
            models.Index(fields=["division", "valid_from"], name="division_version_days"),
            models.Index(fields=["code"], name="division_version_code"),
        ]


class DivisionShape(Dated):
    """The area of a division during some days: GeoJSON in WGS-84, its bounds in degrees, its size in square metres."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.ForeignKey(Division, models.CASCADE, related_name="shapes", verbose_name=_("区划"))
    geometry = models.JSONField(_("边界"))
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    aside = models.FloatField(editable=False)
    lon = models.FloatField(_("经度"), help_text=_("区划内用于标注的一点。"))
    lat = models.FloatField(_("纬度"))
    area_m2 = models.FloatField(_("面积（平方米）"))
    # GeoJSON as coarse as these zooms of a map show it (``rules.outlines``); null for what is smaller than a pixel there.
    at_9 = models.TextField(null=True, editable=False)
    at_11 = models.TextField(null=True, editable=False)
    at_13 = models.TextField(null=True, editable=False)
    at_15 = models.TextField(null=True, editable=False)
    source = models.CharField(_("来源"), max_length=10, choices=ShapeSource.choices)
    is_provisional = models.BooleanField(_("暂定"), default=False, help_text=_("由上级区划等分得出，待实测边界替换。"))

    personal: ClassVar[dict[str, str]] = {
        "geometry": "none",
        "at_9": "none",
        "at_11": "none",
        "at_13": "none",
        "at_15": "none",
    }

    class Meta:
        verbose_name = _("区划边界")
        verbose_name_plural = _("区划边界")
        ordering: ClassVar = ["division", "valid_from"]
        constraints: ClassVar = [
            _days_in_order("division_shape_days_in_order"),
            models.CheckConstraint(
                condition=Q(west__gte=-180, south__gte=-90, east__lte=180, north__lte=90)
                & Q(west__lt=F("east"), south__lt=F("north")),
                name="division_shape_bounds",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["division", "valid_from"], name="division_shape_days"),
            GistIndex(_box(), name="division_shape_level_box"),
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.valid_from}"


class Succession(models.Model):
    """One division took over from another on a day: a split has one predecessor, a merge one successor."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    predecessor = models.ForeignKey(Division, models.PROTECT, related_name="successions", verbose_name=_("原区划"))
    successor = models.ForeignKey(Division, models.PROTECT, related_name="origins", verbose_name=_("新区划"))
    kind = models.CharField(_("方式"), max_length=10, choices=SuccessionKind.choices)
    on = models.DateField(_("日期"))

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("区划变更")
        verbose_name_plural = _("区划变更")
        ordering: ClassVar = ["on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class LevelName(models.Model):
    """What this district calls a level, where it differs from the usual name."""

    level = models.CharField(_("层级"), max_length=10, choices=Level.choices, primary_key=True)
    name = models.CharField(_("名称"), max_length=20)
    name_en = models.CharField(_("英文名称"), max_length=40, blank=True)

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("层级名称")
        verbose_name_plural = _("层级名称")

    def __str__(self) -> str:
        return in_language(self.name, self.name_en, get_language())


class ShapeFile(models.Model):
    """A file of shapes that was taken over: the same bytes are taken only once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.CharField(_("校验值"), max_length=64, unique=True, help_text=_("文件内容的SHA-256。"))
    name = models.CharField(_("文件名"), max_length=200)
    at = models.DateTimeField(_("导入时间"))

    personal: ClassVar[dict[str, str]] = {"name": "none"}

    class Meta:
        verbose_name = _("边界文件")
        verbose_name_plural = _("边界文件")
        ordering: ClassVar = ["-at", "id"]

    def __str__(self) -> str:
        return self.name


class Redrawing(models.Model):
    """A change made on the map, with what was so before and after it, so that it can be taken back.

    ``divisions`` are those it began, ended or changed.  ``before`` and ``after`` hold their rows as `actions.drawing` reads them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("方式"), max_length=10, choices=RedrawingKind.choices)
    on = models.DateField(_("生效日期"))
    reason = models.CharField(_("变更原因"), max_length=200)
    at = models.DateTimeField(_("办理时间"))
    by_label = models.CharField(_("办理人"), max_length=200)
    divisions: "ArrayField[Path, Path]" = ArrayField(models.UUIDField())
    before = models.JSONField()
    after = models.JSONField()
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    undone_label = models.CharField(_("撤销人"), max_length=200, blank=True)

    personal: ClassVar[dict[str, str]] = {
        "by_label": "staff", "reason": "staff", "undone_label": "staff", "before": "none", "after": "none",
    }  # fmt: skip

    class Meta:
        verbose_name = _("边界调整")
        verbose_name_plural = _("边界调整")
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="redrawing_latest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class GroundChoice(models.Model):
    """The tiles the district has chosen to lie beneath its maps: one row, or none.  ``sealed`` holds the provider's key."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    tiles = models.CharField(_("底图地址"), max_length=600)
    labels = models.CharField(_("注记地址"), max_length=600, blank=True)
    attribution = models.CharField(_("版权说明"), max_length=200, blank=True)
    datum = models.CharField(_("底图坐标系"), max_length=10)
    zoom = models.PositiveSmallIntegerField(_("最大级别"))
    sealed = models.BinaryField(null=True)
    at = models.DateTimeField(_("办理时间"))
    by_label = models.CharField(_("办理人"), max_length=200)

    PLACE: ClassVar[str] = "territory_groundchoice.sealed"
    personal: ClassVar[dict[str, str]] = {
        "tiles": "none", "labels": "none", "attribution": "none", "sealed": "secret", "by_label": "staff",
    }  # fmt: skip

    class Meta:
        verbose_name = _("地图底图")
        verbose_name_plural = _("地图底图")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="ground_choice_one")]

    def __str__(self) -> str:
        return self.tiles
