"""In the street: what is to do near by, and what is found."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.territory.public import labels

from ...actions import finding as do
from ...permissions import WORK
from ...queries import drives as drives_of
from ...queries import targets as reading
from ..forms import FindForm, uploads

working = requires(WORK)


@working
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My open targets: the nearest first where the phone says where it is, else the soonest due."""
    by = actor_of(request)
    here = _degrees(request.GET.get("lon", ""), 180), _degrees(request.GET.get("lat", ""), 90)
    lon, lat = here if None not in here else (None, None)
    rows = reading.mine(by, lon=lon, lat=lat)
    context = {
        "rows": rows, "is_near": lon is not None, "places": labels({row.target.division_id for row in rows}),
        "today": timezone.localdate(), "finds": list(drives_of.for_finds(by)[:20]), "most": reading.MOST_NEAR,
    }  # fmt: skip
    return render(request, "campaigns/mine.html", context)


def _degrees(said: str, most: int) -> float | None:
    try:
        found = float(said)
    except ValueError:
        return None
    return found if -most <= found <= most else None


@working
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """Put what is found on the spot on the list."""
    by = actor_of(request)
    drive = drives_of.for_finds(by).filter(pk=drive_id).first()
    if drive is None:
        raise NotFound("no_drive", _("没有这项专项行动，或不收现场登记的对象。"))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FindForm(drive, *sent, initial={"key": uuid4()})
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            found = do.Find(before=uploads(said.pop("before")), **said)
            target, is_new = do.find(drive_id, found, by=by, at=timezone.now())
            messages.success(
                request,
                _("已登记为第%(number)s号。") % {"number": target.number} if is_new else _("这一条已经登记过。"),
            )
            return redirect("campaigns:target", target.pk)
        except Refused as refused:
            form.refuse(refused)
    return render(request, "campaigns/find.html", {"form": form, "one": drive}, status=422 if form.errors else 200)
