"""Enumerations of campaigns: stored as short English slugs, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DriveKind(models.TextChoices):
    """What a drive is about."""

    ORDER = "order", _("市容整治")
    CERTIFICATE = "certificate", _("不动产登记")
    WORKS = "works", _("民生工程")
    RELOCATION = "relocation", _("征收安置")
    SAFETY = "safety", _("安全整治")
    OTHER = "other", _("其他行动")


class TargetState(models.TextChoices):
    """How far one target is."""

    OPEN = "open", _("待完成")
    DONE = "done", _("已完成")
    ASIDE = "aside", _("不计入")


class Source(models.TextChoices):
    """How a target came onto the list."""

    ENTERED = "entered", _("手工登记")
    IMPORTED = "imported", _("表格导入")
    REGISTER = "register", _("取自登记")
    FOUND = "found", _("现场发现")


class Side(models.TextChoices):
    """What a photo shows."""

    BEFORE = "before", _("处置前")
    AFTER = "after", _("处置后")


class StepKind(models.TextChoices):
    """What was done with a target."""

    PASSED = "passed", _("推进")
    BACK = "back", _("退回上一步")
    ASIDE = "aside", _("设为不计入")
    TAKEN_UP = "taken_up", _("恢复计入")
    NOTED = "noted", _("补充记录")
    LINKED = "linked", _("关联事项")
    CHANGED = "changed", _("修改对象")


class Finding(models.TextChoices):
    """What an inspection of an entry of an inventory found."""

    GOOD = "good", _("完好")
    FAULT = "fault", _("须整改")
