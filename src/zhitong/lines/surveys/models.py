"""Forms and their versions, surveys, what they go to, and what was answered.

A version that was published is never changed.  Answers are sealed; once a survey is over and summed up, they are destroyed.
"""

import json
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import keyring
from zhitong.kernel.matters.public import Urgency

from .choices import Crossing, TargetState
from .rules.xform import Form as Questions
from .rules.xform import parsed

PLACE = "surveys_answer.sealed"


class Form(models.Model):
    """A form 表单, which has versions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("表单名称"), max_length=120)
    created_at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {"name": "none"}

    class Meta:
        verbose_name = _("表单")
        verbose_name_plural = pgettext_lazy("plural", "表单")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"], name="surveys_form_name", violation_error_message=_("已有同名的表单。")
            )
        ]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """One state of a form: the workbook it came as, and the XForm made of it.  Published, it stays as it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    form = models.ForeignKey(Form, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    workbook = models.BinaryField(editable=False)
    xform = models.TextField()
    itemsets = models.TextField(blank=True)
    warnings = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    published_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "title": "none", "file_name": "none", "xform": "none", "itemsets": "none", "warnings": "none", "created_by": "staff",
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["form", "number"], name="surveys_version_number")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.number}"

    @property
    def questions(self) -> Questions:
        """The questions, read from the XForm: once, as long as it stays the same."""
        return parsed(self.xform)


class Media(models.Model):
    """A file that a version of a form asks for: a table it looks things up in, a picture it shows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, models.CASCADE, related_name="media", db_index=False)
    asked_as = models.CharField(max_length=120)  # the name by which the form asks for it
    media_type = models.CharField(max_length=60)
    content = models.BinaryField(editable=False)

    personal: ClassVar[dict[str, str]] = {"asked_as": "none", "content": "none"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "asked_as"], name="surveys_media_once")]

    def __str__(self) -> str:
        return self.asked_as


class Rule(models.Model):
    """What an answer must say to raise a matter, and which: of a form, for every survey that asks the question."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    form = models.ForeignKey(Form, models.CASCADE, related_name="rules", verbose_name=_("表单"))
    path = models.CharField(_("题目"), max_length=300)
    crossing = models.CharField(_("条件"), max_length=10, choices=Crossing.choices)
    bound = models.CharField(_("数值或选项"), max_length=120, blank=True)
    subkind = models.ForeignKey("matters.SubKind", models.PROTECT, related_name="+", verbose_name=_("生成事项"))
    category = models.ForeignKey(
        "organisation.Category", models.PROTECT, null=True, related_name="+", verbose_name=_("类别")
    )
    urgency = models.CharField(_("紧急程度"), max_length=10, choices=Urgency.choices, default=Urgency.NORMAL)
    title = models.CharField(_("标题"), max_length=60)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    personal: ClassVar[dict[str, str]] = {
        "path": "none", "bound": "none", "title": "none", "made_by": "staff",
    }  # fmt: skip

    class Meta:
        verbose_name = _("预警规则")
        verbose_name_plural = pgettext_lazy("plural", "预警规则")
        ordering: ClassVar = ["made_at", "id"]

    def __str__(self) -> str:
        return self.title


class Survey(models.Model):
    """A survey 摸排: one version of a form, taken to a set of targets until a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="surveys", verbose_name=_("表单"))
    name = models.CharField(_("摸排名称"), max_length=120)
    purpose = models.TextField(_("目的和依据"), blank=True)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("截止日期"))
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)
    summary = models.JSONField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "name": "none", "purpose": "none", "summary": "none", "created_by": "staff",
    }  # fmt: skip

    class Meta:
        verbose_name = _("摸排")
        verbose_name_plural = pgettext_lazy("plural", "摸排")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="surveys_days_in_order",
                violation_error_message=_("截止日期不能早于开始日期。"),
            )
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="surveys_newest")]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """One thing that a survey goes to: a door, a lift, a stall, or a grid as a whole.  Its name names a thing, nobody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="targets", db_index=False)
    division = models.ForeignKey("territory.Division", models.PROTECT, related_name="+")
    path = ArrayField(models.UUIDField(), default=list)
    household = models.ForeignKey("register.Household", models.SET_NULL, null=True, related_name="+")
    building = models.ForeignKey("register.Building", models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("对象名称"), max_length=120)
    sort = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=TargetState.choices, default=TargetState.OPEN)
    state_at = models.DateTimeField(null=True)
    state_by = models.CharField(max_length=120, blank=True)
    note = models.CharField(_("说明"), max_length=120, blank=True)

    personal: ClassVar[dict[str, str]] = {"name": "none", "state_by": "staff", "note": "none"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "division", "name"], name="surveys_target_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["survey", "state", "sort"], name="surveys_target_state"),
            models.Index(fields=["survey", "sort"], name="surveys_target_sort"),
            GinIndex(fields=["path"], name="surveys_target_path"),
        ]

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """What was answered, sealed.  ``instance`` is the id the phone gave it: the same one twice is one answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers", db_index=False)
    target = models.ForeignKey(Target, models.CASCADE, null=True, related_name="answers")
    division = models.ForeignKey("territory.Division", models.PROTECT, related_name="+")
    person = models.ForeignKey("register.Person", models.SET_NULL, null=True, related_name="+")
    instance = models.CharField(max_length=80)
    sealed = models.BinaryField(editable=False)
    given_at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=120)

    personal: ClassVar[dict[str, str]] = {"sealed": "sealed", "by_label": "staff"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "instance"], name="surveys_answer_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["survey", "-given_at", "-id"], name="surveys_answer_newest")]

    def __str__(self) -> str:
        return self.instance

    @property
    def values(self) -> dict[str, Any]:
        """The answers by name; groups nested, repeats as lists."""
        found: dict[str, Any] = json.loads(keyring().open(bytes(self.sealed), PLACE))
        return found


class Photo(models.Model):
    """A picture or document that an answer brought; its content lies beside the others of the survey, and goes with them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="photos", db_index=False)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()

    personal: ClassVar[dict[str, str]] = {"name": "text"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["answer", "name"], name="surveys_photo_once")]

    def __str__(self) -> str:
        return self.name


def folder_of(survey_id: UUID) -> Path:
    """Where the photos of a survey lie."""
    return Path(settings.MEDIA_ROOT) / "surveys" / survey_id.hex


class Raised(models.Model):
    """A matter that an answer raised: once for each rule it crosses."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="raised", db_index=False)
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, related_name="raised")
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="+")

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["answer", "rule"], name="surveys_raised_once")]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.matter_id}"


def seal_values(values: dict[str, Any]) -> bytes:
    """What is kept of the answers."""
    return keyring().seal(json.dumps(values, ensure_ascii=False), PLACE)
