"""The late list: everything that will be late or is, who has it, and one click to press for it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import NotAllowed, Refused
from zhitong.kernel.accounts.public import actor_of, requires

from ... import actions
from ...queries import late as reading
from ...queries import listing, paging, waiting
from ...queries.home import DEMAND
from ..forms import LateFilter
from .matters import filters_of, ids_of
from .place import ListPlace

SIZE = 50
MOST_PEOPLE = 12


@requires("matters.view")
@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """The list, with what each organ and each person has."""
    by = actor_of(request)
    form = LateFilter(request.GET)
    wanted = form.wanted()
    rows = reading.pressing(by, wanted)
    after, before = (paging.read_key(request.GET.get(name, "")) for name in ("after", "before"))
    shown = rows.select_related("lead").defer("text", "tracking", "path")
    page = paging.page(shown, paging.DUE, SIZE, after=after, before=before)
    lines = listing.lines(page.rows, waiting.own_organs(by))
    around = {name: value for name, value in wanted.items() if name not in ("holder", "assignee")}
    held = reading.holdings(reading.pressing(by, around))
    query = _query(request.GET)
    context = {
        "form": form, "words": form.words(), "params": request.GET, "page": page, "lines": lines,
        "problems": [(form.fields[name].label, errors[0]) for name, errors in form.errors.items()],
        "is_open": any(name in wanted for name in form.LATER),
        "count": listing.count(rows), "urged": reading.urged(lines), "organs": reading.by_organ(held),
        "people": reading.by_person(held, wanted.get("holder", ""))[:MOST_PEOPLE],
        "place": ListPlace("matters", query), "query": query, "may_urge": reading.may_urge(by), "wanted": wanted,
        "may_export": by.may("matters.export"), "demand": DEMAND,
    }  # fmt: skip
    return render(request, "portal/late.html", context)


def _query(params: QueryDict) -> str:
    """The same filters for the list of all matters and for the export."""
    kept = filters_of(params)
    if kept.get("grade") not in reading.GRADES:
        kept["grade"] = listing.PRESSING
    kept["sort"] = paging.DUE
    return kept.urlencode()


@requires("matters.view")
@require_POST
def urge(request: HttpRequest) -> HttpResponse:
    """Press for one row at once, or for what was ticked, and say row by row what became of it."""
    only = request.POST.getlist("only")
    chosen = ids_of(only or request.POST.getlist("matter"))
    back = redirect(
        f"{request.path.removesuffix('urge')}?{filters_of(QueryDict(request.POST.get('query', '')[:2000])).urlencode()}"
    )
    try:
        results = actions.urge_many(chosen, request.POST.get("demand", ""), by=actor_of(request), at=timezone.now())
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return back
    if only:
        _tell(request, results)
        return back
    context: dict[str, Any] = {
        "results": results, "done": sum(not r.why for r in results), "failed": sum(bool(r.why) for r in results), "back": back.url,
    }  # fmt: skip
    return render(request, "portal/urged.html", context)


def _back(request: HttpRequest) -> str:
    """The list it was pressed from; the home page where it was that."""
    if request.POST.get("back") == "home":
        return reverse("portal:desk")
    query = filters_of(QueryDict(request.POST.get("query", "")[:2000]))
    return f"{reverse('portal:late')}?{query.urlencode()}"


def _tell(request: HttpRequest, results: list[actions.Result]) -> None:
    for result in results:
        if result.why:
            messages.error(request, result.why)
        else:
            messages.success(request, _("已督办：%(number)s") % {"number": result.matter.number})
