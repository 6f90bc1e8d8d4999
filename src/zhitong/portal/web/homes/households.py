"""Households: seen, opened, changed; people moving in and out; two that are one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import Refused
from zhitong.base.text import mask_name
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.register import public as register
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import refusals_on

from .crumbs import ending, of_building, of_household
from .editing import edit, sent
from .forms import HouseholdForm, LeaveForm, OpenForm, ResidenceForm, ResidentForm
from .lists import id_of, shown
from .places import changing


@requires(register.VIEW_HOMES)
@never_cache
@require_safe
def household(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """One household: who belongs to it (masked), tags, and what was merged into it."""
    by = actor_of(request)
    one = register.household_for(household_id, by)
    residents = register.residents_of([one.pk]).get(one.pk, [])
    ids = [row.person_id for row in residents]
    contacts, tags = register.contacts_of(ids), register.tags_on("person", ids)
    beside = register.households_of_unit(one.unit_id, but=one.pk)
    context = {
        "one": one, "place": territory.label(one.unit.building.division_id), "may_manage": by.may(register.MANAGE_HOMES),
        "rows": [(row, shown(row.person, row, contacts), tags.get(row.person_id, [])) for row in residents],
        "tags": register.tags_on("household", [one.pk]).get(one.pk, []), "beside": [(b, _head(b, heads)) for b, heads in beside],
        "merges": register.merges_of(one.pk), "crumbs": ending(of_building(one.unit.building), one.unit),
    }  # fmt: skip
    return render(request, "portal/homes/household.html", context)


def _head(_one: register.Household, residents: list[register.Residence]) -> str:
    return mask_name(residents[0].person.name) if residents else "—"


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def household_new(request: HttpRequest, home_unit_id: UUID) -> HttpResponse:
    """A household in a unit, with its first person, the head."""
    by = actor_of(request)
    unit = register.unit_for(home_unit_id, by, register.MANAGE_HOMES)
    form = OpenForm(sent(request), initial={"role": "head"})
    likely = _likely(by, form, unit.building, request)

    def act(said: dict[str, Any]) -> str:
        one = register.open_household(
            unit.pk, [_resident(said, request)], by=by, at=timezone.now(), kind=said["household_kind"], note=said["note"], moves=said["moves"]
        )  # fmt: skip
        return reverse("portal:household", args=[one.pk])

    back = reverse("portal:home_building", args=[unit.building_id])
    title = pgettext("button", "登记住户")
    crumbs = ending(of_building(unit.building), unit, title)
    return edit(
        request, form, _asking(form, likely, request, act), title=title, back=back, crumbs=crumbs, likely=likely
    )


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def household_edit(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Another kind or note."""
    by = actor_of(request)
    one = register.household_for(household_id, by, register.MANAGE_HOMES)
    form = HouseholdForm(sent(request), initial={"kind": one.kind, "note": one.note, "version": one.version})

    def act(said: dict[str, Any]) -> None:
        register.change_household(one.pk, by=by, at=timezone.now(), **said)

    back = reverse("portal:household", args=[one.pk])
    return edit(request, form, act, title=_("更正住户信息"), back=back, crumbs=ending(of_household(one), _("更正")))


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def household_join(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Somebody joins; who might be registered already is offered first."""
    by = actor_of(request)
    one = register.household_for(household_id, by, register.MANAGE_HOMES)
    form = ResidentForm(sent(request), initial={"version": one.version})
    likely = _likely(by, form, one.unit.building, request)

    def act(said: dict[str, Any]) -> None:
        resident = _resident(said, request)
        register.move_in(one.pk, resident, by=by, at=timezone.now(), version=said["version"], moves=said["moves"])

    back = reverse("portal:household", args=[one.pk])
    title = pgettext("button", "登记人员")
    crumbs = ending(of_household(one), title)
    return edit(
        request, form, _asking(form, likely, request, act), title=title, back=back, crumbs=crumbs, likely=likely
    )


def _likely(by: Actor, form: ResidentForm, building: register.Building, request: HttpRequest) -> list[register.Likely]:
    if not form.is_bound or not form.is_valid():
        return []
    said = form.cleaned_data
    return register.likely_same(
        by, name=said["name"], citizen_id=said["citizen_id"], phone=said["phone"], born_on=said["born_on"], address=building.address
    )  # fmt: skip


def _asking(form: ResidentForm, likely: list[register.Likely], request: HttpRequest, act: Any) -> Any:
    """``act``, once it is said which of those who are likely it is, or none of them."""
    chosen = request.POST.get("chosen", "")

    def asked(said: dict[str, Any]) -> Any:
        known = {str(one.person.pk) for one in likely}
        if likely and chosen not in known | {"another"}:
            raise Refused("likely_same", _("登记中已有可能相同的人，请在下方选择是其中哪一位，或者确认是另一个人。"))
        return act(said)

    return asked


def _resident(said: dict[str, Any], request: HttpRequest) -> register.NewResident:
    """Who was typed, or who was chosen among those who are registered."""
    chosen = request.POST.get("chosen", "")
    return register.NewResident(
        said["since"], register.NewPerson(said["name"], said["phone"], "", said["citizen_id"]), id_of(chosen), said["role"],
        said["kind"], said["gender"], said["born_on"], is_another=chosen == "another",
    )  # fmt: skip


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def residence_edit(request: HttpRequest, household_id: UUID, resident_id: UUID) -> HttpResponse:
    """What somebody is in the household."""
    by = actor_of(request)
    one = register.household_for(household_id, by, register.MANAGE_HOMES)
    row = register.residence_for(one, resident_id)
    facts = {"role": row.role, "kind": row.kind, "since": row.since, "version": one.version}
    form = ResidenceForm(sent(request), initial=facts)

    def act(said: dict[str, Any]) -> None:
        register.change_residence(one.pk, resident_id, by=by, at=timezone.now(), **said)

    back = reverse("portal:household", args=[one.pk])
    crumbs = ending(of_household(one), mask_name(row.person.name))
    return edit(request, form, act, title=_("更正居住登记"), back=back, crumbs=crumbs)


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def residence_end(request: HttpRequest, household_id: UUID, resident_id: UUID) -> HttpResponse:
    """Somebody moved out."""
    by = actor_of(request)
    one = register.household_for(household_id, by, register.MANAGE_HOMES)
    row = register.residence_for(one, resident_id)
    form = LeaveForm(sent(request), initial={"version": one.version})

    def act(said: dict[str, Any]) -> None:
        register.move_out(one.pk, resident_id, by=by, at=timezone.now(), **said)

    back = reverse("portal:household", args=[one.pk])
    crumbs = ending(of_household(one), mask_name(row.person.name))
    return edit(request, form, act, title=_("登记迁出"), back=back, crumbs=crumbs, button=pgettext("button", "迁出"))


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def household_end(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """The household is no more: everybody moved out."""
    by = actor_of(request)
    one = register.household_for(household_id, by, register.MANAGE_HOMES)
    form = LeaveForm(sent(request), initial={"version": one.version})

    def act(said: dict[str, Any]) -> None:
        register.end_household(one.pk, on=said["until"], by=by, at=timezone.now(), version=said["version"])

    back = reverse("portal:home_building", args=[one.unit.building_id])
    title = _("整户迁出")
    return edit(
        request,
        form,
        act,
        title=title,
        back=back,
        crumbs=ending(of_household(one), title),
        button=pgettext("button", "销户"),
    )


@requires(register.MANAGE_HOMES)
@require_POST
@refusals_on("portal:household", "household_id")
def household_merge(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Another household of the unit is the same."""
    register.household_for(household_id, actor_of(request), register.MANAGE_HOMES)
    other = id_of(request.POST.get("other", ""))
    if other is None:
        raise Refused("same_entry", _("请选择两条不同的记录。"))
    register.merge_households(household_id, other, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已合并，可在本页撤销。"))
    return redirect("portal:household", household_id)
