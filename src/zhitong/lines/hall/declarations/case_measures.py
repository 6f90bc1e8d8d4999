"""What of applications is counted, and the indicators that ship.

Every function looks at one event only, so that the log gives the same facts again.  Simulated runs have no legal effect and are
counted apart.  ``item`` is the service item.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.indicators.public import (
    Direction,
    Happened,
    Unit,
    declare_indicators,
    declare_measure,
    declare_measures,
)
from zhitong.kernel.matters.public import LATE_GRADES

from ..choices import Outcome

Dims = Mapping[str, str | None]
Reading = Iterator[tuple[float, Dims]]
ACCEPTING = ("accept", "at_once", "make_real")
DECIDING = ("decide", "at_once")


def _item(event: Happened) -> Dims:
    return {"item": event.data.get("item")}


def _fact(name: str, value: Any = True) -> Callable[[Happened], Reading]:
    """One for each event that says so."""

    def read(event: Happened) -> Reading:
        if event.data.get(name) == value and not event.data.get("simulated"):
            yield 1, _item(event)

    return read


def each(event: Happened) -> Reading:
    """Every such event counts once."""
    yield 1, _item(event)


def opened(event: Happened) -> Reading:
    """One that is meant to have effect."""
    if not event.data.get("simulated"):
        yield 1, _item(event)


def simulated(event: Happened) -> Reading:
    """One that is only tried."""
    if event.data.get("simulated"):
        yield 1, _item(event)


def _is_decided(event: Happened) -> bool:
    return event.data.get("outcome") in Outcome.values and not event.data.get("simulated")


def decided(event: Happened) -> Reading:
    """One that was decided with effect."""
    if _is_decided(event):
        yield 1, _item(event)


def approved(event: Happened) -> Reading:
    """Whether it was approved."""
    if _is_decided(event):
        yield int(event.data["outcome"] == Outcome.APPROVED), _item(event)


def instant(event: Happened) -> Reading:
    """Whether it was decided within the visit."""
    if _is_decided(event):
        yield int(bool(event.data.get("instant"))), _item(event)


def in_time(slug: str) -> Callable[[Happened], Reading]:
    """Whether it was decided within a limit; what is decided at once is."""

    def read(event: Happened) -> Reading:
        if not _is_decided(event):
            return
        if event.data.get("instant"):
            yield 1, _item(event)
        for clock in event.data["clocks"]:
            if clock["slug"] == slug and clock["did"] == "stopped":
                yield int(clock["in_time"]), _item(event)

    return read


def used(event: Happened) -> Reading:
    """Working days from acceptance to decision, special steps left out."""
    if _is_decided(event) and event.data.get("days") is not None:
        yield event.data["days"], _item(event)


def saved(event: Happened) -> Reading:
    """Working days by which it was decided before the statutory limit ended; negative when after it."""
    if _is_decided(event) and event.data.get("days") is not None:
        yield event.data["statutory"] - event.data["days"], _item(event)


def overdue(event: Happened) -> Reading:
    """A clock became late: when its moment passed, or at the latest when it was stopped."""
    data = event.data
    changes = [{**data, "slug": data["clock"]}] if event.kind == "application.clock" else data["clocks"]
    for clock in changes:
        if clock.get("grade") in LATE_GRADES and clock.get("was") not in LATE_GRADES and clock["slug"] in ANSWERED_FOR:
            yield 1, {}


# Clocks that an organ answers for; those of applicants are not counted as late.
ANSWERED_FOR = frozenset({"accept", "promised", "statutory", "deliver"})

MEASURES: tuple[tuple[str, Any, str, tuple[str, ...], Callable[[Happened], Any]], ...] = (
    ("opened", _("办件收到"), "count", ("opened",), opened),
    ("simulated", _("模拟申请"), "count", ("opened",), simulated),
    ("accepted", _("办件受理"), "count", ACCEPTING, _fact("accepted")),
    ("deferred", _("容缺受理"), "count", ACCEPTING, _fact("deferred")),
    ("promised", _("告知承诺受理"), "count", ACCEPTING, _fact("promised")),
    ("not_accepted", _("不予受理"), "count", ("not_accept",), each),
    ("corrected", _("补正告知"), "count", ("correct",), each),
    ("decided", _("办件决定"), "count", DECIDING, decided),
    ("approved", _("是否准予"), "count", DECIDING, approved),
    ("instant", _("是否当场办结"), "count", DECIDING, instant),
    ("in_time.promised", _("是否在承诺时限内"), "count", DECIDING, in_time("promised")),
    ("in_time.statutory", _("是否在法定时限内"), "count", DECIDING, in_time("statutory")),
    ("used", _("办理用时（工作日）"), "count", DECIDING, used),
    ("saved", _("比法定时限节省（工作日）"), "count", DECIDING, saved),
    ("lapsed", _("逾期终止"), "count", ("lapse",), each),
    ("withdrawn", _("撤回"), "count", ("withdraw",), each),
    ("revoked", _("结果撤销"), "count", ("revoke",), each),
)  # fmt: skip

P, C, S = Unit.PERCENT, Unit.COUNT, Unit.SCORE
MORE, LESS, NEUTRAL = Direction.MORE, Direction.LESS, Direction.NEUTRAL


def _sum(measure: str) -> dict[str, Any]:
    return {"sum": f"application.{measure}"}


def _mean(measure: str) -> dict[str, Any]:
    return {"mean": f"application.{measure}"}


# slug, Chinese, English, formula, unit, direction, what counts, in English
INDICATORS = (
    ("volume", "办件量", "Applications received", _sum("opened"), C, NEUTRAL,
     "期内收到的申请件数，模拟审批不计。", "Applications received in the period, without simulated runs."),
    ("accepted", "受理量", "Applications accepted", _sum("accepted"), C, NEUTRAL,
     "期内受理的件数，含当场办结和模拟转正式的。", "Applications accepted in the period, instant ones included."),
    ("decided", "决定量", "Applications decided", _sum("decided"), C, NEUTRAL,
     "期内作出准予或不予决定的件数。", "Applications decided in the period."),
    ("approval_rate", "准予率", "Approval rate", _mean("approved"), P, NEUTRAL,
     "期内决定的件数中准予的比例。", "Of the decisions in the period, the share that approves."),
    ("in_time_promised", "承诺时限内办结率", "Within the promised limit", _mean("in_time.promised"), P, MORE,
     "期内决定的件数中，在承诺时限内的比例；特别程序时间不计入。",
     "Of the decisions in the period, the share within the promised limit, special steps not counted."),
    ("in_time_statutory", "法定时限内办结率", "Within the statutory limit", _mean("in_time.statutory"), P, MORE,
     "期内决定的件数中，在法定时限内的比例；特别程序时间不计入。",
     "Of the decisions in the period, the share within the statutory limit, special steps not counted."),
    ("instant_share", "即办率", "Instant share", _mean("instant"), P, MORE,
     "期内决定的件数中当场办结的比例。", "Of the decisions in the period, the share made within the visit."),
    ("days", "平均办理用时（工作日）", "Working days taken", _mean("used"), S, LESS,
     "期内决定的件数自受理至决定平均用的工作日，当日办结为0，特别程序不计入。",
     "Mean working days from acceptance to decision; the same day is 0, special steps are not counted."),
    ("saved", "比法定时限平均节省（工作日）", "Days saved against the statutory limit", _mean("saved"), S, MORE,
     "法定时限减去实际用时的平均值，单位为工作日。", "Mean of the statutory limit less the working days taken."),
    ("deferred", "容缺受理量", "Accepted with something to follow", _sum("deferred"), C, NEUTRAL,
     "期内容缺受理的件数。", "Applications accepted without a material that is to follow."),
    ("promised", "告知承诺量", "Accepted by commitment", _sum("promised"), C, NEUTRAL,
     "期内以告知承诺受理的件数。", "Applications accepted with a commitment for a material."),
    ("corrected", "补正告知量", "Notices of what is missing", _sum("corrected"), C, LESS,
     "期内发出补正告知的件数。", "Notices of what is missing in the period."),
    ("lapsed", "逾期终止量", "Applications lapsed", _sum("lapsed"), C, LESS,
     "期内因材料逾期未补终止的件数。", "Applications that lapsed in the period."),
    ("overdue", "办件超期件次", "Overdue", _sum("overdue"), C, LESS,
     "期内受理、承诺、法定、送达时限超期的次数。", "Limits of acceptance, handling and delivery that ran out in the period."),
    ("saved_days", "累计节省（工作日）", "Working days saved in all", _sum("saved"), S, MORE,
     "期内决定的办件，法定时限减去实际用时，逐件相加。",
     "The statutory limit less the working days taken, added up over the decisions in the period."),
    ("cut", "实际压缩率", "Share of the statutory limit saved",
     {"ratio": [_sum("saved"), {"add": [_sum("saved"), _sum("used")]}]}, P, MORE,
     "期内决定的办件，节省的工作日合计 ÷ 法定时限合计。",
     "Working days saved ÷ statutory limits, both added up over the decisions in the period."),
    ("simulated", "模拟申请量", "Simulated runs", _sum("simulated"), C, NEUTRAL,
     "期内提出的模拟审批件数。", "Simulated runs begun in the period."),
)  # fmt: skip
KEY = frozenset({"volume", "accepted", "decided", "in_time_promised", "in_time_statutory", "instant_share", "saved"})
FIRST_SORT = 400


def declare(actions: Sequence[str]) -> None:
    """Tell the kernel.  ``actions`` are all moves of an application: any of them may stop a clock that is late."""
    declare_measures("application", MEASURES)
    late = ["application.clock", *(f"application.{action}" for action in actions)]
    declare_measure("application.overdue", _("办件超期"), "count", kinds=late, read=overdue)
    declare_indicators("application", INDICATORS, shown=KEY, after=FIRST_SORT)
