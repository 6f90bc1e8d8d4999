"""Saved views: the filters of a list under a name, for oneself."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import SavedView

MOST_VIEWS = 30
LONGEST_NAME, LONGEST_QUERY = 40, 1000


def _name(text: str) -> str:
    name = clean(text)
    if not name:
        raise Refused("required", _("请给常用视图起个名字。"), field="name")
    if len(name) > LONGEST_NAME:
        raise Refused("too_long", _("名字请控制在40个字以内。"), field="name")
    return name


def _own(view_id: UUID, by: Actor) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=view_id, account=by.account_id).first()
    if view is None:
        raise NotFound("no_view", _("没有这个常用视图，可能已被删除。"))
    return view


@transaction.atomic
def save_view(*, name: str, query: str, by: Actor, at: datetime) -> SavedView:
    """Keep the filters under a name; the same name again keeps the new filters.  Raises Refused."""
    by.demand("matters.view")
    if by.account_id is None:
        raise NotAllowed("no_account", _("只有登录的工作人员才能保存常用视图。"))
    name = _name(name)
    if len(query) > LONGEST_QUERY:
        raise Refused("too_long", _("筛选条件过长，请减少条件后再保存。"), field="name")
    mine = SavedView.objects.filter(account=by.account_id)
    if mine.count() >= MOST_VIEWS and not mine.filter(name=name).exists():
        raise Refused("too_many", _("最多保存30个常用视图，请先删除不用的。"), field="name")
    view = mine.filter(name=name).first() or SavedView(account_id=by.account_id, name=name)
    view.query = query
    view.save()
    return view


@transaction.atomic
def rename_view(*, view_id: UUID, name: str, by: Actor, at: datetime) -> SavedView:
    """Another name for it.  Raises Refused, Conflict for a name in use, NotFound for a view of somebody else."""
    view = _own(view_id, by)
    view.name = _name(name)
    if SavedView.objects.filter(account=by.account_id, name=view.name).exclude(pk=view.pk).exists():
        raise Conflict("name_taken", _("已有同名的常用视图，请换一个名字。"), field="name")
    view.save(update_fields=["name"])
    return view


@transaction.atomic
def delete_view(*, view_id: UUID, by: Actor, at: datetime) -> None:
    """Forget it."""
    _own(view_id, by).delete()
