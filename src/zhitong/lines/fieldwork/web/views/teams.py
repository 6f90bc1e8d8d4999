"""The teams of the grids: who is there, who is away, how much lies on each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.books import EXCEL, on_disk, text_book
from zhitong.base.errors import NotFound, Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.organisation.public import posts_of_divisions
from zhitong.kernel.territory.public import Level, Node, ancestor, label, labels, of_level
from zhitong.ui.public import RefusableForm, content_answer

from ...actions import teams as do
from ...permissions import TEAM, own_grid, streets
from ...queries import teams as reading
from ...queries.load import DAYS, loads, table
from ..forms import CallForm, HandOverForm, LeaveForm, ReserveForm, StandInForm

SHOWN = 50
managing = requires(TEAM)


def _street(request: HttpRequest) -> tuple[Node, list[Node]]:
    """The street asked for, the first one by default, and all there are to choose from."""
    known = streets(actor_of(request))
    if not known:
        raise NotFound("no_street", _("您管理的范围内没有街镇，不需要安排网格员。"))
    asked = request.GET.get("street", "") or request.POST.get("street", "")
    return next((one for one in known if str(one.id) == asked), known[0]), known


def _page(request: HttpRequest) -> int:
    said = request.GET.get("page", "")
    return int(said) if said.isascii() and said.isdigit() and 0 < len(said) < 5 and int(said) else 1


@managing
@never_cache
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """The grids of a street with their workers; those nobody is there for can be listed alone."""
    street, known = _street(request)
    page, only, today = _page(request), request.GET.get("only", ""), timezone.localdate()
    grids, at = of_level(Level.GRID, street.id), (page - 1) * SHOWN
    if only == "alone":
        alone = [team for team in reading.teams(grids, today) if not team.present]
        count, shown = len(alone), [team.grid for team in alone[at : at + SHOWN]]
    else:
        count, shown = len(grids), grids[at : at + SHOWN]
    context = {
        "street": street, "streets": known, "teams": reading.teams(shown, today, with_load=True), "count": count, "page": page,
        "has_more": count > page * SHOWN, "only": only, "places": labels([grid.id for grid in shown]),
    }  # fmt: skip
    return render(request, "fieldwork/teams.html", context)


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest, division_id: UUID) -> HttpResponse:
    """One grid: who is there from when to when, and the forms that change it."""
    by, today = actor_of(request), timezone.localdate()
    one = own_grid(by, division_id)
    street = ancestor(one.id, Level.STREET) or one.id
    forms: dict[str, RefusableForm] = {}
    for name, kind in (("hand_over", HandOverForm), ("stand_in", StandInForm), ("call", CallForm)):
        sent = (request.POST,) if request.method == "POST" and request.POST.get("do") == name else ()
        forms[name] = kind(*sent, street_id=street, today=today, prefix=name)
    if request.method == "POST" and _done(request, lambda: _change(request, one.id, forms)):
        return redirect("fieldwork:grid", one.id)
    (team,) = reading.teams([one], today, with_load=True)
    later = posts_of_divisions([one.id], today).model.objects.filter(
        post__division=one.id, valid_from__gt=today
    ).select_related("staff").order_by("valid_from")[:SHOWN]  # fmt: skip
    context = {
        "grid": one, "place": label(one.id), "team": team, "later": later, "forms": forms, "street": street,
        "has_reserve": bool(reading.reserves(street)),
    }  # fmt: skip
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "fieldwork/grid.html", context, status=status)


def _done(request: HttpRequest, change: Callable[[], bool]) -> bool:
    """Whether it was done; what was refused outside a form is told above the page."""
    try:
        return change()
    except Refused as refused:
        messages.error(request, str(refused))
        return True


def _uuid(said: str) -> UUID:
    found = uuid_of(said)
    if found is None:
        raise NotFound("gone", _("没有找到，请刷新后重试。"))
    return found


def _change(request: HttpRequest, grid_id: UUID, forms: dict[str, RefusableForm]) -> bool:
    """What one of the forms of a grid asks for; False where it must be shown again."""
    who: dict[str, Any] = {"by": actor_of(request), "at": timezone.now()}
    wanted = request.POST.get("do", "")
    if wanted == "release":
        do.release(grid_id, _uuid(request.POST.get("appointment", "")), on=timezone.localdate(), **who)
        return True

    def arrange(staff_id: UUID, said: dict[str, Any]) -> None:
        if wanted == "hand_over":
            do.hand_over(grid_id, staff_id, on=said["on"], **who)
        else:
            do.stand_in(grid_id, staff_id, is_call=wanted == "call", **said, **who)

    return _by_form(request, forms.get(wanted), arrange)


def _by_form(request: HttpRequest, form: RefusableForm | None, arrange: Callable[[UUID, dict[str, Any]], None]) -> bool:
    """What a form says of somebody, arranged; False where it must be shown again, with what is wrong."""
    if form is None:
        raise Refused("unknown", _("没有这项操作，请刷新后重试。"))
    if not form.is_valid():
        return False
    said = dict(form.cleaned_data)
    try:
        arrange(UUID(said.pop("staff")), said)
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("已安排。"))
    return True


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The workers of a street: load, leave, the reserve team."""
    street, known = _street(request)
    today = timezone.localdate()
    forms: dict[str, RefusableForm] = {}
    for name, kind in (("leave", LeaveForm), ("reserve", ReserveForm)):
        sent = (request.POST,) if request.method == "POST" and request.POST.get("do") == name else ()
        forms[name] = kind(*sent, street_id=street.id, today=today, prefix=name)
    if request.method == "POST" and _done(request, lambda: _arrange(request, street.id, forms)):
        answer = redirect("fieldwork:people")
        answer["Location"] += f"?street={street.id}"
        return answer
    context = {"street": street, "streets": known, "loads": loads(street.id, today), "forms": forms, "days": DAYS}
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "fieldwork/people.html", context, status=status)


@managing
@never_cache
@require_safe
def load(request: HttpRequest) -> HttpResponse:
    """The load of a street's workers as a workbook."""
    street, _known = _street(request)
    today = timezone.localdate()
    book = text_book(_("人员负荷"), table(loads(street.id, today)), widths=(14, 10, 10, 10, 10, 10))
    name = _("人员负荷-%(street)s-%(day)s.xlsx") % {"street": street, "day": today.isoformat()}
    return content_answer(on_disk(book).read(), name, EXCEL, is_saved=True)


def _arrange(request: HttpRequest, street_id: UUID, forms: dict[str, RefusableForm]) -> bool:
    """What one of the forms of the people of a street asks for; False where it must be shown again."""
    by, at, today = actor_of(request), timezone.now(), timezone.localdate()
    wanted, which = request.POST.get("do", ""), request.POST.get("which", "")
    if wanted == "back":
        do.call_back(_uuid(which), street_id, on=today, by=by, at=at)
        return True
    if wanted == "drop":
        do.leave_reserve(_uuid(which), street_id, by=by)
        return True

    def arrange(staff_id: UUID, said: dict[str, Any]) -> None:
        if wanted == "reserve":
            do.join_reserve(staff_id, street_id, by=by, at=at)
        else:
            said["substitute"] = UUID(said["substitute"]) if said["substitute"] else None
            do.send_on_leave(staff_id, street_id, **said, by=by, at=at)

    return _by_form(request, forms.get(wanted), arrange)
