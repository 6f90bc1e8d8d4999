"""Households 户 and who belongs to them, from when until when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

from ..choices import HouseholdKind, ResidenceKind, Role
from .people import Person
from .places import Unit


class Household(models.Model):
    """People who keep house together in a unit.  ``version`` also goes up when somebody moves in or out: a household is edited as one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="households", verbose_name=_("房屋"))
    kind = models.CharField(_("户类型"), max_length=12, choices=HouseholdKind.choices, default=HouseholdKind.FAMILY)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    ended_on = models.DateField(_("销户日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("更新时间"), default=timezone.now, editable=False)

    personal: ClassVar[dict[str, str]] = {"note": "text"}

    class Meta:
        verbose_name = _("住户")
        verbose_name_plural = _("住户")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=HouseholdKind.values), name="household_kind")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Residence(models.Model):
    """Somebody belongs to a household: registered there 户籍, living there 居住, or both, from ``since`` up to, not including, ``until``.

    Nobody is registered in two places at once, nor lives in two; a household has one head at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="residences", verbose_name=_("住户"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="residences", verbose_name=_("人员"))
    role = models.CharField(_("与户主关系"), max_length=10, choices=Role.choices, default=Role.OTHER)
    kind = models.CharField(_("居住类型"), max_length=10, choices=ResidenceKind.choices, default=ResidenceKind.BOTH)
    since = models.DateField(_("迁入日期"))
    until = models.DateField(_("迁出日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("居住登记")
        verbose_name_plural = _("居住登记")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="residence_role"),
            models.CheckConstraint(condition=Q(kind__in=ResidenceKind.values), name="residence_kind"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="residence_days"),
            models.UniqueConstraint(
                fields=["household", "person"], name="residence_once", condition=Q(until__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["household"], name="residence_one_head", condition=Q(until__isnull=True, role=Role.HEAD)
            ),
            models.UniqueConstraint(
                fields=["person"], name="residence_registered_once",
                condition=Q(until__isnull=True) & ~Q(kind=ResidenceKind.LIVING),
            ),
            models.UniqueConstraint(
                fields=["person"], name="residence_living_once",
                condition=Q(until__isnull=True) & ~Q(kind=ResidenceKind.REGISTERED),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)
