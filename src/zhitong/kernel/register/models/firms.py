"""Firms 市场主体: what the business register says of them, who stands behind them and how they are reached.

Legal representatives, holders and officers are public by law (Interim Regulations on Enterprise Information, article 6): their names
are shown to staff.  Citizen ids and phones are the persons' own, sealed, and shown by ``reveal`` only.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

from ..choices import Contribution, Duty, FirmKind, FirmState, HolderKind
from .people import Person


class Firm(models.Model):
    """A market entity under its unified social credit code (GB 32100).

    ``capital`` is in yuan, null where the kind has none (个体工商户).  ``term_until`` is the last day of the term, null for 长期.
    ``legal`` is the legal representative, of other kinds the operator, investor or executive partner.  Codes are of digits and
    capitals; ``name`` is unique among firms that are not cancelled in the same register.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("企业名称"), max_length=120)
    kind = models.CharField(_("市场主体类型"), max_length=20, choices=FirmKind.choices)
    state = models.CharField(_("登记状态"), max_length=10, choices=FirmState.choices, default=FirmState.ACTIVE)
    legal = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("法定代表人"))
    liaison = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("联络员"))
    capital = models.DecimalField(_("注册资本（元）"), max_digits=18, decimal_places=2, null=True, blank=True)
    division = models.ForeignKey(
        "territory.Division", models.PROTECT, null=True, related_name="+", verbose_name=_("所在区划")
    )
    address = models.CharField(_("住所"), max_length=200)
    unit = models.ForeignKey(
        "register.Unit", models.SET_NULL, null=True, blank=True, related_name="firms", verbose_name=_("所在房屋")
    )
    scope = models.TextField(_("经营范围"), max_length=4000, blank=True)
    established_on = models.DateField(_("成立日期"))
    term_until = models.DateField(_("营业期限至"), null=True, blank=True)
    registered_by = models.CharField(_("登记机关"), max_length=120, blank=True)
    words = SearchVectorField(editable=False)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("更新时间"), default=timezone.now, editable=False)

    personal: ClassVar[dict[str, str]] = {"name": "none", "address": "none", "scope": "none", "registered_by": "none"}

    class Meta:
        verbose_name = _("市场主体")
        verbose_name_plural = _("市场主体")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="firm_name_once", condition=~Q(state=FirmState.CANCELLED)),
            models.CheckConstraint(condition=Q(kind__in=FirmKind.values), name="firm_kind"),
            models.CheckConstraint(condition=Q(state__in=FirmState.values), name="firm_state"),
            models.CheckConstraint(condition=Q(capital__isnull=True) | Q(capital__gt=0), name="firm_capital"),
            models.CheckConstraint(
                condition=Q(term_until__isnull=True) | Q(term_until__gte=F("established_on")), name="firm_term"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["words"], name="firm_words", fastupdate=False)]

    def __str__(self) -> str:
        return self.name

    @property
    def is_company(self) -> bool:
        """Whether it has a registered capital and holders who decide by resolution."""
        return self.kind in (FirmKind.LIMITED, FirmKind.SHARES)

    def is_in_term_on(self, on: date) -> bool:
        """Whether its term still runs."""
        return self.term_until is None or on <= self.term_until


class Holder(models.Model):
    """Who holds a share of a firm 股东, 合伙人.  A natural person is a ``person`` of the register; others stand by name and number.

    ``amount`` is what they subscribed, in yuan; ``due_on`` the day by which it is paid.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    firm = models.ForeignKey(Firm, models.CASCADE, related_name="holders")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("股东类型"), max_length=10, choices=HolderKind.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    title = models.CharField(_("股东名称"), max_length=120, blank=True)
    number = models.CharField(_("证照号码"), max_length=40, blank=True)
    amount = models.DecimalField(_("认缴出资额（元）"), max_digits=18, decimal_places=2)
    way = models.CharField(_("出资方式"), max_length=10, choices=Contribution.choices, default=Contribution.MONEY)
    due_on = models.DateField(_("出资日期"), null=True, blank=True)

    personal: ClassVar[dict[str, str]] = {"title": "none", "number": "none"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "position"], name="holder_position"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="holder_amount"),
            models.CheckConstraint(
                condition=Q(kind=HolderKind.PERSON, title="") | ~Q(kind=HolderKind.PERSON) & ~Q(title=""),
                name="holder_named",
            ),
        ]
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Of the person or of the firm; select ``person`` where many are shown."""
        return self.person.name if self.person else self.title


class Officer(models.Model):
    """Somebody in a body of a firm: director, supervisor, manager."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    firm = models.ForeignKey(Firm, models.CASCADE, related_name="officers")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    duty = models.CharField(_("职务"), max_length=20, choices=Duty.choices)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm", "position"], name="officer_position")]
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return str(self.get_duty_display())


CHANGE_PLACE = "register_firmchange.sealed"


class FirmChange(models.Model):
    """A change made on the ground of something that may be taken back, such as a granted application (``origin``).

    ``sealed`` holds the firm before and after, as JSON of two ``NewFirm``; ``people`` are those it named before or after; ``parts``
    are what changed, by the names of ``NewFirm``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    firm = models.ForeignKey(Firm, models.CASCADE, related_name="+")
    origin = models.UUIDField(unique=True)
    parts: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=20))
    people: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField())
    sealed = models.BinaryField(editable=False)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"sealed": "sealed", "people": "none", "parts": "none"}

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["people"], name="firm_change_people", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.origin)
