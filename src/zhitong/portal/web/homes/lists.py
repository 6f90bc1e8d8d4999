"""Finding homes: by number, name or address, by division, by tag."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.text import clean, mask_name
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.register import public as register
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import day


def id_of(said: str) -> UUID | None:
    """An id that an address brings along; None for what is none."""
    try:
        return UUID(said)
    except ValueError:
        return None


@requires(register.VIEW_HOMES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def homes(request: HttpRequest) -> HttpResponse:
    """What was searched for, else the buildings of a division.  A search is posted: numbers of people belong in no address."""
    by = actor_of(request)
    typed = clean(request.POST.get("q", ""))[:60]
    division = id_of(request.GET.get("in", ""))
    node = territory.node(division) if division else None
    context: dict[str, Any] = {
        "typed": typed, "node": node, "may_manage": by.may(register.MANAGE_HOMES), "kinds": register.tag_kinds("person"),
        "people": [], "counts": {}, "may_tag_kinds": by.may_everywhere(register.TAG_KINDS),
    }  # fmt: skip
    if typed:
        found = register.search_homes(by, typed)
        context |= {
            "found": found,
            "counts": found.counts,
            "people": [shown(one, found.places.get(one.pk), found.contacts) for one in found.people],
        }
        rows = found.buildings
    else:
        page = register.buildings_in(by, node.id if node else None, id_of(request.GET.get("after", "")))
        context |= {
            "page": page,
            "counts": page.counts,
            "below": territory.children(node.id if node else None),
            "above": _above(node),
        }
        rows = page.rows
    context["labels"] = territory.labels({row.division_id for row in rows})
    return render(request, "portal/homes/list.html", context)


def _above(node: territory.Node | None) -> list[territory.Node]:
    return [*territory.ancestors(node.id), node] if node else []


def shown(
    person: register.Person, place: register.Residence | None, contacts: dict[UUID, list[register.Contact]]
) -> dict[str, Any]:
    """A person as a list shows them: masked."""
    return {"person": person, "name": mask_name(person.name), "place": place, "contacts": contacts.get(person.pk, [])}


def birth(person: register.Person) -> str:
    """When somebody was born; the year alone where a citizen id is registered, whose hidden places the day would fill in."""
    if person.born_on is None:
        return ""
    return _("%(year)s年") % {"year": person.born_on.year} if person.citizen_id_masked else day(person.born_on)


@requires(register.VIEW_HOMES)
@never_cache
@require_safe
def home_tag(request: HttpRequest, tag_kind_id: UUID) -> HttpResponse:
    """The people who carry a tag."""
    by = actor_of(request)
    kind = register.tag_kind(tag_kind_id)
    tags, after = register.tagged_people(by, tag_kind_id, id_of(request.GET.get("after", "")))
    people = [tag.person for tag in tags if tag.person]
    ids = [person.pk for person in people]
    places, contacts = register.places_of(ids), register.contacts_of(ids)
    context = {"kind": kind, "people": [shown(one, places.get(one.pk), contacts) for one in people], "after": after}
    return render(request, "portal/homes/tagged.html", context)
