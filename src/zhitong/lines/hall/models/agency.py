"""Acting for applicants 帮办代办: agents with their areas, what they were asked to do, and what went through their hands."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from ..choices import AgentSort, MandateWay
from .catalogue import Item


class Park(models.Model):
    """A business park that agents serve on the spot."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("园区名称"), max_length=60, unique=True)
    division = models.ForeignKey("territory.Division", models.PROTECT, related_name="+", verbose_name=_("所在辖区"))

    personal: ClassVar[dict[str, str]] = {"name": "none"}

    class Meta:
        verbose_name = _("园区")
        verbose_name_plural = pgettext_lazy("plural", "园区")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """Somebody who acts for applicants in an area, down to a grid or a park; up to, not including, ``until``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey("organisation.Staff", models.PROTECT, related_name="+", verbose_name=_("人员"))
    sort = models.CharField(_("身份"), max_length=20, choices=AgentSort.choices)
    division = models.ForeignKey("territory.Division", models.PROTECT, related_name="+", verbose_name=_("负责区域"))
    park = models.ForeignKey(Park, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("园区"))
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("帮办代办员")
        verbose_name_plural = pgettext_lazy("plural", "帮办代办员")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff", "division", "park"],
                condition=Q(until=None),
                name="hall_agent_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="hall_agent_days"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.division_id}"


class Errand(models.Model):
    """What an agent was asked to do; one-to-one with its matter.  The mandate: for the item or for all, by which way signed, until
    when; ``mandator`` is a keyed digest of the citizen id it was signed with."""

    matter = models.OneToOneField("matters.Matter", models.CASCADE, primary_key=True, related_name="errand")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    park = models.ForeignKey(Park, models.PROTECT, null=True, related_name="+")
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey("matters.Matter", models.SET_NULL, null=True, related_name="+")
    mandate_way = models.CharField(max_length=20, choices=MandateWay.choices, blank=True)
    mandate_all = models.BooleanField(default=False)
    mandate_until = models.DateField(null=True)
    mandator = models.BinaryField(null=True)
    revoked_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"mandator": "digest"}

    def __str__(self) -> str:
        return str(self.matter_id)

    def is_mandated(self, on: date, item_id: object = None) -> bool:
        """Whether the mandate counts on that day, for that item."""
        if self.mandate_until is None or self.revoked_at or on > self.mandate_until:
            return False
        return self.mandate_all or item_id is None or item_id == self.item_id


class Thing(models.Model):
    """Something that an agent took along, and gave back; each handing over was confirmed by whoever gave or got it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    errand = models.ForeignKey(Errand, models.CASCADE, related_name="things")
    name = models.CharField(max_length=80)
    taken_at = models.DateTimeField()
    taken_way = models.CharField(max_length=20, choices=MandateWay.choices)
    returned_at = models.DateTimeField(null=True)
    returned_way = models.CharField(max_length=20, choices=MandateWay.choices, blank=True)

    personal: ClassVar[dict[str, str]] = {"name": "text"}

    def __str__(self) -> str:
        return self.name
