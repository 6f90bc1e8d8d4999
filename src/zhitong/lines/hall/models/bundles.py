"""One thing, one time 一件事: bundles as configuration, and what is applied for with one."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from ..choices import Delivery, PartState, Topic
from ..rules.bundles import Definition, load
from .answers import AnswersField
from .catalogue import Item


class Bundle(models.Model):
    """What belongs together in life.  ``draft`` is the definition that is being edited; what counts is its open version."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(pgettext_lazy("bundle", "编码"), max_length=40, unique=True)
    name = models.CharField(_("一件事名称"), max_length=120)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    topic = models.CharField(_("主题"), max_length=20, choices=Topic.choices)
    everyday = models.CharField(_("通俗叫法"), max_length=300, blank=True)
    lead = models.CharField(_("一句话说明"), max_length=200, blank=True)
    draft = models.JSONField(default=dict, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    personal: ClassVar[dict[str, str]] = {"name": "none", "everyday": "none", "lead": "none", "draft": "none"}

    class Meta:
        verbose_name = pgettext_lazy("bundle", "一件事")
        verbose_name_plural = pgettext_lazy("bundles", "一件事")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def drafted(self) -> Definition:
        """What is being edited."""
        return load(self.draft)


class BundleVersion(models.Model):
    """What a bundle was from one moment to another; never changed but for its end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bundle = models.ForeignKey(Bundle, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    published_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"definition": "none"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bundle", "number"], name="hall_bundle_number_once"),
            models.UniqueConstraint(fields=["bundle"], condition=Q(ended_at=None), name="hall_bundle_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id} v{self.number}"

    @property
    def defined(self) -> Definition:
        """What it says."""
        return load(self.definition)


class BundleCase(models.Model):
    """One-to-one with its matter.  ``facts`` are the answers to the one form; ``materials`` by name say what was said of each, with the
    ids of its files.  ``firm``: who applies.  ``days`` is the longest way through the graph in working days, and ``basis`` says so."""

    matter = models.OneToOneField("matters.Matter", models.CASCADE, primary_key=True, related_name="bundle_case")
    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="cases")
    firm = models.ForeignKey("register.Firm", models.PROTECT, null=True, related_name="+")
    is_open = models.BooleanField(default=True)
    facts = AnswersField(default=dict)
    materials = models.JSONField(default=dict)
    delivery = models.CharField(max_length=20, choices=Delivery.choices, blank=True)
    deliver_to = models.CharField(max_length=200, blank=True)
    days = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=300)
    basis_en = models.CharField(max_length=300)

    personal: ClassVar[dict[str, str]] = {
        "facts": "text", "materials": "none", "deliver_to": "address", "basis": "none", "basis_en": "none",
    }  # fmt: skip

    def __str__(self) -> str:
        return str(self.matter_id)


class BundlePart(models.Model):
    """One part of an application over several items, and its own application once it has begun.  ``is_stirred``: something has
    happened to that which nobody has looked at yet.  ``trouble`` says why it could not begin."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(BundleCase, models.CASCADE, related_name="parts", db_index=False)
    slug = models.CharField(max_length=40)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PartState.choices, default=PartState.WAITING)
    matter = models.OneToOneField("matters.Matter", models.SET_NULL, null=True, related_name="bundle_part")
    is_stirred = models.BooleanField(default=False)
    trouble = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {"trouble": "none"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "slug"], name="hall_part_once")]
        indexes: ClassVar = [models.Index(fields=["at"], condition=Q(is_stirred=True), name="hall_part_stirred")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.slug}"
