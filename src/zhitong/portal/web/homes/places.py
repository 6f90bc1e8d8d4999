"""Buildings and units: seen and changed."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.text import mask_name
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.register import public as register
from zhitong.kernel.territory import public as territory

from .crumbs import ending, of_building, root
from .editing import edit, sent
from .forms import BuildingForm, UnitForm
from .lists import id_of

changing = require_http_methods(["GET", "HEAD", "POST"])


@requires(register.VIEW_HOMES)
@never_cache
@require_safe
def building(request: HttpRequest, home_building_id: UUID) -> HttpResponse:
    """One building: its units, who lives and works there (masked)."""
    by = actor_of(request)
    one = register.building_for(home_building_id, by)
    homes = register.read_homes([one])
    context = {
        "one": one, "place": territory.label(one.division_id), "units": homes.buildings[0].units, "tags": homes.tags,
        "may_manage": by.may(register.MANAGE_HOMES), "mask": mask_name, "crumbs": ending(root(), one.name),
    }  # fmt: skip
    return render(request, "portal/homes/building.html", context)


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def building_new(request: HttpRequest) -> HttpResponse:
    """A new building, in the division from which one came."""
    node = territory.node(inside) if (inside := id_of(request.GET.get("in", ""))) else None
    form = BuildingForm(sent(request), initial={"division": node.code if node else ""})
    del form.fields["ended_on"]

    def act(said: dict[str, Any]) -> str:
        said.pop("version")
        new = register.NewBuilding(division_id=said.pop("division"), **said)
        (row,) = register.add_buildings([new], by=actor_of(request), at=timezone.now())
        return reverse("portal:home_building", args=[row.pk])

    title = pgettext("button", "登记楼栋")
    return edit(request, form, act, title=title, back=reverse("portal:homes"), crumbs=ending(root(), title))


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def building_edit(request: HttpRequest, home_building_id: UUID) -> HttpResponse:
    """Other facts of a building."""
    by = actor_of(request)
    one = register.building_for(home_building_id, by, register.MANAGE_HOMES)
    node = territory.node(one.division_id)
    facts = {
        name: getattr(one, name) for name in ("name", "address", "kind", "floors", "lon", "lat", "ended_on", "version")
    }
    form = BuildingForm(sent(request), initial={**facts, "division": node.code if node else ""})

    def act(said: dict[str, Any]) -> None:
        register.change_building(one.pk, by=by, at=timezone.now(), division_id=said.pop("division"), **said)

    back = reverse("portal:home_building", args=[one.pk])
    return edit(request, form, act, title=_("更正楼栋信息"), back=back, crumbs=ending(of_building(one), _("更正")))


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def unit_new(request: HttpRequest, home_building_id: UUID) -> HttpResponse:
    """A unit of a building."""
    by = actor_of(request)
    one = register.building_for(home_building_id, by, register.MANAGE_HOMES)
    form = UnitForm(sent(request))
    del form.fields["ended_on"]

    def act(said: dict[str, Any]) -> None:
        said.pop("version")
        register.add_units(one.pk, [register.NewUnit(**said)], by=by, at=timezone.now())

    back = reverse("portal:home_building", args=[one.pk])
    return edit(
        request,
        form,
        act,
        title=pgettext("button", "登记房屋"),
        back=back,
        crumbs=ending(of_building(one), pgettext("button", "登记房屋")),
    )


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def unit_edit(request: HttpRequest, home_unit_id: UUID) -> HttpResponse:
    """Other facts of a unit."""
    by = actor_of(request)
    one = register.unit_for(home_unit_id, by, register.MANAGE_HOMES)
    facts = {name: getattr(one, name) for name in ("entrance", "floor", "number", "use", "ended_on", "version")}
    form = UnitForm(sent(request), initial=facts)

    def act(said: dict[str, Any]) -> None:
        register.change_unit(one.pk, by=by, at=timezone.now(), **said)

    back = reverse("portal:home_building", args=[one.building_id])
    return edit(
        request,
        form,
        act,
        title=_("更正房屋信息"),
        back=back,
        crumbs=ending(of_building(one.building), str(one), _("更正")),
    )
