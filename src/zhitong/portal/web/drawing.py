"""Divisions drawn on the map: reshaped, set up, split, merged, renumbered; looked at first, written then, taken back."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import shapely
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from shapely.geometry.base import BaseGeometry

from zhitong.base.errors import NotFound, Refused
from zhitong.base.geometry import Area, Datum, as_area, convert, convert_shape, to_geojson
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import DateInput, RefusableForm, current_ground

Kind = territory.RedrawingKind
MOST_TEXT = 400_000
MOST_LISTED = 50
LEVELS = (
    territory.Level.GRID, territory.Level.MICROGRID, territory.Level.COMMUNITY, territory.Level.ZONE, territory.Level.STREET,
)  # fmt: skip
TONES = {territory.FaultKind.OVERLAP: "bad", territory.FaultKind.GAP: "warn", territory.FaultKind.OUTSIDE: "info"}
COLOURS = {
    territory.FaultKind.OVERLAP: "#a8261c",
    territory.FaultKind.GAP: "#c05313",
    territory.FaultKind.OUTSIDE: "#7d1410",
}
Recoded = tuple[list[tuple[territory.Node, str]], str]
"""Divisions with the codes they would have, and in words what is registered in them."""
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{1,15})?")


class DrawForm(RefusableForm):
    """What is done, to whom, along which points, and from when."""

    kind = forms.ChoiceField(label=_("办理"), choices=Kind.choices, initial=Kind.SHAPE, widget=forms.RadioSelect)
    divisions = forms.CharField(
        label=_("区划编码"), required=False, max_length=2_000,
        help_text=_("在地图上点选，或填写编码；合并填多个，用逗号隔开；新设填上级编码，留空则按所绘位置确定。"),
    )  # fmt: skip
    points = forms.CharField(
        label=_("拐点坐标"), required=False, max_length=MOST_TEXT, widget=forms.Textarea({"rows": 5, "spellcheck": "false"}),
        help_text=_("随绘制自动填写，也可直接修改：每行一个“经度,纬度”，多块之间空一行。"),
    )  # fmt: skip
    is_fitted = forms.BooleanField(
        label=_("与相邻共用边界"), required=False, initial=True,
        help_text=_("占用相邻的由相邻让出，腾出的由相邻补上，超出上级的裁去。"),
    )  # fmt: skip
    parts = forms.CharField(
        label=_("新区划的编码和名称"), required=False, max_length=4_000, widget=forms.Textarea({"rows": 3}),
        help_text=_("每行一个“编码 名称”，拆分的自西向东；预览时自动给出可用编码。变更编码只填新编码。"),
    )  # fmt: skip
    type = forms.ChoiceField(label=_("类型"), required=False, choices=territory.DivisionKind.choices, initial="base")
    on = forms.DateField(label=_("生效日期"), required=False, widget=DateInput, help_text=_("留空表示今天。"))
    reason = forms.CharField(label=_("变更原因"), required=False, max_length=200)
    datum = forms.ChoiceField(required=False, choices=[(d.value, d.value) for d in Datum], widget=forms.HiddenInput)

    field_of: ClassVar[Mapping[str, str]] = {
        "code": "parts", "name": "parts", "parent": "divisions", "geometry": "points", "division": "divisions",
    }  # fmt: skip

    @property
    def day(self) -> date:
        """From which day on; today where none was given."""
        return self.cleaned_data["on"] or timezone.localdate()

    def chosen(self) -> list[UUID]:
        """The divisions by code or id, as they are on the day."""
        return [_known(one, self.day).id for one in re.split(r"[\s,，、;；]+", self.cleaned_data["divisions"]) if one]

    def one(self) -> UUID:
        """The one division it is about."""
        found = self.chosen()
        if len(found) != 1:
            raise Refused("choose_one", _("请在地图上选择一个区划，或填写它的编码。"), field="divisions")
        return found[0]

    def new_parts(self) -> list[tuple[str, str]]:
        """Code and name of each line; a name may be missing."""
        lines = [line.split(None, 1) for line in self.cleaned_data["parts"].splitlines() if line.strip()]
        return [(line[0], line[1].strip() if len(line) > 1 else "") for line in lines]

    def blocks(self) -> list[Any]:
        """The points of each block, in WGS-84."""
        blocks, datum = [], self.cleaned_data["datum"] or Datum.WGS84
        for block in re.split(r"\n\s*\n", self.cleaned_data["points"].replace("\r", "").strip()):
            found = [_NUMBER.findall(line) for line in block.splitlines()]
            if not block or any(len(pair) != 2 for pair in found):
                raise Refused("bad_points", _("请在地图上绘制，或按“经度,纬度”每行填写一个点。"), field="points")
            xy = shapely.get_coordinates(shapely.points([[float(x), float(y)] for x, y in found]))
            blocks.append(list(zip(*convert(xy[:, 0], xy[:, 1], datum, Datum.WGS84), strict=True)))
        return blocks

    def area(self) -> Area:
        """What was drawn, as an area."""
        try:
            return as_area(shapely.union_all([_polygon(block) for block in self.blocks()]))
        except (ValueError, shapely.errors.GEOSException) as error:
            raise Refused("bad_shape", _("边界不是有效的多边形，请重新绘制或检查文件。"), field="points") from error

    def line(self) -> BaseGeometry:
        """What was drawn, as a line."""
        blocks = [block for block in self.blocks() if len(block) > 1]
        if not blocks:
            raise Refused("bad_line", _("请绘制一条至少两个点的分割线。"), field="points")
        return shapely.MultiLineString(blocks)


def _polygon(block: Any) -> BaseGeometry:
    area = shapely.Polygon(block)
    return area if area.is_valid else shapely.make_valid(area, method="structure")


def _known(text: str, on: date) -> territory.Node:
    try:
        found = territory.node(UUID(text), on)
    except ValueError:
        found = territory.by_code(text, on)
    if found is None:
        said = {"code": text[:40]}
        raise NotFound("unknown_division", _("没有编码为“%(code)s”的区划，请更正。") % said, field="divisions")
    return found


def _with_holes(form: DrawForm, division: UUID) -> Area:
    """What was drawn, without what lay in the holes of the division: those are not drawn."""
    drawn = form.area()
    before = territory.areas([division], form.day).get(division)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(before) for ring in part.interiors] if before else []
    return as_area(shapely.difference(drawn, shapely.union_all(holes))) if holes else drawn


def _parent(form: DrawForm, drawn: Area) -> UUID:
    """The division that was named, or the community in which most of what was drawn lies."""
    if form.cleaned_data["divisions"].strip():
        return form.one()
    place = shapely.point_on_surface(drawn)
    found = territory.locate(place.x, place.y, form.day)
    above = found and territory.ancestor(found, territory.Level.COMMUNITY, form.day)
    if not above:
        raise Refused("no_parent_here", _("所绘位置不在任何社区（村）内，请填写上级编码。"), field="divisions")
    return above


def _level(form: DrawForm, parent: UUID) -> str:
    """The level whose codes are three digits longer than the parent's."""
    codes = form.new_parts()
    code = codes[0][0] if codes else next(iter(territory.free_codes(parent, 1, form.day)), "")
    try:
        return territory.level_of(code)
    except ValueError as error:
        raise Refused("bad_code", _("编码应为6位、9位、12位、15位或18位数字，请更正。"), field="parts") from error


