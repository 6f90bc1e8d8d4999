"""The hot spots: what many people raise, with its place, its time, its heat and how that is reckoned."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.matters.public import KINDS
from zhitong.kernel.territory import public as territory

MOST_LISTED = 5


@requires(dispatch.VIEW)
@require_safe
def hot(request: HttpRequest) -> HttpResponse:
    """The hottest things of the last 90 days, as far as one may see their matters."""
    found = dispatch.hottest(actor_of(request), timezone.now())
    areas = territory.labels({row.area_id for one in found for row in one.members if row.area_id})
    context = {"lines": [_line(one, areas) for one in found], "days": dispatch.WITHIN.days}
    return render(request, "portal/hot.html", context)


def _line(one: dispatch.Hot, areas: dict[Any, str]) -> dict[str, Any]:
    places = sorted({areas[row.area_id] for row in one.members if row.area_id in areas})
    matters = [
        (row, mask_inline(row.title), KINDS[row.kind].by_slug[row.stage].label) for row in one.members[:MOST_LISTED]
    ]
    return {
        "one": one, "title": mask_inline(one.title), "places": [*one.names, *places], "matters": matters,
        "more": len(one.members) - len(matters),
    }  # fmt: skip


urlpatterns = [path("desk/hot/", hot, name="hot")]
