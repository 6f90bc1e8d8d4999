"""Enumerations every kind of matter shares."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Urgency(TextChoices):
    NORMAL = "normal", _("一般")
    URGENT = "urgent", _("紧急")
    DANGER = "danger", _("危及生命")


class Channel(TextChoices):
    PORTAL = "portal", _("网上")
    HOTLINE = "hotline", _("12345热线")
    VISIT = "visit", _("来访")
    LETTER = "letter", _("来信")
    GRID = "grid", _("网格员上报")
    ENCOUNTER = "encounter", _("恳谈接访")
    SYSTEM = "system", _("其他系统")
    WINDOW = "window", _("窗口")
    AGENT = "agent", _("帮办代办")


class TaskRole(TextChoices):
    LEAD = "lead", _("主办")
    CO = "co", _("协办")
    COUNTERSIGN = "countersign", _("会签")


class TaskState(TextChoices):
    OPEN = "open", _("在办")
    DONE = "done", _("已办")
    RETURNED = "returned", _("已退回")
    CANCELLED = "cancelled", pgettext_lazy("task", "已撤销")


class ClockState(TextChoices):
    RUNNING = "running", pgettext_lazy("clock", "计时中")
    PAUSED = "paused", pgettext_lazy("clock", "已暂停")
    STOPPED = "stopped", pgettext_lazy("clock", "已完成")
    CANCELLED = "cancelled", pgettext_lazy("clock", "已取消")


class Grade(TextChoices):
    """How a clock stands."""

    ON_TIME = "on_time", _("正常")
    WARNING = "warning", _("临期")
    OVERDUE = "overdue", _("超期")
    MODERATE = "moderate", _("较重超期")
    SEVERE = "severe", _("严重超期")


LATE_GRADES = (Grade.OVERDUE, Grade.MODERATE, Grade.SEVERE)


class Unit(TextChoices):
    HOURS = "hours", _("小时")
    WORKING_HOURS = "working_hours", _("工作小时")
    WORKING_DAYS = "working_days", _("个工作日")
    CALENDAR_DAYS = "calendar_days", _("日")


class Relation(TextChoices):
    DUPLICATE_OF = "duplicate_of", _("并入")
    SPLIT_FROM = "split_from", _("拆分自")
    REPEAT_OF = "repeat_of", _("重复反映")
    RELATED = "related", _("相关")
    RAISED_IN = "raised_in", _("提出于")
    CHECK_OF = "check_of", _("核查")


class Part(TextChoices):
    REPORTER = "reporter", _("反映人")
    SUPPORTER = "supporter", _("同样反映")
    MERGED = "merged", _("并入的反映人")


class Purpose(TextChoices):
    REPORT = "report", _("反映材料")
    EVIDENCE = "evidence", _("见面记录")
    BEFORE = "before", _("办理前")
    AFTER = "after", _("办理后")
    REPLY = "reply", _("答复材料")
    MATERIAL = "material", _("申请材料")
