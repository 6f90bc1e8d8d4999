"""Lists of what is destroyed: one person makes them, another approves, and a certificate stays."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base import hashing
from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..choices import ItemState, ListState
from ..models import DestroyItem, DestroyList
from ..permissions import APPROVE, PREPARE
from ..queries.lists import LIST_SORT
from ..queries.terms import term_of

MOST_ITEMS = 500
LONGEST_POSTPONED = timedelta(days=3660)


def _tell(kind: str, one: DestroyList, by: Actor, at: datetime, *, is_first: bool = False, **data: Any) -> None:
    data = {"kind": one.kind, **data}
    record(f"retention.{kind}", one.pk, stream_kind="destroy_list", at=at, by=by, data=data, is_first=is_first)


@transaction.atomic
def make_list(slug: str, *, by: Actor, at: datetime) -> DestroyList:
    """Whatever of a kind has had its time, the oldest first, ``MOST_ITEMS`` at most; without what is postponed."""
    by.demand_everywhere(PREPARE)
    now = term_of(slug)
    before = now.cutoff(at)
    if now.kind.due is None or before is None:
        raise Refused("not_listed", _("这类记录不列入销毁清册。"))
    today = timezone.localdate(at)
    postponed = DestroyItem.objects.filter(state=ItemState.POSTPONED, until__gt=today).values_list("target", flat=True)
    due = now.kind.due(before, MOST_ITEMS, without=list(postponed))
    if not due:
        raise Refused("nothing_due", _("没有到期的记录。"))
    one = DestroyList(
        kind=slug, cutoff=before, term=now.text, basis=now.basis, made_by=by.account_id, made_label=by.label, made_at=at,
        count=len(due),
    )  # fmt: skip
    try:
        with transaction.atomic():
            one.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("list_open", _("这类记录已有一份待审批的清册，请先审批或撤销。")) from error
    DestroyItem.objects.bulk_create(DestroyItem(list=one, target=d.key, title=d.title, since=d.since) for d in due)
    _tell("list_made", one, by, at, is_first=True, count=len(due), cutoff=before)
    return one


@transaction.atomic
def postpone_items(
    list_id: UUID, items: Collection[UUID], *, reason: str, until: date | None, by: Actor, at: datetime
) -> int:  # fmt: skip
    """Take lines out until a day, saying why; how many.  Either of the two people may."""
    _demand_either(by)
    one, said, today = _draft(list_id), clean(reason), timezone.localdate(at)
    if not said or len(said) > 300:
        raise Refused("required", _("请写明暂缓理由，300字以内。"), "reason")
    if until is None or not today < until <= today + LONGEST_POSTPONED:
        raise Refused("bad_day", _("请填写今天以后、十年以内的日期。"), "until")
    rows = one.items.filter(pk__in=items)
    if not items or rows.count() != len(set(items)):
        raise Refused("required", _("请先勾选要暂缓的记录。"), "items")
    done = rows.update(state=ItemState.POSTPONED, reason=said, until=until)
    _tell("postponed", one, by, at, count=done, until=until.isoformat())
    return done


@transaction.atomic
def drop_list(list_id: UUID, *, by: Actor, at: datetime) -> DestroyList:
    """Nothing is destroyed; what is due comes on the next list."""
    _demand_either(by)
    one = _draft(list_id)
    one.state, one.ended_at, one.count = ListState.DROPPED, at, 0
    one.save(update_fields=["state", "ended_at", "count"])
    _tell("list_dropped", one, by, at)
    return one


def approve_list(list_id: UUID, *, opinion: str, by: Actor, at: datetime) -> DestroyList:
    """Destroy what is on the list, now.  Not by whoever made it.  What has changed meanwhile (reopened, erased) is left alone."""
    by.demand_everywhere(APPROVE)
    said = clean(opinion)
    if not said or len(said) > 300:
        raise Refused("required", _("请填写审批意见，300字以内。"), "opinion")
    with transaction.atomic():
        one = _draft(list_id)
        if by.account_id is None or by.account_id == one.made_by:
            raise NotAllowed("two_people", _("编制人不能审批自己的清册，请由另一人审批。"))
        _destroy(one, by, at)
        one.state, one.approved_by, one.approved_label = ListState.DESTROYED, by.account_id, by.label
        one.opinion, one.ended_at, one.digest = said, at, digest_of(one)
        one.save()
        _tell("destroyed", one, by, at, count=one.count, digest=bytes(one.digest).hex(), made_by=one.made_by)
    return one


def _destroy(one: DestroyList, by: Actor, at: datetime) -> None:
    kind = term_of(one.kind).kind
    if kind.destroy_listed is None or kind.due is None:
        raise Refused("not_listed", _("这类记录不列入销毁清册。"))
    rows = one.items.filter(state=ItemState.LISTED)
    targets = list(rows.order_by(*LIST_SORT).values_list("target", flat=True))
    still = {due.key for due in kind.due(one.cutoff, MOST_ITEMS, only=targets)}
    one.count = kind.destroy_listed(sorted(still), by, at)
    rows.filter(target__in=still).update(state=ItemState.DESTROYED)
    rows.filter(state=ItemState.LISTED).update(state=ItemState.SKIPPED)


def digest_of(one: DestroyList) -> bytes:
    """Over every line as it stands: what the certificate and the log carry."""
    lines = one.items.order_by(*LIST_SORT).values_list("target", "title", "since", "state", "reason")
    said = [[str(t), title, since.isoformat(), state, reason] for t, title, since, state, reason in lines]
    return hashing.chain(None, hashing.canonical(said))


def _demand_either(by: Actor) -> None:
    if not by.may_everywhere(PREPARE):
        by.demand_everywhere(APPROVE)


def _draft(list_id: UUID) -> DestroyList:
    found = DestroyList.objects.select_for_update().filter(pk=list_id).first()
    if found is None:
        raise NotFound("no_destroy_list", _("没有这份销毁清册。"))
    if found.state != ListState.DRAFT:
        raise Conflict("list_ended", _("这份清册已经办结，请刷新页面查看。"))
    return found