def _plan(form: DrawForm) -> territory.Draft | None:
    """What would be so; None where nothing on the map changes."""
    said, on = form.cleaned_data, form.day
    match said["kind"]:
        case Kind.SHAPE:
            mine = form.one()
            return territory.plan_shape(mine, _with_holes(form, mine), on, is_fitted=said["is_fitted"])
        case Kind.NEW:
            drawn = form.area()
            parent = _parent(form, drawn)
            return territory.plan_new(parent, _level(form, parent), drawn, on, is_fitted=said["is_fitted"])
        case Kind.SPLIT:
            return territory.plan_split(form.one(), form.line(), on)
        case Kind.MERGE:
            return territory.plan_merge(form.chosen(), on)
    return None


def _part(form: DrawForm) -> tuple[str, str]:
    parts = form.new_parts()
    if len(parts) != 1:
        raise Refused("one_part", _("请填写一行“编码 名称”，可先预览。"), field="parts")
    return parts[0]


def _save(form: DrawForm, by: Actor) -> territory.Redrawing:
    said = form.cleaned_data
    more: dict[str, Any] = {"reason": said["reason"], "by": by, "at": timezone.now(), "on": said["on"]}
    match said["kind"]:
        case Kind.SHAPE:
            mine = form.one()
            return territory.draw_shape(mine, _with_holes(form, mine), is_fitted=said["is_fitted"], **more)
        case Kind.NEW:
            drawn = form.area()
            parent = _parent(form, drawn)
            return territory.draw_new(
                parent, _level(form, parent), drawn, _part(form), kind=said["type"] or "base",
                is_fitted=said["is_fitted"], **more,
            )  # fmt: skip
        case Kind.SPLIT:
            return territory.draw_split(form.one(), form.line(), form.new_parts(), **more)
        case Kind.MERGE:
            return territory.draw_merge(form.chosen(), _part(form), **more)
    return territory.draw_renumber(form.one(), _part(form)[0], **more)


