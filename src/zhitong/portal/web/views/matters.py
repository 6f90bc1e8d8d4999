"""All matters one may see: filters, search, saved views, the bar for what is ticked."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.base.identifiers import check_number
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.matters.public import advice, visible_matters

from ... import actions
from ...queries import listing, paging, waiting
from ..forms import AssignForm, MatterFilter
from .place import MOVING, ListPlace, sort_of

SIZE = 30


@requires("matters.view")
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """The list."""
    by = actor_of(request)
    form = MatterFilter(request.GET)
    wanted = form.wanted()
    after, before = (paging.read_key(request.GET.get(name, "")) for name in ("after", "before"))
    sort = sort_of(request.GET)
    rows, gathered = listing.listed(by, wanted, sort)
    is_newest = wanted.get("q") and sort == paging.NEWEST and before is None
    found = listing.newest_found(by, wanted, SIZE + 1, after.id if after else None) if is_newest else rows
    shown = found.select_related("lead").defer("text", "tracking", "path")
    page = paging.page(shown, sort, SIZE, after=after, before=before, gathered=gathered)
    context = {
        "form": form,
        "problems": [(form.fields[name].label, errors[0]) for name, errors in form.errors.items()],
        "words": form.words(),
        "is_open": form.is_open,
        "params": request.GET,
        "sort": sort,
        "advice": advice(request.GET.get("q", "")),
        "of_applicant": "" if page.rows else _of_applicant(by, wanted),
        "count": listing.count(gathered or rows, listing.MOST_LISTED),
        "most_counted": listing.MOST_LISTED,
        "lines": listing.lines(page.rows, waiting.own_organs(by)),
        "page": page,
        "place": ListPlace.of_matters(request.GET),
        "views": list(listing.saved_views(by)),
        "assign": AssignForm(by) if by.may("matters.assign") else None,
        "may_export": by.may("matters.export"),
        "query": filters_of(request.GET).urlencode(),
    }
    return render(request, "portal/matters.html", context)


def _of_applicant(by: Actor, wanted: Mapping[str, Any]) -> str:
    """What was searched for, where nothing holds it but somebody who applied is called so."""
    typed = str(wanted.get("q") or "")
    return typed if typed and listing.filtered(by, {"who": typed}).exists() else ""


def filters_of(params: QueryDict) -> QueryDict:
    """The filters and the order in ``params``, without empty ones and without the place in the list."""
    kept = QueryDict(mutable=True)
    known = {*MatterFilter.base_fields, "sort"}
    kept.update({k: str(v) for k, v in params.items() if v and k in known and k not in MOVING})
    return kept


@requires("matters.view")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was typed above: a whole number opens its matter, anything else searches the list."""
    typed = request.GET.get("q", "").strip()[:100]
    digits = "".join(c for c in typed if c.isdigit())
    if check_number(digits):
        found = visible_matters(actor_of(request)).filter(number=digits).values_list("pk", flat=True).first()
        if found:
            return redirect("portal:matter", found)
    query = QueryDict(mutable=True)
    query["q"] = typed
    return redirect(f"{reverse('portal:matters')}?{query.urlencode()}")


@requires("matters.assign")
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Put what was ticked into a colleague's hands, and say row by row what became of it."""
    by, now = actor_of(request), timezone.now()
    form = AssignForm(by, request.POST)
    back = ListPlace.of(request)
    if not form.is_valid():
        messages.error(request, str(form.errors["staff"][0]))
        return redirect(back.href)
    try:
        results = actions.assign_many(ids_of(request.POST.getlist("matter")), form.cleaned_data["staff"], by=by, at=now)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(back.href)
    context: dict[str, Any] = {
        "results": results,
        "done": sum(not r.why for r in results),
        "failed": sum(bool(r.why) for r in results),
        "staff": dict(form.fields["staff"].choices)[form.cleaned_data["staff"]],  # type: ignore[attr-defined]
        "place": back,
    }
    return render(request, "portal/assigned.html", context)


def ids_of(texts: Sequence[str]) -> list[UUID]:
    """The ids that were ticked; what is no id is left out."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@requires("matters.view")
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list under a name."""
    query = filters_of(QueryDict(request.POST.get("query", "")[:2000])).urlencode()
    try:
        view = actions.save_view(
            name=request.POST.get("name", ""), query=query, by=actor_of(request), at=timezone.now()
        )
        messages.success(request, _("已保存为常用视图“%(name)s”。") % {"name": view.name})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('portal:matters')}?{query}")


@requires("matters.view")
@require_POST
def rename_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Give a saved view another name."""
    try:
        actions.rename_view(view_id=view_id, name=request.POST.get("name", ""), by=actor_of(request), at=timezone.now())
        messages.success(request, _("已重命名。"))
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("portal:matters")


@requires("matters.view")
@require_POST
def delete_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Forget a saved view."""
    actions.delete_view(view_id=view_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("常用视图已删除。"))
    return redirect("portal:matters")
