"""Tags 标签 with a purpose and an end: what a district must know of somebody to help them, and for no longer."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7
from zhitong.base.text import in_language

from ..choices import TagSubject
from .firms import Firm
from .households import Household
from .people import Person
from .places import Unit


class TagKind(models.Model):
    """A kind of tag an administrator keeps: on what it is put, what for, and how many days it holds unless it is renewed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("标签名称"), max_length=40, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    subject = models.CharField(_("标注对象"), max_length=10, choices=TagSubject.choices)
    purpose = models.CharField(_("目的和依据"), max_length=200)
    days = models.PositiveSmallIntegerField(_("有效天数"), default=365)
    is_in_use = models.BooleanField(_("启用"), default=True)

    personal: ClassVar[dict[str, str]] = {"purpose": "none"}

    class Meta:
        verbose_name = _("标签类型")
        verbose_name_plural = _("标签类型")
        ordering: ClassVar = ["subject", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(subject__in=TagSubject.values), name="tag_kind_subject"),
            models.CheckConstraint(condition=Q(days__gt=0), name="tag_kind_days"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en, get_language())


def _once(subject: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=["kind", subject], name=f"tag_{subject}_once", condition=Q(ended_at__isnull=True)
    )


class Tag(models.Model):
    """A tag on a person, a household, a unit or a firm, until the day ``until``, on which it no longer holds.

    ``ended_at`` is when it was taken off: by somebody, or by the worker once the day has come.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.ForeignKey(TagKind, models.PROTECT, related_name="tags", verbose_name=_("标签类型"))
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="tags")
    household = models.ForeignKey(Household, models.CASCADE, null=True, related_name="tags")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="tags")
    firm = models.ForeignKey(Firm, models.CASCADE, null=True, related_name="tags")
    purpose = models.CharField(_("标注原因"), max_length=200)
    since = models.DateField(_("起始日期"))
    until = models.DateField(_("到期日期"))
    by_label = models.CharField(_("标注人"), max_length=120)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("取消时间"), null=True, blank=True)

    personal: ClassVar[dict[str, str]] = {"purpose": "text", "by_label": "staff"}

    class Meta:
        verbose_name = _("标签")
        verbose_name_plural = _("标签")
        constraints: ClassVar = [
            *(_once(subject) for subject in TagSubject.values),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="tag_days"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, household=None, unit=None, firm=None)
                | Q(household__isnull=False, person=None, unit=None, firm=None)
                | Q(unit__isnull=False, person=None, household=None, firm=None)
                | Q(firm__isnull=False, person=None, household=None, unit=None),
                name="tag_on_one_thing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["until"], name="tag_running", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["ended_at"], name="tag_over", condition=Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.kind)

    @property
    def subject_id(self) -> object:
        """The id of what it is on."""
        return self.person_id or self.household_id or self.unit_id or self.firm_id