def _features(draft: territory.Draft, parts: Sequence[str], datum: str) -> dict[str, Any]:
    """What the map shows of a draft, in the coordinates of its ground; ``parts`` are the code and name of each that begins."""
    names = [*parts, *("" for _area in draft.new)]
    drawn = [(area, "#1f6b4a", name) for area, name in zip(draft.new, names, strict=False)]
    drawn += [(area, "#17527a", "") for area in draft.reshaped.values()]
    drawn += [(told.shape, COLOURS[told.kind], "") for told in draft.faults]
    features = [
        {
            "type": "Feature",
            "properties": {"colour": colour, "name": name.partition(" ")[2] or name},
            "geometry": to_geojson(convert_shape(area, Datum.WGS84, datum)),
        }
        for area, colour, name in drawn
    ]
    return {"type": "FeatureCollection", "features": features}


def _suggested(form: DrawForm, draft: territory.Draft) -> str:
    """A code and for grids a name for each that would begin, where nobody has named them yet."""
    if form.cleaned_data["parts"].strip() or not draft.codes:
        return str(form.cleaned_data["parts"])
    is_grid = draft.level == territory.Level.GRID
    return "\n".join(
        f"{code} {now_('第%(n)s网格') % {'n': int(code[-3:])}}" if is_grid else code for code in draft.codes
    )


@requires(territory.MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    """The page; what is sent is shown as it would be, or written."""
    if request.method != "POST":
        chosen = request.GET.get("division", "")[:40]
        return _page(
            request,
            DrawForm(
                initial={"divisions": chosen, "datum": current_ground().data.get("data-ground-datum", Datum.WGS84)}
            ),
        )
    form = DrawForm(request.POST)
    draft, recoded = None, None
    if form.is_valid():
        try:
            if request.POST.get("do") == "save":
                return _saved(request, _save(form, actor_of(request)))
            draft = _plan(form)
            recoded = None if draft else _recoded(form, actor_of(request))
        except Refused as refused:
            form.refuse(refused)
    return _page(request, form, draft, recoded)


def _recoded(form: DrawForm, by: Actor) -> Recoded:
    """Who would have which code, and which homes go with them."""
    mine, day = form.one(), form.day
    found = territory.try_renumber(mine, _part(form)[0], by=by, at=timezone.now(), on=form.cleaned_data["on"])
    rows = [(node, code) for one, code in found.items() if (node := territory.node(one, day)) and node.code != code]
    return rows, territory.buildings_within(territory.within(mine))


def _saved(request: HttpRequest, row: territory.Redrawing) -> HttpResponse:
    messages.success(request, _("已保存，自%(on)s起生效。") % {"on": row.on.isoformat()})
    live = [n for i in reversed(row.divisions) if (n := territory.node(i, row.on))]
    return redirect(f"{reverse('portal:territory_draw')}?division={live[0].code}" if live else "portal:territory_draw")


def _page(
    request: HttpRequest, form: DrawForm, draft: territory.Draft | None = None, recoded: Recoded | None = None
) -> HttpResponse:
    used = [level for level in LEVELS if territory.of_level(level)]
    context: dict[str, Any] = {
        "form": form, "draft": draft, "tones": TONES, "most": MOST_LISTED, "history": territory.redrawings(), "recoded": recoded,
        "levels": [(level.value, territory.level_label(level)) for level in used],
        "bounds": _bounds(form),
    }  # fmt: skip
    if draft:
        context["lines"] = lines = draft.lines
        context["sums"] = sum(line.before for line in lines), sum(line.after for line in lines)
        context["guessed"] = len(draft.following.guessed)
        form.data = {**request.POST.dict(), "parts": _suggested(form, draft)}
        context["parts"] = parts = [" ".join(line.split()) for line in form.data["parts"].splitlines() if line.strip()]
        context["shown"] = _features(draft, parts, form.cleaned_data["datum"] or Datum.WGS84)
    return render(request, "portal/territory/draw.html", context, status=422 if form.errors else 200)


def _bounds(form: DrawForm) -> tuple[float, float, float, float] | None:
    """Where the map begins: at what was chosen."""
    text = str(form["divisions"].value() or "")
    found = [n for one in re.split(r"[\s,，]+", text)[:20] if one and (n := territory.by_code(one))]
    boxes = [box for node in found if (box := territory.bounds(node.id))]
    if not boxes:
        return territory.bounds()
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


@requires(territory.MANAGE)
@require_POST
def undo(request: HttpRequest, redrawing_id: UUID) -> HttpResponse:
    """Take a change back."""
    try:
        row = territory.undo_redrawing(redrawing_id, by=actor_of(request), at=timezone.now())
        messages.success(request, _("已撤销自%(on)s起的调整。") % {"on": row.on.isoformat()})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("portal:territory_draw")


urlpatterns = [
    path("setup/territory/draw", draw, name="territory_draw"),
    path("setup/territory/draw/<uuid:redrawing_id>/undo", undo, name="territory_undo"),
]
