"""What appeals put on the home pages: for the dispatcher, the arbiter, the visitor, the supervisor, the leader, the window."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import LATE_GRADES, Matter, visible_matters
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import Counting, Door, Section, Tile, set_href, set_q, sets_q

from . import sets

SHOWN, HOT_DAYS, HOT_LEAST, HOT_SHOWN = 8, 7, 3, 6
LATE = "late"


def _tile(slug: str, n: int, label: Any, *, tone: str = "", icon: str = "", hint: Any = "", sort: str = "due") -> Tile:
    return Tile(label, n, set_href(slug, sort=sort), tone if n else "", hint, icon)


def first(by: Actor, at: datetime, slug: str, *order: str, most: int = SHOWN) -> list[Matter]:
    """The first of a set.  They are looked for by their ids, which an index may give alone, and only these are read."""
    ids = visible_matters(by).filter(set_q(slug, by, at)).order_by(*order).values("pk")[:most]
    rows = Matter.objects.filter(pk__in=ids).select_related("lead").defer("text", "tracking", "path")
    return list(rows.order_by(*order))


def rows_of(
    rows: Sequence[Matter], slug: str, total: int, empty: Any, title: Any = "", *, sort: str = "due"
) -> dict[str, Any]:
    """For ``appeals/home/rows.html``."""
    areas = territory.labels({m.area_id for m in rows if m.area_id})
    lines = [(m, areas.get(m.area_id, "") if m.area_id else "") for m in rows]
    return {"lines": lines, "total": total, "more": set_href(slug, sort=sort), "empty": empty, "title": title}


def dispatch(by: Actor, at: datetime) -> Counting:
    """What has come in, by age; what came back; where much comes from."""
    slugs = [sets.NEW, sets.URGENT, sets.FRESH, sets.TODAY, sets.OLD, sets.RETURNED]
    if by.may("appeals.extend_decide"):
        slugs.append(sets.EXTENSION)
    n = yield sets_q(by, at, slugs)
    tiles = [
        _tile(sets.NEW, n[sets.NEW], _("新到待转办"), icon="inbox"),
        _tile(sets.URGENT, n[sets.URGENT], _("其中紧急"), tone="bad", icon="flame"),
        _tile(sets.RETURNED, n[sets.RETURNED], _("退单待再转"), tone="warn", icon="arrow-back"),
        _tile(sets.FRESH, n[sets.FRESH], _("到达两小时以内"), icon="clock"),
        _tile(sets.TODAY, n[sets.TODAY], _("两小时至一天"), icon="clock-hour-4"),
        _tile(sets.OLD, n[sets.OLD], _("超过一天"), tone="bad", icon="clock-exclamation"),
    ]  # fmt: skip
    if sets.EXTENSION in slugs:
        tiles.append(_tile(sets.EXTENSION, n[sets.EXTENSION], _("延期申请"), tone="info", icon="clock-plus"))
    return Section(
        _("转办"), "send", tiles, [Door(_("打开转办台"), reverse("appeals:board"), "layout-columns", "d", is_main=True)],
        "appeals/home/hot.html", {"places": hot_places(by, at), "days": HOT_DAYS},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HotPlace:
    """A community from which much has come within days and is still open."""

    name: str
    n: int
    href: str


def hot_places(by: Actor, at: datetime) -> list[HotPlace]:
    """The communities with the most open appeals of the last seven days.  One query."""
    since = timezone.localtime(at).date() - timedelta(days=HOT_DAYS - 1)
    start = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    rows = visible_matters(by).filter(sets.of_kind(), closed_at=None, opened_at__gte=start)
    hottest = sorted((-n, pk) for pk, n in _by_community(rows).items())[:HOT_SHOWN]
    list_ = reverse("portal:matters")
    labels = territory.labels([pk for _n, pk in hottest])
    return [
        HotPlace(labels[pk], -n, f"{list_}?stage=open&division={pk}&since={since.isoformat()}") for n, pk in hottest
    ]


def _by_community(rows: QuerySet[Matter]) -> dict[UUID, int]:
    """How many of ``rows`` lie in those from which most come.  One query, unless communities lie at different depths."""
    depths: dict[int, Counter[bool]] = defaultdict(Counter)
    communities = set[UUID]()
    for pk, node in territory.tree().nodes.items():
        is_one = node.level == territory.Level.COMMUNITY
        communities |= {pk} if is_one else set()
        depths[len(node.path) - 1][is_one] += 1
    found: dict[UUID, int] = {}
    for place, nodes in depths.items():
        if nodes[True]:
            counted = rows.order_by().values_list(f"path__{place}").annotate(n=Count("pk")).filter(n__gte=HOT_LEAST)
            most = counted.order_by("-n", f"path__{place}")[: HOT_SHOWN + nodes[False]]
            found |= {pk: n for pk, n in most if pk in communities}
    return found


def arbitrate(by: Actor, at: datetime) -> Counting:
    """What was returned twice, and petitions under review."""
    n = yield sets_q(by, at, [sets.ARBITRATE, sets.REVIEW])
    tiles = [
        _tile(sets.ARBITRATE, n[sets.ARBITRATE], _("待裁定"), tone="warn", icon="gavel"),
        _tile(sets.REVIEW, n[sets.REVIEW], _("复查复核中"), icon="file-search"),
    ]
    rows = first(by, at, sets.ARBITRATE, "due_at", "pk")
    door = Door(_("到转办台裁定"), f"{reverse('appeals:board')}?tab=arbitrate", "gavel", is_main=bool(rows))
    context = rows_of(rows, sets.ARBITRATE, n[sets.ARBITRATE], _("没有等待裁定的诉求"))
    return Section(_("裁定"), "gavel", tiles, [door], "appeals/home/rows.html", context)


def visit(by: Actor, at: datetime) -> Counting:
    """Whom to ask whether it is solved, the oldest first."""
    asked = sets_q(by, at, [sets.VISIT, sets.UNREACHED])
    n = yield {**asked, LATE: asked[sets.VISIT] & Q(grade__in=LATE_GRADES)}
    late = n[LATE]
    tiles = [
        _tile(sets.VISIT, n[sets.VISIT], _("待回访"), icon="phone-call"),
        Tile(_("超期未回访"), late, set_href(sets.VISIT, grade="late", sort="due"), "bad" if late else "", icon="clock-exclamation"),
        _tile(sets.UNREACHED, n[sets.UNREACHED], _("曾未联系上"), tone="warn", icon="phone-off"),
    ]  # fmt: skip
    rows = first(by, at, sets.VISIT, "due_at", "pk")
    context = rows_of(rows, sets.VISIT, n[sets.VISIT], _("没有等待回访的诉求"), _("先办结的先回访"))
    return Section(_("回访"), "phone-call", tiles, [], "appeals/home/rows.html", context)


def register(by: Actor, at: datetime) -> Counting:
    """Take one down, find one again; only the button for those whose work is another."""
    if by.may("appeals.on_spot"):
        return None
    n = yield sets_q(by, at, [sets.MINE, sets.MINE_TODAY])
    is_brief = by.may("appeals.pass") or by.may("appeals.handle")
    return _register(_("登记诉求"), n, {} if is_brief else _registered(by, n[sets.MINE]))


def report(by: Actor, at: datetime) -> Counting:
    """The same at the door: report, and solve on the spot."""
    n = yield sets_q(by, at, [sets.MINE, sets.MINE_TODAY, sets.ON_SPOT])
    more = [_tile(sets.ON_SPOT, n[sets.ON_SPOT], _("可当场处置"), icon="bolt")]
    return _register(_("上报"), n, _registered(by, n[sets.MINE]), more)


def _register(label: Any, n: Mapping[str, int], context: Mapping[str, Any], more: Sequence[Tile] = ()) -> Section:
    tiles = [
        _tile(sets.MINE_TODAY, n[sets.MINE_TODAY], _("我今天登记的"), icon="calendar", sort="new"),
        _tile(sets.MINE, n[sets.MINE], _("我登记的在办"), icon="folder-open"),
        *more,
    ]
    door = Door(label, reverse("appeals:register"), "plus", "n", is_main=True)
    template = "appeals/home/register.html" if context else ""
    return Section(label, "message-plus", tiles, [door], template, context)


def _registered(by: Actor, total: int) -> dict[str, Any]:
    """Those one took down last."""
    mine = visible_matters(by).filter(sets.of_kind(), opened_by=by.account_id)
    newest = list(mine.select_related("lead").defer("text", "tracking", "path").order_by("-opened_at", "-pk")[:SHOWN])
    context = rows_of(newest, sets.MINE, total, _("还没有登记过诉求"), _("最近登记"), sort="new")
    return {**context, "find": reverse("portal:search")}


def supervise(by: Actor, at: datetime) -> Counting:
    """What is late and soon will be, what comes back, what lies long."""
    asked = sets_q(by, at, [sets.DUE_TODAY, sets.SECOND, sets.SUPERVISION, sets.BACKLOG])
    n = yield {**asked, LATE: Q(closed_at=None, grade__in=LATE_GRADES)}
    late = n[LATE]
    tiles = [
        Tile(_("超期"), late, f"{reverse('portal:late')}?grade=late", "bad" if late else "", icon="clock-exclamation"),
        _tile(sets.DUE_TODAY, n[sets.DUE_TODAY], _("今天将超期"), tone="warn", icon="hourglass-low"),
        _tile(sets.SUPERVISION, n[sets.SUPERVISION], _("转督查"), tone="warn", icon="gavel"),
        _tile(sets.SECOND, n[sets.SECOND], _("二次办理"), icon="repeat"),
        _tile(sets.BACKLOG, n[sets.BACKLOG], _("超过60天未办结"), tone="warn", icon="archive"),
    ]  # fmt: skip
    door = Door(_("超期清单"), reverse("portal:late"), "bell-ringing", is_main=True)
    return Section(_("督查"), "eye-check", tiles, [door])
