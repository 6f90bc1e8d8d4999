"""Files that belong to a matter."""

from typing import ClassVar

from django.db import models

from zhitong.base.identifiers import uuid7

from ..choices import Purpose
from .matter import Matter, Record


class Attachment(models.Model):
    """A file as it is kept: sniffed, images re-encoded without location data, named by its content.

    ``is_public``: given for publication when the matter was raised, or (with a ``record``) shown to whoever raised it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="attachments")
    record = models.ForeignKey(Record, models.SET_NULL, null=True, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    digest = models.BinaryField()
    has_preview = models.BooleanField(default=False)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    is_public = models.BooleanField(default=False)
    added_by = models.UUIDField(null=True)
    added_at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {"name": "text"}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["matter", "added_at"], name="attachment_matter")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_for_all(self) -> bool:
        """Whether everybody may see it, once the matter itself is public."""
        return self.is_public and self.record_id is None
