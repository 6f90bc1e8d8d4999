"""What everybody may see: list, map, one appeal, and joining it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.base.geometry import read_box
from zhitong.base.identifiers import uuid_of
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor, actor_of, address_of_client, come_again, limit_rate, public_page
from zhitong.kernel.accounts.public import tracked as tracked_ids
from zhitong.kernel.events.public import may_be_late
from zhitong.kernel.matters import public as m
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import named

from ... import queries
from ..forms import JoinForm
from .showing import files, steps

KIND = "appeal"
MOST_BESIDE = 7
JOINED, MOST_JOINED, JOINED_AN_HOUR = "joined", 200, 30


def _wanted(query: Mapping[str, str]) -> queries.PublicFilter:
    """What was asked for; what makes no sense is left out."""
    step = query.get("step", "")
    return queries.PublicFilter(
        street=uuid_of(query.get("street")), category=uuid_of(query.get("category")),
        step=step if step in dict(m.KINDS[KIND].steps) else "", words=clean(query.get("q", "")),
    )  # fmt: skip


def _filters(wanted: queries.PublicFilter) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "streets": [(node.id, str(node)) for node in territory.of_level(territory.Level.STREET)],
        "categories": [(item.id, named(item)) for item in queries.top_categories()],
        "steps": m.KINDS[KIND].steps,
    }


@public_page
@require_safe
@may_be_late
def public_list(request: HttpRequest) -> HttpResponse:
    """The appeals that may be seen, newest first."""
    wanted = _wanted(request.GET)
    rows, newer, older = queries.public_page(
        wanted, before=uuid_of(request.GET.get("before")), after=uuid_of(request.GET.get("after"))
    )
    context = {"rows": rows, "newer": newer, "older": older, **_filters(wanted)}
    return render(request, "appeals/public_list.html", context)


@public_page
@require_safe
@may_be_late
def public_map(request: HttpRequest) -> HttpResponse:
    """The same on a map, with the newest as a list beside it."""
    wanted = _wanted(request.GET)
    rows, _newer, _older = queries.public_page(wanted)
    return render(request, "appeals/public_map.html", {"rows": rows[:MOST_BESIDE], **_filters(wanted)})


def _box(text: str) -> list[float] | None:
    """west,south,east,north in degrees; None when it is not there."""
    if not text:
        return None
    try:
        return list(read_box(text))
    except ValueError:
        raise Refused("bad_box", _("地图范围无效，请刷新页面。"), field="bbox") from None


@public_page
@require_safe
@may_be_late
def public_places(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the public appeals in view, each to some hundred metres."""
    try:
        box = _box(request.GET.get("bbox", ""))
    except Refused as refused:
        return JsonResponse({"code": refused.code, "message": str(refused)}, status=refused.status)
    features = [_feature(one) for one in queries.public_places(_wanted(request.GET), box) if one.point]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _feature(one: queries.Shown) -> dict[str, Any]:
    tone = "good" if one.is_closed else {"on_time": "info", "warning": "warn"}.get(one.grade, "late")
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": one.point},
        "properties": {
            "title": one.title,
            "note": f"{one.stage_label} · {one.place}" if one.place else str(one.stage_label),
            "href": reverse("appeals:public_detail", args=[one.number]),
            "tone": tone,
        },
    }


def _found(number: str) -> m.Matter:
    matter = queries.public_appeal(number)
    if matter is None:
        raise NotFound("not_public", _("没有这件公开的诉求：可能已撤回、并案或不再公开。"))
    return matter


@public_page
@require_safe
def public_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One public appeal."""
    return _detail(request, _found(number), JoinForm())


def _detail(request: HttpRequest, matter: m.Matter, form: JoinForm, status: int = 200) -> HttpResponse:
    (one,) = queries.shown([matter])
    seen = queries.progress_of(matter, is_own=False)
    context = {
        "one": one, "seen": seen, "steps": steps(seen.steps), "form": form, "files": files(matter.number, seen.files), "can_join": not one.is_closed,
        "has_joined": matter.number in request.session.get(JOINED, []), "is_own": matter.pk in tracked_ids(request),
    }  # fmt: skip
    return render(request, "appeals/public_detail.html", context, status=status)


@public_page
@require_POST
def join(request: HttpRequest, number: str) -> HttpResponse:
    """One more with the same trouble; twice from the same browser is once, but for whoever takes appeals down for others."""
    matter, form, desk = _found(number), JoinForm(request.POST), actor_of(request)
    is_desk = desk.may("appeals.register")
    if not is_desk and number in request.session.get(JOINED, []):
        messages.info(request, _("您已经加入过这件诉求。"))
        return redirect("appeals:public_detail", number)
    if not form.is_valid():
        return _detail(request, matter, form, status=422)
    given = {name: value for name, value in form.cleaned_data.items() if value}
    try:
        whose = f"join-desk:{desk.account_id}" if is_desk else f"join:{address_of_client(request)}"
        limit_rate(whose, JOINED_AN_HOUR, 3600)
        m.act(matter.pk, "join", given, by=Actor.resident(tracked_ids(request)), at=timezone.now())
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return come_again(_detail(request, matter, form, status=refused.status), refused)
    if is_desk:
        messages.success(request, _("已把反映人记入诉求%(number)s，不用再登记。") % {"number": number})
        return redirect("appeals:register")
    request.session[JOINED] = [*request.session.get(JOINED, []), number][-MOST_JOINED:]
    messages.success(request, _("已记下：您也遇到同样的问题。办理进展可以在这里查看。"))
    return redirect("appeals:public_detail", number)
