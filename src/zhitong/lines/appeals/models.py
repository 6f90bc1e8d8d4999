"""What only appeals have."""

from typing import ClassVar

from django.db import models

from .choices import Finding


class Appeal(models.Model):
    """One-to-one with its matter."""

    matter = models.OneToOneField("matters.Matter", models.CASCADE, primary_key=True, related_name="appeal")
    supporters = models.PositiveIntegerField(default=0)
    visits_missed = models.PositiveSmallIntegerField(default=0)
    reviews = models.PositiveSmallIntegerField(default=0)
    transferred_to = models.CharField(max_length=20, blank=True)
    finding = models.CharField(max_length=20, choices=Finding.choices, blank=True)
    reply = models.TextField(blank=True)

    personal: ClassVar[dict[str, str]] = {"reply": "text"}

    def __str__(self) -> str:
        return str(self.matter_id)
