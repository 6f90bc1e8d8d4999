"""Who has said the same: what intake asks while somebody writes, among ten thousand matters and a million.

The query of the kernel (`likely_same`) with everything around it: words of the text, candidates by the index of words, measuring.
The words are weighed as they are after a night: a survey of the newest matters, made once on each where there is none.
"""

from collections.abc import Mapping
from datetime import datetime

from .compare import Question, compare
from .report import Report

ASKED, SURVEYED, TOLD = 12, 4000, 5
ROUNDS, EACH = 4, 5
TYPED = (
    ("路灯不亮", "小区门口的路灯坏了三天，晚上一片漆黑，老人出门看不清台阶。"),
    ("烧烤店油烟扰民", "楼下烧烤店每天晚上油烟直排，噪声很大，窗户不敢开。"),
    ("电梯总是停", "单元的电梯这个月停了四次，物业说在等配件，高层的老人下不来。"),
    ("共享单车堵住人行道", "地铁口的共享单车堆成山，盲道也被占了。"),
)


def main() -> None:
    """Measure and print."""
    compare(Report("same"), questions, rounds=ROUNDS, each=EACH)


def questions() -> Mapping[str, Question]:
    """What somebody types, and texts of matters that are there."""
    from zhitong.base.likeness import Message
    from zhitong.kernel.accounts.public import Account, actor_for
    from zhitong.kernel.dispatch.public import likely_same
    from zhitong.kernel.matters.public import Matter, visible_matters

    newest = list(Matter.objects.filter(erased_at=None).order_by("-pk")[: ASKED * 50 : 50])
    at = max(row.opened_at for row in newest)
    _weigh(at)
    rows = visible_matters(actor_for(Account.objects.get(username="dispatcher")))
    typed = [Message("", title, text, at) for title, text in TYPED]
    there = [Message(str(row.pk), row.title, row.text, row.opened_at) for row in newest]
    found: dict[str, Question] = {}
    for n, asked in enumerate((*typed, *there), start=1):
        name = asked.title if not asked.key else f"a matter that is there, {n - len(TYPED)}"
        found[name] = lambda asked=asked: likely_same(asked, rows, at, TOLD)  # type: ignore[misc]
    return found


def _weigh(at: datetime) -> None:
    """The words of the newest matters, as a night leaves them."""
    from zhitong.base.likeness import Message, survey
    from zhitong.kernel.dispatch.models import Wording
    from zhitong.kernel.matters.public import Matter

    if Wording.objects.exists():
        return
    newest = Matter.objects.filter(erased_at=None).order_by("-pk").values_list("pk", "title", "text", "opened_at")
    words = survey([Message(str(pk), title, text, opened) for pk, title, text, opened in newest[:SURVEYED]])
    Wording.objects.create(at=at, n=words.n, pairs=dict(words.pairs), names=dict(words.names))
