"""Firms for the staff: found by name or code, seen with their people masked, taken over from a table."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.books import EXCEL, on_disk, text_book
from zhitong.base.errors import NotFound, Refused
from zhitong.base.money import in_digits
from zhitong.base.text import clean, mask_name
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.organisation.public import ImportResult
from zhitong.kernel.register import public as register
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import TableForm, Waiting, drop_waiting, keep_waiting, refusals_on, waiting_file

from .forms import RevealForm
from .homes.editing import edit, sent
from .homes.forms import ExportForm, FirmPlaceForm

MOST_CODE, WAITING = 18, "firms_import"


@requires(register.VIEW_FIRMS)
@require_safe
def firms(request: HttpRequest) -> HttpResponse:
    """The firms, by words of the name or the start of a code."""
    query, by = request.GET, actor_of(request)
    words, after = clean(query.get("q", ""))[:60], query.get("after", "")[:MOST_CODE].replace("\x00", "")
    kind = query.get("kind", "") if query.get("kind", "") in register.FirmKind.values else ""
    state = query.get("state", "") if query.get("state", "") in register.FirmState.values else ""
    found = register.search_firms(by, words=words, kind=kind, state=state, after=after)
    context = {
        "found": found, "words": words, "kind": kind, "state": state, "kinds": register.FirmKind.choices,
        "states": register.FirmState.choices, "may_manage": by.may(register.MANAGE_FIRMS),
    }  # fmt: skip
    return render(request, "portal/setup/firms.html", context)


@requires(register.VIEW_FIRMS)
@never_cache
@require_safe
def firm(request: HttpRequest, firm_id: UUID) -> HttpResponse:
    """One firm: what is registered, and its people, numbers masked."""
    by = actor_of(request)
    found = register.firm_for(firm_id, by)
    people = register.people_of(found)
    contacts = register.contacts_of([person.pk for person in people])
    context = {
        "firm": found, "place": territory.label(found.division_id), "capital": in_digits(found.capital) if found.capital else "",
        "people": [_shown(found, person, contacts.get(person.pk, [])) for person in people], "may_reveal": by.may("register.reveal"),
        "holders": [(h, in_digits(h.amount)) for h in found.holders.all()], "may_manage": by.may(register.MANAGE_FIRMS),
    }  # fmt: skip
    return render(request, "portal/setup/firm.html", context)


def _shown(found: register.Firm, person: register.Person, contacts: list[register.Contact]) -> dict[str, Any]:
    """Who is on public record is named; of a liaison only the surname."""
    parts = [_("法定代表人")] if found.legal_id == person.pk else []
    parts += [_("股东")] if any(h.person_id == person.pk for h in found.holders.all()) else []
    parts += [str(o.get_duty_display()) for o in found.officers.all() if o.person_id == person.pk]
    is_public = bool(parts)
    parts += [_("联络员")] if found.liaison_id == person.pk else []
    name = person.name if is_public else mask_name(person.name)
    return {"person": person, "name": name, "parts": _("、").join(dict.fromkeys(parts)), "contacts": contacts}


@requires("register.reveal")
@never_cache
@require_http_methods(["GET", "POST"])
def firm_reveal(
    request: HttpRequest, firm_id: UUID, firm_person_id: UUID, firm_contact_id: UUID | None = None
) -> HttpResponse:
    """Ask for the reason, then show the number once."""
    by = actor_of(request)
    found = register.firm_for(firm_id, by)
    subject = _subject(found, firm_person_id, firm_contact_id)
    form, value = RevealForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        try:
            value = register.reveal(subject, reason=form.cleaned_data["reason"], by=by, at=timezone.now())
        except Refused as refused:
            form.add_error("reason" if refused.field == "reason" else None, str(refused))
    is_part = bool(request.headers.get("HX-Request"))
    template = "portal/parts/reveal.html" if is_part else "portal/setup/firm_reveal.html"
    context = {"firm": found, "form": form, "value": value, "is_part": is_part}
    return render(request, template, context, status=422 if form.errors else 200)


def _subject(found: register.Firm, person_id: UUID, contact_id: UUID | None) -> register.Person | register.Contact:
    person = next((one for one in register.people_of(found) if one.pk == person_id), None)
    if person is None:
        raise NotFound("no_person", _("没有登记这个人，可能已被删除。"))
    if contact_id is None:
        return person
    rows = register.contacts_of([person.pk]).get(person.pk, [])
    contact = next((row for row in rows if row.pk == contact_id), None)
    if contact is None:
        raise NotFound("nothing_to_reveal", _("未登记该项信息。"))
    return contact


@requires(register.MANAGE_FIRMS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_on("portal:firms_import")
def firms_import(request: HttpRequest) -> HttpResponse:
    """Take a table over: tried first, without keeping anything; what was tried is written."""
    is_sent, is_write = request.method == "POST", request.POST.get("do") == "write"
    form = TableForm(request.POST, request.FILES) if is_sent and not is_write else TableForm()
    result = None
    if is_write:
        result = _imported(request, waiting_file(request, WAITING), dry_run=False)
        drop_waiting(request, WAITING)
    elif is_sent and form.is_valid():
        file = Waiting(form.cleaned_data["file"].name, form.cleaned_data["file"].read(), {})
        try:
            result = _imported(request, file, dry_run=True)
            keep_waiting(request, WAITING, file)
        except Refused as refused:
            form.refuse(refused)
    context = {"form": form, "result": result}
    return render(request, "portal/setup/firms_import.html", context, status=422 if form.errors else 200)


def _imported(request: HttpRequest, file: Waiting, *, dry_run: bool) -> ImportResult:
    return register.import_firms_content(file.content, by=actor_of(request), at=timezone.now(), dry_run=dry_run)


@requires(register.VIEW_FIRMS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def firms_export(request: HttpRequest) -> HttpResponseBase:
    """The firms of a search, masked, or for a reason in full."""
    by, at = actor_of(request), timezone.now()
    asked = {name: clean(request.GET.get(name, ""))[:60] for name in ("words", "kind", "state")}
    form = ExportForm(by.may(register.EXPORT_FULL), sent(request))
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            in_full = said.get("content") == "full"
            rows = register.export_firms(**asked, by=by, at=at, in_full=in_full, reason=said.get("reason", ""))
        except Refused as refused:
            form.refuse(refused)
        else:
            heading = register.firms_heading((get_language() or "").startswith("en"))
            name = _("市场主体-%(at)s.xlsx") % {"at": timezone.localtime(at).strftime("%Y%m%d-%H%M")}
            book = on_disk(text_book(_("市场主体"), [heading, *rows]))
            return FileResponse(book, as_attachment=True, filename=name, content_type=EXCEL)
    context = {"form": form, "words": asked["words"]}
    return render(request, "portal/setup/firms_export.html", context, status=422 if form.errors else 200)


@requires(register.MANAGE_FIRMS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def firm_place(request: HttpRequest, firm_id: UUID) -> HttpResponse:
    """The unit in which it works, by division, building and door; nothing filled in is nowhere."""
    found = register.firm_for(firm_id, actor_of(request))
    unit = found.unit
    node = territory.node(unit.building.division_id) if unit else None
    facts = (
        {
            "division": node.code if node else "",
            "building": unit.building.name,
            "entrance": unit.entrance,
            "number": unit.number,
        }
        if unit
        else {}
    )
    form = FirmPlaceForm(sent(request), initial=facts)

    def act(said: dict[str, Any]) -> None:
        register.place_firm(found.pk, said["unit"], by=actor_of(request), at=timezone.now())

    back = reverse("portal:firm", args=[found.pk])
    crumbs = [(_("市场主体"), reverse("portal:firms")), (found.name, back), (_("所在房屋"), None)]
    return edit(request, form, act, title=_("登记所在房屋"), back=back, crumbs=crumbs, lead="")


@requires(register.MANAGE_FIRMS)
@require_safe
def firms_template(request: HttpRequest) -> HttpResponse:
    """The headings of the table."""
    headers = {"Content-Disposition": 'attachment; filename="zhitong-firms-template.csv"'}
    return HttpResponse(register.template_csv(), content_type="text/csv; charset=utf-8", headers=headers)


_FIRM = "setup/firms/<uuid:firm_id>"
urlpatterns = [
    path("setup/firms/", firms, name="firms"),
    path("setup/firms/import", firms_import, name="firms_import"),
    path("setup/firms/export", firms_export, name="firms_export"),
    path("setup/firms/template.csv", firms_template, name="firms_template"),
    path(f"{_FIRM}/", firm, name="firm"),
    path(f"{_FIRM}/place", firm_place, name="firm_place"),
    path(f"{_FIRM}/people/<uuid:firm_person_id>/reveal", firm_reveal, name="firm_reveal"),
    path(
        f"{_FIRM}/people/<uuid:firm_person_id>/reveal/<uuid:firm_contact_id>", firm_reveal, name="firm_reveal_contact"
    ),
]
