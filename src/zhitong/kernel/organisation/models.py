"""Who exists in the government, who works where, and who answers for what, each with its days.

Every range of days is half open: ``valid_from`` is the first day, ``valid_to`` the first day after it; no ``valid_to``
means open.  A row whose two days are equal was never in force: that is how a mistake is struck out without losing it.
"""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7
from zhitong.base.text import in_language, pinyin_key, pinyin_search

from .choices import DutyRole, OrganKind

_NONE = "00000000-0000-0000-0000-000000000000"


def _days() -> Func:
    return Func(F("valid_from"), F("valid_to"), function="daterange", output_field=DateRangeField())


def _or_none(field: str) -> Coalesce:
    return Coalesce(F(field), Value(_NONE, output_field=models.UUIDField()))


def _days_in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
        name=name,
        violation_error_message=_("结束日期不能早于开始日期。"),
    )


class Dated(models.Model):
    """A row in force from ``valid_from`` up to, not including, ``valid_to``."""

    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("终止日期"), null=True, blank=True, help_text=_("自该日起失效；留空表示长期有效。"))

    class Meta:
        abstract = True

    def is_valid_on(self, on: date) -> bool:
        """Whether the row is in force on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def valid_on(on: date, prefix: str = "") -> Q:
    """The rows in force on that day, as a condition; ``prefix`` names a relation (``"post__"``)."""
    started = Q(**{f"{prefix}valid_from__lte": on})
    return started & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on}))


class Organ(Dated):
    """Whoever can be responsible.  ``division`` is the area it covers; none means the whole district."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("单位编码"), max_length=40)
    name = models.CharField(_("单位名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    kind = models.CharField(_("单位类型"), max_length=30, choices=OrganKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级单位")
    )
    division = models.ForeignKey(
        "territory.Division", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("辖区")
    )
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    sort_key = models.CharField(max_length=500, editable=False)
    spelling = models.CharField(max_length=700, editable=False)

    personal: ClassVar[dict[str, str]] = {"phone": "none"}

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = pgettext_lazy("plural", "单位")
        ordering: ClassVar = ["sort_key", "id"]
        constraints: ClassVar = [
            _days_in_order("organ_days_in_order"),
            models.CheckConstraint(condition=~Q(code=""), name="organ_has_code"),
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="organ_not_its_own_parent",
                violation_error_message=_("上级单位不能是本单位。"),
            ),
            ExclusionConstraint(
                name="organ_code_once_a_day",
                expressions=[("code", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS)],
                violation_error_message=_("同一时期内已有单位使用该编码。"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "sort_key"], name="organ_kind_sort"),
            models.Index(fields=["sort_key"], name="organ_sort"),
        ]

    def __str__(self) -> str:
        return in_language(self.short_name or self.name, self.name_en, get_language())

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the two keys of the name with the name."""
        self.sort_key = pinyin_key(self.name)
        self.spelling = " ".join(pinyin_search(n) for n in (self.name, self.short_name) if n)
        super().save(*args, **kwargs)


class Category(models.Model):
    """A heading of the three-level list of what matters are about.

    ``path`` holds the ids from level 1 down to itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("类别编码"), max_length=20, unique=True)
    name = models.CharField(_("类别名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级类别")
    )
    level = models.PositiveSmallIntegerField(_("级次"), editable=False)
    path: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField(), editable=False)
    keywords = models.TextField(_("关键词"), blank=True, help_text=_("群众常用的说法，用空格分隔。"))
    is_active = models.BooleanField(_("启用"), default=True)
    sort = models.PositiveIntegerField(_("排序"), default=0)

    personal: ClassVar[dict[str, str]] = {"keywords": "none"}

    class Meta:
        verbose_name = _("事项类别")
        verbose_name_plural = pgettext_lazy("plural", "事项类别")
        ordering: ClassVar = ["sort", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="category_level"),
            models.CheckConstraint(condition=Q(path__len=F("level")), name="category_path_length"),
            models.CheckConstraint(
                condition=Q(level=1, parent__isnull=True) | Q(level__gt=1, parent__isnull=False),
                name="category_parent_above",
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="category_name_once",
                nulls_distinct=False,
                violation_error_message=_("同一上级下已有同名类别。"),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["path"], name="category_path"),
            models.Index(fields=["sort", "code"], name="category_sort"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en, get_language())


