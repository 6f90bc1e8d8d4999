"""Words stored in the database, and states that follow from it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Origin(TextChoices):
    SUPPLIED = "supplied", _("系统自带")
    DISTRICT = "district", _("本区修改")


class Standing(TextChoices):
    """What somebody who checks a paper is told; never stored."""

    VALID = "valid", _("有效")
    SIMULATED = "simulated", _("模拟，不具法律效力")
    EXPIRED = "expired", _("已过有效期")
    REVOKED = "revoked", pgettext_lazy("paper", "已撤销")
    ERASED = "erased", _("保管期满，内容已清除")
