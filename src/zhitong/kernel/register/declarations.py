"""What the kernel is told about the register."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.kernel.accounts.public import declare_permission
from zhitong.kernel.events.public import add_address_book, show

from .queries import address_of


def declare() -> None:
    """Called once when the application starts."""
    talk_to_people = ("case_worker", "organ_head", "dispatcher", "visitor")
    declare_permission("register.reveal", _("查看完整电话与身份证号（留痕）"), roles=talk_to_people)
    show("person.registered", _("登记人员"), icon="user")
    show("person.changed", _("修改人员信息"), icon="user")
    show("person.revealed", pgettext_lazy("event", "查看完整信息"), icon="eye")
    add_address_book(address_of)
