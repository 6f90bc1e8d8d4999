"""Enumerations of surveys: stored as short English slugs, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetState(models.TextChoices):
    """How far one target is."""

    OPEN = "open", _("未填报")
    DONE = "done", _("已填报")
    MISSED = "missed", _("未能填报")


class Crossing(models.TextChoices):
    """When an answer crosses the line of a rule."""

    AT_LEAST = "at_least", _("不低于")
    AT_MOST = "at_most", _("不高于")
    IS = "is", _("等于")
    IS_NOT = "is_not", _("不等于")
    HAS = "has", _("选了")
    ANSWERED = "answered", _("填了")
