"""Requests of people about their data, terms of retention, and lists of what is destroyed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

from .choices import Ground, ItemState, ListState, RequestState, Unit, Wish


class DataRequest(models.Model):
    """What somebody asked about their own data.  ``person`` is the id in the register, which is gone once they are erased;
    ``result`` counts what was erased, by holding."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.UUIDField()
    wish = models.CharField(_("请求事项"), max_length=10, choices=Wish.choices)
    verified = models.CharField(_("身份核验方式"), max_length=200)
    note = models.CharField(_("请求说明"), max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    made_by = models.UUIDField(null=True)
    made_label = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    ground = models.CharField(_("删除依据"), max_length=10, choices=Ground.choices, blank=True)
    result = models.JSONField(default=dict)
    done_label = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "verified": "text", "note": "text", "answer": "text", "made_label": "staff", "done_label": "staff", "result": "none",
    }  # fmt: skip

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="request_state"),
            models.Index(fields=["person"], name="request_person"),
        ]

    def __str__(self) -> str:
        return f"{self.wish} {self.made_at:%Y-%m-%d}"


class Term(models.Model):
    """How long a kind of records is kept here, where that is not what its component declares.  ``amount`` null: for good."""

    slug = models.CharField(max_length=40, primary_key=True)
    amount = models.PositiveSmallIntegerField(_("保管期限"), null=True)
    unit = models.CharField(max_length=5, choices=Unit.choices, default=Unit.YEAR)
    basis = models.CharField(_("依据"), max_length=300)
    changed_at = models.DateTimeField()
    changed_label = models.CharField(max_length=120)

    personal: ClassVar[dict[str, str]] = {"basis": "none", "changed_label": "staff"}

    def __str__(self) -> str:
        return self.slug


class DestroyList(models.Model):
    """Records whose term is over, put together by one person and approved by another.  ``digest`` is over all of its lines."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=ListState.choices, default=ListState.DRAFT)
    cutoff = models.DateTimeField()
    term = models.CharField(max_length=60)
    basis = models.CharField(max_length=300)
    made_by = models.UUIDField(null=True)
    made_label = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    approved_label = models.CharField(max_length=120, blank=True)
    opinion = models.CharField(_("审批意见"), max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    digest = models.BinaryField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "basis": "none", "made_label": "staff", "approved_label": "staff", "opinion": "staff",
    }  # fmt: skip

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-made_at"], name="destroy_list_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("made_by")), name="destroy_list_two_people"
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(state="draft"), name="destroy_list_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d}"


class DestroyItem(models.Model):
    """One line of a list: what it is called, without a word of its content."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.ForeignKey(DestroyList, models.CASCADE, related_name="items")
    target = models.UUIDField()
    title = models.CharField(max_length=120)
    since = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.LISTED)
    reason = models.CharField(_("暂缓理由"), max_length=300, blank=True)
    until = models.DateField(_("暂缓至"), null=True)

    personal: ClassVar[dict[str, str]] = {"title": "none", "reason": "staff"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["list", "target"], name="destroy_item_once")]
        indexes: ClassVar = [
            models.Index(fields=["target"], name="destroy_item_postponed", condition=Q(state="postponed")),
        ]

    def __str__(self) -> str:
        return self.title
