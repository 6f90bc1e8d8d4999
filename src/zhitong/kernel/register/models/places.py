"""Where people live and firms work: buildings 楼栋 and the units 房屋 in them.

``version`` goes up by one with every change: whoever changes a row says which one it rests on (``actions.versions``).
``ended_on`` is the first day on which the thing is no more; what has ended stays, for whoever asks about then.
"""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

from ..choices import BuildingKind, UnitUse


class Building(models.Model):
    """A building in its grid, or in whatever division stands in for one.

    ``lon`` and ``lat`` are degrees of WGS-84, both or none; ``footprint`` is GeoJSON (Polygon or MultiPolygon) in the same.
    ``sort`` is the name with its numbers filled up, so that 2号楼 stands before 12号楼.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.ForeignKey(
        "territory.Division", models.PROTECT, related_name="+", verbose_name=_("所在区划"), db_index=False
    )
    name = models.CharField(_("楼栋名称"), max_length=80)
    address = models.CharField(_("地址"), max_length=200)
    kind = models.CharField(_("楼栋类型"), max_length=12, choices=BuildingKind.choices)
    floors = models.PositiveSmallIntegerField(_("层数"), null=True, blank=True)
    lon = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    footprint = models.JSONField(_("楼栋轮廓"), null=True, blank=True)
    ended_on = models.DateField(_("灭失日期"), null=True, blank=True)
    sort = models.CharField(max_length=200, editable=False)
    words = SearchVectorField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("更新时间"), default=timezone.now, editable=False)

    personal: ClassVar[dict[str, str]] = {"name": "none", "address": "none", "footprint": "none", "sort": "none"}

    class Meta:
        verbose_name = _("楼栋")
        verbose_name_plural = _("楼栋")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division", "name"], name="building_once", condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(condition=Q(kind__in=BuildingKind.values), name="building_kind"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="building_point",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["division", "sort", "id"], name="building_list"),
            GinIndex(fields=["words"], name="building_words", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A dwelling, shop or office: entrance 单元, floor and door number.  ``floor`` is below zero underground, null when nobody said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    building = models.ForeignKey(Building, models.PROTECT, related_name="units", verbose_name=_("楼栋"), db_index=False)
    entrance = models.CharField(_("单元"), max_length=20, blank=True)
    floor = models.SmallIntegerField(_("楼层"), null=True, blank=True)
    number = models.CharField(_("房号"), max_length=20)
    use = models.CharField(_("用途"), max_length=10, choices=UnitUse.choices, default=UnitUse.LIVING)
    ended_on = models.DateField(_("注销日期"), null=True, blank=True)
    sort = models.CharField(max_length=200, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("更新时间"), default=timezone.now, editable=False)

    personal: ClassVar[dict[str, str]] = {"sort": "none"}

    class Meta:
        verbose_name = _("房屋")
        verbose_name_plural = _("房屋")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["building", "entrance", "number"], name="unit_once", condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(condition=Q(use__in=UnitUse.values), name="unit_use"),
        ]
        indexes: ClassVar = [models.Index(fields=["building", "sort", "id"], name="unit_list")]

    def __str__(self) -> str:
        return "-".join(filter(None, [self.entrance, self.number]))


class BuildingMove(models.Model):
    """A building was registered in another division from a day on: what says where it belonged before.

    ``change`` is the change of borders that moved it; ``name_was`` is set where the other division had a building of that name.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    building = models.ForeignKey(Building, models.CASCADE, related_name="moves", verbose_name=_("楼栋"), db_index=False)
    was = models.ForeignKey("territory.Division", models.PROTECT, related_name="+", verbose_name=_("原所在区划"))
    now = models.ForeignKey("territory.Division", models.PROTECT, related_name="+", verbose_name=_("所在区划"))
    on = models.DateField(_("生效日期"))
    name_was = models.CharField(_("原楼栋名称"), max_length=80, blank=True)
    change = models.UUIDField(null=True, blank=True, editable=False)
    at = models.DateTimeField(_("办理时间"))

    personal: ClassVar[dict[str, str]] = {"name_was": "none"}

    class Meta:
        verbose_name = _("楼栋划转")
        verbose_name_plural = _("楼栋划转")
        indexes: ClassVar = [
            models.Index(fields=["building", "on", "id"], name="building_move_days"),
            models.Index(fields=["change"], name="building_move_change", condition=Q(change__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)
