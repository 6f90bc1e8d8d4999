"""The list of reviews: narrowed, searched, page by page."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from zhitong.base.text import tsquery
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import organs_within
from zhitong.kernel.territory import public as territory

from ..choices import SATISFIED
from ..models import Point, Review, Service
from ..permissions import VIEW
from .visible import visible_reviews

BAD, GOOD, ON_SITE, SECOND, PROPOSED, EXCLUDED = "bad", "good", "on_site", "second", "proposed", "excluded"
STATES: Mapping[str, Q] = {
    BAD: ~Q(mark__in=SATISFIED),
    GOOD: Q(mark__in=SATISFIED),
    ON_SITE: Q(is_counted=False),
    SECOND: Q(round=2),
    PROPOSED: Q(exclusions__ended_at=None, exclusions__second_at=None, exclusions__isnull=False),
    EXCLUDED: Q(excluded_at__isnull=False),
}


def listed(by: Actor, wanted: Mapping[str, Any], permission: str = VIEW) -> QuerySet[Review]:
    """The reviews ``by`` may see, within: q, mark, state, organ, area, point, item, channel, since and until (days' bounds)."""
    rows = visible_reviews(by, permission)
    if typed := wanted.get("q"):
        query = tsquery(typed)
        rows = (
            rows.filter(pk__in=RawSQL("SELECT id FROM reviews_review WHERE found @@ %s::tsquery", [query]))
            if query
            else rows.none()
        )
    plain = {name: wanted[name] for name in ("mark", "point", "item", "channel") if wanted.get(name)}
    rows = rows.filter(**plain)
    if state := STATES.get(wanted.get("state", "")):
        rows = rows.filter(state)
    if organ := wanted.get("organ"):
        rows = rows.filter(organ__in=organs_within(organ))
    if area := wanted.get("area"):
        rows = rows.filter(area__in=territory.within(area))
    bounds = {"at__gte": wanted.get("since"), "at__lt": wanted.get("until")}
    return rows.filter(**{name: value for name, value in bounds.items() if value})


def page_of(
    rows: QuerySet[Review], size: int, *, after: UUID | None = None, before: UUID | None = None
) -> tuple[list[Review], UUID | None, UUID | None]:
    """``size`` rows, the newest first, older than ``after`` or newer than ``before``; with the keys of the pages beside it."""
    is_back = before is not None
    if is_back:
        rows = rows.filter(pk__gt=before)
    elif after is not None:
        rows = rows.filter(pk__lt=after)
    taken = list(rows.order_by("pk" if is_back else "-pk").select_related("service", "point", "matter")[: size + 1])
    has_more, taken = len(taken) > size, taken[:size]
    if is_back:
        taken.reverse()
    if not taken:
        return [], None, None
    newer = has_more if is_back else after is not None
    older = True if is_back else has_more
    return taken, taken[0].pk if newer else None, taken[-1].pk if older else None


def item_labels(items: Sequence[UUID]) -> dict[UUID, str]:
    """What these items are called on the newest service of each.  One look-up by the index for each item."""
    rows = Service.objects.raw(
        "SELECT s.id, s.item, s.item_label FROM unnest(%s::uuid[]) AS i(item) CROSS JOIN LATERAL "
        "(SELECT id, item, item_label FROM reviews_service WHERE item = i.item ORDER BY id DESC LIMIT 1) AS s",
        [list(items)],
    )  # fmt: skip
    return {row.item: row.item_label for row in rows if row.item}


def point_labels(points: Sequence[UUID]) -> dict[UUID, str]:
    """Names of windows, with their organs."""
    rows = Point.objects.filter(pk__in=points).select_related("organ")
    return {row.pk: f"{row.organ.name} {row.name}" for row in rows}
