"""The OpenAPI document, and what it says as a page."""

from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from zhitong.kernel.accounts.public import public_page

from ..assembly import ROOT, root


@cache
def document(language: str) -> dict[str, Any]:
    """The OpenAPI in a language; it does not change while the process lives."""
    with override(language):
        return root().document(f"{ROOT}/".lstrip("/"))


@public_page
@require_safe
@cache_control(max_age=300, public=True)
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI in the language of ``Accept-Language``."""
    text = msgspec.json.encode(document(get_language() or "zh-hans"))
    return HttpResponse(text, content_type="application/json; charset=utf-8")
