"""Replies that were looked at, and what may be wrong with them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ReplyCheck(models.Model):
    """One reply as it was given in an action; ``flags`` of empty, copied, off, late; ``of`` the matter whose reply it repeats."""

    record = models.OneToOneField("matters.Record", models.CASCADE, primary_key=True, related_name="+")
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="+")
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, null=True, related_name="+")
    of = models.ForeignKey("matters.Matter", models.SET_NULL, null=True, related_name="+")
    flags = ArrayField(models.CharField(max_length=10), default=list)
    at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {"flags": "none"}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="reply_checked")]

    def __str__(self) -> str:
        return f"{self.matter_id} {','.join(self.flags)}"
