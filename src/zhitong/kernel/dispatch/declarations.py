"""What the kernel is told about help for the dispatcher."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhitong.kernel.events.public import Wording, declare_letter, show

from . import permissions


def _used(data: Mapping[str, Any]) -> str:
    """The threshold, and whether sure ones pass by themselves."""
    said = (
        _("阈值%(percent)s%%，自动转办已开启") if data.get("is_automatic") else _("阈值%(percent)s%%，自动转办已停止")
    )
    return said % {"percent": round(100 * data.get("threshold", 0))}


def _learned(data: Mapping[str, Any]) -> str:
    """From how many matters."""
    return _("学习了%(cases)s件") % data if "cases" in data else ""


def _rising(data: Mapping[str, Any]) -> str:
    """Where, how many, by how many people."""
    told = {**data, "place": _("、").join(data.get("names", ())) or _("未写明地点")}
    return (
        _("%(place)s：近%(days)s天%(late)s件、%(people)s人，之前%(days)s天%(before)s件") % told
        if "late" in data
        else ""
    )


def _replies_set(data: Mapping[str, Any]) -> str:
    """Whether replies are blocked."""
    return _("不合格的答复不能办结") if data.get("blocks") else _("只提醒，不拦截")


def _company(data: Mapping[str, Any]) -> str:
    """What it turned out to be, or no longer is."""
    parts = [
        {1: _("同一人此前反映过%(before)s次"), -1: _("不再算作重复反映")}.get(data.get("again", 0), ""),
        {1: _("共%(people)s人反映，算作联名"), -1: _("不再算作联名")}.get(data.get("joint", 0), ""),
    ]
    return _("；").join(part % data for part in parts if part)


def _rising_set(data: Mapping[str, Any]) -> str:
    """The rule in words."""
    if "least" not in data:
        return ""
    return _("%(days)s天内%(least)s件以上，不少于之前的%(times)s倍") % {**data, "times": f"{data['percent'] / 100:g}"}


def _word(data: Mapping[str, Any]) -> str:
    """Which word, and whether it counts."""
    return _("“%(word)s”") % data if data["is_active"] else _("“%(word)s”，停用") % data


def _rule(data: Mapping[str, Any]) -> str:
    """Which rule, in which version."""
    return _("“%(name)s”第%(version)s版，排在第%(position)s位") % data


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    show("dispatch.asked", gettext_lazy("要求立即学习"), icon="school")
    show("dispatch.learned", gettext_lazy("重新学习"), icon="school", sentence=_learned)
    show("dispatch.activated", gettext_lazy("换用早先的版本"), icon="history", sentence=_learned)
    show("dispatch.use_set", gettext_lazy("设置智能转办"), icon="adjustments", sentence=_used)
    show("dispatch.rising", gettext_lazy("热点上升"), icon="trending-up", sentence=_rising)
    show("dispatch.company", gettext_lazy("识别重复、联名"), icon="users-group", sentence=_company)
    show("dispatch.replies_set", gettext_lazy("设置答复检查"), icon="message-check", sentence=_replies_set)
    show("dispatch.rising_set", gettext_lazy("设置热点上升"), icon="adjustments", sentence=_rising_set)
    declare_letter(
        Wording(
            "dispatch.rising", gettext_lazy("热点上升提醒"), "热点上升：{place}",
            "{place}同一件事近{days}天有{people}人提出{late}件，之前{days}天{before}件。请到“热点”查看并研究处置。",
            "A hot spot is rising: {place}",
            "{place}: {people} people raised the same {late} times in {days} days, {before} in as many days before. See “Hot spots”.",
            ("place", "days", "people", "late", "before"),
        )
    )  # fmt: skip
    show("dispatch.alarm_word", gettext_lazy("设置紧急词语"), icon="urgent", sentence=_word)
    show("dispatch.alarms_supplied", gettext_lazy("补充预置紧急词语"), icon="urgent")
    for slug, label, icon in (
        ("set", gettext_lazy("起草分派规则"), "route"), ("on", gettext_lazy("启用分派规则"), "player-play"),
        ("off", gettext_lazy("停用分派规则"), "player-pause"), ("moved", gettext_lazy("调整分派规则次序"), "arrows-sort"),
    ):  # fmt: skip
        show(f"dispatch.rule_{slug}", label, icon=icon, sentence=_rule)
