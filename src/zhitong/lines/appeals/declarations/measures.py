"""What of an appeal is counted and timed, and the indicators that ship.

Every function looks at one event only, so that the log gives the same facts again.  ``data`` is what the engine wrote:
``dims`` of the matter after the action, ``from`` and ``to``, ``round``, ``tasks`` and ``clocks`` that began or ended,
and the facts of the move.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.indicators.public import (
    Direction,
    Happened,
    Unit,
    declare_indicators,
    declare_measure,
    declare_measures,
    once,
)
from zhitong.kernel.matters.public import LATE_GRADES, TaskRole

from ..choices import Outcome

Dims = Mapping[str, str | None]
CONCLUDING = ("conclude", "approve", "on_spot")
# Clocks that the lead organ answers for; of the others it is whoever took the action, or nobody yet.
OF_THE_LEAD = frozenset({"meet", "conclude", "second"})


def _centre(event: Happened) -> Dims:
    """Counts for the organ that acted, not for the one that has the matter."""
    return {"organ": event.data.get("actor_organ") or None}


def _took(event: Happened) -> int:
    """Seconds from when it was raised."""
    return int((event.at - datetime.fromisoformat(event.data["opened_at"])).total_seconds())


def _leads(event: Happened) -> Iterator[dict[str, Any]]:
    return (task for task in event.data.get("tasks", ()) if task["role"] == TaskRole.LEAD)


def taken(event: Happened) -> Iterator[tuple[int, Dims]]:
    """One for the organ that gets the lead, minus one when it is taken back before the first conclusion."""
    if event.data["round"] != 1:
        return
    if event.kind.endswith(".on_spot"):
        yield 1, _centre(event)
    for task in _leads(event):
        if change := {"sent": 1, "returned": -1, "cancelled": -1}.get(task["did"]):
            yield change, {"organ": task["organ"]}


def concluded(event: Happened) -> Iterator[tuple[int, Dims]]:
    """Seconds to the first conclusion."""
    if event.data["to"] == "concluded" and event.data["round"] == 1:
        yield _took(event), _centre(event) if event.kind.endswith(".on_spot") else {}


def solved(event: Happened) -> Iterator[tuple[int, Dims]]:
    """Whether a conclusion, the first or a later one, says that the trouble is gone."""
    if event.data["to"] == "concluded" and "outcome" in event.data:
        is_solved = event.data["outcome"] == Outcome.SOLVED
        yield int(is_solved), _centre(event) if event.kind.endswith(".on_spot") else {}


def returned(event: Happened) -> Iterator[tuple[int, Dims]]:
    """Seconds an organ held it before giving it back."""
    return ((task["seconds"], {"organ": task["organ"]}) for task in _leads(event) if task["did"] == "returned")


def contact(event: Happened) -> int | None:
    """Seconds until somebody first spoke with the person."""
    return _took(event) if event.data.get("first", True) else None


def satisfied(event: Happened) -> int | None:
    """Whether the grade given is one of the first three; an online grade counts when there was none before."""
    if "satisfied" not in event.data or ("rated" in event.data and not event.data.get("first", True)):
        return None
    return int(event.data["satisfied"])


def graded(event: Happened) -> int | None:
    """The first grade of an appeal, five to one."""
    grade = event.data.get("grade") or event.data.get("rated")
    return grade if isinstance(grade, int) and event.data.get("first", True) else None


def again(event: Happened) -> int | None:
    """Sent back to be handled again, or to supervision."""
    return 1 if event.data.get("again") else None


def in_time(slug: str, left: Sequence[str] = ()) -> Callable[[Happened], Iterator[tuple[int, Dims]]]:
    """Whether the stage ended before its due date.  Counts only when the matter left for one of ``left`` (or at all)."""

    def read(event: Happened) -> Iterator[tuple[int, Dims]]:
        if (event.data["to"] in left) if left else (event.data["to"] != event.data["from"]):
            for clock in event.data["clocks"]:
                if clock["slug"] == slug and clock["did"] == "stopped":
                    yield int(clock["in_time"]), {} if slug in OF_THE_LEAD else _centre(event)

    return read


def due(event: Happened) -> Iterator[tuple[int, Dims]]:
    """Whether an appeal had been concluded when its limit ended, once for each: at the conclusion, or when the limit ran out."""
    data = event.data
    if event.kind.endswith(".on_spot"):
        yield 1, _centre(event)
        return
    changes = [{**data, "slug": data["clock"], "did": "late"}] if event.kind == "appeal.clock" else data["clocks"]
    for clock in changes:
        if clock["slug"] != "conclude" or clock.get("was") in LATE_GRADES:
            continue
        if clock.get("grade") in LATE_GRADES:
            yield 0, {}
        elif clock["did"] == "stopped" and data["to"] == "concluded":
            yield 1, {}


def overdue(event: Happened) -> Iterator[tuple[int, Dims]]:
    """A clock became late: when its moment passed, or at the latest when it was stopped."""
    data = event.data
    changes = [{**data, "slug": data["clock"]}] if event.kind == "appeal.clock" else data["clocks"]
    for clock in changes:
        if clock.get("grade") in LATE_GRADES and clock.get("was") not in LATE_GRADES:
            yield 1, {} if clock["slug"] in OF_THE_LEAD else {"organ": None}


def extended(event: Happened) -> int | None:
    """An extension was granted."""
    return 1 if event.data.get("granted") else None


def transferred(event: Happened) -> int | None:
    """It went another way for good."""
    return 1 if event.data["to"] == "transferred" else None


def company(name: str) -> Callable[[Happened], int | None]:
    """An appeal turned out to be raised again by the same person, or jointly; what turns out not to be is taken back."""

    def read(event: Happened) -> int | None:
        return (event.data.get(name) or None) if event.data["dims"]["kind"] == "appeal" else None

    return read


MEASURES = (
    ("opened", _("诉求提出"), "count", ("opened",), once),
    ("taken", _("主办任务（退回、撤销相抵）"), "count",
     ("pass", "arbitrate", "escalate", "return", "withdraw", "merge", "transfer", "on_spot"), taken),
    ("auto_passed", _("自动转办"), "count", ("pass",), lambda event: 1 if event.data.get("automatic") else None),
    ("in_time.pass", _("转办是否按时"), "count", ("pass", "arbitrate"), in_time("pass")),
    ("in_time.meet", _("见面是否按时"), "count", ("meet", "waive_meet"), in_time("meet")),
    ("in_time.conclude", _("首次办结是否按时"), "count", CONCLUDING, in_time("conclude", ["concluded"])),
    ("in_time.second", _("二次办理是否按时"), "count", CONCLUDING, in_time("second", ["concluded"])),
    ("in_time.visit", _("回访是否按时"), "count", ("visit", "waive_visit"), in_time("visit")),
    ("contact", _("首次见面用时"), "seconds", ("meet",), contact),
    ("concluded", _("首次办结用时"), "seconds", CONCLUDING, concluded),
    ("solved", _("是否解决"), "count", CONCLUDING, solved),
    ("returned", _("退单前滞留时间"), "seconds", ("return",), returned),
    ("satisfied", _("是否满意"), "count", ("visit", "rate"), satisfied),
    ("graded", _("首次评价的分值"), "count", ("visit", "rate"), graded),
    ("again", _("退回重办"), "count", ("visit", "not_fixed"), again),
    ("reopened", _("办结后重开"), "count", ("not_fixed",), lambda event: 1 if event.data.get("reopened") else None),
    ("joined", _("群众附议"), "count", ("join",), lambda event: event.data.get("supporters") or None),
    ("merged", _("并案"), "count", ("merge",), once),
    ("withdrawn", _("撤回"), "count", ("withdraw",), once),
    ("transferred", _("转其他途径"), "count", ("transfer",), transferred),
    ("on_spot", _("自办自结"), "count", ("on_spot",), once),
    ("extended", _("批准延期"), "count", ("decide_extension",), extended),
    ("urged", _("督办"), "count", ("urge",), once),
)  # fmt: skip

P, C, H, D, S = Unit.PERCENT, Unit.COUNT, Unit.HOURS, Unit.DAYS, Unit.SCORE
MORE, LESS, NEUTRAL = Direction.MORE, Direction.LESS, Direction.NEUTRAL


def _sum(measure: str) -> dict[str, Any]:
    return {"sum": f"appeal.{measure}"}


def _count(measure: str) -> dict[str, Any]:
    return {"count": f"appeal.{measure}"}


def _mean(measure: str) -> dict[str, Any]:
    return {"mean": f"appeal.{measure}"}


# slug, Chinese, English, formula, unit, direction, what counts, in English
INDICATORS = (
    ("volume", "诉求量", "Appeals raised", _sum("opened"), C, NEUTRAL,
     "期内收到的诉求件数，按收到之日计。", "Appeals received in the period, by the day of receipt."),
    ("taken", "承办量", "Appeals taken on", _sum("taken"), C, NEUTRAL,
     "期内派给单位主办的件数，减去退回和撤销的；自办自结计入。二次办理不重复计。",
     "Appeals sent to an organ as lead, less those returned or cancelled; solved on the spot included, second handling not."),
    ("concluded", "办结量", "Appeals concluded", _count("concluded"), C, NEUTRAL,
     "期内首次办结的件数，按办结之日计。", "Appeals concluded for the first time in the period."),
    ("due_rate", "到期办结率", "Concluded of those due", _mean("due"), P, MORE,
     "期内应办结的诉求（在时限内首次办结的，和办结时限期满的）中，期满前已首次办结的比例；没有办结的超期件计入分母，每件只计一次，不会超过100%。",
     "Of the appeals due in the period (concluded within the limit, or whose limit ran out), the share concluded by then. Open ones that "
     "are late count as not concluded; each counts once, so that it never exceeds 100%."),
    ("conclusion_rate", "结收比", "Concluded against taken on", {"ratio": [_count("concluded"), _sum("taken")]}, P, NEUTRAL,
     "期内首次办结的件数 ÷ 期内承办的件数，两边不是同一批诉求；超过100%说明存量在减少，低于100%说明存量在增加。",
     "First conclusions ÷ appeals taken on, both of the period and not of the same appeals: above 100% what is open becomes less, below it more."),
    ("in_time_pass", "按时转办率", "Passed on in time", _mean("in_time.pass"), P, MORE,
     "期内转办的诉求中，在转办时限内转出的比例。", "Of the appeals passed on in the period, the share within the limit."),
    ("in_time_meet", "按时见面率", "Met in time", _mean("in_time.meet"), P, MORE,
     "期内见面或依规免于见面的诉求中，在见面时限内的比例。",
     "Of the appeals whose person was met, or meeting waived, in the period, the share within the limit."),
    ("in_time_conclude", "按时办结率", "Concluded in time", _mean("in_time.conclude"), P, MORE,
     "期内首次办结的诉求中，在办结时限内的比例；暂停和批准的延期不计入用时。尚未办结的超期件见“超期件次”。",
     "Of first conclusions in the period, the share within the limit, pauses and extensions allowed for. "
     "Open ones that are late are counted under overdue."),
    ("in_time_second", "二次办理按时率", "Second handling in time", _mean("in_time.second"), P, MORE,
     "期内完成的二次办理中，在时限内的比例。", "Of second handlings concluded in the period, the share within the limit."),
    ("in_time_visit", "按时回访率", "Visited in time", _mean("in_time.visit"), P, MORE,
     "期内完成或依规免于回访的诉求中，在回访时限内的比例。",
     "Of appeals visited, or visit waived, in the period, the share within the limit."),
    ("resolution_rate", "解决率", "Resolution rate", _mean("solved"), P, MORE,
     "期内办结中结果为“已解决”的比例；部分解决、解释说明、不予受理不计为解决。",
     "Of conclusions in the period, the share that says solved; partly, explained and not accepted do not count."),
    ("satisfaction", "满意率", "Satisfaction", _mean("satisfied"), P, MORE,
     "回访和网上评价中，非常满意、满意、基本满意所占比例；网上评价仅在此前没有评价时计入。",
     "Of the grades given at visits and online, the share in the first three of five; online ones only where none was before."),
    ("participation", "参评率", "Participation", {"ratio": [_count("graded"), _count("concluded")]}, P, MORE,
     "期内首次得到评价的件数与期内首次办结的件数之比。", "Appeals graded for the first time over first conclusions."),
    ("average_grade", "平均评分", "Average grade", _mean("graded"), S, MORE,
     "首次评价的平均分，五分制。", "Mean of first grades, out of five."),
    ("second_rate", "二次办理率", "Second handling rate", {"ratio": [_sum("again"), _count("concluded")]}, P, LESS,
     "因不满意或没有解决而退回重办的件次，与期内首次办结的件数之比。",
     "Sent back as not satisfied or not fixed, over first conclusions in the period."),
    ("first_contact", "首次见面用时", "Time to first contact", _mean("contact"), H, LESS,
     "从收到诉求到承办单位首次与反映人沟通的平均时间，按自然时间计。",
     "Mean time from receipt to the first talk with the person, by the clock on the wall."),
    ("handling_time", "平均办理时间", "Handling time", _mean("concluded"), D, LESS,
     "从收到诉求到首次办结的平均时间，按自然时间计。", "Mean time from receipt to the first conclusion."),
    ("overdue", "超期件次", "Overdue", _count("overdue"), C, LESS,
     "期内任一环节超过时限的次数，按超期之日计。", "Clocks of any stage that ran out in the period."),
    ("returns", "退单次数", "Returns", _count("returned"), C, LESS,
     "承办单位以职责或法律依据退回的次数，计入退回的单位。", "Times a lead organ gave an appeal back; counts for that organ."),
    ("bounce", "退单滞留时间", "Bounce hours", _sum("returned"), H, LESS,
     "退单前在退回单位滞留的时间合计。", "Time appeals lay with organs that then returned them, added up."),
    ("repeat_rate", "重复反映率", "Repeat rate",
     {"ratio": [{"add": [_sum("merged"), _sum("joined")]}, {"add": [_sum("opened"), _sum("joined")]}]}, P, NEUTRAL,
     "并案件数与附议人次之和，占诉求与附议之和的比例。", "Merged duplicates and joins over appeals and joins."),
    ("again", "重复诉求", "Raised again", _sum("company_again"), C, LESS,
     "同一人就同一件事再次反映的件数，按识别之日计。", "Appeals by which the same person raises the same thing again, by the day this was found."),
    ("again_rate", "重复诉求占比", "Share raised again", {"ratio": [_sum("company_again"), _sum("opened")]}, P, LESS,
     "重复诉求 ÷ 诉求量。", "Appeals raised again by the same person over appeals."),
    ("joint", "联名诉求", "Joint appeals", _sum("company_joint"), C, NEUTRAL,
     "5人以上就同一件事反映、附议或并入的件数，按识别之日计。", "Appeals of what five people or more raised or joined, by the day this was found."),
    ("joined", "附议人次", "People joining", _sum("joined"), C, NEUTRAL,
     "群众对已公开诉求点“我也遇到”的人次。", "People who said that they have the same trouble."),
    ("reopened", "办结后重开", "Reopened", _sum("reopened"), C, LESS,
     "办结后反映人表示没有解决而重开的件数。", "Reopened by the person after closing."),
    ("withdrawn", "撤回量", "Withdrawn", _sum("withdrawn"), C, NEUTRAL, "反映人撤回的件数。", "Withdrawn by the person."),
    ("transferred", "转其他途径", "Transferred", _sum("transferred"), C, NEUTRAL,
     "转人民调解、法律援助、心理疏导的件数。", "Passed to mediation, legal aid or counselling."),
    ("auto_passed", "自动转办量", "Passed automatically", _sum("auto_passed"), C, NEUTRAL,
     "达到阈值由系统自动转办的件数。", "Passed on by the system, being sure enough for the district's threshold."),
    ("on_spot", "自办自结量", "Solved on the spot", _sum("on_spot"), C, MORE,
     "网格员现场处置的件数。", "Solved there and then by a grid worker."),
    ("extended", "延期次数", "Extensions", _sum("extended"), C, LESS, "批准的延期次数。", "Extensions granted."),
    ("urged", "督办次数", "Urged", _sum("urged"), C, NEUTRAL, "督办的次数。", "Times supervision pressed for an answer."),
)  # fmt: skip
# What stands on top of the page of figures and in its tables.
KEY = frozenset({
    "volume", "taken", "concluded", "due_rate", "in_time_conclude", "resolution_rate", "satisfaction", "first_contact",
    "second_rate", "overdue", "returns",
})  # fmt: skip


def declare(actions: Sequence[str]) -> None:
    """Tell the kernel.  ``actions`` are all moves of an appeal: any of them may stop a clock that is late."""
    declare_measures("appeal", MEASURES)
    late = ["appeal.clock", *(f"appeal.{action}" for action in actions)]
    declare_measure("appeal.due", _("到期时是否已办结"), "count", kinds=late, read=due)
    declare_measure("appeal.overdue", _("超期"), "count", kinds=late, read=overdue)
    declare_measure("appeal.company_again", _("重复诉求"), "count", kinds=["dispatch.company"], read=company("again"))
    declare_measure("appeal.company_joint", _("联名诉求"), "count", kinds=["dispatch.company"], read=company("joint"))
    declare_indicators("appeal", INDICATORS, shown=KEY)
