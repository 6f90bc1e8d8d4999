"""Enumerations of surveys: stored as short English slugs, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetState(models.TextChoices):
    """How far one target is."""

    OPEN = "open", _("未填报")
    DONE = "done", _("已填报")
    MISSED = "missed", _("未能填报")
