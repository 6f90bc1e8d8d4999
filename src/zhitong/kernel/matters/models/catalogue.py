"""What an administrator edits: sub-kinds, limits, listed reasons, calendars."""

from datetime import time
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from ..choices import Unit, Urgency
from ..rules.listed import clock_choices, kind_choices, phrase_choices, reason_choices


class SubKind(models.Model):
    """A variety of a kind: a suggestion, a complaint, a petition; with its own limits and rules."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("业务"), max_length=40, choices=kind_choices)
    slug = models.SlugField(_("代码"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    description = models.CharField(pgettext_lazy("sub-kind", "说明"), max_length=200, blank=True)
    description_en = models.CharField(_("英文说明"), max_length=300, blank=True)
    needs_approval = models.BooleanField(_("办结需负责人审批"), default=False)
    is_private = models.BooleanField(_("一律不公开"), default=False)
    is_on_portal = models.BooleanField(_("居民可直接提出"), default=True)
    is_active = models.BooleanField(_("启用"), default=True)
    sort = models.PositiveSmallIntegerField(_("排序"), default=100)

    class Meta:
        verbose_name = _("子类")
        verbose_name_plural = _("子类")
        ordering: ClassVar = ["kind", "sort", "slug"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "slug"], name="subkind_once")]

    def __str__(self) -> str:
        return self.name


class Calendar(models.Model):
    """A working calendar: business hours, and how far its holidays are announced."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    opens = models.TimeField(_("上班时间"), default=time(9, 0))
    closes = models.TimeField(_("下班时间"), default=time(17, 30))
    announced_through = models.DateField(_("放假安排已公布至"), null=True, blank=True)

    personal: ClassVar[dict[str, str]] = {"name": "none"}

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = _("工作日历")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes__gt=models.F("opens")), name="calendar_hours"),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a working Saturday in exchange."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days")
    day = models.DateField(_("日期"))
    is_working = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=60)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    personal: ClassVar[dict[str, str]] = {"name": "none", "source": "none"}

    class Meta:
        verbose_name = _("节假日安排")
        verbose_name_plural = _("节假日安排")
        ordering: ClassVar = ["-day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Limit(models.Model):
    """How long a clock has, and by what right.  The most specific active row wins."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("业务"), max_length=40, choices=kind_choices)
    clock = models.CharField(_("计时"), max_length=40, choices=clock_choices)
    subkind = models.ForeignKey(SubKind, models.CASCADE, null=True, blank=True, verbose_name=_("子类"))
    category = models.ForeignKey(
        "organisation.Category", models.CASCADE, null=True, blank=True, verbose_name=_("类别"), related_name="+"
    )
    urgency = models.CharField(_("紧急程度"), max_length=10, choices=Urgency.choices, blank=True)
    amount = models.PositiveSmallIntegerField(_("时限"))
    unit = models.CharField(pgettext_lazy("limit", "单位"), max_length=15, choices=Unit.choices)
    basis = models.CharField(_("依据"), max_length=300)
    basis_en = models.CharField(_("英文依据"), max_length=400, blank=True)
    moderate_percent = models.PositiveSmallIntegerField(_("较重超期（超出时限的百分比）"), default=50)
    severe_percent = models.PositiveSmallIntegerField(_("严重超期（超出时限的百分比）"), default=100)
    is_active = models.BooleanField(_("启用"), default=True)

    personal: ClassVar[dict[str, str]] = {"basis": "none"}

    class Meta:
        verbose_name = _("时限")
        verbose_name_plural = _("时限")
        ordering: ClassVar = ["kind", "clock"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "clock", "subkind", "category", "urgency"],
                name="limit_once",
                nulls_distinct=False,
                condition=Q(is_active=True),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, moderate_percent__gt=0, severe_percent__gt=models.F("moderate_percent")),
                name="limit_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_clock_display()}：{self.amount}{self.get_unit_display()}"


class Reason(models.Model):
    """One entry of a list of reasons: for a waiver, a pause, a return, a refusal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.SlugField(_("清单"), max_length=40, choices=reason_choices)
    slug = models.SlugField(_("代码"), max_length=40)
    name = models.CharField(_("理由"), max_length=120)
    name_en = models.CharField(_("英文"), max_length=200, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    sort = models.PositiveSmallIntegerField(_("排序"), default=100)

    class Meta:
        verbose_name = _("理由清单")
        verbose_name_plural = _("理由清单")
        ordering: ClassVar = ["list", "sort"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["list", "slug"], name="reason_once")]

    def __str__(self) -> str:
        return self.name


class Phrase(models.Model):
    """A wording case workers start from: a reply, what was done, what was said.  ``{number}``, ``{title}`` and
    ``{address}`` are filled in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.SlugField(_("用于"), max_length=40, choices=phrase_choices)
    category = models.ForeignKey(
        "organisation.Category", models.CASCADE, null=True, blank=True, verbose_name=_("类别"), related_name="+"
    )
    name = models.CharField(_("名称"), max_length=60)
    text = models.TextField(_("内容"), max_length=2000)
    is_active = models.BooleanField(_("启用"), default=True)
    sort = models.PositiveSmallIntegerField(_("排序"), default=100)

    personal: ClassVar[dict[str, str]] = {"name": "none", "text": "none"}

    class Meta:
        verbose_name = _("常用语")
        verbose_name_plural = _("常用语")
        ordering: ClassVar = ["list", "sort", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "category", "name"], name="phrase_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name
