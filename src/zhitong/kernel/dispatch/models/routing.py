"""Routing rules of the district, and every matter one of them was used for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

from ..choices import RuleState


class RoutingRule(models.Model):
    """Where matters of a kind go that fulfil ``when`` (`rules.routing.When`): to an organ, onto the fast lane, or to a person.

    Rules are asked by ``position``; the first one that applies decides.  ``version`` counts changes of what it says.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    name = models.CharField(_("规则名称"), max_length=60)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=6, choices=RuleState.choices, default=RuleState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    when = models.JSONField(default=dict)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, null=True, related_name="+")
    urgency = models.CharField(max_length=10, blank=True)
    to_person = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    by_label = models.CharField(max_length=120)

    personal: ClassVar[dict[str, str]] = {"name": "none", "when": "none", "by_label": "staff"}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(organ=None, urgency="", to_person=False), name="rule_does_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "position"], name="rule_order")]

    def __str__(self) -> str:
        return self.name


class RuleUse(models.Model):
    """A matter was passed on while a rule applied to it; ``is_followed`` where it went to the organ that the rule names."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.ForeignKey(RoutingRule, models.CASCADE, related_name="uses", db_index=False)
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    is_followed = models.BooleanField()
    is_automatic = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["rule", "-at"], name="rule_use_of")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.matter_id}"
