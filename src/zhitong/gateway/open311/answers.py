"""Answers in both formats of the standard, and its errors."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from xml.etree import ElementTree

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from zhitong.apikit.errors import answer_to, problem
from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Protection, protect_with

XML, JSON = "xml", "json"
TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
# What a list is made of.
ONE_OF = {
    "services": "service", "service_requests": "request", "attributes": "attribute", "values": "value",
    "endpoints": "endpoint", "formats": "format", "errors": "error",
}  # fmt: skip
# 403 is for keys, 404 for what is not there, 400 for everything else a caller can mend; the rest keeps its status.
STATUS = {401: 403, 409: 400, 413: 400, 415: 400, 422: 400}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Named = tuple[str, Any]
View = Callable[..., Named]


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    match value:
        case dict():
            element.extend(_element(key, one) for key, one in value.items())
        case list():
            element.extend(_element(ONE_OF[name], one) for one in value)
        case bool():
            element.text = "true" if value else "false"
        case None:
            pass
        case _:
            element.text = _NOT_IN_XML.sub("", str(value))
    return element


def _xml(name: str, value: Any) -> bytes:
    text: bytes = ElementTree.tostring(_element(name, value), encoding="utf-8", xml_declaration=True)
    return text


def write(name: str, value: Any, form: str, status: int = 200) -> HttpResponse:
    """``value`` in the format asked for; ``name`` is the root in XML, and is not there in JSON."""
    text = _xml(name, value) if form == XML else msgspec.json.encode(value)
    answer = HttpResponse(text, status=status, content_type=TYPES[form])
    answer["Access-Control-Allow-Origin"] = "*"  # nothing here hangs on cookies
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


def in_standard(request: HttpRequest, told: HttpResponse) -> HttpResponse:
    """An answer in our own error body as the standard wants it; in XML, which it requires, unless JSON was asked for."""
    said = msgspec.json.decode(told.content)
    status = STATUS.get(told.status_code, told.status_code)
    text = f"{said['message']} {said['ref']}" if "ref" in said else said["message"]
    more = [f"{name}: {what}" for name, what in said.get("fields", {}).items() if what not in text]
    errors = [{"code": status, "description": one} for one in [text, *more]]
    answer = write("errors", errors, JSON if request.path_info.endswith(f".{JSON}") else XML, status)
    answer["Cache-Control"] = "no-store"
    for name in ("Allow", "Retry-After"):
        if name in told:
            answer[name] = told[name]
    return answer


def served(*methods: str, anybody: bool = True) -> Callable[[View], Callable[..., HttpResponse]]:
    """An operation: it gives a name and a value, or raises.  ``anybody`` may call it; what it gives is limited by the key."""

    def declare(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, form: str = XML, **values: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                return _may(methods)
            try:
                if request.method not in (*methods, "HEAD"):
                    return _not_so(request, methods)
                _check_jurisdiction(request)
                name, value = view(request, **values)
                return write(name, value, form)
            except Exception as error:
                return in_standard(request, answer_to(error))

        protect_with(answered, Protection("public" if anybody else "token"))
        return answered

    return declare


def _may(methods: tuple[str, ...]) -> HttpResponse:
    """What a browser asks before it sends a page's request elsewhere."""
    answer = HttpResponse(status=204)
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Allow-Methods"] = answer["Allow"] = ", ".join((*methods, "OPTIONS"))
    answer["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Idempotency-Key, Accept-Language"
    answer["Access-Control-Max-Age"] = "86400"
    return answer


def _not_so(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    told = problem(405)
    told["Allow"] = ", ".join(methods)
    return in_standard(request, told)


def _check_jurisdiction(request: HttpRequest) -> None:
    """It need not be named: there is one.  Where the district has set its own, another one is not found."""
    own, asked = settings.OPEN311_JURISDICTION, request.GET.get("jurisdiction_id")
    if request.method == "POST":
        asked = request.POST.get("jurisdiction_id", asked)
    if own and asked and asked != own:
        raise NotFound(
            "no_jurisdiction", _("没有jurisdiction_id“%(id)s”，本接口服务%(own)s。") % {"id": asked[:80], "own": own}
        )
