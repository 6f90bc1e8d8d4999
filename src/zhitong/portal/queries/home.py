"""What the portal itself puts on the home pages of those who handle matters: their work by deadline, and their organ."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.matters.public import (
    KINDS,
    LATE_GRADES,
    Grade,
    TaskRole,
)
from zhitong.ui.public import Counting, Door, Section, Tile, declare_set, set_href, set_q, sets_q

from . import late as pressing
from . import listing, paging, waiting

SHOWN = 8
DEMAND = gettext_lazy("请立即办理，并于今日下班前反馈进展。")
NEW_DAYS = 3
LATE = Q(grade__in=LATE_GRADES)
WORK, NEW, UNASSIGNED, ORGAN, CO = "work", "work.new", "work.unassigned", "work.organ", "work.co"


def declare() -> None:
    """The sets that these sections count and the lists behind them show."""
    declare_set(WORK, gettext_lazy("待我办理"), lambda by, at: waiting.waiting_q(by, waiting.of_a_task))
    declare_set(NEW, gettext_lazy("近三日派来"), _new)
    declare_set(CO, gettext_lazy("请我协办"), lambda by, at: waiting.open_tasks(by, co=True))
    declare_set(ORGAN, gettext_lazy("本单位主办"), lambda by, at: waiting.open_tasks(by, co=False))
    declare_set(UNASSIGNED, gettext_lazy("未分派到人"), _unassigned)
    for kind in KINDS.values():
        for action in kind.actions:
            if action.tone == "primary" and action.permission:
                slug = f"do.{kind.slug}.{action.slug}"
                declare_set(slug, action.label, partial(_waiting_for, kind.slug, action.slug))


def rising(by: Actor, at: datetime) -> Section:
    """What rises, as far as one may see its matters."""
    rule = dispatch.rising_rule()
    found = [one for one in dispatch.hottest(by, at, SHOWN, raised_only=True, rule=rule) if one.is_rising]
    context = {"lines": [(one, mask_inline(one.title)) for one in found], "rule": rule}
    door = Door(_("全部热点"), reverse("portal:hot"), "flame", is_main=bool(found))
    return Section(_("上升的热点"), "trending-up", [], [door], "portal/home/rising.html", context)


def _waiting_for(kind: str, slug: str, by: Actor, _at: datetime) -> Q:
    return Q(kind=kind) & waiting.waiting_q(by, lambda action: KINDS[kind].moves.get(slug) is action)


def _new(by: Actor, at: datetime) -> Q:
    return waiting.share_q(by, Q(sent_at__gte=at - timedelta(days=NEW_DAYS)))


def _unassigned(by: Actor, _at: datetime) -> Q:
    return waiting.share_q(by, Q(role=TaskRole.LEAD, assignee=None))


def has_work(by: Actor) -> bool:
    """Whether any action of an organ's share is open to this person."""
    actions = (a for kind in KINDS.values() for a in kind.actions if waiting.of_a_task(a) and a.tone == "primary")
    return any(a.permission and by.may(a.permission) for a in actions)


def work(by: Actor, at: datetime) -> Counting:
    """What waits for me, by deadline, and the first of it; before that what waits for my signature."""
    if not has_work(by):
        return None
    mine = set_q(WORK, by, at)
    due = {name: mine & listing.due_q(name) for name in ("today", "week", "later")}
    n = yield {"late": mine & LATE, **due, **sets_q(by, at, [NEW, CO]), "approve": _approvals(by, at)}
    tiles = [
        Tile(_("已超期"), n["late"], set_href(WORK, grade=listing.LATE, sort="due"), _tone(n["late"], "bad"), icon="clock-exclamation"),
        Tile(_("今天到期"), n["today"], set_href(WORK, due="today", sort="due"), _tone(n["today"], "warn"), icon="calendar-due"),
        Tile(_("本周到期"), n["week"], set_href(WORK, due="week", sort="due"), icon="calendar-week"),
        Tile(_("以后到期"), n["later"], set_href(WORK, due="later", sort="due"), icon="calendar"),
        Tile(_("新派来"), n[NEW], set_href(NEW), hint=_("近三日"), icon="inbox"),
        Tile(_("待协办"), n[CO], set_href(CO, sort="due"), icon="users-plus"),
    ]  # fmt: skip
    if (slug := _approval_set(by)) is not None:
        signing = Tile(
            _("待审批"), n["approve"], set_href(slug, sort="due"), _tone(n["approve"], "warn"), icon="signature"
        )
        tiles.insert(0, signing)
    rows, gathered = waiting.listed_of(by, mine)
    shown = rows.select_related("lead").defer("text", "tracking", "path")
    first = list(paging.first(shown, paging.DUE, SHOWN, gathered))
    context = {
        "lines": listing.lines(first, waiting.own_organs(by)),
        "more": reverse("portal:work"),
        "list": "work:mine",
    }
    total = n["late"] + n["today"] + n["week"] + n["later"]
    return Section(
        _("待我办理"), "checklist", tiles, [Door(_("我的工作"), reverse("portal:work"), "list-details")],
        "portal/home/lines.html", {**context, "total": total, "empty": _("没有等待您办理的事项")},
    )  # fmt: skip


