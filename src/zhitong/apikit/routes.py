"""How an operation is declared."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router, Status
from ninja.signature import ViewSignature

from .door import Needs, Token
from .schemas import Problem

F = TypeVar("F", bound=Callable[..., Any])
# What every operation may answer besides what it gives.
ALWAYS = (400, 401, 403, 422, 429, 500, 503)
JSON, FORM = "application/json", "multipart/form-data"
MEDIA = {"body": JSON, "form": FORM, "file": FORM}


class Routes(Router):
    """The operations of one component under one heading of the documentation."""

    def __init__(self, slug: str, label: Any) -> None:
        super().__init__(tags=[slug])
        self.slug, self.label = slug, label

    def serve(
        self, method: str, path: str, *, needs: Needs, gives: Any, summary: Any, says: Any = "", status: int = 200,
        refuses: tuple[int, ...] = (), media: tuple[str, ...] = (),
    ) -> Callable[[F], F]:  # fmt: skip
        """Declare an operation: what it needs, what it gives with ``status``, and how it reads.

        Statuses that follow from its shape are documented by themselves: 404 of a path with a name in it, 413 and 415 of
        a body.  ``refuses`` are those besides.  ``media``: it gives no JSON but bytes of these types, or 304 where the
        caller has them already.
        """

        def declare(view: F) -> F:
            models = ViewSignature(path, view).models
            takes = next((kind for m in models if (kind := MEDIA.get(str(m.__ninja_param_source__)))), "")
            known = {*ALWAYS, *refuses, *((404,) if "{" in path else ()), *((413, 415) if takes else ())}
            answers: dict[Any, Any] = {status: gives, frozenset(known): Problem}
            if media:
                answers[304] = None
            self.add_api_operation(
                path, [method], _answering(view, status), auth=Token(needs, takes), summary=summary, description=says,
                response=answers, operation_id=view.__name__,
                url_name=view.__name__, openapi_extra=_bytes(status, media) if media else None,
            )  # fmt: skip
            return view

        return declare


def _answering(view: Callable[..., Any], status: int) -> Callable[..., Any]:
    @wraps(view)
    def answered(request: HttpRequest, **values: Any) -> Any:
        found = view(request, **values)
        return found if isinstance(found, HttpResponseBase) else Status(status, found)

    return answered


def _bytes(status: int, media: tuple[str, ...]) -> dict[str, Any]:
    return {"responses": {status: {"content": {one: {"schema": {}} for one in media}}}}
