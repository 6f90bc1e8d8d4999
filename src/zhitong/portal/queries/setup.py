"""Whether the district is set up: what is missing before matters find their way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Account, Actor
from zhitong.kernel.events.public import Notice, NoticeState, render_many
from zhitong.kernel.matters.public import Calendar
from zhitong.kernel.organisation.public import Appointment, Organ, Staff, gaps, valid_on
from zhitong.kernel.territory.public import DivisionShape, Level, level_label
from zhitong.kernel.territory.public import valid_on as shape_valid_on
from zhitong.ui.public import Section, count_each, day

MOST_LISTED = 300
PERMISSIONS = ("organisation.manage", "accounts.manage", "territory.manage", "settings.manage")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is missing, and the page on which to mend it."""

    label: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check list.  ``rows`` are counted, ``items`` tell of the same; ``url_name`` where there is a page
    already."""

    slug: str
    permission: str
    label: Any
    why: Any
    rows: Callable[[date], QuerySet[Any]] | None = None
    items: Callable[[date], Sequence[Item]] | None = None
    url_name: str = ""
    is_severe: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """A check, and how many things it found."""

    check: Check
    count: int

    @property
    def href(self) -> str:
        """Where what is missing is listed."""
        if self.check.url_name:
            return reverse(self.check.url_name)
        return reverse("portal:check", args=[self.check.slug])


@dataclass(frozen=True, slots=True)
class Door:
    """A page of the administration, in words of those who set a district up."""

    label: Any
    note: Any
    icon: str
    url_name: str
    permission: str


DOORS = (
    (gettext_lazy("单位与人员"), (
        Door(gettext_lazy("单位"), gettext_lazy("部门、街道、社区、中心，撤并有记录"), "building", "organisation_organ", "organisation.manage"),
        Door(pgettext_lazy("heading", "岗位"), gettext_lazy("权限跟着岗位走"), "armchair", "organisation_post", "organisation.manage"),
        Door(pgettext_lazy("heading", "人员"), gettext_lazy("姓名、工号、联系方式"), "users", "organisation_staff", "organisation.manage"),
        Door(pgettext_lazy("heading", "任职"), gettext_lazy("谁在哪个岗位，从何时起"), "id-badge-2",
             "organisation_appointment", "organisation.manage"),
        Door(gettext_lazy("类别"), gettext_lazy("三级类别与推荐用的关键词"), "category", "organisation_category", "organisation.manage"),
        Door(gettext_lazy("职责清单"), gettext_lazy("哪类事在哪里归谁办"), "list-check", "organisation_duty", "organisation.manage"),
    )),
    (gettext_lazy("账号与权限"), (
        Door(pgettext_lazy("heading", "账号"), gettext_lazy("开通、停用、初始密码"), "user-circle", "accounts_account", "accounts.manage"),
        Door(gettext_lazy("角色"), gettext_lazy("一个角色能做哪些事"), "shield-check", "accounts_role", "accounts.manage"),
        Door(pgettext_lazy("heading", "授权"), gettext_lazy("给岗位角色和范围"), "key", "accounts_grant", "accounts.manage"),
    )),
    (gettext_lazy("办理规则"), (
        Door(gettext_lazy("子类"), gettext_lazy("是否审批、是否公开、居民能否提出"), "layout-list", "matters_subkind", "settings.manage"),
        Door(gettext_lazy("时限"), gettext_lazy("各环节多久办完，依据什么"), "clock", "matters_limit", "settings.manage"),
        Door(pgettext_lazy("heading", "工作日历"), gettext_lazy("上下班时间、节假日和调休"), "calendar", "matters_calendar", "settings.manage"),
        Door(pgettext_lazy("heading", "理由清单"), gettext_lazy("退单、暂停、免于见面等的理由"), "checkup-list", "matters_reason", "settings.manage"),
        Door(pgettext_lazy("heading", "常用语"), gettext_lazy("答复和办理情况的常用写法"), "quote", "matters_phrase", "settings.manage"),
        Door(pgettext_lazy("heading", "通知用语"), gettext_lazy("发给群众和工作人员的通知怎么写"), "mail", "events_letter", "settings.manage"),
        Door(gettext_lazy("指标口径"), gettext_lazy("每个指标怎么算，改动留版本"), "chart-bar", "indicators_indicator", "settings.manage"),
    )),
    (pgettext_lazy("heading", "区划"), (
        Door(gettext_lazy("区划与网格"), gettext_lazy("街道、社区、网格及其变更"), "map-2", "territory_division", "territory.manage"),
        Door(gettext_lazy("层级名称"), gettext_lazy("各级区划在本地怎么称呼"), "stack-2", "territory_levelname", "territory.manage"),
    )),
)  # fmt: skip


def doors(by: Actor) -> list[tuple[Any, list[tuple[Door, str]]]]:
    """The pages of the administration that are open to ``by``, by group, each with its address."""
    found = [
        (
            label,
            [
                (door, reverse(f"admin:{door.url_name}_changelist"))
                for door in group
                if by.may_everywhere(door.permission)
            ],
        )
        for label, group in DOORS
    ]
    return [(label, group) for label, group in found if group]


def _headless(on: date) -> QuerySet[Organ]:
    """Organs in being in which nobody sits on a post of head."""
    heads = Appointment.objects.filter(
        valid_on(on), valid_on(on, "post__"), post__organ=OuterRef("pk"), post__is_head=True
    )
    return Organ.objects.filter(valid_on(on)).exclude(Exists(heads)).order_by("sort_key", "id")


def _headless_items(on: date) -> list[Item]:
    href = "admin:organisation_organ_change"
    return [Item(str(o), o.get_kind_display(), reverse(href, args=[o.pk])) for o in _headless(on)[:MOST_LISTED]]


def without_account(on: date) -> QuerySet[Staff]:
    """People with a post today and nothing to sign in with."""
    seated = Appointment.objects.filter(valid_on(on), valid_on(on, "post__"), staff=OuterRef("pk"))
    accounts = Account.objects.filter(staff=OuterRef("pk"), is_active=True)
    return Staff.objects.filter(Exists(seated)).exclude(Exists(accounts)).order_by("sort_key", "id")


def _unannounced(on: date) -> QuerySet[Calendar]:
    """Calendars whose holidays are not announced for the whole of this year; from December on, of the next."""
    year = on.year + (on.month == 12)
    return Calendar.objects.exclude(announced_through__gte=date(year, 12, 31)).order_by("slug")


def _unannounced_items(on: date) -> list[Item]:
    href = "admin:matters_calendar_change"
    return [
        Item(row.name, _("已公布至%(day)s") % {"day": day(row.announced_through)}, reverse(href, args=[row.pk]))
        for row in _unannounced(on)
    ]


def _provisional(on: date) -> QuerySet[DivisionShape]:
    return DivisionShape.objects.filter(shape_valid_on(on), is_provisional=True)


def _provisional_items(on: date) -> list[Item]:
    """By level: how many; the shapes themselves are too many to list."""
    found = []
    for level in Level.values:
        n = _provisional(on).filter(division__level=level).count()
        if n:
            found.append(Item(str(level_label(level)), _("%(n)s个") % {"n": n}, f"{_divisions()}?level__exact={level}"))
    return found


def _divisions() -> str:
    return reverse("admin:territory_division_changelist")


def failed_notices() -> QuerySet[Notice]:
    """Notices that were given up, the newest first."""
    return Notice.objects.filter(state=NoticeState.FAILED).order_by("-created_at", "-id")


def _failed_items(_on: date) -> list[Item]:
    rows = list(failed_notices()[:MOST_LISTED])
    said = render_many(rows, get_language() or "")
    return [
        Item(title, f"{n.get_channel_display()} · {n.last_error}") for n, (title, _body) in zip(rows, said, strict=True)
    ]


FAILED, HOLES, CONFLICTS = "failed-notices", "duty-holes", "duty-conflicts"
CHECKS = (
    Check("organs-without-head", "organisation.manage", gettext_lazy("没有负责人的单位"),
          gettext_lazy("办结审批等需要负责人。"), _headless, _headless_items),
    Check(HOLES, "organisation.manage", gettext_lazy("无人主办的类别"),
          gettext_lazy("这些类别在所列街道没有主办单位，转办时没有推荐。"), url_name="portal:setup_duties"),
    Check(CONFLICTS, "organisation.manage", gettext_lazy("重复主办的类别"),
          gettext_lazy("同一类别同一区域有两个以上主办单位。"), url_name="portal:setup_duties"),
    Check("people-without-account", "accounts.manage", gettext_lazy("没有账号的在岗人员"),
          gettext_lazy("没有账号就不能登录办理。"), without_account, url_name="portal:setup_accounts"),
    Check("calendar", "settings.manage", gettext_lazy("放假安排未公布的日历"),
          gettext_lazy("未公布期间的到期日为暂定，公布后自动重算。"), _unannounced, _unannounced_items),
    Check("provisional-shapes", "territory.manage", gettext_lazy("暂定的区划边界"),
          gettext_lazy("由上级区划等分得出，可导入实测边界替换。"), _provisional, _provisional_items,
          is_severe=False),
    Check(FAILED, "settings.manage", gettext_lazy("发送失败的通知"),
          gettext_lazy("多次发送失败已停止，处理后可重新发送。"), lambda on: failed_notices(), _failed_items),
)  # fmt: skip


def checks(by: Actor, at: datetime) -> list[Checked]:
    """The checks this person may mend, with what they found."""
    mine = [one for one in CHECKS if by.may(one.permission)]
    n = _counted(mine, timezone.localdate(at))
    return [Checked(one, n[one.slug]) for one in mine]


def _counted(chosen: Sequence[Check], on: date) -> dict[str, int]:
    """How many things each found.  Two queries."""
    n = count_each({one.slug: one.rows(on) for one in chosen if one.rows})
    if len(n) < len(chosen):
        holes, conflicts = gaps(on)
        n |= {HOLES: len(holes), CONFLICTS: len(conflicts)}
    return n


def check(slug: str, by: Actor, at: datetime) -> tuple[Checked, Sequence[Item]]:
    """One check with everything it found; NotFound for one there is none of, or that is none of one's business."""
    today = timezone.localdate(at)
    for one in CHECKS:
        if one.slug == slug and one.items and by.may(one.permission):
            return Checked(one, _counted([one], today)[slug]), one.items(today)
    raise NotFound("no_check", _("没有这项检查。"))


def setup(by: Actor, at: datetime) -> Section:
    """The check list."""
    return Section(_("设置检查"), "list-check", template="portal/home/setup.html", context={"checks": checks(by, at)})