def _tone(n: int, tone: str) -> str:
    return tone if n else ""


def organ(by: Actor, at: datetime) -> Counting:
    """What my organ has, and what nobody has in hand."""
    if not has_work(by) or not waiting.own_organs(by):
        return None
    ours = set_q(ORGAN, by, at)
    asked: Mapping[str, Q] = {
        UNASSIGNED: set_q(UNASSIGNED, by, at), ORGAN: ours, "late": ours & LATE,
        "warning": ours & Q(grade=Grade.WARNING),
    }  # fmt: skip
    n = yield asked
    tiles = [
        Tile(_("在办"), n[ORGAN], set_href(ORGAN), icon="folder-open"),
        Tile(_("未分派到人"), n[UNASSIGNED], set_href(UNASSIGNED, sort="due"), _tone(n[UNASSIGNED], "warn"), icon="user-question"),
        Tile(_("临期"), n["warning"], set_href(ORGAN, grade=Grade.WARNING, sort="due"), _tone(n["warning"], "warn"), icon="hourglass-low"),
        Tile(_("超期"), n["late"], set_href(ORGAN, grade=listing.LATE, sort="due"), _tone(n["late"], "bad"), icon="clock-exclamation"),
    ]  # fmt: skip
    return Section(_("本单位"), "building", tiles, [Door(_("超期清单"), reverse("portal:late"), "clock-exclamation")])


def _approval_set(by: Actor) -> str | None:
    """The set of what waits for approval, for whoever may approve."""
    for kind in KINDS.values():
        action = kind.moves.get("approve")
        if action and action.permission and by.may(action.permission):
            return f"do.{kind.slug}.approve"
    return None


def _approvals(by: Actor, at: datetime) -> Q:
    slug = _approval_set(by)
    return set_q(slug, by, at) if slug else waiting.NOTHING


WORST = 6


def late_to_press(by: Actor, at: datetime) -> Section | None:
    """Who is late and what waits longest, with a button to press for it."""
    return _late(by, may_urge=True) if pressing.may_urge(by) else None


def late_to_see(by: Actor, at: datetime) -> Section | None:
    """The same for whoever looks at the whole and neither presses, passes on nor handles."""
    if pressing.may_urge(by) or has_work(by) or by.may("appeals.pass") or not by.may_everywhere("figures.view"):
        return None
    return _late(by, may_urge=False)


def _late(by: Actor, *, may_urge: bool) -> Section:
    rows = pressing.pressing(by, {})
    first = list(rows.select_related("lead").defer("text", "tracking", "path").order_by("due_at", "pk")[:WORST])
    lines = listing.lines(first)
    held = pressing.holdings(rows)
    organs, people = pressing.by_organ(held), pressing.by_person(held)
    context = {
        "lines": lines, "organs": organs[:WORST], "people": people[:WORST], "may_urge": may_urge,
        "urged": pressing.urged(lines), "total": sum(s.late + s.warning for s in organs), "demand": DEMAND,
    }  # fmt: skip
    doors = [Door(_("超期清单"), reverse("portal:late"), "clock-exclamation")]
    return Section(_("临期和超期"), "clock-exclamation", (), doors, "portal/home/late.html", context)
