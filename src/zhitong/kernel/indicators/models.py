"""Facts, their rollups, and what the indicators mean.

Facts and rollups follow from the log and can be made again from it, so they point at nothing by foreign key: what a
fact says of a street stays so when the street is gone.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from .choices import Direction, Unit


class Fact(models.Model):
    """What one event contributes to one measure on its day (Asia/Shanghai).  ``n`` tells several contributions apart."""

    pk = models.CompositePrimaryKey("day", "measure", "event", "n")
    day = models.DateField()
    measure = models.CharField(max_length=60)
    event = models.UUIDField()
    n = models.PositiveSmallIntegerField(default=0)
    stream = models.UUIDField()
    division = models.UUIDField(null=True)
    area = models.UUIDField(null=True)
    organ = models.UUIDField(null=True)
    category = models.UUIDField(null=True)
    subkind = models.UUIDField(null=True)
    item = models.UUIDField(null=True)
    point = models.UUIDField(null=True)
    channel = models.CharField(max_length=12, default="")
    kind = models.CharField(max_length=40, default="")
    value = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["division", "measure", "day"], name="fact_division", condition=models.Q(division__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.day} {self.value}"


class Cell(models.Model):
    """A sum over facts.  A dimension that the grain leaves out is empty; ``n`` tells the cells of a grain apart."""

    grain = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=60)
    n = models.PositiveIntegerField()
    area = models.UUIDField(null=True)
    organ = models.UUIDField(null=True)
    category = models.UUIDField(null=True)
    channel = models.CharField(max_length=12, null=True)
    subkind = models.UUIDField(null=True)
    item = models.UUIDField(null=True)
    point = models.UUIDField(null=True)
    sum = models.DecimalField(max_digits=24, decimal_places=4)
    count = models.PositiveBigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.measure} {self.sum} / {self.count}"


class RollupDay(Cell):
    """Sums of one day; to be read only while the day is in ``RolledDay`` and not in ``StaleDay``."""

    pk = models.CompositePrimaryKey("grain", "day", "measure", "n")
    day = models.DateField()


class RollupMonth(Cell):
    """Sums of one month, named by its first day; to be read only while it is in ``RolledMonth`` and no day is stale."""

    pk = models.CompositePrimaryKey("grain", "month", "measure", "n")
    month = models.DateField()


class RolledDay(models.Model):
    """The rollup of this day is complete, in the grains of that time (``FOLDED_BY``)."""

    day = models.DateField(primary_key=True)
    folded_by = models.PositiveSmallIntegerField()
    rolled_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return str(self.day)


class StaleDay(models.Model):
    """A fact was added to a day after it was rolled.  Many writers may say so at once, each with its own row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    day = models.DateField(db_index=True)

    def __str__(self) -> str:
        return str(self.day)


class RolledMonth(models.Model):
    """The rollup of this month is complete."""

    month = models.DateField(primary_key=True)
    rolled_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return str(self.month)


class Indicator(models.Model):
    """One version of what an indicator means.  A version is never changed: a new meaning is a new version."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(_("代码"), max_length=60)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    valid_from = models.DateField(_("起用日期"))
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    formula = models.JSONField(_("算式"))
    unit = models.CharField(pgettext_lazy("figure", "单位"), max_length=10, choices=Unit.choices)
    direction = models.CharField(_("方向"), max_length=10, choices=Direction.choices, default=Direction.NEUTRAL)
    basis = models.TextField(_("口径"), blank=True, help_text=_("算什么、不算什么、依据是什么。"))
    basis_en = models.TextField(_("英文口径"), blank=True)
    owner = models.CharField(_("归口单位"), max_length=60, blank=True)
    is_shown = models.BooleanField(
        _("重点指标"), default=True, help_text=_("在指标页首要位置显示，并列入各街道、各单位对照表。")
    )
    sort = models.PositiveSmallIntegerField(_("排序"), default=100)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    created_by = models.CharField(_("制定人"), max_length=120, blank=True)

    personal: ClassVar[dict[str, str]] = {
        "basis": "none", "basis_en": "none", "created_by": "staff", "formula": "none",
    }  # fmt: skip

    class Meta:
        verbose_name = _("指标")
        verbose_name_plural = _("指标")
        ordering: ClassVar = ["sort", "slug", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "version"], name="indicator_version_once"),
            models.UniqueConstraint(fields=["slug", "valid_from"], name="indicator_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
