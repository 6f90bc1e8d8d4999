"""Who is my grid worker?  For everybody: a name and the telephone of the office, nothing else of the person."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid_of
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import address_of_client, come_again, limit_rate, public_page
from zhitong.kernel.register.public import divisions_at
from zhitong.kernel.territory.public import Level, Node, label, locate, named_in, node, of_level, search

from ...queries.teams import office_of, teams

ASKED_A_MINUTE, MOST_TYPED, MOST_FOUND = 20, 200, 12
MOST_LISTED = 60  # grids of a community; of what is larger its communities are offered
GRIDS = (Level.GRID, Level.MICROGRID)


@public_page
@never_cache
@require_safe
def who(request: HttpRequest) -> HttpResponse:
    """The form; asked with an address, a point or a grid, the answer below it."""
    typed = clean(request.GET.get("q", "").replace("\0", ""))[:MOST_TYPED]
    context = {"typed": typed, "asked": False, "team": None, "near": []}
    if not (typed or request.GET.get("lon") or request.GET.get("grid") or request.GET.get("in")):
        return render(request, "fieldwork/who.html", context)
    try:
        limit_rate(f"grid-worker:{address_of_client(request)}", ASKED_A_MINUTE, 60)
    except Refused as refused:
        answer = render(request, "fieldwork/who.html", {**context, "refused": str(refused)}, status=refused.status)
        return come_again(answer, refused)
    grid, near = _found(request, typed)
    today = timezone.localdate()
    context |= {"asked": True, "near": [(one.id, label(one.id), one.level in GRIDS) for one in near]}
    if grid is not None:
        (team,) = teams([grid], today)
        office = office_of(grid, today)
        context |= {"team": team, "place": label(grid.id), "office": office}
    return render(request, "fieldwork/who.html", context)


def _found(request: HttpRequest, typed: str) -> tuple[Node | None, list[Node]]:
    """The grid, or the grids or communities it may be."""
    chosen, inside = _grid(request.GET.get("grid", "")) or _at_point(request), uuid_of(request.GET.get("in", ""))
    if inside is not None:
        return None, _below(node(inside))
    if chosen is not None or not typed:
        return chosen, []
    named = named_in(typed)
    found = node(named) if named else None
    if found is not None and found.level in GRIDS:
        return found, []
    known = search(typed, within=found.id if found else None, level=Level.GRID, most=MOST_FOUND)
    ids = [row.pk for row in known] or divisions_at(typed, most=MOST_FOUND)
    near = [one for pk in ids if (one := node(pk)) is not None and one.level in GRIDS]
    if len(near) == 1:
        return near[0], []
    return None, near or _below(found)


def _below(found: Node | None) -> list[Node]:
    """What there is to choose from inside a division."""
    if found is None:
        return []
    grids = of_level(Level.GRID, found.id)
    is_small = len(grids) <= MOST_LISTED or found.level == Level.COMMUNITY
    return grids if is_small else of_level(Level.COMMUNITY, found.id)


def _grid(said: str) -> Node | None:
    try:
        found = node(UUID(said))
    except ValueError:
        return None
    return found if found is not None and found.level in GRIDS else None


def _at_point(request: HttpRequest) -> Node | None:
    try:
        lon, lat = float(request.GET.get("lon", "")), float(request.GET.get("lat", ""))
    except ValueError:
        return None
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        return None
    found = locate(lon, lat)
    return _grid(str(found)) if found else None
