"""Forms and their versions, surveys, what they go to, and what was answered.

A version that was published is never changed.  Answers are sealed; once a survey is over and summed up, they are destroyed.
"""

import json
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import keyring

from .choices import TargetState
from .rules.xform import Form as Questions
from .rules.xform import parse

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
        """The questions, read from the XForm."""
        return parse(self.xform)


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


def seal_values(values: dict[str, Any]) -> bytes:
    """What is kept of the answers."""
    return keyring().seal(json.dumps(values, ensure_ascii=False), PLACE)
