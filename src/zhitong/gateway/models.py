"""Endpoints of other systems that are told what happens."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

SEALED_AT = "gateway_endpoint.sealed"


class Endpoint(models.Model):
    """Where another system takes notices of what happens to matters, as far as ``post`` sees them.

    ``kinds`` are kinds of events; none means all.  ``origin`` is the address of this installation as it was when the endpoint
    was set up: what the links in the notices begin with.  The secrets are sealed; the old one signs besides until ``old_until``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    url = models.CharField(_("接收地址"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=80), default=list)
    post = models.ForeignKey("organisation.Post", models.PROTECT, related_name="endpoints", verbose_name=_("岗位"))
    origin = models.CharField(max_length=200)
    sealed = models.BinaryField()
    old_sealed = models.BinaryField(null=True)
    old_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    is_paused_by_itself = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {
        "name": "none", "sealed": "secret", "old_sealed": "secret", "url": "none", "origin": "none",
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="endpoint_name_once", condition=Q(removed_at=None)),
        ]

    def __str__(self) -> str:
        return self.name
