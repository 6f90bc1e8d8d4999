"""What was served and could be judged, and how it was judged."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from .choices import Mark, Source, Way


class Point(models.Model):
    """A place at which people are served and may judge it: a window with its tablet and its poster.

    A line that has windows of its own gives the point the same id.  The codes of tablet and poster follow from the id and
    their version (``queries.codes``): a new version makes the old code worthless.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, related_name="+", verbose_name=_("单位"))
    area = models.ForeignKey("territory.Division", models.PROTECT, null=True, related_name="+", verbose_name=_("街道"))
    name = models.CharField(_("名称"), max_length=60)
    is_active = models.BooleanField(_("启用"), default=True)
    tablet_version = models.PositiveSmallIntegerField(default=1)
    tablet_digest = models.BinaryField(unique=True)
    poster_version = models.PositiveSmallIntegerField(default=1)
    poster_digest = models.BinaryField(unique=True)

    personal: ClassVar[dict[str, str]] = {"name": "none", "tablet_digest": "secret", "poster_digest": "secret"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ", "name"], name="review_point_once")]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """Something that was given to somebody, and could be judged until ``open_until``; written by ``served_many`` only.

    ``item`` and ``category`` are ids of what it was, ``division`` where it was, as the line knows them.  ``staff`` is the person
    who gave it and is judged.  ``is_counted`` is False for what a poster takes without a service.  Not more personal than its
    matter: it names nobody outside.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.CharField(max_length=20)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, related_name="+", db_index=False)
    point = models.ForeignKey(Point, models.PROTECT, null=True, related_name="+", db_index=False)
    staff = models.ForeignKey("organisation.Staff", models.PROTECT, null=True, related_name="+", db_index=False)
    item = models.UUIDField(null=True)
    item_label = models.CharField(max_length=120, blank=True)
    category = models.UUIDField(null=True)
    division = models.UUIDField(null=True)
    area = models.ForeignKey("territory.Division", models.PROTECT, null=True, related_name="+", db_index=False)
    matter = models.OneToOneField("matters.Matter", models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Way.choices)
    served_at = models.DateTimeField()
    open_until = models.DateTimeField()
    digest = models.BinaryField(null=True, unique=True)
    is_counted = models.BooleanField(default=True)

    personal: ClassVar[dict[str, str]] = {"digest": "secret", "item_label": "none"}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(open_until__gte=F("served_at")), name="review_period"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organ", "-id"], name="review_service_organ"),
            models.Index(fields=["area", "-id"], name="review_service_area", condition=Q(area__isnull=False)),
            models.Index(fields=["point", "-id"], name="review_service_point", condition=Q(point__isnull=False)),
            models.Index(fields=["staff", "-id"], name="review_service_staff", condition=Q(staff__isnull=False)),
            models.Index(fields=["item", "-id"], name="review_service_item", condition=Q(item__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.item_label or self.line} {self.served_at:%Y-%m-%d}"


class Review(models.Model):
    """One judgement of one service; the second round is asked for after a bad one was followed up.

    The columns from ``organ`` to ``channel`` are the service's, for lists.  ``shown_from`` is when the one judged may see it.
    ``person`` left a number to be called back.  ``matter`` is the rectification.  ``excluded_at``: two people said that it does
    not count.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="reviews", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    line = models.CharField(max_length=20)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, related_name="+", db_index=False)
    point = models.ForeignKey(Point, models.PROTECT, null=True, related_name="+", db_index=False)
    staff = models.ForeignKey("organisation.Staff", models.PROTECT, null=True, related_name="+", db_index=False)
    item = models.UUIDField(null=True)
    division = models.UUIDField(null=True)
    area = models.ForeignKey("territory.Division", models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=10, choices=Way.choices)
    is_counted = models.BooleanField(default=True)
    mark = models.PositiveSmallIntegerField(choices=Mark.choices)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    words = models.TextField(blank=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    at = models.DateTimeField()
    shown_from = models.DateTimeField()
    person = models.ForeignKey("register.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    matter = models.OneToOneField("matters.Matter", models.PROTECT, null=True, related_name="+")
    excluded_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    found = SearchVectorField(null=True)

    personal: ClassVar[dict[str, str]] = {"words": "text", "found": "text"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "round"], name="review_once"),
            models.CheckConstraint(condition=Q(mark__range=(1, 5)), name="review_mark"),
            models.CheckConstraint(condition=Q(round__range=(1, 2)), name="review_round"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organ", "-id"], name="review_organ"),
            models.Index(fields=["area", "-id"], name="review_area", condition=Q(area__isnull=False)),
            models.Index(fields=["point", "-id"], name="review_point", condition=Q(point__isnull=False)),
            models.Index(fields=["staff", "-id"], name="review_staff", condition=Q(staff__isnull=False)),
            models.Index(fields=["item", "-id"], name="review_item", condition=Q(item__isnull=False)),
            models.Index(fields=["-id"], name="review_bad", condition=Q(mark__lte=2)),
            models.Index(fields=["person"], name="review_person", condition=Q(person__isnull=False)),
            GinIndex(fields=["found"], name="review_found"),
            models.Index(fields=["at"], name="review_kept", condition=Q(erased_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.get_mark_display()} {self.at:%Y-%m-%d}"


class Exclusion(models.Model):
    """That a review should not count: one person says so, another one says so too, and it may be taken back.

    Without ``second_at`` it is a proposal.  ``ended_at``: turned down, or taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="exclusions", db_index=False)
    first_account = models.UUIDField()
    first_staff = models.UUIDField(null=True)
    first_label = models.CharField(max_length=120)
    first_reason = models.CharField(max_length=500)
    first_at = models.DateTimeField()
    second_account = models.UUIDField(null=True)
    second_label = models.CharField(max_length=120, blank=True)
    second_reason = models.CharField(max_length=500, blank=True)
    second_at = models.DateTimeField(null=True)
    ended_label = models.CharField(max_length=120, blank=True)
    ended_reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "first_label": "staff", "second_label": "staff", "ended_label": "staff", "first_reason": "text",
        "second_reason": "text", "ended_reason": "text",
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review"], condition=Q(ended_at=None), name="review_one_exclusion"),
            models.CheckConstraint(
                condition=Q(second_account=None) | ~Q(second_account=F("first_account")), name="review_two_people"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["review", "-id"], name="review_exclusions")]
        verbose_name = pgettext_lazy("review", "排除")

    def __str__(self) -> str:
        return f"{self.review_id} {self.first_at:%Y-%m-%d}"
