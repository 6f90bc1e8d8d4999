"""Enumerations of reviews."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mark(IntegerChoices):
    """The five grades of GB/T 39735, best first."""

    VERY_GOOD = 5, _("非常满意")
    GOOD = 4, _("满意")
    FAIR = 3, _("基本满意")
    POOR = 2, _("不满意")
    VERY_POOR = 1, _("非常不满意")


class Way(TextChoices):
    """How a service was given."""

    COUNTER = "counter", pgettext_lazy("service", "窗口")
    ONLINE = "online", pgettext_lazy("service", "网上")
    ON_SITE = "on_site", pgettext_lazy("service", "现场")
    TELEPHONE = "telephone", pgettext_lazy("service", "电话")


class Source(TextChoices):
    """Through which door a review came."""

    CODE = "code", _("评价码")
    TABLET = "tablet", _("窗口评价器")
    POSTER = "poster", _("现场二维码")
    TRACKING = "tracking", _("查询页面")
    VISIT = "visit", _("工作人员回访")


class Finding(TextChoices):
    """Why a bad review needs nothing mended."""

    UNFOUNDED = "unfounded", _("经核实情况不属实")
    EXPLAINED = "explained", _("已当面解释，对方理解")
    MISTAKEN = "mistaken", _("评价人误评")
    MALICIOUS = "malicious", _("恶意评价")


SATISFIED = frozenset({Mark.VERY_GOOD, Mark.GOOD, Mark.FAIR})
GOOD_REASONS, BAD_REASONS = "review_good", "review_bad"
KIND, MENDED, EXCLUDED = "rectification", "mended", "excluded"
