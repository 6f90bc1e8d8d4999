"""Targets 行动对象, what was done with each, and the photos of before and after."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from ..choices import Side, Source, StepKind, TargetState
from .drives import Drive, Stage


class Target(models.Model):
    """One thing of a drive: a shed, a lift, a door, a village.  Its name names a thing, nobody.

    ``key`` is what tells it from the others of the drive, so that a list that is read again adds nothing twice.  ``found_on``,
    ``done_on`` and ``aside_on`` are the days the daily counts are made of; ``due_on`` is the drive's last day unless it has its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    drive = models.ForeignKey(Drive, models.CASCADE, related_name="targets", db_index=False)
    number = models.PositiveIntegerField(_("序号"))
    key = models.CharField(max_length=120)
    name = models.CharField(_("对象名称"), max_length=120)
    sort = models.CharField(_("问题类型"), max_length=40, blank=True)
    address = models.CharField(_("地点"), max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    division = models.ForeignKey("territory.Division", models.PROTECT, related_name="+", verbose_name=_("所在辖区"))
    path = ArrayField(models.UUIDField(), default=list)
    organ = models.ForeignKey(
        "organisation.Organ", models.PROTECT, null=True, related_name="+", verbose_name=_("责任单位")
    )
    staff = models.ForeignKey(
        "organisation.Staff", models.PROTECT, null=True, related_name="+", verbose_name=_("责任人")
    )
    household = models.ForeignKey("register.Household", models.SET_NULL, null=True, related_name="+")
    building = models.ForeignKey("register.Building", models.SET_NULL, null=True, related_name="+")
    matter = models.ForeignKey("matters.Matter", models.SET_NULL, null=True, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices)
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="targets", db_index=False)
    state = models.CharField(max_length=10, choices=TargetState.choices, default=TargetState.OPEN)
    due_on = models.DateField(_("完成期限"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    reason = models.CharField(_("不计入的理由"), max_length=200, blank=True)
    found_on = models.DateField()
    done_on = models.DateField(null=True)
    aside_on = models.DateField(null=True)
    moved_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    words = SearchVectorField(editable=False)

    counted: "tuple[Any, ...]" = ()  # of a row that is being changed: what it counted under before (``actions.tallying``)

    personal: ClassVar[dict[str, str]] = {
        "key": "none", "name": "none", "address": "none", "note": "none", "reason": "none", "created_by": "staff",
    }  # fmt: skip

    class Meta:
        verbose_name = _("行动对象")
        verbose_name_plural = pgettext_lazy("plural", "行动对象")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["drive", "key"], name="campaigns_target_once"),
            models.UniqueConstraint(fields=["drive", "number"], name="campaigns_target_number"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="campaigns_target_point",
            ),
            models.CheckConstraint(
                condition=Q(state=TargetState.DONE, done_on__isnull=False)
                | ~Q(state=TargetState.DONE) & Q(done_on__isnull=True),
                name="campaigns_done_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state=TargetState.ASIDE, aside_on__isnull=False) & ~Q(reason="")
                | ~Q(state=TargetState.ASIDE) & Q(aside_on__isnull=True),
                name="campaigns_aside_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["drive", "state", "number"], name="campaigns_target_state"),
            models.Index(fields=["stage", "number"], name="campaigns_target_stage"),
            models.Index(fields=["drive", "due_on", "number"], name="campaigns_target_due"),
            models.Index(fields=["drive", "-moved_at", "-number"], name="campaigns_target_moved"),
            models.Index(fields=["drive", "found_on", "aside_on", "done_on"], name="campaigns_target_days"),
            models.Index(fields=["drive", "division", "organ", "state", "due_on"], name="campaigns_target_counts"),
            models.Index(fields=["drive", "lon", "lat"], name="campaigns_target_map", condition=Q(lon__isnull=False)),
            GinIndex(fields=["path"], name="campaigns_target_path"),
            GinIndex(fields=["words"], name="campaigns_target_words"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return self.address or self.name


class Step(models.Model):
    """What was done with a target, when and by whom.  The log tells the same without the words."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    target = models.ForeignKey(Target, models.CASCADE, related_name="steps", db_index=False)
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    from_stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+")
    to_stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+")
    text = models.CharField(_("说明"), max_length=200, blank=True)
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=120)

    personal: ClassVar[dict[str, str]] = {"text": "none", "by_label": "staff"}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["target", "-at", "-id"], name="campaigns_step_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"


class Photo(models.Model):
    """A photo of a target, before or after; its content lies beside the others of the drive."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    target = models.ForeignKey(Target, models.CASCADE, related_name="photos", db_index=False)
    side = models.CharField(max_length=6, choices=Side.choices)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    by_label = models.CharField(max_length=120)

    personal: ClassVar[dict[str, str]] = {"by_label": "staff"}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["target", "side", "id"], name="campaigns_photo_side")]

    def __str__(self) -> str:
        return f"{self.side} {self.target_id}"

    @property
    def file(self) -> Path:
        """Where its content lies."""
        return folder_of(self.target.drive_id) / self.pk.hex


def folder_of(drive_id: UUID) -> Path:
    """Where the photos of a drive lie."""
    return Path(settings.MEDIA_ROOT) / "campaigns" / drive_id.hex
