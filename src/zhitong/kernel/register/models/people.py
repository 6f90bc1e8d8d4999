"""Persons and how they are reached.

Numbers and addresses are sealed (``zhitong.base.sealing``): what a column holds is unreadable without the keys and
bound to its column.  Beside each stands a keyed digest for exact search and a masked form for show.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7
from zhitong.base.text import mask_name
from zhitong.kernel.accounts.public import keyring

from ..choices import ContactKind, Gender

CITIZEN_ID_PLACE = "register_person.citizen_id"


class Person(models.Model):
    """A natural person the district has to do with.  ``name`` may be empty: some people give a phone only.

    ``identity`` is a keyed digest of what the person was told apart by when registered (citizen id, or phone and
    name); it is unique, so that two people writing at the same moment do not register the same person twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    citizen_id_sealed = models.BinaryField(null=True, editable=False)
    citizen_id_blind = models.BinaryField(null=True, editable=False)
    citizen_id_masked = models.CharField(_("身份证号"), max_length=18, blank=True, editable=False)
    gender = models.CharField(_("性别"), max_length=6, choices=Gender.choices, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    identity = models.BinaryField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    personal: ClassVar[dict[str, str]] = {
        "name": "name",
        "citizen_id_sealed": "sealed",
        "citizen_id_blind": "digest",
        "citizen_id_masked": "masked",
        "gender": "gender",
        "born_on": "birth",
        "note": "text",
        "identity": "digest",
    }

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["citizen_id_blind"], name="person_citizen_id_once"),
            models.UniqueConstraint(fields=["identity"], name="person_once"),
            models.CheckConstraint(
                condition=Q(citizen_id_sealed__isnull=True, citizen_id_blind__isnull=True, citizen_id_masked="")
                | Q(citizen_id_sealed__isnull=False, citizen_id_blind__isnull=False) & ~Q(citizen_id_masked=""),
                name="person_citizen_id_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["name"], name="person_name")]

    def __str__(self) -> str:
        return mask_name(self.name)

    @property
    def citizen_id(self) -> str:
        """The number in clear, or "".  For showing it use ``actions.reveal``, which leaves a trace."""
        return keyring().open(bytes(self.citizen_id_sealed), CITIZEN_ID_PLACE) if self.citizen_id_sealed else ""


class Contact(models.Model):
    """A phone number or an e-mail address of a person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("人员"))
    kind = models.CharField(_("类型"), max_length=5, choices=ContactKind.choices)
    sealed = models.BinaryField(editable=False)
    blind = models.BinaryField(editable=False)
    masked = models.CharField(_("联系方式"), max_length=100, editable=False)
    is_primary = models.BooleanField(_("首选"), default=False)
    verified_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    personal: ClassVar[dict[str, str]] = {"sealed": "sealed", "blind": "digest", "masked": "masked"}

    class Meta:
        verbose_name = _("联系方式")
        verbose_name_plural = _("联系方式")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind", "blind"], name="contact_once"),
            models.UniqueConstraint(
                fields=["person", "kind"], name="contact_one_primary", condition=Q(is_primary=True)
            ),
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="contact_kind"),
        ]
        indexes: ClassVar = [models.Index(fields=["blind"], name="contact_blind")]

    def __str__(self) -> str:
        return self.masked

    @property
    def value(self) -> str:
        """The number or address in clear.  For showing it use ``actions.reveal``, which leaves a trace."""
        return keyring().open(bytes(self.sealed), place_of(self.kind))


def place_of(kind: str) -> str:
    """Where a contact's ciphertext and digest belong: a phone number's cannot pass for an e-mail address's."""
    return f"register_contact.{kind}"
