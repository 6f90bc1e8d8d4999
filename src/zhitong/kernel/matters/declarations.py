"""What the kernel is told by the matter engine itself."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.events.public import Wording, declare_letter, show

from . import permissions

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
    Wording("matter.expedited", _("紧急程度变更通知"), "紧急程度调整：{title}", "事项{number}的紧急程度已调整，时限至{due}。",
            "Urgency changed: {title}", "The urgency of {number} has changed, due {due}.", NUMBER_TITLE_DUE),
    Wording("matter.urged", _("督办通知"), "督办：{title}", "事项{number}被督办：{demand}", "Urged: {title}",
            "{number} is urged: {demand}", ("number", "title", "demand")),
    Wording("matter.warning", _("临期提醒"), "即将到期：{title}", "事项{number}将于{due}到期，请抓紧办理。",
            "Due soon: {title}", "{number} is due at {due}.", NUMBER_TITLE_DUE),
    Wording("matter.overdue", _("超期提醒"), "已超期：{title}", "事项{number}已于{due}到期，尚未办结。",
            "Overdue: {title}", "{number} was due at {due} and is not done.", NUMBER_TITLE_DUE),
)  # fmt: skip


def declare() -> None:
    """Permissions, letters and how events are shown."""
    permissions.declare()
    for wording in LETTERS:
        declare_letter(wording)
    show("calendar.changed", _("工作日历变更"), icon="calendar-event")
    show("appeal.clock", _("时限变化"), icon="clock-exclamation")
    show("appeal.recomputed", _("因放假安排变更重算时限"), icon="calendar-event")
