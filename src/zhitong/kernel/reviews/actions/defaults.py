"""What ships: the sub-kind and limit of rectifications, and the lists of reasons.  All of it is edited in the administration."""

from django.db import transaction

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Limit, SubKind, Unit, supply, supply_reasons, touch_catalogue

from ..choices import BAD_REASONS, GOOD_REASONS, KIND

# GB/T 39735-2020, annex: what people are asked about each grade.
REASONS = {
    GOOD_REASONS: (
        ("warm", "服务热情，态度好", "Friendly and polite"),
        ("quick", "办理速度快", "Quick"),
        ("told_once", "一次性告知清楚", "Everything was said at once"),
        ("few_papers", "材料少，流程简便", "Few papers, simple steps"),
        ("one_visit", "一次办成，不跑冤枉路", "Done in one visit or none"),
        ("skilled", "业务熟练", "Knows the work"),
        ("online", "网上办理顺畅", "Easy online"),
    ),
    BAD_REASONS: (
        ("not_told_once", "没有一次性告知", "Was not told everything at once"),
        ("more_papers", "要求提供指南以外的材料", "Asked for papers that the guide does not name"),
        ("late", "没有在承诺时间内办结", "Not done within the promised time"),
        ("many_visits", "跑了多次才办成", "Took several visits"),
        ("unclear", "指南与实际不一致，说法不一", "The guide says otherwise, or everybody says something else"),
        ("attitude", "服务态度差", "Impolite"),
        ("pushed_away", "推诿扯皮", "Sent from one to another"),
        ("not_there", "工作时间窗口无人", "Nobody at the window in office hours"),
        ("online_fails", "网上办理不顺畅", "Does not work online"),
        ("charged", "违规收费或指定中介", "Charged without ground, or told whom to pay"),
    ),
}
BASIS = (
    "政务服务好差评差评整改：自收到差评之日起5个工作日内答复",
    "Bad reviews of government services: answered within 5 working days",
)


@transaction.atomic
def load_defaults(*, by: Actor) -> None:
    """Write what is not there yet; what the district changed stays as it is."""
    by.demand("settings.manage")
    supply(
        SubKind(kind=KIND, slug="review", name="差评整改", name_en="Bad review", is_private=True, is_on_portal=False)
    )
    supply(Limit(kind=KIND, clock="answer", amount=5, unit=Unit.WORKING_DAYS, basis=BASIS[0], basis_en=BASIS[1]))
    supply_reasons(REASONS)
    touch_catalogue()
