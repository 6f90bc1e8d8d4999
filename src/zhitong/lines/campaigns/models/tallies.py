"""How many targets a drive has of each kind that its figures tell apart: a sum kept beside the targets, so that a page need not read them all."""

from typing import ClassVar

from django.db import models

from zhitong.base.identifiers import uuid7

from .drives import Drive


class Tally(models.Model):
    """So many targets alike, more or fewer: rows are only added, and summed.  ``area`` is the street, or what is larger.  A target is done where
    it has a day of that, aside where it has one of that, else open."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    drive = models.ForeignKey(Drive, models.CASCADE, related_name="tallies", db_index=False)
    area = models.ForeignKey("territory.Division", models.PROTECT, related_name="+")
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, null=True, related_name="+")
    found_on = models.DateField()
    done_on = models.DateField(null=True)
    aside_on = models.DateField(null=True)
    due_on = models.DateField()
    sort = models.CharField(max_length=40, blank=True, default="")
    n = models.IntegerField()

    personal: ClassVar[dict[str, str]] = {"sort": "none"}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["drive"], name="campaigns_tally_drive")]

    def __str__(self) -> str:
        return f"{self.drive_id} {self.n}"
