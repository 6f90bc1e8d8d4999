"""What everybody may see of an inventory that is published: where what stands, who sells what; the fields that are shown."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from zhitong.kernel.accounts.public import public_page
from zhitong.kernel.territory.public import labels

from ...queries import inventories as reading
from .inventories import feature, geojson, wanted_of


def _marked(request: HttpRequest) -> None:
    """Drives and inventories share one entry of the menu."""
    request.comes_from = reverse("campaigns:open_list")  # type: ignore[attr-defined]


@public_page
@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """The inventories that are published."""
    _marked(request)
    rows = list(reading.published()[: reading.SHOWN])
    return render(request, "campaigns/open_inventories.html", {"rows": rows, "counts": reading.shown_counts(rows)})


@public_page
@require_safe
def inventory(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """One of them."""
    _marked(request)
    one, wanted = reading.shown_inventory(inventory_id), wanted_of(request)
    found = list(reading.shown_entries(one, wanted.text, wanted.after)[: reading.SHOWN + 1])
    rows = found[: reading.SHOWN]
    context = {
        "one": one, "rows": rows, "wanted": wanted, "params": request.GET, "places": labels({row.division_id for row in rows}),
        "after": rows[-1].number if len(found) > len(rows) else 0, "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "campaigns/open_inventory.html", context)


@public_page
@require_safe
@gzip_page
def points(request: HttpRequest, inventory_id: UUID) -> JsonResponse:
    """GeoJSON of their places."""
    one, wanted = reading.shown_inventory(inventory_id), wanted_of(request)
    here = reverse("campaigns:open_inventory", args=[one.pk])
    rows = reading.located(reading.shown_entries(one, wanted.text))
    return geojson([feature(row, [], f"{here}#e{row.number}") for row in rows])
