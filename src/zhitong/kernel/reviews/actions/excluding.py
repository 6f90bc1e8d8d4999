"""A review that should not count: two people say so, independently and on record, and it can be taken back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, record_many
from zhitong.kernel.matters.public import Matter, act

from .. import rules
from ..choices import EXCLUDED
from ..models import Exclusion, Review
from ..permissions import EXCLUDE, demand_unbiased
from ..queries.visible import visible_reviews
from .opening import BY
from .serving import dims


@transaction.atomic
def exclude(review_id: UUID, *, reason: str, by: Actor, at: datetime) -> Exclusion:
    """Say that it should not count.  The first who says so proposes it; the second, another person, decides it.

    Raises NotAllowed in the organ that was judged, Conflict when it is excluded already or the same person says it twice.
    """
    reason, review = _reason(reason), _locked(review_id, by)
    open_ = Exclusion.objects.filter(review=review, ended_at=None).first()
    if open_ is None:
        return _propose(review, reason, by, at)
    if open_.second_at is not None:
        raise Conflict("excluded", _("这条评价已认定不计入。"))
    if by.account_id == open_.first_account or (by.staff_id and by.staff_id == open_.first_staff):
        raise Conflict("two_people", _("须由另一人独立认定，请等待其他有权限的人员办理。"))
    open_.second_account, open_.second_label, open_.second_reason, open_.second_at = by.account_id, by.label, reason, at
    open_.save(update_fields=["second_account", "second_label", "second_reason", "second_at"])
    review.excluded_at = at
    review.save(update_fields=["excluded_at"])
    _record(review, "review.excluded", by, at, "review.taken_back")
    _follow(review, "drop", [(open_.first_label, open_.first_reason), (by.label, reason)], at)
    return open_


@transaction.atomic
def keep(review_id: UUID, *, reason: str, by: Actor, at: datetime) -> Exclusion:
    """Turn a proposal down, or let an excluded review count again: in doubt it counts, so that one person is enough."""
    reason, review = _reason(reason), _locked(review_id, by)
    open_ = Exclusion.objects.filter(review=review, ended_at=None).first()
    if open_ is None:
        raise Conflict("not_excluded", _("这条评价是计入的，没有需要撤销的认定。"))
    was_excluded = open_.second_at is not None
    open_.ended_at, open_.ended_label, open_.ended_reason = at, by.label, reason
    open_.save(update_fields=["ended_at", "ended_label", "ended_reason"])
    if was_excluded:
        review.excluded_at = None
        review.save(update_fields=["excluded_at"])
        _record(review, "review.restored", by, at, "review.put_back")
        _follow(review, "take_up", [(by.label, reason)], at)
    else:
        _record(review, "review.kept", by, at)
    return open_


def _follow(review: Review, action: str, why: Sequence[tuple[str, str]], at: datetime) -> None:
    """Its rectification ends with the exclusion and begins anew when it counts again; one that has ended otherwise stays ended."""
    matter = review.matter
    if matter is None or (matter.closed_at is not None and matter.outcome != EXCLUDED):
        return
    words = "\n".join(f"{label}：{reason}" for label, reason in why)
    act(matter.pk, action, {"reason": words}, by=BY, at=at)


def _propose(review: Review, reason: str, by: Actor, at: datetime) -> Exclusion:
    if by.account_id is None:
        raise Refused("no_account", _("须由登录的工作人员认定。"))
    made = Exclusion.objects.create(
        review=review, first_account=by.account_id, first_staff=by.staff_id, first_label=by.label, first_reason=reason, first_at=at
    )  # fmt: skip
    _record(review, "review.proposed", by, at)
    return made


def _reason(reason: str) -> str:
    reason = clean(reason)
    if not reason:
        raise Refused("required", _("请写明理由和依据。"), "reason")
    if len(reason) > rules.MOST_EXPLAINED:
        raise Refused("too_long", _("理由请控制在500字以内。"), "reason")
    return reason


def _locked(review_id: UUID, by: Actor) -> Review:
    by.demand(EXCLUDE)
    if not visible_reviews(by, EXCLUDE).filter(pk=review_id).exists():
        raise NotFound("no_review", _("没有找到这条评价，或者您无权查看。"))
    matters = Review.objects.filter(pk=review_id).values("matter")
    list(Matter.objects.select_for_update().filter(pk__in=matters))  # before the review, as whoever acts on it does
    review = Review.objects.select_for_update(of=("self",)).select_related("matter").get(pk=review_id)
    demand_unbiased(by, review)
    return review


def _record(review: Review, kind: str, by: Actor, at: datetime, counted: str = "") -> None:
    """What was decided, now; and what figures make of it, on the day of the review, so that they follow."""
    happenings = [Happening(kind, review.pk, "review", at, by, {"mark": review.mark})]
    if counted:
        data = {
            "dims": dims(review.service), "mark": review.mark, "counted": review.is_counted, "round": review.round, "decided_at": at,
        }  # fmt: skip
        happenings.append(Happening(counted, review.pk, "review", review.at, by, data))
    record_many(happenings)
