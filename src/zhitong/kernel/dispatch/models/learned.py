"""What was learned of a kind of matter, and what a district lets it do."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhitong.base.identifiers import uuid7

from ..choices import Failure


class Learned(models.Model):
    """One version of what was learned from closed matters of a kind; at most one is in use.

    ``data`` is the model itself (`zhitong.base.learning.model`), empty once it is no longer kept.  ``report`` says how it did on later
    matters than it had learned from.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    cases = models.PositiveIntegerField()
    categories = models.PositiveIntegerField()
    seconds = models.FloatField()
    data = models.BinaryField()
    report = models.JSONField()
    is_active = models.BooleanField(default=False)

    personal: ClassVar[dict[str, str]] = {"data": "none", "report": "none"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind"], condition=Q(is_active=True), name="learned_one_in_use"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "-at"], name="learned_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F %T}"


class Use(models.Model):
    """What suggestions for a kind may do: from which confidence they are shown as sure, and whether they pass by themselves;
    ``blocks_replies``: whether a reply that is empty, copied or off the question concludes nothing.

    ``looked_to`` is the last matter that was looked at for passing by itself: what came before the switch was on stays with people.
    Learning is a wish that is kept here: ``asked_at`` until it was carried out, ``learning_since`` while somebody is at it, ``failed_at``
    with ``failure`` and the number of matters found (``found``) where the last try came to nothing.
    """

    kind = models.CharField(primary_key=True, max_length=40)
    threshold = models.FloatField(default=0.9)
    is_automatic = models.BooleanField(default=False)
    blocks_replies = models.BooleanField(default=False)
    looked_to = models.UUIDField(null=True)
    changed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=100, blank=True)
    learning_since = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=10, choices=Failure.choices, blank=True)
    found = models.PositiveIntegerField(default=0)

    personal: ClassVar[dict[str, str]] = {"asked_by": "staff", "failure": "none"}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(threshold__gte=0.5, threshold__lte=0.99), name="use_threshold"),
        ]

    def __str__(self) -> str:
        return self.kind
