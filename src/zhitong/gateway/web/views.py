"""The OpenAPI document, and what it says as a page."""

from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from zhitong.apikit.errors import TEXTS
from zhitong.kernel.accounts.public import ApiScope, declared_permissions, public_page

from ..assembly import ROOT, root
from . import reading


@cache
def document(language: str) -> dict[str, Any]:
    """The OpenAPI in a language; it does not change while the process lives."""
    with override(language):
        return root().document(f"{ROOT}/".lstrip("/"))


def _here() -> dict[str, Any]:
    return document(get_language() or "zh-hans")


@public_page
@require_safe
@cache_control(max_age=300, public=True)
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI in the language of ``Accept-Language``."""
    return HttpResponse(msgspec.json.encode(_here()), content_type="application/json; charset=utf-8")


@public_page
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same to be read by people."""
    said = _here()
    context = {
        "about": said["info"], "headings": reading.headings(said), "schemas": reading.schemas(said), "errors": TEXTS,
        "scopes": dict(ApiScope.choices), "permissions": {p.slug: p.label for p in declared_permissions()},
        "address": request.build_absolute_uri(ROOT),
    }  # fmt: skip
    return render(request, "gateway/docs.html", context)
