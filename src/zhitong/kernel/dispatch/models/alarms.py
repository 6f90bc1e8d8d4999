"""Words of danger as the district has them, and the matters they raised."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

from ..choices import AlarmCall, AlarmGroup, AlarmLevel


class AlarmWord(models.Model):
    """A word that puts what it stands in onto the fast lane.  ``unless`` are phrases that hold it and mean something else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    word = models.CharField(_("词语"), max_length=30, unique=True)
    group = models.CharField(_("险情类别"), max_length=10, choices=AlarmGroup.choices)
    level = models.CharField(_("紧急程度"), max_length=10, choices=AlarmLevel.choices)
    call = models.CharField(_("提示拨打"), max_length=3, choices=AlarmCall.choices, blank=True)
    unless = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    personal: ClassVar[dict[str, str]] = {"word": "none", "unless": "none", "call": "none"}

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(word=""), name="alarm_word_is_said")]

    def __str__(self) -> str:
        return self.word


class Alarmed(models.Model):
    """A matter came in with this word in it; ``is_false`` once a dispatcher has said that it was not urgent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="alarmed", db_index=False)
    word = models.CharField(max_length=30)
    at = models.DateTimeField()
    is_false = models.BooleanField(default=False)

    personal: ClassVar[dict[str, str]] = {"word": "none"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["matter", "word"], name="alarmed_once")]
        indexes: ClassVar = [models.Index(fields=["at"], name="alarmed_at")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.word}"
