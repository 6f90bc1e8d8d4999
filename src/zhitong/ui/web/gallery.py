"""Every component in every state, and the layouts; for demonstrations, debugging and staff."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhitong.kernel.accounts.public import public_page

from ..formats import in_language
from . import samples
from .errors import error_page
from .forms import SampleFilters, SampleForm

LARGEST_STATUS = 599


def _for_makers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (settings.DEMO or settings.DEBUG or getattr(request.user, "is_staff", False)):
            raise Http404
        return view(request, *args, **kwargs)

    return public_page(require_safe(shown))


def _common() -> dict[str, Any]:
    return {
        "now_at": timezone.now(),
        "rows": samples.rows(),
        "why": samples.why(),
        "steps": samples.steps,
        "timeline": samples.timeline(),
        "files": samples.files(),
        "faces": samples.FACES,
    }


@_for_makers
def components(request: HttpRequest) -> HttpResponse:
    """All macros."""
    wrong = SampleForm({"title": "", "urgency": "none", "phone": "13800138000", "days": "90"})
    context = _common() | {
        "form": SampleForm(auto_id="id_%s"),
        "wrong": wrong,
        "wrong_ids": SampleForm(wrong.data, auto_id="wrong_%s"),
        "filters": SampleFilters(request.GET, auto_id="filter_%s"),
        "chart": samples.chart(),
    }
    if "flash" in request.GET:
        messages.success(request, in_language("已派单给柳园街道办事处。", "Passed to Liuyuan Street Office."))
    return render(request, "ui/gallery/components.html", context)


@_for_makers
def matter(request: HttpRequest) -> HttpResponse:
    """The page of a matter as a line may lay it out."""
    return render(request, "ui/gallery/matter.html", _common())


@_for_makers
def portal(request: HttpRequest) -> HttpResponse:
    """The resident's layout."""
    return render(request, "ui/gallery/portal.html", _common() | {"form": SampleForm()})


@_for_makers
def sign_in(request: HttpRequest) -> HttpResponse:
    """The layout for signing in."""
    return render(request, "ui/gallery/sign_in.html", {"form": SampleForm()})


@_for_makers
def dialog(request: HttpRequest) -> HttpResponse:
    """A page part for the dialog that htmx fills."""
    return render(request, "ui/gallery/dialog.html", {"form": SampleForm(auto_id="dialog_%s")})


@_for_makers
def places(request: HttpRequest) -> HttpResponse:
    """Points for the sample map."""
    return JsonResponse(samples.places())


@_for_makers
def shapes(request: HttpRequest) -> HttpResponse:
    """Areas for the sample map."""
    return JsonResponse(samples.shapes())


@_for_makers
def error(request: HttpRequest, status: int) -> HttpResponse:
    """The page for a status."""
    if not 400 <= status <= LARGEST_STATUS:
        raise Http404
    return error_page(request, status)
