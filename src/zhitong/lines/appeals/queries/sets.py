"""Appeals by what they wait for: one condition for a tile of the home page, a tab of the board and the list behind it."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Extension, Grade, Task, Urgency, visible_q
from zhitong.ui.public import declare_set

from .public import KIND

NEW, RETURNED, ARBITRATE, URGENT = "appeal.new", "appeal.returned", "appeal.arbitrate", "appeal.urgent"
FRESH, TODAY, OLD, EXTENSION = "appeal.new_2h", "appeal.new_day", "appeal.new_older", "appeal.extension"
VISIT, UNREACHED, REVIEW = "appeal.visit", "appeal.unreached", "appeal.review"
SECOND, SUPERVISION, BACKLOG, DUE_TODAY = "appeal.second", "appeal.supervision", "appeal.backlog", "appeal.due_today"
MINE, MINE_TODAY, ON_SPOT, NEWEST_URGENT = "appeal.mine", "appeal.mine_today", "appeal.on_spot", "appeal.urgent_open"
HOURS_FRESH, HOURS_DAY, DAYS_BACKLOG = 2, 24, 60
AT_CENTRE = ("received", "arbitration")
AGAIN = ("second", "handled", "concluding", "passed", "met")


def declare() -> None:
    """Tell the lists."""
    for slug, label, condition in (
        (NEW, _("新到待转办"), NEW_Q), (RETURNED, _("退单待再转"), RETURNED_Q), (ARBITRATE, _("待裁定"), stage("arbitration")),
        (URGENT, _("紧急待转办"), URGENT_Q), (REVIEW, _("复查复核中"), stage("review", "rereview")),
        (SUPERVISION, _("转督查"), stage("supervision")), (SECOND, _("二次办理"), stage(*AGAIN) & Q(round__gt=1)),
        (NEWEST_URGENT, _("在办紧急诉求"), of_kind() & ~Q(urgency=Urgency.NORMAL)),
    ):  # fmt: skip
        declare_set(slug, label, partial(_fixed, condition))
    declare_set(FRESH, _("到达两小时以内"), lambda by, at: _aged(at, None, HOURS_FRESH))
    declare_set(TODAY, _("到达两小时至一天"), lambda by, at: _aged(at, HOURS_FRESH, HOURS_DAY))
    declare_set(OLD, _("到达超过一天"), lambda by, at: _aged(at, HOURS_DAY, None))
    declare_set(EXTENSION, _("延期申请待审批"), _extension)
    declare_set(VISIT, _("待回访"), _visit)
    declare_set(UNREACHED, _("回访未联系上"), lambda by, at: _visit(by, at) & Q(appeal__visits_missed__gt=0))
    declare_set(
        BACKLOG, _("超过60天未办结"), lambda by, at: of_kind() & Q(opened_at__lt=at - timedelta(days=DAYS_BACKLOG))
    )
    declare_set(DUE_TODAY, _("今天将超期"), _due_today)
    declare_set(MINE, _("我登记的在办"), lambda by, at: of_kind() & Q(opened_by=by.account_id))
    declare_set(MINE_TODAY, _("我今天登记的"), _mine_today, is_open=False)
    declare_set(ON_SPOT, _("可当场处置"), lambda by, at: stage("received") & visible_q(by, "appeals.on_spot"))


def of_kind() -> Q:
    """Appeals."""
    return Q(kind=KIND)


def stage(*slugs: str) -> Q:
    """Appeals that stand in one of the stages."""
    return Q(kind=KIND, stage__in=slugs)


NEW_Q = stage("received") & Q(returns=0)
RETURNED_Q = stage("received") & Q(returns__gt=0)
URGENT_Q = stage(*AT_CENTRE) & ~Q(urgency=Urgency.NORMAL)


def _fixed(condition: Q, _by: Actor, _at: datetime) -> Q:
    return condition


def _aged(at: datetime, least: int | None, most: int | None) -> Q:
    """To be passed on, and waiting for at least and less than so many hours."""
    condition = stage("received")
    if least is not None:
        condition &= Q(stage_at__lte=at - timedelta(hours=least))
    return condition & Q(stage_at__gt=at - timedelta(hours=most)) if most is not None else condition


def _extension(by: Actor, _at: datetime) -> Q:
    asked = Extension.objects.filter(
        clock__matter=OuterRef("pk"), is_granted=None, clock__state__in=("running", "paused")
    )
    if by.account_id:
        asked = asked.exclude(asked_by=by.account_id)
    return of_kind() & Q(Exists(asked)) & visible_q(by, "appeals.extend_decide")


def _visit(by: Actor, _at: datetime) -> Q:
    """Concluded by somebody else's organ."""
    handled = Task.objects.filter(matter=OuterRef("pk"), organ__in=by.organ_ids)
    return stage("concluded") & ~Q(Exists(handled))


def _due_today(_by: Actor, at: datetime) -> Q:
    end = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return of_kind() & Q(due_at__lt=end, grade__in=(Grade.ON_TIME, Grade.WARNING))


def _mine_today(by: Actor, at: datetime) -> Q:
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return of_kind() & Q(opened_by=by.account_id, opened_at__gte=start)
