"""Templates of papers, and the papers that were issued."""

import json
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import keyring

from .choices import Origin, Standing

FACTS_PLACE, CODE_PLACE = "papers_paper.facts", "papers_paper.code"


class Template(models.Model):
    """One version of a paper's Word template; never changed, so that an old paper can be made again.

    ``number`` counts within the paper.  The supplied one gets its row when it is first used.  ``is_current`` is the district's
    choice; where there is none, the supplied one is in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    paper = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    name = models.CharField(max_length=120)
    note = models.CharField(max_length=120, blank=True)
    digest = models.BinaryField()
    content = models.BinaryField()
    is_current = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)

    personal: ClassVar[dict[str, str]] = {"added_by": "staff", "name": "none"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "number"], name="template_number_once"),
            models.UniqueConstraint(fields=["paper", "digest"], name="template_content_once"),
            models.UniqueConstraint(fields=["paper"], condition=Q(is_current=True), name="template_one_current"),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.number}"


class Paper(models.Model):
    """One paper that was issued for a matter.

    ``facts`` is the sealed JSON of what stands in it, the verification code included; ``code`` the keyed digest by which it is
    found.  ``holder`` is masked.  ``docx`` and ``pdf`` are the SHA-256 of the files once they are made; until then ``next_at`` is when the
    worker tries.  ``digest`` is over the facts, the number and the template.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.CharField(max_length=60)
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="papers", db_index=False)
    serial = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, unique=True)
    template = models.ForeignKey(Template, models.PROTECT, related_name="+")
    facts = models.BinaryField()
    code = models.BinaryField(null=True)
    holder = models.CharField(max_length=120, blank=True)
    organ = models.CharField(max_length=120, blank=True)
    watermark = models.CharField(max_length=12, blank=True)
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    digest = models.BinaryField()
    docx = models.BinaryField(null=True)
    pdf = models.BinaryField(null=True)
    next_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=200, blank=True)
    erased_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "facts": "sealed",
        "code": "digest",
        "holder": "masked",
        "organ": "none",
        "revoked_why": "text",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "serial"], name="paper_serial_once"),
            models.UniqueConstraint(fields=["code"], name="paper_code_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="paper_to_make", condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    def opened(self) -> dict[str, Any]:
        """The facts in clear; nothing once they are erased."""
        found: dict[str, Any] = json.loads(keyring().open(bytes(self.facts), FACTS_PLACE)) if self.facts else {}
        return found

    def standing(self, on: date) -> Standing:
        """What it is worth on that day; it is valid on the last day, too."""
        if self.erased_at is not None:
            return Standing.ERASED
        if self.revoked_at is not None:
            return Standing.REVOKED
        if self.watermark:
            return Standing.SIMULATED
        return Standing.EXPIRED if self.valid_until and self.valid_until < on else Standing.VALID
