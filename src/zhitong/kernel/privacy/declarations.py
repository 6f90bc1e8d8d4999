"""What the kernel is told: permissions, how events read, the term of requests themselves."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.holdings import Case, Held, Holding, declare_holding
from zhitong.base.retention import YEARS, RecordKind, declare_record_kind
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import show

from . import permissions
from .choices import RequestState
from .models import DataRequest

_EVENTS = {
    "privacy.asked": _("登记个人信息请求"),
    "privacy.looked": _("查阅所持个人信息"),
    "privacy.copied": _("导出个人信息副本"),
    "privacy.corrected": _("更正登记信息"),
    "privacy.answered": _("答复个人信息请求"),
    "privacy.erased": _("按请求删除个人信息"),
    "privacy.pieces_looked": _("查看事项的单项内容"),
    "privacy.piece_erased": _("清除单项内容"),
    "retention.term_changed": _("修改保管期限"),
    "retention.list_made": _("编制销毁清册"),
    "retention.postponed": _("暂缓销毁"),
    "retention.list_dropped": _("撤销销毁清册"),
    "retention.destroyed": _("审批并销毁"),
}
KEPT = _("请求及其答复须留存备查（《个人信息保护法》第五十六条，至少三年）")


def _look(case: Case) -> list[Held]:
    rows = DataRequest.objects.filter(person=case.person_id).order_by("made_at", "id")
    return [
        Held(
            row.pk, str(row.get_wish_display()), row.made_at,
            [(_("身份核验方式"), row.verified), *([(_("请求说明"), row.note)] if row.note else [])], kept=KEPT,
        )
        for row in rows
    ]  # fmt: skip


def _erase(case: Case, by: Actor) -> int:
    return 0


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    for slug, label in _EVENTS.items():
        show(slug, label, icon="shield-lock")
    declare_holding(Holding("privacy.requests", _("个人信息请求"), ("privacy.DataRequest",), _look, _erase, 95))
    declare_record_kind(RecordKind(
        "privacy.requests", _("已答复的个人信息请求"), _("《个人信息保护法》第五十六条：处理情况记录至少保存三年"), 3, YEARS,
        pgettext_lazy("term from", "答复次年1月1日"),
        count=lambda before: DataRequest.objects.filter(state=RequestState.DONE, done_at__lt=before).count(),
        destroy=lambda before: DataRequest.objects.filter(state=RequestState.DONE, done_at__lt=before).delete()[0],
    ))  # fmt: skip
