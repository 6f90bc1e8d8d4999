"""A drive 专项行动, the stages its targets go through, and what is to be done by which day."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from ..choices import DriveKind

MOST_STAGES = 12


class Drive(models.Model):
    """A list of targets that an organ works through with the divisions that take part, from a first to a last day.

    ``divisions`` is empty where the whole district takes part.  ``sorts`` are the kinds of disorder a target may be of.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("行动名称"), max_length=120)
    kind = models.CharField(_("行动类型"), max_length=12, choices=DriveKind.choices)
    purpose = models.TextField(_("目的和依据"), blank=True)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    divisions = ArrayField(models.UUIDField(), default=list)
    sorts = ArrayField(models.CharField(max_length=40), default=list)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("截止日期"))
    needs_before = models.BooleanField(_("完成前须有处置前照片"), default=False)
    needs_after = models.BooleanField(_("完成时须有处置后照片"), default=False)
    takes_finds = models.BooleanField(_("网格员可现场登记对象"), default=False)
    last_number = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "name": "none", "purpose": "none", "created_by": "staff",
    }  # fmt: skip

    class Meta:
        verbose_name = _("专项行动")
        verbose_name_plural = pgettext_lazy("plural", "专项行动")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"], name="campaigns_drive_name", violation_error_message=_("已有同名的专项行动。")
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="campaigns_days_in_order",
                violation_error_message=_("截止日期不能早于开始日期。"),
            ),
            models.CheckConstraint(condition=Q(kind__in=DriveKind.values), name="campaigns_drive_kind"),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="campaigns_newest"),
            GinIndex(fields=["divisions"], name="campaigns_drive_divisions"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_running_on(self, day: date) -> bool:
        """Whether targets are worked on that day: it has begun, and nobody ended it.  Past the last day what is open is late."""
        return self.ended_at is None and day >= self.starts_on


class Stage(models.Model):
    """Where a target of a drive stands: found, notified, demolished.  From the first one that ``is_done`` on it counts as done."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    drive = models.ForeignKey(Drive, models.CASCADE, related_name="stages", db_index=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("环节名称"), max_length=40)
    is_done = models.BooleanField(_("算作完成"), default=False)

    personal: ClassVar[dict[str, str]] = {"name": "none"}

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["drive", "position"], name="campaigns_stage_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """So many done by the end of such a day: in all, in a division, or by an organ.  Counts from the beginning of the drive."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    drive = models.ForeignKey(Drive, models.CASCADE, related_name="plans", db_index=False)
    division = models.ForeignKey("territory.Division", models.PROTECT, null=True, related_name="+")
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, null=True, related_name="+")
    by_day = models.DateField(_("日期"))
    done = models.PositiveIntegerField(_("应完成"))

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        ordering: ClassVar = ["by_day"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["drive", "division", "organ", "by_day"], name="campaigns_plan_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(division__isnull=True) | Q(organ__isnull=True), name="campaigns_plan_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_day} {self.done}"
