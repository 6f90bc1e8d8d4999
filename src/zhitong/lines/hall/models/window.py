"""Halls, their queues and windows, and who sits where."""

from datetime import time
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from ..choices import Topic
from ..rules.window import Hours
from .catalogue import Item


class Hall(models.Model):
    """A place where people come to a window.  Open on the working days of the district's calendar, in these hours."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("大厅名称"), max_length=60, unique=True)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, related_name="+", verbose_name=_("管理单位"))
    division = models.ForeignKey("territory.Division", models.PROTECT, related_name="+", verbose_name=_("所在辖区"))
    address = models.CharField(_("地址"), max_length=120)
    phone = models.CharField(_("大厅电话"), max_length=40, blank=True)
    opens = models.TimeField(_("上班时间"), default=time(9))
    closes = models.TimeField(_("下班时间"), default=time(17))
    rest_from = models.TimeField(_("午休开始"), null=True, blank=True)
    rest_until = models.TimeField(_("午休结束"), null=True, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    links = models.PositiveIntegerField(default=1, editable=False)

    personal: ClassVar[dict[str, str]] = {"name": "none", "address": "none", "phone": "none"}

    class Meta:
        verbose_name = _("政务大厅")
        verbose_name_plural = pgettext_lazy("plural", "政务大厅")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="hall_hall_hours",
                violation_error_message=_("下班时间须晚于上班时间。"),
            ),
            models.CheckConstraint(
                condition=Q(rest_from__isnull=True, rest_until__isnull=True)
                | Q(rest_from__gt=F("opens"), rest_until__gt=F("rest_from"), closes__gt=F("rest_until")),
                name="hall_hall_rest",
                violation_error_message=_("午休时间须在上班时间之内，开始和结束都要填。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> Hours:
        """When it is open on a working day."""
        return Hours(self.opens, self.closes, self.rest_from, self.rest_until)


class Queue(models.Model):
    """A line of people in a hall, with numbers of its own: A for all, B for firms.  Without topics and items it is for
    everything."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hall = models.ForeignKey(Hall, models.CASCADE, related_name="queues", verbose_name=_("政务大厅"))
    prefix = models.CharField(_("号码前缀"), max_length=2)
    name = models.CharField(_("队列名称"), max_length=30)
    topics: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=20, choices=Topic.choices), default=list, blank=True, verbose_name=_("办理主题")
    )
    items = models.ManyToManyField(Item, through="QueueItem", verbose_name=_("限办事项"))
    slot_minutes = models.PositiveSmallIntegerField(_("预约时段（分钟）"), default=30)
    slot_places = models.PositiveSmallIntegerField(
        _("每个时段可预约人数"), default=2, help_text=_("填0表示不开放预约。")
    )
    is_active = models.BooleanField(_("启用"), default=True)

    personal: ClassVar[dict[str, str]] = {"name": "none"}

    class Meta:
        verbose_name = _("叫号队列")
        verbose_name_plural = pgettext_lazy("plural", "叫号队列")
        ordering: ClassVar = ["hall", "prefix"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "prefix"], name="hall_queue_prefix_once"),
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5, slot_minutes__lte=240),
                name="hall_queue_slot",
                violation_error_message=_("预约时段为5至240分钟。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class QueueItem(models.Model):
    """An item that a queue is for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["queue", "item"], name="hall_queueitem_once")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.item_id}"


class Window(models.Model):
    """A window of a hall and the organ that staffs it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hall = models.ForeignKey(Hall, models.CASCADE, related_name="windows", verbose_name=_("政务大厅"))
    number = models.PositiveSmallIntegerField(_("窗口号"))
    name = models.CharField(_("窗口名称"), max_length=30)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, related_name="+", verbose_name=_("派驻单位"))
    queues = models.ManyToManyField(Queue, through="WindowQueue", related_name="windows", verbose_name=_("叫号队列"))
    is_active = models.BooleanField(_("启用"), default=True)

    personal: ClassVar[dict[str, str]] = {"name": "none"}

    class Meta:
        verbose_name = _("服务窗口")
        verbose_name_plural = pgettext_lazy("plural", "服务窗口")
        ordering: ClassVar = ["hall", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["hall", "number"], name="hall_window_number_once")]

    def __str__(self) -> str:
        return self.name


class WindowQueue(models.Model):
    """A queue that a window serves."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    window = models.ForeignKey(Window, models.CASCADE, related_name="+")
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["window", "queue"], name="hall_windowqueue_once")]

    def __str__(self) -> str:
        return f"{self.window_id} {self.queue_id}"


class Sitting(models.Model):
    """Somebody at a window, from when to when.  A window has one person at a time, and a person one window."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    window = models.ForeignKey(Window, models.CASCADE, related_name="sittings")
    staff = models.ForeignKey("organisation.Staff", models.PROTECT, related_name="+")
    day = models.DateField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["window", "day"], name="hall_sitting_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["window"], condition=Q(ended_at__isnull=True), name="hall_sitting_one_a_window"
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(ended_at__isnull=True), name="hall_sitting_one_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_id} {self.day}"
