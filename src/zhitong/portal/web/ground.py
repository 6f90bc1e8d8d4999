"""The page on which the district chooses the tiles beneath its maps: looked at in the browser first, kept then."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import Refused
from zhitong.base.ground import Ground
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import RefusableForm, current_ground

from ..actions.ground import checked_ground, choose_ground

_TIANDITU = (
    "https://t0.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)


def _tianditu(layer: str) -> str:
    return _TIANDITU.format(layer=layer)


# What is filled in for a source: tiles, labels, attribution, datum, zoom.
SOURCES: dict[str, tuple[Any, dict[str, Any]]] = {
    "vec": (_("天地图矢量"), {
        "tiles": _tianditu("vec"), "labels": _tianditu("cva"), "attribution": "天地图", "datum": "wgs84", "zoom": 18,
    }),
    "img": (_("天地图影像"), {
        "tiles": _tianditu("img"), "labels": _tianditu("cia"), "attribution": "天地图", "datum": "wgs84", "zoom": 18,
    }),
    "own": (_("其他瓦片服务（XYZ）"), {}),
}  # fmt: skip


class GroundForm(RefusableForm):
    """A source of tiles, and the key for it."""

    source = forms.ChoiceField(label=_("来源"), choices=[(slug, label) for slug, (label, _given) in SOURCES.items()],
                               widget=forms.RadioSelect, initial="vec")  # fmt: skip
    key = forms.CharField(
        label=_("地图密钥"), required=False, max_length=200, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
        help_text=_("请申请浏览器端密钥：瓦片由浏览器直接读取，密钥随请求发出。保存后加密存放，不再显示；留空表示沿用已存的密钥。"),
    )  # fmt: skip
    tiles = forms.CharField(
        label=_("底图地址"), required=False, max_length=600,
        help_text=_("EPSG:3857瓦片，含{z}、{x}、{y}，密钥处写{key}。选天地图时不用填写。"),
    )  # fmt: skip
    labels = forms.CharField(
        label=_("注记地址"), required=False, max_length=600, help_text=_("叠在底图上的地名，可留空。")
    )
    attribution = forms.CharField(label=_("版权说明"), required=False, max_length=200, help_text=_("显示在地图角上。"))
    datum = forms.ChoiceField(
        label=_("瓦片的坐标系"), required=False, initial="wgs84",
        choices=[("wgs84", "WGS-84 / CGCS2000"), ("gcj02", "GCJ-02")],
        help_text=_("选GCJ-02时，边界和点位在显示时移到瓦片上，点选时再移回；BD-09的瓦片切分方式不同，不支持。"),
    )  # fmt: skip
    zoom = forms.IntegerField(label=_("最大级别"), required=False, initial=18, min_value=1, max_value=22)

    def said(self) -> dict[str, Any]:
        """What was chosen: of a known source its own addresses."""
        data = self.cleaned_data
        given = {name: data[name] for name in ("tiles", "labels", "attribution")}
        own = {**given, "datum": data["datum"] or "wgs84", "zoom": data["zoom"] or 18}
        return {"key": data["key"], **own, **SOURCES[data["source"]][1]}


def _initial() -> dict[str, Any]:
    """What is kept, as the form says it; never the key."""
    row = territory.GroundChoice.objects.first()
    if row is None:
        return {}
    kept = {name: getattr(row, name) for name in ("tiles", "labels", "attribution", "datum", "zoom")}
    source = next((slug for slug, (_label, given) in SOURCES.items() if given.get("tiles") == row.tiles), "own")
    return {"source": source, **kept}


@requires(territory.MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ground(request: HttpRequest) -> HttpResponse:
    """The page; what is sent is shown on a map, or kept."""
    form = GroundForm(request.POST) if request.method == "POST" else GroundForm(initial=_initial())
    shown: Ground | None = None
    if form.is_bound and form.is_valid():
        try:
            if not form.said()["tiles"]:
                raise Refused("no_tiles", _("请填写底图地址。"), field="tiles")
            if request.POST.get("do") == "save":
                choose_ground(**form.said(), by=actor_of(request), at=timezone.now())
                messages.success(request, _("已保存，地图页面刷新后即使用新底图。"))
                return redirect("portal:territory_ground")
            shown, _key = checked_ground(**form.said())
        except Refused as refused:
            form.refuse(refused)
    kept = territory.GroundChoice.objects.first()
    current = current_ground()
    context = {
        "form": form, "kept": kept, "current": current, "preview": shown, "shown": shown or current,
        "bounds": territory.bounds(),
    }  # fmt: skip
    answer = render(request, "portal/territory/ground.html", context, status=422 if form.errors else 200)
    answer.map_origins = (shown or current).origins  # type: ignore[attr-defined]
    return answer


@requires(territory.MANAGE)
@require_POST
def ground_drop(request: HttpRequest) -> HttpResponse:
    """Our own shapes alone again, or what the environment says."""
    territory.drop_ground(by=actor_of(request), at=timezone.now())
    messages.success(request, _("已停用，地图恢复为原来的底图。"))
    return redirect("portal:territory_ground")


urlpatterns = [
    path("setup/territory/ground", ground, name="territory_ground"),
    path("setup/territory/ground/drop", ground_drop, name="territory_ground_drop"),
]
