"""Which channels are open: told once when the application starts, from the settings."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.retention import YEARS, RecordKind, declare_record_kind

from .actions.adapters import send_mail, write_sms
from .actions.deliver import set_adapter
from .actions.forgetting import forget_notices, old_notices
from .choices import Channel

KINDS = (
    RecordKind(
        "events.log", _("操作日志（含查看完整信息的留痕）"),
        _("《网络安全法》要求网络日志留存不少于六个月；日志不含个人信息正文，逐条相连，永久保存"), None,
    ),
    RecordKind(
        "events.notices", _("已发送或失败的通知"), _("《个人信息保护法》第十九条：为实现处理目的所必要的最短时间"), 1,
        YEARS, pgettext_lazy("term from", "发出"), count=lambda before: old_notices(before).count(), destroy=forget_notices,
    ),
)  # fmt: skip


def declare() -> None:
    """Give e-mail and SMS their adapters; a channel without one fails each of its notices, visibly and at once."""
    if settings.HAS_MAIL:
        set_adapter(Channel.EMAIL, send_mail)
    if settings.SMS_FILE:
        set_adapter(Channel.SMS, write_sms)
    for kind in KINDS:
        declare_record_kind(kind)
