"""Which matters are about one thing, and the words by which that is told."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhitong.base.identifiers import uuid7
from zhitong.base.likeness.heat import RISING_DAYS, RISING_LEAST, RISING_TIMES, is_rising


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
    """What two or more matters are about.  It has no words of its own but the names of its places; ``speaker`` says it best.

    ``raised_at`` is when its present rise was raised to those who lead; none while it is not rising.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    speaker = models.ForeignKey("matters.Matter", models.SET_NULL, null=True, related_name="+")
    names = ArrayField(models.CharField(max_length=40), default=list)
    at = models.DateTimeField()
    raised_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"names": "none"}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["raised_at"], name="thing_raised", condition=models.Q(raised_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.id)


JOINT = 5  # people who raise one thing together


class Belonging(models.Model):
    """A matter that was looked at, and the thing it belongs to; none while it stands alone.

    ``before``: how many matters the same person raised earlier about the same thing; ``people``: how many raised it, joined it or came
    to it with a duplicate, in all of the thing.  Both are plain numbers, the same for everybody who may see the matter.
    """

    matter = models.OneToOneField("matters.Matter", models.CASCADE, primary_key=True, related_name="belonging")
    thing = models.ForeignKey(Thing, models.SET_NULL, null=True, related_name="belongings")
    before = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["matter"], name="belonging_again", condition=models.Q(before__gt=0)),
            models.Index(fields=["matter"], name="belonging_joint", condition=models.Q(people__gte=JOINT)),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.thing_id}"


class Rising(models.Model):
    """When a thing rises, as the district wants it: ``least`` matters within ``days``, ``percent`` of as many as in the days before
    them.  One row; without it what ships."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    days = models.PositiveSmallIntegerField(default=RISING_DAYS)
    least = models.PositiveSmallIntegerField(default=RISING_LEAST)
    percent = models.PositiveSmallIntegerField(default=int(100 * RISING_TIMES))
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="rising_once")]

    def __str__(self) -> str:
        return f"{self.least}/{self.days}"

    def holds(self, late: int, before: int, people: int) -> bool:
        """Whether what came late, before it, and from so many people is a rise."""
        return is_rising(late, before, people, least=self.least, times=self.percent / 100)
