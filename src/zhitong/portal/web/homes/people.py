"""Persons: seen masked, shown in full for a reason, corrected, merged and parted; and tags on anything."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.base.text import mask_name
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.register import public as register
from zhitong.kernel.territory import public as territory

from ..forms import RevealForm
from .crumbs import Crumb, ending, of_household, root
from .editing import edit, sent
from .forms import PersonForm
from .lists import birth
from .places import changing


@requires(register.VIEW_HOMES)
@never_cache
@require_safe
def person(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """One person, masked: where they belong, how they are reached, tags, who might be the same, what was merged into them."""
    by = actor_of(request)
    try:
        one = register.person_for(resident_id, by)
    except NotFound:  # only whoever is not there any more was merged into somebody
        if (kept := register.merged_into(resident_id)) is None:
            raise
        return redirect("portal:resident", kept)
    residences = register.residences_of(one.pk)
    now = next((row for row in residences if row.until is None), None)
    address = now.household.unit.building.address if now else ""
    likely = register.likely_same(by, name=one.name, born_on=one.born_on, address=address, but=one.pk)
    merges = register.merges_of(one.pk)
    context = {
        "one": one, "name": mask_name(one.name), "residences": residences, "contacts": register.contacts_of([one.pk]).get(one.pk, []),
        "tags": register.tags_on("person", [one.pk]).get(one.pk, []), "likely": likely, "merges": merges,
        "labels": territory.labels({row.household.unit.building.division_id for row in residences}),
        "may_manage": by.may(register.MANAGE_HOMES), "may_reveal": by.may("register.reveal"), "crumbs": _crumbs(one, now), "birth": birth,
        "looks": register.looks_at(one.pk, *(merge.gone for merge in merges)) if by.may("register.reveal") else [],
    }  # fmt: skip
    return render(request, "portal/homes/person.html", context)


def _crumbs(one: register.Person, now: register.Residence | None = None, *words: str) -> list[Crumb]:
    crumbs = of_household(now.household) if now else root()
    if not words:
        return ending(crumbs, mask_name(one.name))
    return ending([*crumbs, (mask_name(one.name), reverse("portal:resident", args=[one.pk]))], *words)


@requires("register.reveal")
@never_cache
@changing
def person_reveal(request: HttpRequest, resident_id: UUID, resident_contact_id: UUID | None = None) -> HttpResponse:
    """Ask for the reason, then show the number once."""
    by = actor_of(request)
    one = register.person_for(resident_id, by)
    subject: register.Person | register.Contact = one
    if resident_contact_id:
        rows = register.contacts_of([one.pk]).get(one.pk, [])
        found = next((row for row in rows if row.pk == resident_contact_id), None)
        if found is None:
            raise NotFound("nothing_to_reveal", _("未登记该项信息。"))
        subject = found
    form, value = RevealForm(sent(request)), ""
    if form.is_bound and form.is_valid():
        try:
            value = register.reveal(subject, reason=form.cleaned_data["reason"], by=by, at=timezone.now())
        except Refused as refused:
            form.add_error("reason" if refused.field == "reason" else None, str(refused))
    is_part = bool(request.headers.get("HX-Request"))
    title = _("查看完整信息")
    context = {"form": form, "value": value, "is_part": is_part, "crumbs": _crumbs(one, None, title), "title": title}
    template = "portal/parts/reveal.html" if is_part else "portal/homes/reveal.html"
    return render(request, template, context, status=422 if form.errors else 200)


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def person_edit(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """What is registered of somebody is put right."""
    by = actor_of(request)
    one = register.person_for(resident_id, by, register.MANAGE_HOMES)
    facts = {name: getattr(one, name) for name in ("name", "gender", "born_on", "note", "version")}
    form = PersonForm(sent(request), initial=facts)
    if one.citizen_id_masked:  # they follow from the number, and would give it away
        del form.fields["gender"], form.fields["born_on"]

    def act(said: dict[str, Any]) -> None:
        register.change_person(one.pk, by=by, at=timezone.now(), **said)

    back = reverse("portal:resident", args=[one.pk])
    return edit(request, form, act, title=_("更正人员信息"), back=back, crumbs=_crumbs(one, None, _("更正")))


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def person_merge(request: HttpRequest, resident_id: UUID, other_id: UUID) -> HttpResponse:
    """Two entries side by side; one of them stays."""
    by = actor_of(request)
    both = [register.person_for(pk, by, register.MANAGE_HOMES) for pk in (resident_id, other_id)]
    problem = ""
    if request.method == "POST":
        try:
            register.merge_people(resident_id, other_id, by=by, at=timezone.now())
            messages.success(request, _("已合并，可在本页撤销。"))
            return redirect("portal:resident", resident_id)
        except NotFound:
            raise
        except Refused as refused:
            problem = str(refused)
    ids = [one.pk for one in both]
    places, contacts = register.places_of(ids), register.contacts_of(ids)
    sides = [(one, mask_name(one.name), places.get(one.pk), contacts.get(one.pk, [])) for one in both]
    context = {
        "sides": sides,
        "problem": problem,
        "crumbs": _crumbs(both[0], None, _("合并")),
        "same_birth": _same_birth(*both),
    }
    return render(request, "portal/homes/merge.html", context, status=409 if problem else 200)


def _same_birth(kept: register.Person, gone: register.Person) -> str:
    """Whether both were born on one day, for a page that shows neither day."""
    days = {one.born_on for one in (kept, gone)}
    if None in days:
        return _("有一方没有登记")
    return _("相同") if len(days) == 1 else _("不同")


@requires(register.MANAGE_HOMES)
@require_POST
def merge_undo(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Both are as before."""
    merge = register.merge_for(merge_id, actor_of(request))
    back = "portal:resident" if merge.kind == "person" else "portal:household"
    try:
        register.undo_merge(merge_id, by=actor_of(request), at=timezone.now())
        messages.success(request, _("已撤销合并，两条记录恢复原样。"))
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(back, merge.kept)
