"""Lists of what is destroyed."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor

from ..choices import ItemState
from ..models import DestroyItem, DestroyList
from ..permissions import APPROVE, PREPARE

LIST_SORT = ("since", "id")


def demand(by: Actor) -> None:
    """Whoever makes or approves lists may read them."""
    if not by.may_everywhere(PREPARE):
        by.demand_everywhere(APPROVE)


def destroy_lists(by: Actor) -> QuerySet[DestroyList]:
    """The newest first, with how many are postponed."""
    demand(by)
    postponed = Count("items", filter=Q(items__state=ItemState.POSTPONED))
    return DestroyList.objects.annotate(postponed=postponed, listed=Count("items")).order_by("-made_at", "-id")


def list_of(list_id: UUID, by: Actor) -> DestroyList:
    """One of them, or NotFound."""
    found = destroy_lists(by).filter(pk=list_id).first()
    if found is None:
        raise NotFound("no_destroy_list", _("没有这份销毁清册。"))
    return found


def item_rows(one: DestroyList) -> QuerySet[DestroyItem]:
    """Its lines in order."""
    return one.items.order_by(*LIST_SORT)


def lines_of(one: DestroyList) -> Iterator[list[str]]:
    """The list as it is filed: heads, then a line for each record.  No word of what was in them."""
    yield [_("序号"), _("名称"), _("起算日期"), _("结果"), _("暂缓理由"), _("暂缓至")]
    for number, item in enumerate(item_rows(one), start=1):
        since = timezone.localdate(item.since).isoformat()
        until = item.until.isoformat() if item.until else ""
        yield [str(number), item.title, since, item.get_state_display(), item.reason, until]
