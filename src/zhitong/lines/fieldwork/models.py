"""Who stands by for the grids of a street."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7


class Reserve(models.Model):
    """Somebody of the reserve team 机动队 of a street, who can be called to any of its grids."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey("organisation.Staff", models.PROTECT, related_name="+")
    street = models.ForeignKey("territory.Division", models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("机动队员")
        verbose_name_plural = pgettext_lazy("plural", "机动队员")
        constraints: ClassVar = [models.UniqueConstraint(fields=["street", "staff"], name="fieldwork_reserve_once")]

    def __str__(self) -> str:
        return str(self.staff)
