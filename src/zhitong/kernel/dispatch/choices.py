"""Enumerations of help for the dispatcher; the values are stored and never renamed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AlarmGroup(TextChoices):
    """What a word of danger is about."""

    LIFE = "life", _("人身安全")
    FIRE = "fire", _("火情")
    GAS = "gas", _("燃气")
    COLLAPSE = "collapse", _("坍塌")
    SUPPLY = "supply", _("水电气暖")
    MINORS = "minors", _("未成年人")
    CROWD = "crowd", _("聚集")
    OTHER = "other", _("其他险情")


class AlarmLevel(TextChoices):
    """How urgent a word makes what it stands in; the same slugs as the urgency of matters."""

    URGENT = "urgent", _("紧急")
    DANGER = "danger", _("危及生命")


class AlarmCall(TextChoices):
    """Whom to call at once; nobody for an empty one."""

    FIRE = "119", _("119 消防")
    POLICE = "110", _("110 报警")
    AMBULANCE = "120", _("120 急救")


class RuleState(TextChoices):
    """Only a rule that is switched on is asked."""

    DRAFT = "draft", _("草稿")
    ON = "on", _("已启用")
    OFF = "off", _("已停用")


class Failure(TextChoices):
    """Why learning came to nothing."""

    TOO_FEW = "too_few", _("可学习的事项太少")
    FAULT = "fault", _("学习时出错")
