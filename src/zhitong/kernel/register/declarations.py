"""What the kernel is told about the register."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.holdings import Case, Holding, declare_holding
from zhitong.kernel.accounts.public import Actor, declare_permission
from zhitong.kernel.events.public import Wording, add_address_book, declare_letter, show

from .actions.entering import LETTER
from .actions.firms import leave_firms
from .actions.forgetting import forget_person
from .permissions import MANAGE_FIRMS, VIEW_FIRMS
from .queries import address_of, notices_held, person_held
from .queries.firms import firms_held


def _erase_person(case: Case, by: Actor) -> int:
    return 0 if case.needed else forget_person(case.person_id, by=by, at=case.at)


def _erase_nothing(case: Case, by: Actor) -> int:
    """Notices go with the person."""
    return 0


def _erase_firms(case: Case, by: Actor) -> int:
    """What the law has on public record stays, unless it should never have been there."""
    return leave_firms(case.person_id, by=by, at=case.at) if case.is_unlawful else 0


CODE = Wording(
    LETTER, _("企业登录验证码"), "企业登录验证码",
    "您正在以“{firm}”登录企业专区，验证码{code}，{minutes}分钟内有效。非本人操作请勿理会，切勿告诉他人。", "Firm sign-in code",
    "You are signing in for “{firm}”. Your code is {code}, good for {minutes} minutes. Do not tell it to anybody.",
    ("firm", "code", "minutes"),
)  # fmt: skip
HOLDINGS = (
    Holding(
        "register.firms",
        _("在市场主体中的任职与出资"),
        ("register.Firm", "register.FirmChange", "register.Holder", "register.Officer"),
        firms_held,
        _erase_firms,
        70,
    ),
    Holding("register.notices", _("发给本人的通知"), ("events.Notice",), notices_held, _erase_nothing, 80),
    Holding(
        "register.person",
        _("姓名、证件号与联系方式"),
        ("register.Person", "register.Contact"),
        person_held,
        _erase_person,
        90,
    ),
)


def declare() -> None:
    """Called once when the application starts."""
    talk_to_people = ("case_worker", "organ_head", "dispatcher", "visitor")
    declare_permission("register.reveal", _("查看完整电话与身份证号（留痕）"), roles=talk_to_people)
    declare_permission(VIEW_FIRMS, _("查询市场主体"), roles=(*talk_to_people, "clerk", "administrator"))
    declare_permission(MANAGE_FIRMS, _("登记、导入和变更市场主体"), roles=("administrator",))
    for holding in HOLDINGS:
        declare_holding(holding)
    show("person.erased", _("删除人员信息"), icon="eraser")
    show("person.registered", _("登记人员"), icon="user")
    show("person.changed", _("修改人员信息"), icon="user")
    show("person.revealed", pgettext_lazy("event", "查看完整信息"), icon="eye")
    show("firm.registered", _("登记市场主体"), icon="building-store")
    show("firm.code_sent", _("发送企业登录验证码"), icon="device-mobile")
    show("firm.signed_in", _("企业登录"), icon="login")
    declare_letter(CODE)
    show("firm.changed", _("变更市场主体信息"), icon="building-store")
    add_address_book(address_of)
