"""Which reviews a person may see, and what of them."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor

from .. import rules
from ..models import Review
from ..permissions import NAMES, VIEW, visible_q


def visible_reviews(by: Actor, permission: str = VIEW) -> QuerySet[Review]:
    """The only way to reviews for pages.  The one who was judged sees nothing of it before the period ends."""
    rows = Review.objects.filter(visible_q(by, permission))
    if by.staff_id:
        rows = rows.exclude(Q(staff=by.staff_id, staff__isnull=False, shown_from__gt=timezone.now()))
    return rows


def may_name(by: Actor, review: Review) -> bool:
    """Whether ``by`` may see the matter it is about, its exact moment, its words as written, and whom to call back."""
    return rules.may_name(
        shown_from=review.shown_from, at=timezone.now(), organ_id=review.organ_id, viewer_organs=by.organ_ids,
        holds_names=by.may(NAMES),
    )  # fmt: skip
