"""Two entries made one, kept so that it can be undone."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

from ..choices import TagSubject

MERGE_PLACE = "register_merge.sealed"


class Merge(models.Model):
    """``gone`` was found to be the same person or household as ``kept`` and was merged into it.

    ``sealed`` holds what was of ``gone`` and what was changed, as JSON (``actions.merge_store``); ``people`` are whom it names;
    ``contacts`` are pairs of a contact that is no more and the same one of ``kept``, for notices that are still on their way.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=TagSubject.choices)
    kept = models.UUIDField()
    gone = models.UUIDField()
    people: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField())
    contacts = models.JSONField(default=dict)
    sealed = models.BinaryField(editable=False)
    at = models.DateTimeField(_("合并时间"))
    by_label = models.CharField(_("合并人"), max_length=120)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)

    personal: ClassVar[dict[str, str]] = {
        "sealed": "sealed", "people": "none", "contacts": "none", "by_label": "staff",
    }  # fmt: skip

    class Meta:
        verbose_name = _("合并记录")
        verbose_name_plural = _("合并记录")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gone"], name="merge_gone_once", condition=Q(undone_at__isnull=True))
        ]
        indexes: ClassVar = [
            models.Index(fields=["kept", "-at"], name="merge_kept"),
            models.Index(fields=["at"], name="merge_at"),
            GinIndex(fields=["people"], name="merge_people", fastupdate=False),
        ]

    def __str__(self) -> str:
        return str(self.pk)
