"""What the kernel is told about accounts: permissions, the roles that ship, how events read, where people are."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.events.public import add_address_book, show

from .permissions import declare_permission, declare_role
from .queries import address_of

_PERMISSIONS = {
    "accounts.manage": (_("管理账号、角色与授权"), ("administrator",)),
    "organisation.manage": (_("管理单位、人员与职责清单"), ("administrator",)),
    "territory.manage": (_("管理辖区与网格"), ("administrator",)),
    "events.verify": (_("核验操作日志"), ("administrator", "supervisor")),
}

# What each role may do is said where the permission is declared; names are data, shown in the reader's language.
_ROLES = {
    "grid_worker": ("网格员", "Grid worker"),
    "clerk": ("窗口人员", "Window clerk"),
    "case_worker": ("承办人", "Case worker"),
    "organ_head": ("单位负责人", "Head of an organ"),
    "dispatcher": ("转办员", "Dispatcher"),
    "arbiter": ("裁定员", "Arbiter"),
    "visitor": ("回访员", "Return visitor"),
    "supervisor": ("督查员", "Supervisor"),
    "leader": ("领导", "Leader"),
    "administrator": ("系统管理员", "Administrator"),
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
    "role.created": _("新增角色"),
    "role.changed": _("修改角色"),
    "grant.given": _("授予角色"),
    "grant.ended": _("终止授权"),
}


def declare() -> None:
    """Called once when the application starts."""
    for slug, (label, roles) in _PERMISSIONS.items():
        declare_permission(slug, label, roles=roles)
    for position, (slug, (name, name_en)) in enumerate(_ROLES.items(), start=1):
        declare_role(slug, name, name_en, sort=position * 10)
    for kind, label in _EVENTS.items():
        show(kind, label, icon="user")
    add_address_book(address_of)
