"""What only applications have: the version they are handled under, their materials, what was not kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhitong.base.identifiers import uuid7

from ..choices import BreachSort, Delivery, MaterialState
from .answers import AnswersField
from .catalogue import Item, Material, Version


class Application(models.Model):
    """One-to-one with its matter.  ``version`` is what was in force when it was submitted, and stays until the case is moved.

    ``firm`` is the applicant where one applies for a firm; whoever applies is the reporter of the matter.
    ``is_open`` while nothing has ended it; ``is_simulated``: the run has no legal effect; ``is_whole``: it was approved, and what
    it lacked has come since, so that it can be made a real one; ``is_instant``: decided within the visit;
    ``has_deferred``: accepted without a material that is to follow; ``has_promised``: a promise stands in for a material.
    """

    matter = models.OneToOneField("matters.Matter", models.CASCADE, primary_key=True, related_name="application")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, related_name="applications")
    firm = models.ForeignKey("register.Firm", models.PROTECT, null=True, related_name="+")
    is_open = models.BooleanField(default=True)
    is_simulated = models.BooleanField(default=False)
    is_whole = models.BooleanField(default=False, db_default=False)
    is_instant = models.BooleanField(default=False)
    has_deferred = models.BooleanField(default=False)
    has_promised = models.BooleanField(default=False)
    answers = AnswersField(default=dict)
    delivery = models.CharField(max_length=20, choices=Delivery.choices, blank=True)
    deliver_to = models.CharField(max_length=200, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    result_number = models.CharField(max_length=60, blank=True)
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "answers": "text",
        "deliver_to": "address",
        "tracking_number": "text",
        "result_number": "none",
    }

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["version"], name="hall_application_open", condition=Q(is_open=True)),
            models.Index(fields=["matter"], name="hall_application_whole", condition=Q(is_whole=True)),
        ]

    def __str__(self) -> str:
        return str(self.matter_id)


class Handed(models.Model):
    """One material of an application.  ``asked_at`` is when a notice of correction named it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="handed", db_index=False)
    material = models.ForeignKey(Material, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=MaterialState.choices)
    asked_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "material"], name="hall_handed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.material_id} {self.state}"


class HandedFile(models.Model):
    """A file that was handed in as a material."""

    handed = models.ForeignKey(Handed, models.CASCADE, related_name="files")
    attachment = models.OneToOneField("matters.Attachment", models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.attachment_id)


class Breach(models.Model):
    """Something promised with an application that was not kept: it stands against the applicant."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="breaches")
    sort = models.CharField(max_length=12, choices=BreachSort.choices)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id} {self.sort}"
