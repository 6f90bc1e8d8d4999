"""Which matters are about one thing, and the words by which that is told."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhitong.base.identifiers import uuid7


class Wording(models.Model):
    """How many of ``n`` matters held each pair of characters, and each name of a place; one row a night, the newest counts.

    What fewer than two matters hold is not in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    n = models.PositiveIntegerField()
    pairs = models.JSONField()
    names = models.JSONField()

    personal: ClassVar[dict[str, str]] = {"pairs": "none", "names": "none"}

    def __str__(self) -> str:
        return f"{self.at:%F %T}"


class Thing(models.Model):
    """What two or more matters are about.  It has no words of its own but the names of its places; ``speaker`` says it best."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    speaker = models.ForeignKey("matters.Matter", models.SET_NULL, null=True, related_name="+")
    names = ArrayField(models.CharField(max_length=40), default=list)
    at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {"names": "none"}

    def __str__(self) -> str:
        return str(self.id)


class Belonging(models.Model):
    """A matter that was looked at, and the thing it belongs to; none while it stands alone."""

    matter = models.OneToOneField("matters.Matter", models.CASCADE, primary_key=True, related_name="belonging")
    thing = models.ForeignKey(Thing, models.SET_NULL, null=True, related_name="belongings")

    def __str__(self) -> str:
        return f"{self.matter_id} {self.thing_id}"
