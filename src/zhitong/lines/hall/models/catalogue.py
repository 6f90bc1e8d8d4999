"""What the hall offers: base items, implementation items, their versions, and what must be brought.

Days are half open: a version is in force from ``effective_on`` up to, not including, ``ended_on``.  A version that is
no draft any more is never changed but for its end: triggers of the database hold that too.
"""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from ..choices import Delivery, Form, ItemKind, OfferedAt, Topic, VersionState, Visits
from ..rules import validity
from ..rules.questions import Question, load


class BaseItem(models.Model):
    """An entry of the base list 基本目录: what the law knows, whoever carries it out."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("基本编码"), max_length=40, unique=True)
    name = models.CharField(_("基本目录名称"), max_length=120)
    kind = models.CharField(_("事项类型"), max_length=20, choices=ItemKind.choices)

    personal: ClassVar[dict[str, str]] = {"name": "none"}

    class Meta:
        verbose_name = _("基本目录")
        verbose_name_plural = pgettext_lazy("plural", "基本目录")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """An entry of the implementation list 实施清单: a base item as one organ offers it.  How it is found may be changed at
    any time; what it says stands in its versions.  ``basis_checked`` is the legal basis as somebody of the district compared it with the
    law, word for word; another wording has not been checked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    base = models.ForeignKey(BaseItem, models.PROTECT, related_name="items", verbose_name=_("基本目录"))
    code = models.CharField(_("实施编码"), max_length=40, unique=True)
    name = models.CharField(_("事项名称"), max_length=120)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, related_name="+", verbose_name=_("实施单位"))
    offered_at = models.CharField(_("行使层级"), max_length=20, choices=OfferedAt.choices, default=OfferedAt.DISTRICT)
    division = models.ForeignKey(
        "territory.Division", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理辖区")
    )
    topic = models.CharField(_("主题"), max_length=20, choices=Topic.choices)
    for_persons = models.BooleanField(_("个人可办"), default=True)
    for_firms = models.BooleanField(_("企业可办"), default=False)
    everyday = models.CharField(
        _("通俗叫法"), max_length=300, blank=True, help_text=_("群众常用的说法，用空格分隔，如“开饭店 卫生许可”。")
    )
    basis_checked = models.TextField(blank=True, editable=False)
    basis_checked_on = models.DateField(null=True, editable=False)
    basis_checked_by = models.CharField(max_length=60, blank=True, editable=False)
    words = SearchVectorField(editable=False)

    personal: ClassVar[dict[str, str]] = {
        "name": "none", "everyday": "none", "basis_checked": "none", "basis_checked_by": "staff",
    }  # fmt: skip

    class Meta:
        verbose_name = _("实施清单")
        verbose_name_plural = pgettext_lazy("plural", "实施清单")
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [GinIndex(fields=["words"], name="hall_item_words", fastupdate=False)]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(for_persons=True) | Q(for_firms=True),
                name="hall_item_for_somebody",
                violation_error_message=_("请至少勾选“个人可办”或“企业可办”。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """What an item asks for and promises, from a day on.  Limits are in working days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="versions", verbose_name=_("实施清单"))
    number = models.PositiveIntegerField(_("版本号"))
    state = models.CharField(_("状态"), max_length=20, choices=VersionState.choices, default=VersionState.DRAFT)
    effective_on = models.DateField(_("生效日期"), null=True, blank=True)
    ended_on = models.DateField(_("失效日期"), null=True, blank=True)
    basis = models.TextField(_("设定依据"), blank=True, help_text=_("每行一条，写明法律法规名称和条款。"))
    conditions = models.TextField(_("受理条件"), blank=True)
    statutory_days = models.PositiveSmallIntegerField(_("法定时限（工作日）"), null=True, blank=True)
    promised_days = models.PositiveSmallIntegerField(_("承诺时限（工作日）"), null=True, blank=True)
    is_instant = models.BooleanField(_("即办"), default=False)
    visits = models.CharField(_("跑动次数"), max_length=20, choices=Visits.choices, default=Visits.ONE)
    fee = models.CharField(_("收费"), max_length=200, blank=True, default="不收费")
    delivery: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=20, choices=Delivery.choices), default=list, blank=True, verbose_name=_("送达方式")
    )
    place = models.CharField(_("办理地点"), max_length=200, blank=True)
    consult_phone = models.CharField(_("咨询电话"), max_length=40, blank=True)
    complaint_phone = models.CharField(_("投诉电话"), max_length=40, blank=True)
    result = models.CharField(_("结果名称"), max_length=120, blank=True)
    result_paper = models.SlugField(
        _("结果文书"), max_length=60, blank=True, help_text=_("办结时按哪份文书模板出证，填文书的代号；不出证的留空。")
    )
    valid_for = models.CharField(
        _("有效期"), max_length=40, blank=True,
        help_text=_("结果文书管多久，如“5年”“18个月”“2027-12-31”，或者填报内容里一个日期的字段名；长期有效的留空。"),
    )  # fmt: skip
    questions = models.JSONField(_("填报内容"), default=list, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(_("停用原因"), max_length=200, blank=True)

    personal: ClassVar[dict[str, str]] = dict.fromkeys(
        ("basis", "conditions", "fee", "place", "consult_phone", "complaint_phone", "reason", "questions", "valid_for"),
        "none",
    )

    class Meta:
        verbose_name = _("事项版本")
        verbose_name_plural = pgettext_lazy("plural", "事项版本")
        ordering: ClassVar = ["-number"]
        # What counts on a day is asked with every page of the guide, and these rows are wide.
        indexes: ClassVar = [
            models.Index(
                fields=["item", "effective_on", "ended_on"], include=["id", "visits", "is_instant"],
                condition=~Q(state=VersionState.DRAFT), name="hall_version_counts",
            )
        ]  # fmt: skip
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="hall_version_number_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state=VersionState.DRAFT), name="hall_version_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT) | Q(effective_on__isnull=False), name="hall_version_has_day"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("effective_on")), name="hall_version_days"
            ),
            ExclusionConstraint(
                name="hall_version_one_a_day",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    (
                        Func(F("effective_on"), F("ended_on"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(state=VersionState.DRAFT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"

    @property
    def form(self) -> tuple[Question, ...]:
        """The questions of its form, in order."""
        return load(self.questions)

    @property
    def holds(self) -> validity.Validity | None:
        """How long what is issued holds; None for without end."""
        return validity.parse(self.valid_for)

    @property
    def is_basis_checked(self) -> bool:
        """Whether somebody of the district has compared just this basis with the law."""
        return self.item.basis_checked_on is not None and self.item.basis_checked == self.basis

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.state == VersionState.DRAFT

    def is_in_force_on(self, on: date) -> bool:
        """Whether it is what counts on that day."""
        if self.is_draft or self.effective_on is None:
            return False
        return self.effective_on <= on and (self.ended_on is None or on < self.ended_on)


class Material(models.Model):
    """What must be brought for a version.  ``condition`` empty: always; ``needed_when`` says the same of the answers to the
    version's questions (``rules.terms``).  ``held_by`` not empty: not asked for, because it is
    held there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, models.CASCADE, related_name="materials")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("材料名称"), max_length=120)
    form = models.CharField(_("形式"), max_length=20, choices=Form.choices, default=Form.ORIGINAL)
    copies = models.PositiveSmallIntegerField(_("份数"), default=1)
    condition = models.CharField(_("何时需要"), max_length=200, blank=True)
    needed_when = models.CharField(_("需要的条件"), max_length=300, blank=True)
    is_deferrable = models.BooleanField(_("可容缺"), default=False)
    by_commitment = models.BooleanField(_("可告知承诺"), default=False)
    held_by = models.CharField(_("免提交来源"), max_length=120, blank=True)

    personal: ClassVar[dict[str, str]] = {"name": "none", "condition": "none", "needed_when": "none"}

    class Meta:
        verbose_name = _("申请材料")
        verbose_name_plural = pgettext_lazy("plural", "申请材料")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "position"], name="hall_material_position_once"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="hall_material_copies"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_judged_by_applicant(self) -> bool:
        """Whether only a sentence says when it is needed, so that the applicant has to say."""
        return bool(self.condition) and not self.needed_when

    @property
    def needed_if(self) -> tuple[str, ...]:
        """Conditions on the answers, any of which makes it needed; none: it is always asked about."""
        return (self.needed_when,) if self.needed_when else ()


def in_force(on: date, prefix: str = "") -> Q:
    """The versions that count on that day, as a condition; ``prefix`` names a relation."""

    def field(name: str, value: Any) -> Q:
        return Q(**{f"{prefix}{name}": value})

    open_ended = field("ended_on__isnull", True) | field("ended_on__gt", on)
    return ~field("state", VersionState.DRAFT) & field("effective_on__lte", on) & open_ended
