"""Inventories 台账: what stands in the streets and stays there, who has it, and how it is looked after."""

from datetime import date
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from ..choices import Finding, Side

MOST_FIELDS = 12


class Inventory(models.Model):
    """A list of things that an organ looks after: designated points with stalls, outdoor advertising, pocket parks, meal points.

    ``fields`` are what is written down of each beside name and place, in words of the district; ``shown`` those that the public
    sees.  ``check_days`` is how often each is inspected; None where nobody has to.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("台账名称"), max_length=60)
    purpose = models.TextField(_("说明和依据"), blank=True)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    fields = ArrayField(models.CharField(max_length=40), default=list)
    shown = ArrayField(models.CharField(max_length=40), default=list)
    has_holder = models.BooleanField(_("登记设置人或经营单位"), default=True)
    has_licence = models.BooleanField(_("须有许可，登记证号和有效期"), default=False)
    has_stalls = models.BooleanField(_("分摊位，登记经营者和经营产品"), default=False)
    check_days = models.PositiveSmallIntegerField(_("检查周期"), null=True)
    last_number = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    published_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"name": "none", "purpose": "none", "created_by": "staff"}

    class Meta:
        verbose_name = _("台账")
        verbose_name_plural = pgettext_lazy("plural", "台账")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"], name="campaigns_inventory_name", violation_error_message=_("已有同名的台账。")
            )
        ]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One thing of an inventory.  ``values`` are the inventory's own fields by name.  Gone things stay, with day and reason.

    ``check_by`` is the day by which it is to be inspected next, so that what is due is one range of an index.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inventory = models.ForeignKey(Inventory, models.PROTECT, related_name="entries", db_index=False)
    number = models.PositiveIntegerField(_("序号"))
    name = models.CharField(_("名称"), max_length=120)
    address = models.CharField(_("地点"), max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    division = models.ForeignKey("territory.Division", models.PROTECT, related_name="+", verbose_name=_("所在辖区"))
    path = ArrayField(models.UUIDField(), default=list)
    holder = models.CharField(_("设置人或经营单位"), max_length=120, blank=True)
    licence = models.CharField(_("许可证号"), max_length=60, blank=True)
    valid_until = models.DateField(_("许可有效期至"), null=True)
    values = models.JSONField(default=dict)
    check_by = models.DateField(null=True)
    gone_on = models.DateField(_("撤除日期"), null=True)
    reason = models.CharField(_("撤除原因"), max_length=200, blank=True)
    changed_at = models.DateTimeField()
    words = SearchVectorField(editable=False)

    personal: ClassVar[dict[str, str]] = {
        "name": "none", "address": "none", "holder": "none", "values": "none", "reason": "none",
    }  # fmt: skip

    class Meta:
        verbose_name = _("台账条目")
        verbose_name_plural = pgettext_lazy("plural", "台账条目")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inventory", "division", "name"], name="campaigns_entry_once", condition=Q(gone_on=None),
                violation_error_message=_("这个辖区已有同名的条目。"),
            ),
            models.UniqueConstraint(fields=["inventory", "number"], name="campaigns_entry_number"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="campaigns_entry_point",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["inventory", "gone_on", "number"], name="campaigns_entry_there"),
            models.Index(fields=["inventory", "check_by"], name="campaigns_entry_due", condition=Q(gone_on=None)),
            models.Index(fields=["inventory", "valid_until"], name="campaigns_entry_valid", condition=Q(gone_on=None)),
            models.Index(fields=["division"], name="campaigns_entry_division"),
            GinIndex(fields=["path"], name="campaigns_entry_path"),
            GinIndex(fields=["words"], name="campaigns_entry_words"),
        ]

    def __str__(self) -> str:
        return self.name


class Stall(models.Model):
    """A pitch 摊位 at a designated point: who sells what there, from when to when.  Both are published."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="stalls", db_index=False)
    label = models.CharField(_("摊位号"), max_length=20)
    vendor = models.CharField(_("经营者"), max_length=60)
    product = models.CharField(_("经营产品"), max_length=80)
    person = models.ForeignKey("register.Person", models.SET_NULL, null=True, related_name="+")
    since = models.DateField(_("起始日期"))
    until = models.DateField(_("截止日期"), null=True)

    personal: ClassVar[dict[str, str]] = {"label": "none", "vendor": "name", "product": "none"}

    class Meta:
        verbose_name = _("摊位")
        verbose_name_plural = pgettext_lazy("plural", "摊位")
        ordering: ClassVar = ["label", "-since"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "label"], name="campaigns_stall_once", condition=Q(until=None)),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="campaigns_stall_days"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["entry", "until", "label"], name="campaigns_stall_now")]

    def __str__(self) -> str:
        return self.label

    def is_let_on(self, day: date) -> bool:
        """Whether somebody sells there on that day, or will."""
        return self.until is None or self.until >= day


class Inspection(models.Model):
    """A look at an entry: in order, or a fault to be put right by a day.  ``settled_on`` ends the fault."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="inspections", db_index=False)
    on = models.DateField(_("检查日期"))
    finding = models.CharField(_("检查结果"), max_length=8, choices=Finding.choices)
    text = models.CharField(_("检查情况"), max_length=500, blank=True)
    due_on = models.DateField(_("整改期限"), null=True)
    settled_on = models.DateField(_("整改完成日期"), null=True)
    settled_text = models.CharField(_("整改情况"), max_length=500, blank=True)
    by_label = models.CharField(max_length=120)
    settled_by = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {
        "text": "none", "settled_text": "none", "by_label": "staff", "settled_by": "staff",
    }  # fmt: skip

    class Meta:
        verbose_name = _("台账检查")
        verbose_name_plural = pgettext_lazy("plural", "台账检查")
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(finding=Finding.GOOD, due_on=None, settled_on=None)
                | Q(finding=Finding.FAULT, due_on__isnull=False) & ~Q(text=""),
                name="campaigns_fault_has_day",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["entry", "-at"], name="campaigns_inspection_newest"),
            models.Index(
                fields=["entry", "due_on"], name="campaigns_fault_open", condition=Q(finding=Finding.FAULT, settled_on=None)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.on} {self.finding}"

    @property
    def is_open(self) -> bool:
        """A fault that is not put right yet."""
        return self.finding == Finding.FAULT and self.settled_on is None

    def is_late_on(self, day: date) -> bool:
        """Open behind its day."""
        return self.is_open and self.due_on is not None and self.due_on < day


class InspectionPhoto(models.Model):
    """A photo of an inspection (before) or of what was put right (after)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="photos", db_index=False)
    side = models.CharField(max_length=6, choices=Side.choices)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["inspection", "side", "id"], name="campaigns_inspection_photo")]

    def __str__(self) -> str:
        return f"{self.side} {self.inspection_id}"

    @property
    def file(self) -> Path:
        """Where its content lies."""
        return Path(settings.MEDIA_ROOT) / "inspections" / self.inspection_id.hex / self.pk.hex
