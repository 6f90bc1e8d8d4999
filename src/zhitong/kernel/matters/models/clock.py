"""Clocks are stored moments."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhitong.base.identifiers import uuid7

from ..choices import ClockState, Grade, Unit
from .catalogue import Calendar
from .matter import Matter


class Clock(models.Model):
    """How long something may take: the limit as it was when the clock started, and every moment that follows from it.

    ``pauses`` is a list of [from, to or null, reason]; ``extensions`` of [amount, reason].  ``next_at`` is the next moment at
    which ``grade`` changes; null when it will not.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="clocks")
    slug = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ClockState.choices, default=ClockState.RUNNING)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+", db_index=False)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=15, choices=Unit.choices)
    basis = models.CharField(max_length=300)
    basis_en = models.CharField(max_length=400, blank=True)
    moderate_percent = models.PositiveSmallIntegerField()
    severe_percent = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    pauses = models.JSONField(default=list)
    extensions = models.JSONField(default=list)
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    grade = models.CharField(max_length=10, choices=Grade.choices, default=Grade.ON_TIME)
    next_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"basis": "none", "pauses": "text", "extensions": "text"}

    asked: "Extension | None"  # where it was read by queries.clocks_of

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "slug"], condition=Q(state__in=["running", "paused"]), name="clock_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="clock_next", condition=Q(state="running", next_at__isnull=False)),
            models.Index(fields=["calendar"], name="clock_live", condition=Q(state__in=["running", "paused"])),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.due_at:%Y-%m-%d %H:%M}"


class Extension(models.Model):
    """More time asked for, and what somebody above decided."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="requests")
    amount = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    asked_by = models.UUIDField(null=True)
    asked_label = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_label = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"reason": "text", "asked_label": "staff", "decided_label": "staff"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock"], condition=Q(is_granted=None), name="extension_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} +{self.amount}"