class Staff(models.Model):
    """A person who works for an organ.  ``staff_no`` is never given to a second person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff_no = models.CharField(_("工号"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("手机"), max_length=40, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    sort_key = models.CharField(max_length=300, editable=False)
    spelling = models.CharField(max_length=400, editable=False)

    personal: ClassVar[dict[str, str]] = {
        "name": "staff", "phone": "staff", "email": "staff", "spelling": "staff", "sort_key": "staff",
    }  # fmt: skip

    class Meta:
        verbose_name = _("工作人员")
        verbose_name_plural = pgettext_lazy("plural", "工作人员")
        ordering: ClassVar = ["sort_key", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(staff_no=""), name="staff_has_number")]
        indexes: ClassVar = [models.Index(fields=["sort_key"], name="staff_sort")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the two keys of the name with the name."""
        self.sort_key = pinyin_key(self.name)
        self.spelling = pinyin_search(self.name)
        super().save(*args, **kwargs)


class Post(Dated):
    """A seat in an organ, for one person or several.  ``division`` narrows the area of the organ."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    title = models.CharField(_("岗位名称"), max_length=60)
    is_head = models.BooleanField(_("主要负责人岗位"), default=False)
    division = models.ForeignKey(
        "territory.Division",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("岗位辖区"),
        help_text=_("只管单位辖区的一部分时填写。"),
    )

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = pgettext_lazy("plural", "岗位")
        ordering: ClassVar = ["-is_head", "title", "id"]
        constraints: ClassVar = [
            _days_in_order("post_days_in_order"),
            ExclusionConstraint(
                name="post_title_once_a_day",
                expressions=[
                    ("organ", RangeOperators.EQUAL),
                    ("title", RangeOperators.EQUAL),
                    (_or_none("division"), RangeOperators.EQUAL),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("该单位同一时期内已有同名岗位。"),
            ),
            ExclusionConstraint(
                name="post_one_head_a_day",
                expressions=[("organ", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS)],
                condition=Q(is_head=True),
                violation_error_message=_("该单位同一时期内已有主要负责人岗位。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ} · {self.title}"


class Appointment(Dated):
    """A person sits on a post, in full or, with ``is_deputy``, for somebody else for a while."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="appointments", verbose_name=_("工作人员"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name=_("岗位"))
    is_deputy = models.BooleanField(_("代理"), default=False)

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = pgettext_lazy("plural", "任职")
        ordering: ClassVar = ["-valid_from", "id"]
        constraints: ClassVar = [
            _days_in_order("appointment_days_in_order"),
            ExclusionConstraint(
                name="appointment_once_a_day",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("该人员同一时期内已在此岗位任职。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff} · {self.post}"


class Leave(Dated):
    """A person is away; whoever deputises for them answers meanwhile."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="leaves", verbose_name=_("工作人员"))

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("请假")
        verbose_name_plural = pgettext_lazy("plural", "请假")
        ordering: ClassVar = ["-valid_from", "id"]
        constraints: ClassVar = [
            _days_in_order("leave_days_in_order"),
            ExclusionConstraint(
                name="leave_once_a_day",
                expressions=[("staff", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS)],
                violation_error_message=_("该人员这段时间已有请假，请先调整原来的日期。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.valid_from}"


class Duty(Dated):
    """An organ answers for a category in a division; no category means every one, no division the whole district."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="duties", verbose_name=_("单位"))
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duties",
        verbose_name=_("类别"),
        help_text=_("留空表示全部类别。"),
    )
    division = models.ForeignKey(
        "territory.Division",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("辖区"),
        help_text=_("留空表示全区。"),
    )
    role = models.CharField(_("职责"), max_length=4, choices=DutyRole.choices, default=DutyRole.LEAD)
    hours = models.CharField(
        _("时段"), max_length=40, blank=True, help_text=_("如“周一至周五 8:30-17:30”“22:00-6:00”；留空表示全天。")
    )
    basis = models.TextField(_("依据"), blank=True, help_text=_("职责所依据的文件或规定。"))

    personal: ClassVar[dict[str, str]] = {"basis": "none", "hours": "none"}

    class Meta:
        verbose_name = _("职责")
        verbose_name_plural = pgettext_lazy("plural", "职责清单")
        ordering: ClassVar = ["valid_from", "id"]
        constraints: ClassVar = [
            _days_in_order("duty_days_in_order"),
            models.CheckConstraint(condition=Q(role__in=DutyRole.values), name="duty_role"),
            ExclusionConstraint(
                name="duty_once_a_day",
                expressions=[
                    ("organ", RangeOperators.EQUAL),
                    (_or_none("category"), RangeOperators.EQUAL),
                    (_or_none("division"), RangeOperators.EQUAL),
                    ("hours", RangeOperators.EQUAL),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("该单位同一时期内已有相同的职责。"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["category", "division", "valid_from"], name="duty_lookup"),
        ]

    def __str__(self) -> str:
        return f"{self.organ} · {self.category or _('全部类别')} · {self.get_role_display()}"
