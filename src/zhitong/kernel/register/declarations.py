"""What the kernel is told about the register."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.holdings import Case, Holding, declare_holding
from zhitong.base.retention import YEARS, RecordKind, declare_record_kind
from zhitong.kernel.accounts.public import Actor, declare_permission
from zhitong.kernel.events.public import Wording, add_address_book, declare_letter, show
from zhitong.kernel.territory.public import declare_buildings

from .actions.entering import LETTER
from .actions.firms import leave_firms
from .actions.following import Keeper
from .actions.forgetting import forget_homes, forget_person
from .actions.tags import OVER
from .permissions import EXPORT_FULL, MANAGE_FIRMS, MANAGE_HOMES, TAG_KINDS, VIEW_FIRMS, VIEW_HOMES
from .queries import address_of, notices_held, person_held
from .queries.firms import firms_held
from .queries.homes_held import homes_held, merges_over, residences_over, tags_over


def _erase_person(case: Case, by: Actor) -> int:
    return 0 if case.needed else forget_person(case.person_id, by=by, at=case.at)


def _erase_nothing(case: Case, by: Actor) -> int:
    """Notices go with the person."""
    return 0


def _erase_firms(case: Case, by: Actor) -> int:
    """What the law has on public record stays, unless it should never have been there."""
    return leave_firms(case.person_id, by=by, at=case.at) if case.is_unlawful else 0


def _erase_homes(case: Case, by: Actor) -> int:
    return forget_homes(case.person_id, is_unlawful=case.is_unlawful)


CODE = Wording(
    LETTER, _("企业登录验证码"), "企业登录验证码",
    "您正在以“{firm}”登录企业专区，验证码{code}，{minutes}分钟内有效。非本人操作请勿理会，切勿告诉他人。", "Firm sign-in code",
    "You are signing in for “{firm}”. Your code is {code}, good for {minutes} minutes. Do not tell it to anybody.",
    ("firm", "code", "minutes"),
)  # fmt: skip
TAGS_OVER = Wording(
    OVER, _("标签到期"), "标签到期",
    "您标注的“{tag}”有{count}处已到期，系统已自动取消。仍然需要的，请核实后重新标注。", "Tags have ended",
    "“{tag}” that you put on has come to its end in {count} places and was taken off. Where it is still needed, check and put it on again.",
    ("tag", "count"),
)  # fmt: skip
KINDS = (
    RecordKind(
        "register.residences", _("已迁出的居住登记"), _("《个人信息保护法》第十九条：为实现处理目的所必要的最短时间"), 5, YEARS,
        counts_from=pgettext_lazy("term from", "迁出"), count=lambda before: residences_over(before).count(),
        destroy=lambda before: residences_over(before).delete()[0],
    ),
    RecordKind(
        "register.tags", _("已取消的标签"), _("《个人信息保护法》第十九条：为实现处理目的所必要的最短时间"), 365,
        counts_from=pgettext_lazy("term from", "取消"), count=lambda before: tags_over(before).count(),
        destroy=lambda before: tags_over(before).delete()[0],
    ),
    RecordKind(
        "register.merges", _("合并前的登记信息"), _("《个人信息保护法》第十九条：为实现处理目的所必要的最短时间"), 90,
        counts_from=pgettext_lazy("term from", "合并"), count=lambda before: merges_over(before).count(),
        destroy=lambda before: merges_over(before).delete()[0],
    ),
)  # fmt: skip
HOLDINGS = (
    Holding(
        "register.homes",
        _("居住登记与标签"),
        ("register.Household", "register.Merge", "register.Residence", "register.Tag"),
        homes_held,
        _erase_homes,
        65,
    ),
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
    keep_homes = ("grid_worker", "clerk", "administrator")
    declare_permission(VIEW_HOMES, _("查询人房登记"), roles=(*keep_homes, "case_worker", "organ_head"))
    declare_permission(MANAGE_HOMES, _("登记和变更楼栋、房屋、住户和人员"), roles=keep_homes)
    declare_permission(TAG_KINDS, _("管理标签类型"), roles=("administrator",))
    declare_permission(EXPORT_FULL, _("导出含完整姓名和号码的登记表（逐人留痕）"), roles=("organ_head",))
    for holding in HOLDINGS:
        declare_holding(holding)
    for kind in KINDS:
        declare_record_kind(kind)
    _show_homes()
    show("person.erased", _("删除人员信息"), icon="eraser")
    show("person.registered", _("登记人员"), icon="user")
    show("person.changed", _("修改人员信息"), icon="user")
    show("person.revealed", pgettext_lazy("event", "查看完整信息"), icon="eye")
    show("person.looked_up", _("其他系统按号码查询"), icon="search")
    show("firm.registered", _("登记市场主体"), icon="building-store")
    show("firm.code_sent", _("发送企业登录验证码"), icon="device-mobile")
    show("firm.signed_in", _("企业登录"), icon="login")
    declare_letter(CODE)
    declare_letter(TAGS_OVER)
    show("firms.exported", _("导出市场主体"), icon="download")
    show("firm.changed", _("变更市场主体信息"), icon="building-store")
    add_address_book(address_of)
    declare_buildings(Keeper())


def _show_homes() -> None:
    """How what happens to homes reads in the log."""
    show("building.registered", _("登记楼栋"), icon="building")
    show("building.changed", _("变更楼栋信息"), icon="building")
    show("unit.registered", _("登记房屋"), icon="door")
    show("unit.changed", _("变更房屋信息"), icon="door")
    show("household.registered", _("登记住户"), icon="home")
    show("household.changed", _("变更住户信息"), icon="home")
    show("household.moved_in", _("迁入"), icon="home")
    show("household.moved_out", _("迁出"), icon="home")
    show("household.ended", _("销户"), icon="home")
    show("homes.imported", _("导入人房登记"), icon="file-import")
    show("homes.exported", _("导出人房登记"), icon="download")
    show("tag_kind.kept", _("修改标签类型"), icon="tag")
    show("tag.put", _("加标签"), icon="tag")
    show("tag.ended", _("取消标签"), icon="tag")
    for kind in ("person", "household"):
        show(f"{kind}.merged", _("合并登记"), icon="arrow-merge")
        show(f"{kind}.parted", _("撤销合并"), icon="arrow-back-up")
