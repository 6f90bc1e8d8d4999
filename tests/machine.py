"""Another system: a token, and requests as it sends them."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.district import BY, District
from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.organisation.public import posts_of

ROOT = "/api/v1"
_numbers = count(1)
EVERYTHING = tuple(accounts.ApiScope.values)


@dataclass
class Machine:
    """A system with a token, or with none."""

    secret: str = ""
    language: str = ""
    token_id: UUID | None = None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """One request; ``body`` goes out as JSON.  Names of headers are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            sent.setdefault("Authorization", f"Bearer {self.secret}")
        if self.language:
            sent.setdefault("Accept-Language", self.language)
        client: Any = Client(headers=sent, raise_request_exception=False)
        options = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer: HttpResponse = client.generic(method, _address(path), **options)
        return answer

    def get(self, path: str, **headers: str) -> HttpResponse:
        """GET."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        """POST with a JSON body."""
        return self.ask("POST", path, body, **headers)

    def upload(self, path: str, **data: Any) -> HttpResponse:
        """POST of a form with files."""
        client: Any = Client(headers={"Authorization": f"Bearer {self.secret}"}, raise_request_exception=False)
        answer: HttpResponse = client.post(_address(path), data)
        return answer


def _address(path: str) -> str:
    return path if path.startswith("/api/") else f"{ROOT}{path}"


def machine(district: District, name: str, *scopes: str, **more: Any) -> Machine:
    """A system that acts through the post of that person of the district; with every use when none is named."""
    staff_id = district.people[name].staff_id
    assert staff_id is not None
    post = posts_of(staff_id, timezone.localdate())[0].post
    issued = accounts.make_token(
        name=f"系统 {name} {next(_numbers)}", post_id=post.pk, scopes=scopes or EVERYTHING, by=BY,
        at=timezone.now(), **more,
    )  # fmt: skip
    return Machine(issued.secret, token_id=issued.token.pk)
