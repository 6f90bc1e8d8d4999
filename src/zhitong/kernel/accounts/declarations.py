"""What the kernel is told about accounts: permissions, the roles that ship, how events read, where people are."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.retention import RecordKind, declare_record_kind
from zhitong.kernel.events.public import add_address_book, show

from .actions.forgetting import old_attempts, old_secrets, old_sessions
from .permissions import declare_permission, declare_role
from .queries import address_of

_PERMISSIONS = {
    "accounts.manage": _("管理账号、角色与授权"),
    "organisation.manage": _("管理单位、人员与职责清单"),
    "territory.manage": _("管理辖区与网格"),
    "settings.manage": _("管理类别、时限、模板与日历"),
    "events.verify": _("核验操作日志"),
}

# A role cuts across components, so that what it may do is listed here as a whole; a component may add to a role where
# it declares a permission (``roles=``).  Slugs that nobody declares are left out.  Names are data, in two languages.
_ROLES = {
    "grid_worker": ("网格员", "Grid worker", "matters.view appeals.register appeals.handle"),
    "clerk": ("窗口人员", "Window clerk", "matters.view appeals.register"),
    "case_worker": (
        "承办人",
        "Case worker",
        "matters.view matters.assign appeals.register appeals.handle register.reveal",
    ),
    "organ_head": (
        "单位负责人",
        "Head of an organ",
        "matters.view matters.assign matters.export appeals.handle appeals.approve register.reveal",
    ),
    "dispatcher": (
        "转办员",
        "Dispatcher",
        "matters.view matters.assign matters.export appeals.register appeals.pass appeals.publish register.reveal",
    ),
    "arbiter": ("裁定员", "Arbiter", "matters.view appeals.pass appeals.arbitrate appeals.extend_decide"),
    "visitor": ("回访员", "Return visitor", "matters.view appeals.visit register.reveal"),
    "supervisor": (
        "督查员",
        "Supervisor",
        "matters.view matters.export appeals.supervise appeals.extend_decide events.verify",
    ),
    "leader": ("领导", "Leader", "matters.view matters.export"),
    "administrator": (
        "系统管理员",
        "Administrator",
        "accounts.manage organisation.manage territory.manage settings.manage events.verify",
    ),
}

_EVENTS = {
    "account.created": _("开通账号"),
    "account.changed": _("修改账号"),
    "account.switched_on": _("启用账号"),
    "account.switched_off": _("停用账号"),
    "account.password_reset": _("重置密码"),
    "account.password_changed": _("修改密码"),
    "account.second_factor_added": _("启用动态口令"),
    "account.second_factor_removed": _("停用动态口令"),
    "account.recovery_codes_made": _("生成备用码"),
    "account.recovery_code_used": _("使用备用码"),
    "account.signed_in": _("登录"),
    "account.signed_out": _("退出登录"),
    "account.locked_out": _("密码多次错误，暂停登录"),
    "account.unlocked": _("解除登录锁定"),
    "role.created": _("新增角色"),
    "role.changed": _("修改角色"),
    "grant.given": _("授予角色"),
    "grant.ended": _("终止授权"),
    "token.made": _("新建访问令牌"),
    "token.rotated": _("更换访问令牌"),
    "token.revoked": _("吊销访问令牌"),
}


_KINDS = (
    RecordKind(
        "accounts.attempts", _("登录失败记录（登录名、网络地址）"), _("《网络安全法》：网络日志留存不少于六个月"), 180,
        counts_from=pgettext_lazy("term from", "登录失败"), count=lambda before: old_attempts(before).count(),
        destroy=lambda before: old_attempts(before).delete()[0],
    ),
    RecordKind(
        "accounts.sessions", _("登录会话"), _("《个人信息保护法》第十九条：为实现处理目的所必要的最短时间"), 0,
        counts_from=pgettext_lazy("term from", "会话到期"), count=lambda before: old_sessions(before).count(),
        destroy=lambda before: old_sessions(before).delete()[0],
    ),
    RecordKind(
        "accounts.token_secrets", _("已失效的接口密钥（校验值）"), _("《网络安全法》：网络日志留存不少于六个月"), 180,
        counts_from=pgettext_lazy("term from", "失效"), count=lambda before: old_secrets(before).count(),
        destroy=lambda before: old_secrets(before).delete()[0],
    ),
)  # fmt: skip


def declare() -> None:
    """Called once when the application starts."""
    for slug, label in _PERMISSIONS.items():
        declare_permission(slug, label)
    for position, (slug, (name, name_en, permissions)) in enumerate(_ROLES.items(), start=1):
        declare_role(slug, name, name_en, permissions.split(), sort=position * 10)
    for kind, label in _EVENTS.items():
        show(kind, label, icon="user")
    add_address_book(address_of)
    for one in _KINDS:
        declare_record_kind(one)
