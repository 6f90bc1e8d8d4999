"""JSON in and out, addresses that say who they let in, and the OpenAPI in the language asked for."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.encoding import force_str
from django.utils.functional import Promise
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from zhitong.kernel.accounts.public import Protection, protect_with

from .door import Needs, Token
from .errors import answer_to


class Reader(Parser):
    """Strict JSON: no NaN, no lone halves of characters."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The value in the body; whatever is raised becomes 400."""
        return msgspec.json.decode(request.body)


class Writer(BaseRenderer):
    """JSON as it is read: characters as they are, moments in ISO 8601."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The bytes of the answer."""
        return msgspec.json.encode(data)


class Document(OpenAPISchema):
    """The OpenAPI: each operation says besides which use and permission it needs."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """With ``x-scopes`` and ``x-permission``."""
        details: dict[str, Any] = super().operation_details(operation)
        needs = needs_of(operation)
        details["x-scopes"], details["x-permission"] = list(needs.scopes), needs.permission
        if not operation.description:
            details.pop("description", None)
        return details


def needs_of(operation: Operation) -> Needs:
    """What an operation declares; an error in code where it declares nothing that exists."""
    door = operation.auth_callbacks[0] if operation.auth_callbacks else None
    if not isinstance(door, Token):
        raise TypeError(f"{operation.path}: declare it with Routes.serve(…, needs=…)")
    if unknown := door.needs.unknown():
        raise ValueError(f"{operation.path} asks for undeclared {unknown}")
    return door.needs


class Api(NinjaAPI):
    """A root with its operations."""

    def __init__(self, **options: Any) -> None:
        super().__init__(docs_url=None, openapi_url=None, renderer=Writer(), parser=Reader(), **options)

    def set_default_exception_handlers(self) -> None:
        """One for everything."""
        self.add_exception_handler(Exception, _answer)

    def operations(self) -> list[Operation]:
        """All of them."""
        routers = self._get_bound_routers()
        return [one for router in routers for view in router.path_operations.values() for one in view.operations]

    def patterns(self) -> list[URLPattern]:
        """The addresses, each once, marked as guarded where every operation behind it says what it needs."""
        for operation in self.operations():
            needs_of(operation)
        found: dict[str, URLPattern] = {}
        for router in self._get_bound_routers():
            for pattern in router.urls_paths(router.prefix):
                protect_with(pattern.callback, Protection("token"))
                found.setdefault(str(pattern.pattern), pattern)
        return list(found.values())

    def document(self, prefix: str) -> dict[str, Any]:
        """The OpenAPI in the language that is active; ``prefix`` is the root's address."""
        said: dict[str, Any] = _spoken(dict(Document(self, prefix)))
        return said


def _answer(request: HttpRequest, exception: Any) -> HttpResponse:
    return answer_to(exception)


def _spoken(value: Any) -> Any:
    """The same with every lazily translated text said."""
    if isinstance(value, dict):
        return {str(key): _spoken(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_spoken(one) for one in value]
    return force_str(value) if isinstance(value, Promise) else value
