"""Windows that are reviewed: their tablets' links and their posters."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.base.qr import qr_svg
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.organisation.public import organ_names
from zhitong.kernel.reviews import public as r
from zhitong.lines.hall import public as hall

from .forms import PointForm

MOST_POINTS = 300


@requires(r.MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def points(request: HttpRequest) -> HttpResponse:
    """The windows, and a form for one more."""
    by, form = actor_of(request), PointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _put(request, by, form):
        return redirect("portal:review_points")
    rows = list(r.manageable_points(by)[:MOST_POINTS])
    context = {"form": form, "rows": [(row, _tablet_link(row)) for row in rows]}
    return render(request, "portal/reviews/points.html", context, status=422 if form.errors else 200)


def _put(request: HttpRequest, by: Actor, form: PointForm, point_id: UUID | None = None) -> bool:
    got = form.cleaned_data
    try:
        r.put_point(
            organ_id=UUID(got["organ_id"]), name=got["name"], area_id=UUID(got["area_id"]) if got["area_id"] else None,
            is_active=got["is_active"], point_id=point_id, by=by, at=timezone.now(),
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("窗口已保存。"))
    return True


def _tablet_link(point: r.Point) -> str:
    """Empty where the key that the code follows from is gone: then the code is renewed."""
    code = r.code_of_tablet(point)
    return reverse("portal:review_tablet", args=[code]) if code else ""


def _own(by: Actor, point_id: UUID) -> r.Point:
    point = r.manageable_points(by).filter(pk=point_id).first()
    if point is None:
        raise NotFound("no_point", _("没有找到这个窗口。"))
    return point


@requires(r.MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """Change one window."""
    by = actor_of(request)
    row = _own(by, point_id)
    before = {
        "organ_id": str(row.organ_id),
        "name": row.name,
        "area_id": str(row.area_id or ""),
        "is_active": row.is_active,
    }
    form = PointForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.is_valid() and _put(request, by, form, row.pk):
        return redirect("portal:review_points")
    return render(
        request, "portal/reviews/point.html", {"form": form, "point": row}, status=422 if form.errors else 200
    )


@requires(r.MANAGE)
@require_POST
def renew(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """New codes: the old tablet link or the old poster opens nothing any more."""
    by = actor_of(request)
    r.renew_codes(_own(by, point_id).pk, request.POST.get("what", ""), by=by, at=timezone.now())
    messages.success(request, _("已更换，旧的链接和二维码不再有效。"))
    return redirect("portal:review_points")


@requires(r.MANAGE, hall.MANAGE)
@never_cache
@require_safe
def posters(request: HttpRequest) -> HttpResponse:
    """A page to print for each window, or for one: those that one sets up, and those of the halls one manages."""
    by = actor_of(request)
    rows = r.points_among(by, hall.managed_windows(by).values("pk")).filter(is_active=True)
    try:
        chosen = UUID(request.GET.get("point", ""))
        rows = rows.filter(pk=chosen)
    except ValueError:
        pass
    found = list(rows[:MOST_POINTS])
    names = organ_names({row.organ_id for row in found})
    pages = [(row, names.get(row.organ_id, ""), _poster_picture(request, row)) for row in found]
    return render(request, "portal/reviews/posters.html", {"pages": pages, "may_set_up": by.may(r.MANAGE)})


def _poster_picture(request: HttpRequest, point: r.Point) -> str:
    """Empty where the key that the code follows from is gone: then the code is renewed."""
    code = r.code_of_poster(point)
    return qr_svg(request.build_absolute_uri(reverse("portal:review_poster", args=[code]))) if code else ""


urlpatterns = [
    path("desk/reviews/windows/", points, name="review_points"),
    path("desk/reviews/windows/posters", posters, name="review_posters"),
    path("desk/reviews/windows/<uuid:point_id>/", point, name="review_point"),
    path("desk/reviews/windows/<uuid:point_id>/renew", renew, name="review_renew"),
]
