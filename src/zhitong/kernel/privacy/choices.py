"""Enumerations of privacy."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Wish(TextChoices):
    """What somebody asks for: the rights of articles 45, 46 and 47 of the Personal Information Protection Law."""

    COPY = "copy", _("查阅、复制")
    CORRECT = "correct", _("更正、补充")
    ERASE = "erase", _("删除")


class RequestState(TextChoices):
    OPEN = "open", pgettext_lazy("request", "办理中")
    DONE = "done", pgettext_lazy("request", "已答复")


class Ground(TextChoices):
    """Why something is erased, as article 47 has it."""

    DONE = "done", _("处理目的已实现、无法实现或不再必要")
    ENDED = "ended", _("保存期限已届满")
    WITHDRAWN = "withdrawn", _("本人撤回同意")
    UNLAWFUL = "unlawful", _("违反法律、行政法规或约定处理（不受保管期限限制）")


class Unit(TextChoices):
    DAY = "day", pgettext_lazy("term", "天")
    YEAR = "year", pgettext_lazy("term", "年")


class ListState(TextChoices):
    DRAFT = "draft", pgettext_lazy("destroy list", "待审批")
    DESTROYED = "destroyed", pgettext_lazy("destroy list", "已销毁")
    DROPPED = "dropped", pgettext_lazy("destroy list", "已撤销")


class ItemState(TextChoices):
    LISTED = "listed", pgettext_lazy("destroy list", "列入销毁")
    POSTPONED = "postponed", pgettext_lazy("destroy list", "暂缓销毁")
    DESTROYED = "destroyed", pgettext_lazy("destroy list", "已销毁")
    SKIPPED = "skipped", pgettext_lazy("destroy list", "未销毁（已变化）")
