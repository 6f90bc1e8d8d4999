"""Enumerations of accounts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Scope(TextChoices):
    """How far a grant reaches."""

    ALL = "all", _("全区")
    DIVISION = "division", _("辖区及下级")
    ORGAN = "organ", _("本单位及下级")
    OWN = "own", _("本人经办")


class ActorKind(TextChoices):
    """Who is behind an act."""

    STAFF = "staff", _("工作人员")
    RESIDENT = "resident", _("居民")
    SYSTEM = "system", _("系统")
    INTEGRATION = "integration", _("对接系统")


class ApiScope(TextChoices):
    """What a token may be used for, besides reading the lists that everybody may read."""

    READ = "read", pgettext_lazy("use", "查看")
    RAISE = "raise", pgettext_lazy("use", "提出")
    ACT = "act", pgettext_lazy("use", "办理")
    FIGURES = "figures", pgettext_lazy("use", "指标")
    HOMES = "homes", pgettext_lazy("use", "人房")
