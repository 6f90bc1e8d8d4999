"""What only appeals have."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

from .choices import Datum, Finding, ImportState


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


class OrderMapping(models.Model):
    """What the columns of a hotline's files mean, under a name.  ``columns`` is a list of [heading, field]; ``source`` keeps the
    numbers of one hotline apart from those of another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    source = models.CharField(_("来源代号"), max_length=30)
    columns = models.JSONField(_("列的含义"))
    datum = models.CharField(_("坐标系"), max_length=5, choices=Datum.choices, default=Datum.WGS84)
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {"name": "none", "columns": "none"}

    def __str__(self) -> str:
        return self.name


class OrderImport(models.Model):
    """One file of work orders on its way in, or tried without keeping anything.

    ``position`` is the row up to which it is done, written in the transaction of those rows: whoever goes on after a crash goes
    on behind it.  ``ahead`` are the parts beyond it that other processes have done already: the row behind which each begins,
    and its last.  ``held_by`` works on it until ``held_until``.  ``stored`` is the file, while it is needed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=300, blank=True)
    digest = models.BinaryField()
    source = models.CharField(max_length=30)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    datum = models.CharField(max_length=5, choices=Datum.choices, default=Datum.WGS84)
    passes = models.JSONField(null=True)
    is_dry_run = models.BooleanField(default=False)
    is_attended = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.DRAFT)
    position = models.PositiveIntegerField(default=0)
    ahead = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    unknown = models.JSONField(default=dict)
    failure = models.CharField(max_length=300, blank=True)
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+")
    by_label = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    held_by = models.CharField(max_length=120, blank=True)
    held_until = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "name": "none", "by_label": "staff", "unknown": "text", "failure": "none", "headings": "none", "columns": "none",
        "passes": "none", "stored": "none", "ahead": "none",
    }  # fmt: skip

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"], name="order_import_waiting", condition=models.Q(state__in=["waiting", "running"])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether it is, or will be, worked on."""
        return self.state in (ImportState.WAITING, ImportState.RUNNING)

    @property
    def can_be_begun(self) -> bool:
        """Whether there is a file that nobody is at work on."""
        return bool(self.stored) and not self.is_live


class OrderProblem(models.Model):
    """A row that was left out, and why.  Its cells are sealed: they hold what somebody said and a number to reach them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(OrderImport, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    field = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300)
    sealed = models.BinaryField()

    personal: ClassVar[dict[str, str]] = {"sealed": "sealed", "reason": "none"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "row"], name="order_problem_once")]

    def __str__(self) -> str:
        return f"{self.row} {self.reason}"
