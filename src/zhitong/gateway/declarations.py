"""What the kernel and the menu are told of other systems."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.retention import RecordKind, declare_record_kind
from zhitong.kernel.events.public import (
    Channel,
    Wording,
    declare_letter,
    forget,
    old_deliveries,
    set_carrier,
    show,
    subscribe,
)
from zhitong.ui.public import SETTINGS, MenuItem, declare_menu

from .webhooks.actions import MANAGE, PAUSED_LETTER
from .webhooks.carrying import CARRIER, TEMPLATE, queue

_EVENTS = {
    "webhook.made": _("新建推送端点"),
    "webhook.changed": _("修改推送端点"),
    "webhook.rotated": _("更换推送密钥"),
    "webhook.paused": _("暂停推送"),
    "webhook.warned": _("推送端点持续失败，已告知管理员"),
    "webhook.resumed": _("恢复推送"),
    "webhook.removed": _("删除推送端点"),
    "webhook.replayed": _("重新推送"),
}
_LETTERS = (
    Wording(TEMPLATE, _("接口推送"), "接口推送", "{type}", "Webhook", "{type}", ("type",)),
    Wording(
        PAUSED_LETTER, _("推送端点已暂停"), "推送端点“{name}”已自动暂停",
        "连续{count}次推送失败且已超过一天，系统已停止推送。其间的事件已暂存，排除故障后请在“接口推送”中恢复。",
        "Webhook endpoint \"{name}\" was paused",
        "{count} tries in a row have failed for more than a day, so nothing more is sent. What happens meanwhile is kept back; "
        "once it is mended, resume it under \"Webhooks\".", ("name", "count"),
    ),
)  # fmt: skip


def declare() -> None:
    """Called once when the application starts."""
    subscribe(queue)
    set_carrier(Channel.WEBHOOK, CARRIER)
    declare_record_kind(RecordKind(
        "gateway.deliveries", _("推送给其他系统的记录"), _("排查对接故障所需；内容只有编号和链接"), 30,
        counts_from=pgettext_lazy("term from", "推送"),
        count=lambda before: old_deliveries(before).count(), destroy=forget,
    ))  # fmt: skip
    for wording in _LETTERS:
        declare_letter(wording)
    for kind, label in _EVENTS.items():
        show(kind, label, icon="webhook")
    declare_menu(MenuItem(_("接口推送"), "gateway:webhooks", "webhook", (MANAGE,), group=SETTINGS, order=915))
