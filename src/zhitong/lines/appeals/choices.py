"""Enumerations of the appeals line."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(TextChoices):
    SOLVED = "solved", _("已解决")
    PARTLY = "partly", _("部分解决")
    EXPLAINED = "explained", _("已解释说明")
    NOT_ACCEPTED = "not_accepted", _("不予受理")


class Contact(TextChoices):
    """How somebody was met."""

    IN_PERSON = "in_person", _("当面")
    PHONE = "phone", _("电话")
    VIDEO = "video", _("视频")


class Visit(TextChoices):
    """How a return visit was made."""

    IN_PERSON = "in_person", _("上门回访")
    PHONE = "phone", _("电话回访")


class Satisfaction(TextChoices):
    """Five grades, best first; stored as 5 to 1."""

    VERY = "5", _("非常满意")
    YES = "4", _("满意")
    FAIRLY = "3", _("基本满意")
    NO = "2", _("不满意")
    NOT_AT_ALL = "1", _("非常不满意")


SATISFIED = frozenset({3, 4, 5})


class Transfer(TextChoices):
    MEDIATION = "mediation", _("转人民调解")
    LEGAL_AID = "legal_aid", _("转法律援助")
    COUNSELLING = "counselling", _("转心理疏导")
    PETITION = "petition", _("转信访")


class Finding(TextChoices):
    """How supervision ends a matter that stays disputed."""

    UPHELD = "upheld", pgettext_lazy("finding", "办理适当，予以办结")
    SETTLED = "settled", pgettext_lazy("finding", "已促成解决，予以办结")


class ImportState(TextChoices):
    """Where a file of work orders stands."""

    DRAFT = "draft", _("待确认列")
    WAITING = "waiting", pgettext_lazy("import", "排队中")
    RUNNING = "running", pgettext_lazy("import", "进行中")
    DONE = "done", pgettext_lazy("import", "已完成")
    STOPPED = "stopped", pgettext_lazy("import", "已停止")
    FAILED = "failed", pgettext_lazy("import", "未能完成")


class Datum(TextChoices):
    """In what coordinates points are given."""

    WGS84 = "wgs84", _("WGS-84（GPS）")
    GCJ02 = "gcj02", _("GCJ-02（高德、腾讯）")
    BD09 = "bd09", _("BD-09（百度）")
