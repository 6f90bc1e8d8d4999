"""What the kernel is told by the matter engine itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.holdings import Case, Holding, declare_holding
from zhitong.base.retention import YEARS, RecordKind, declare_record_kind
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Wording, declare_letter, show
from zhitong.kernel.register.public import forget_people

from . import permissions
from .actions import erasing, files
from .queries import held

NUMBER_TITLE_DUE = ("number", "title", "due")
LETTERS = (
    Wording("matter.task", _("派单通知"), "新任务：{title}", "您单位有新的任务，编号{number}，时限至{due}。",
            "New task: {title}", "Your organ has a new task, {number}, due {due}.", NUMBER_TITLE_DUE),
    Wording("matter.assigned", _("承办通知"), "交您承办：{title}", "事项{number}已交您承办，时限至{due}。",
            "Yours to handle: {title}", "{number} is yours to handle, due {due}.", NUMBER_TITLE_DUE),
    Wording("matter.co_done", _("协办反馈通知"), "协办已反馈：{title}", "事项{number}的协办单位已反馈情况。",
            "Co-handler reported: {title}", "A co-handler of {number} has reported.", NUMBER_TITLE_DUE),
    Wording("matter.co_returned", _("协办退回通知"), "协办被退回：{title}", "事项{number}的协办单位已退回，请查看理由。",
            "Co-handling returned: {title}", "A co-handler of {number} has returned its share.", NUMBER_TITLE_DUE),
    Wording("matter.paused", _("暂停告知"), "办理暂停计时", "您的事项（编号{number}）因{reason}暂停计时。",
            "Clock paused", "The clock of your matter {number} is paused: {reason}.", ("number", "reason")),
    Wording("matter.extended", _("延期告知"), "办理时限延长", "您的事项（编号{number}）经批准延长至{due}，理由：{reason}。",
            "More time", "Your matter {number} now has until {due}: {reason}.", ("number", "due", "reason")),
    Wording("matter.extension_decided", _("延期审批通知"), "延期申请已审批：{title}", "事项{number}的延期申请已审批，意见：{note}。",
            "Extension decided: {title}", "The extension of {number} was decided: {note}.", ("number", "title", "note")),
    Wording("matter.supplemented", _("补充情况通知"), "反映人补充了情况：{title}", "事项{number}的反映人补充了情况，请查看。",
            "More from the person: {title}", "The person who raised {number} has added to it.", NUMBER_TITLE_DUE),
    Wording("matter.withdrawn", _("撤回通知"), "反映人撤回：{title}", "事项{number}已由反映人撤回，任务取消。",
            "Withdrawn: {title}", "{number} was withdrawn; the task is cancelled.", NUMBER_TITLE_DUE),
    Wording("matter.merged", _("并案告知"), "诉求已合并办理", "您的诉求（编号{number}）与编号{into}为同一问题，已合并办理，仍可用原编号查询。",
            "Handled together", "Your matter {number} is handled together with {into}; your number still works.",
            ("number", "into")),
    Wording("matter.parted", _("撤销并案告知"), "诉求恢复单独办理", "您的诉求（编号{number}）与原并入的诉求不是同一问题，现恢复单独办理。",
            "Handled by itself again", "Your matter {number} turned out to be another one and is handled by itself again.",
            ("number",)),
    Wording("matter.expedited", _("紧急程度变更通知"), "紧急程度调整：{title}", "事项{number}的紧急程度已调整，时限至{due}。",
            "Urgency changed: {title}", "The urgency of {number} has changed, due {due}.", NUMBER_TITLE_DUE),
    Wording("matter.urged", _("督办通知"), "督办：{title}", "事项{number}被督办：{demand}", "Urged: {title}",
            "{number} is urged: {demand}", ("number", "title", "demand")),
    Wording("matter.warning", _("临期提醒"), "即将到期：{title}", "事项{number}将于{due}到期，请抓紧办理。",
            "Due soon: {title}", "{number} is due at {due}.", NUMBER_TITLE_DUE),
    Wording("matter.overdue", _("超期提醒"), "已超期：{title}", "事项{number}已于{due}到期，尚未办结。",
            "Overdue: {title}", "{number} was due at {due} and is not done.", NUMBER_TITLE_DUE),
)  # fmt: skip


ON_REQUEST, TERM_OVER = "on_request", "term_over"


def _erase_words(case: Case, by: Actor) -> int:
    ids = [s.row.matter_id for s in held.standings(case) if s.words_go]
    return erasing.erase_matters(ids, why=ON_REQUEST, by=by, at=case.at)


def _erase_links(case: Case, by: Actor) -> int:
    ids = [s.row.matter_id for s in held.standings(case) if not (s.is_open and s.is_own)]
    return erasing.unlink(case.person_id, ids, why=ON_REQUEST, by=by, at=case.at)


def _destroy_matters(keys: Sequence[UUID], by: Actor, at: datetime) -> int:
    return erasing.erase_matters(keys, why=TERM_OVER, by=by, at=at)


SHORTEST = _("《个人信息保护法》第十九条：为实现处理目的所必要的最短时间")
HOLDINGS = (
    Holding(
        "matters.words", _("事项的内容、办理记录和附件"),
        ("matters.Matter", "matters.MatterWords", "matters.Record", "matters.Task", "matters.Extension", "matters.Clock",
         "matters.Attachment", "appeals.Appeal", "hall.Application", "hall.BundleCase", "hall.Errand", "hall.Thing"),
        held.words_held, _erase_words, 10,
    ),
    Holding(
        "matters.views", _("工作人员保存的查询条件"), ("matters.SavedView",), held.views_held,
        lambda case, by: held.views_with(case).delete()[0], 40,
    ),
    Holding("matters.links", _("与事项的关联"), ("matters.Participant",), held.links_held, _erase_links, 20),
)  # fmt: skip
KINDS = (
    RecordKind(
        held.TERM, _("已办结事项的内容、办理记录和附件"),
        _("《机关文件材料归档范围和文书档案保管期限规定》（国家档案局令第8号）；具体年限以本单位保管期限表为准"), 10, YEARS,
        pgettext_lazy("term from", "办结次年1月1日"), count=lambda before: held.closed_before(before).count(),
        due=held.due_matters, destroy_listed=_destroy_matters,
    ),
    RecordKind(
        "matters.people", _("不再涉及任何事项的人员"), SHORTEST, 90, counts_from=pgettext_lazy("term from", "登记"),
        count=lambda before: held.idle_people(before).count(),
        destroy=lambda before: forget_people(held.idle_people(before).values_list("pk", flat=True)),
    ),
    RecordKind(
        "matters.keys", _("防止重复提交的键（校验值）"), SHORTEST, 3, YEARS, pgettext_lazy("term from", "提交次年1月1日"),
        count=lambda before: held.old_keys(before).count(), destroy=lambda before: held.old_keys(before).delete()[0],
    ),
    RecordKind(
        "matters.set_aside", _("未提交表单的暂存附件"), SHORTEST, 2, counts_from=pgettext_lazy("term from", "暂存"),
        count=lambda before: len(files.old_set_aside(before)),
        destroy=lambda before: files.drop_set_aside(at=before + timedelta(days=2)),
    ),
)  # fmt: skip


def _number(data: Mapping[str, Any]) -> str:
    """Of the other matter."""
    return str(data.get("number", ""))


def declare() -> None:
    """Permissions, letters and how events are shown."""
    permissions.declare()
    for wording in LETTERS:
        declare_letter(wording)
    for holding in HOLDINGS:
        declare_holding(holding)
    for kind in KINDS:
        declare_record_kind(kind)
    show("matter.erased", _("清除内容"), icon="eraser")
    show("matter.took_in", _("并入同一问题的事项"), icon="git-merge", sentence=_number)
    show("matter.let_go", _("并入的事项恢复单独办理"), icon="git-branch", sentence=_number)
    show("calendar.changed", _("工作日历变更"), icon="calendar-event")
