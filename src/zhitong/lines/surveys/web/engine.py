"""What pages need on which a form is filled in: the engine that reads XForms is partly WebAssembly."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update
from django.http import HttpResponse, JsonResponse

from zhitong.base.errors import Refused

View = Callable[..., Any]


def with_engine(view: View) -> View:
    """Let the browser compile the engine on this page, and on no other."""
    allowed: View = csp_update({"script-src": ["'wasm-unsafe-eval'"]})(view)
    return allowed


def xml_answer(xform: str) -> HttpResponse:
    """A form as XML, to be read by the page and by nothing else."""
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-cache"}
    return HttpResponse(xform, content_type="application/xml; charset=utf-8", headers=headers)


def refused_answer(refused: Refused, **more: Any) -> JsonResponse:
    """A refusal, for a script that asked."""
    return JsonResponse({"code": refused.code, "message": str(refused), **more}, status=refused.status)
