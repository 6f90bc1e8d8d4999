"""Drafts of the smart form: what a firm has typed so far, sealed, for phone and desk alike."""

import json
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import keyring

PLACE = "hall_smartdraft.sealed"


class SmartDraft(models.Model):
    """One application for change registration before it is submitted.  ``sealed`` holds the answers as they were typed; ``revision``
    tells two that write at once apart; ``matter`` is what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    firm = models.ForeignKey("register.Firm", models.CASCADE, related_name="+", db_index=False)
    kinds: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=20))
    sealed = models.BinaryField(editable=False)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    matter = models.OneToOneField("matters.Matter", models.CASCADE, null=True, related_name="+")

    personal: ClassVar[dict[str, str]] = {"sealed": "sealed"}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["firm", "changed_at"], name="hall_smart_firm"),
            models.Index(fields=["changed_at"], name="hall_smart_changed"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, by question."""
        found: dict[str, Any] = json.loads(keyring().open(bytes(self.sealed), PLACE))
        return found


def seal_answers(answers: dict[str, Any]) -> bytes:
    """What is kept of what was typed."""
    return keyring().seal(json.dumps(answers, ensure_ascii=False), PLACE)
