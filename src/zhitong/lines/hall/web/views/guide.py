"""The guide for residents: found by everyday words, with the time and the visits on top.  Nobody signs in."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhitong.base.errors import NotFound
from zhitong.base.identifiers import page_of, uuid_of
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import public_page

from ...choices import Delivery, Topic, Visits
from ...queries import guide as reading
from ...queries.bundles import bundles_for

COMMON = ("办营业执照", "开饭店", "占道", "残疾证", "退休", "上学", "居住证", "社保卡")


def _wanted(query: Mapping[str, str]) -> reading.Wanted:
    """What was asked for; what makes no sense is left out."""

    def one_of(name: str, known: object) -> str:
        value = query.get(name, "")
        return value if value in known else ""  # type: ignore[operator]

    return reading.Wanted(
        words=clean(query.get("q", ""))[: reading.MOST_TYPED], audience=one_of("for", ("persons", "firms")),
        topic=one_of("topic", Topic.values), organ=uuid_of(query.get("organ")), visits=one_of("visits", Visits.values),
        is_instant=query.get("instant") == "1",
    )  # fmt: skip


@public_page
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The items in force, by words and filters."""
    wanted, today, number = _wanted(request.GET), timezone.localdate(), page_of(request.GET.get("page", ""))
    found = reading.guide(wanted, today, number)
    context = {
        "bundles": bundles_for(wanted) if number == 1 else [],
        "wanted": wanted, "found": found, "number": max(1, min(number, found.pages)), "common": COMMON,
        "topics": Topic.choices, "visits": Visits.choices, "organs": [(o.id, str(o)) for o in reading.offering(today)],
        "audiences": (("persons", _("个人")), ("firms", _("企业"))),
    }  # fmt: skip
    return render(request, "hall/guide.html", context)


def ways(delivery: Iterable[str]) -> str:
    """How the result comes, in words."""
    return _("、").join(str(Delivery(way).label) for way in delivery)


@public_page
@require_safe
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One item: how long, how many visits, what to bring, where, and by what right."""
    one = reading.shown(item_id, timezone.localdate())
    if one is None:
        raise NotFound("not_offered", _("没有这个服务事项，可能已停办。请返回办事指南重新查找。"))
    return render(request, "hall/item.html", {"one": one, "ways": ways(one.version.delivery)})
