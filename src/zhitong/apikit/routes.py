"""How an operation is declared."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar, get_args

from ninja import Router
from ninja.params.models import Param

from .door import Needs, Token
from .schemas import Problem

F = TypeVar("F", bound=Callable[..., Any])
JSON, FORM = "application/json", "multipart/form-data"
# What every operation may answer besides what it gives.
ALWAYS = (400, 401, 403, 422, 429, 500, 503)


class Routes(Router):
    """The operations of one component under one heading of the documentation."""

    def __init__(self, slug: str, label: Any) -> None:
        super().__init__(tags=[slug])
        self.slug, self.label = slug, label

    def serve(
        self, method: str, path: str, *, needs: Needs, gives: Any, summary: Any, says: Any = "", status: int = 200,
        refuses: tuple[int, ...] = (),
    ) -> Callable[[F], F]:  # fmt: skip
        """Declare an operation: what it needs, what it gives with ``status``, and how it reads.

        Statuses that follow from its shape are documented by themselves: 404 of a path with a name in it, 413 and 415 of
        a body.  ``refuses`` are those besides.
        """

        def declare(view: F) -> F:
            takes = _takes(view)
            known = {*ALWAYS, *refuses, *((404,) if "{" in path else ()), *((413, 415) if takes else ())}
            self.add_api_operation(
                path, [method], view, auth=Token(needs, takes), summary=summary, description=says,
                response={status: gives, frozenset(known): Problem}, operation_id=view.__name__,
                url_name=view.__name__, exclude_none=False,
            )  # fmt: skip
            return view

        return declare


def _takes(view: Callable[..., Any]) -> str:
    """The media type of the body that a view's parameters ask for."""
    sources = {
        type(note).__name__
        for parameter in inspect.signature(view).parameters.values()
        for note in get_args(parameter.annotation)
        if isinstance(note, Param)
    }
    return FORM if sources & {"File", "Form"} else JSON if "Body" in sources else ""
