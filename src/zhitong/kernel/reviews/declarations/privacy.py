"""What reviews hold of people, and how long."""

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhitong.base.holdings import Case, Held, Holding, declare_holding
from zhitong.base.retention import YEARS, RecordKind, declare_record_kind
from zhitong.kernel.accounts.public import Actor

from ..actions import forgetting
from ..queries import held

SHORTEST = _("《个人信息保护法》第十九条：为实现处理目的所必要的最短时间")


def _look(case: Case) -> list[Held]:
    rows = list(held.of_person(case))
    if any(held.is_in_hand(row) for row in rows):
        case.needed.append(_("本人等待差评整改的答复"))
    return [
        Held(
            row.pk, gettext("%(what)s的评价") % {"what": row.service.item_label or gettext("窗口服务")}, row.at,
            [(gettext("等级"), str(row.get_mark_display())), *([(gettext("意见"), row.words)] if row.words else [])],
            kept=_("差评整改尚未办结，需要凭此答复") if held.is_in_hand(row) else "",
        )
        for row in rows
    ]  # fmt: skip


def _erase(case: Case, by: Actor) -> int:
    return forgetting.forget(held.to_erase(case), at=case.at)


def declare() -> None:
    """Tell who asks."""
    declare_holding(
        Holding("reviews.words", _("好差评的意见和联系人"), ("reviews.Review", "reviews.Exclusion"), _look, _erase, 30)
    )
    declare_record_kind(RecordKind(
        "reviews.callers", _("差评留下的联系人（与评价的关联）"), SHORTEST, 90, counts_from=pgettext_lazy("term from", "评价"),
        count=lambda before: held.callers_before(before).count(), destroy=forgetting.drop_callers,
    ))  # fmt: skip
    declare_record_kind(RecordKind(
        "reviews.words", _("好差评的意见"), SHORTEST, 3, YEARS, pgettext_lazy("term from", "评价次年1月1日"),
        count=lambda before: held.words_before(before).count(),
        destroy=lambda before: forgetting.forget(held.words_before(before), at=timezone.now()),
    ))  # fmt: skip
