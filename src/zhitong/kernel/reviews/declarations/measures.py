"""What of services and reviews is counted, and the indicators that ship.

A service counts on the day it was given, a review on the day it was given.  What two people exclude is taken back on the day
of the review, so that figures follow; what comes back is put back there.  Second reviews and those by a poster are apart.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.kernel.indicators.public import Direction, Happened, Unit, declare_indicators, declare_measure, once

from ..choices import SATISFIED, Mark

SIGNS = {"review.given": 1, "review.taken_back": -1, "review.put_back": 1}
SERVICES, ON_SITE, ON_SITE_GOOD, SECOND = "review.services", "review.on_site", "review.on_site_good", "review.second"


def marked(mark: int) -> str:
    """The measure of first reviews with that grade."""
    return f"review.mark.{mark}"


def first(mark: int) -> Callable[[Happened], int | None]:
    """One for each first review of a service with that grade; minus one when it is taken back."""

    def read(event: Happened) -> int | None:
        data = event.data
        fits = data["counted"] and data["round"] == 1 and data["mark"] == mark
        return SIGNS[event.kind] if fits else None

    return read


def on_site(event: Happened) -> int | None:
    """One for each review by a poster, without a service."""
    return None if event.data["counted"] or event.data["round"] != 1 else SIGNS[event.kind]


def on_site_good(event: Happened) -> int | None:
    """Of those, the first three grades."""
    return on_site(event) if event.data["mark"] in SATISFIED else None


def second(event: Happened) -> int | None:
    """Whether the person is satisfied with what was done about a bad review."""
    return int(event.data["mark"] in SATISFIED) if event.data["round"] == 2 else None


def _sum(*marks: int) -> dict[str, Any]:
    return {"add": [{"sum": marked(mark)} for mark in marks]}


ALL, GOOD = _sum(*Mark.values), _sum(*sorted(SATISFIED, reverse=True))
BAD = _sum(*(mark for mark in Mark.values if mark not in SATISFIED))
P, C = Unit.PERCENT, Unit.COUNT
MORE, LESS, NEUTRAL = Direction.MORE, Direction.LESS, Direction.NEUTRAL
# slug, Chinese, English, formula, unit, direction, what counts, in English
INDICATORS = (
    ("services", "可评价服务量", "Services that could be reviewed", {"sum": SERVICES}, C, NEUTRAL,
     "期内提供的、服务对象可以评价的服务次数，按提供之日计。", "Services given in the period that could be reviewed."),
    ("reviews", "评价量", "Reviews", ALL, C, MORE,
     "期内收到的对服务的首次评价，按评价之日计；现场扫码评价和整改后的再次评价另计，认定不计入的从评价当日扣除。",
     "First reviews of services received in the period; those by a poster and second reviews are counted apart, "
     "excluded ones are taken back on the day of the review."),
    ("participation", "参评率", "Participation in reviews", {"ratio": [ALL, {"sum": SERVICES}]}, P, MORE,
     "期内评价量与期内可评价服务量之比。", "Reviews over services that could be reviewed, both of the period."),
    ("satisfaction", "好差评满意率", "Satisfaction by reviews", {"ratio": [GOOD, ALL]}, P, MORE,
     "期内评价中，非常满意、满意、基本满意所占比例。", "Of the reviews of the period, the share in the first three of five grades."),
    ("bad", "差评量", "Bad reviews", BAD, C, LESS,
     "期内评价中，不满意、非常不满意的条数。", "Of the reviews of the period, the last two grades."),
    ("on_site", "现场扫码评价", "Reviews by poster", {"sum": ON_SITE}, C, NEUTRAL,
     "期内通过窗口现场二维码收到的评价，没有对应的服务记录，不计入参评率和满意率。",
     "Reviews by the poster of a window: without a service, so neither in participation nor in satisfaction."),
    ("on_site_satisfaction", "现场扫码满意率", "Satisfaction by poster", {"ratio": [{"sum": ON_SITE_GOOD}, {"sum": ON_SITE}]}, P,
     MORE, "期内现场扫码评价中，前三档所占比例。", "Of the reviews by poster, the share in the first three grades."),
    ("second_satisfaction", "整改后满意率", "Satisfaction after follow-up", {"mean": SECOND}, P, MORE,
     "期内整改答复后的再次评价中，前三档所占比例。", "Of second reviews, after a bad one was answered, the share in the first three."),
    ("in_time_answer", "差评按时答复率", "Bad reviews answered in time", {"mean": "rectification.in_time"}, P, MORE,
     "期内办结的差评整改中，在整改答复时限内的比例。", "Of rectifications closed in the period, the share within the limit."),
)  # fmt: skip


def in_time(event: Happened) -> int | None:
    """Whether the matter was closed before its due date."""
    stopped = (clock for clock in event.data["clocks"] if clock["slug"] == "answer" and clock["did"] == "stopped")
    return next((int(clock["in_time"]) for clock in stopped), None)


def declare() -> None:
    """Tell the kernel."""
    declare_measure(SERVICES, _("可评价服务"), "count", kinds=["review.served"], read=once)
    for mark in Mark:
        declare_measure(marked(mark), mark.label, "count", kinds=SIGNS, read=first(mark))
    declare_measure(ON_SITE, _("现场扫码评价"), "count", kinds=SIGNS, read=on_site)
    declare_measure(ON_SITE_GOOD, _("现场扫码好评"), "count", kinds=SIGNS, read=on_site_good)
    declare_measure(SECOND, _("再次评价是否满意"), "count", kinds=["review.given"], read=second)
    kinds = ["rectification.answer", "rectification.dismiss"]
    declare_measure(
        "rectification.in_time", pgettext_lazy("rectification", "答复是否按时"), "count", kinds=kinds, read=in_time
    )
    declare_indicators("review", INDICATORS, after=600)
