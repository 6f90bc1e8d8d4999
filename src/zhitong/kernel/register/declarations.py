"""What the kernel is told about the register."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.holdings import Case, Holding, declare_holding
from zhitong.kernel.accounts.public import Actor, declare_permission
from zhitong.kernel.events.public import add_address_book, show

from .actions.forgetting import forget_person
from .queries import address_of, notices_held, person_held


def _erase_person(case: Case, by: Actor) -> int:
    return 0 if case.needed else forget_person(case.person_id, by=by, at=case.at)


def _erase_nothing(case: Case, by: Actor) -> int:
    """Notices go with the person."""
    return 0


HOLDINGS = (
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
    for holding in HOLDINGS:
        declare_holding(holding)
    show("person.erased", _("删除人员信息"), icon="eraser")
    show("person.registered", _("登记人员"), icon="user")
    show("person.changed", _("修改人员信息"), icon="user")
    show("person.revealed", pgettext_lazy("event", "查看完整信息"), icon="eye")
    add_address_book(address_of)
