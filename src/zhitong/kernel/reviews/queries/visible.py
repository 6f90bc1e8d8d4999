"""Which reviews a person may see, and what of them."""

from collections.abc import Collection
from uuid import UUID

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


def nameable(by: Actor, rows: Collection[Review]) -> frozenset[UUID]:
    """Of which of these ``by`` may see the matter it is about, its exact moment, its words as written, and whom to call back.

    One query for all of them, and none for whoever holds the permission everywhere or not at all.
    """
    at, held = timezone.now(), {row.pk for row in rows} if by.may(NAMES) else set()
    if held and not by.may_everywhere(NAMES):
        held = set(visible_reviews(by, NAMES).filter(pk__in=held).values_list("pk", flat=True))
    return frozenset(
        row.pk for row in rows
        if rules.may_name(
            shown_from=row.shown_from, at=at, organ_id=row.organ_id, viewer_organs=by.organ_ids, holds_names=row.pk in held
        )
    )  # fmt: skip
