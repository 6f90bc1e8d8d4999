"""Search in Chinese as the desk does it: words common and rare, phrases, numbers, phones; the newest twenty."""

from collections.abc import Mapping

from .compare import Question, compare
from .report import Report

TYPED = (
    "路灯",
    "路灯不亮",
    "物业",
    "电梯",
    "噪声",
    "广场舞",
    "高龄津贴",
    "共享单车堆成山",
    "停车位 消防车",
    "拖欠工资",
    "烧烤 油烟",
    "没有这个词",
)
ROUNDS, EACH = 40, 10  # so that a hiccup or two of the machine are not among the slowest of twenty, and both meet them


def main() -> None:
    """Measure and print."""
    compare(Report("search"), questions, rounds=ROUNDS, each=EACH)


def questions() -> Mapping[str, Question]:
    """What is typed, by the dispatcher, who sees everything, and by a street's case worker."""
    from zhitong.kernel.accounts.public import Account, Actor, actor_for
    from zhitong.kernel.matters.public import Matter, newest_matching, visible_matters, within_organs

    found: dict[str, Question] = {}
    for username, typed in (("dispatcher", TYPED), ("streetwork", TYPED[:4])):
        actor = actor_for(Account.objects.get(username=username))

        def ask(text: str, actor: Actor = actor) -> None:
            found = newest_matching(visible_matters(actor), text, 20, organs=within_organs(actor))
            list(Matter.objects.filter(pk__in=found).order_by("-pk"))

        found |= {f"{username}: {text}": (lambda text=text, ask=ask: ask(text)) for text in typed}  # type: ignore[misc]
    number = Matter.objects.order_by("-pk").values_list("number", flat=True)[5]
    found["a number"] = lambda: ask(number)
    found["a phone"] = lambda: ask("19901234567")
    return found
