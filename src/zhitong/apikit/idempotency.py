"""The ``Idempotency-Key`` header: the same request sent again is carried out once."""

import hashlib
from typing import Annotated
from uuid import uuid4

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.params.models import Header

from zhitong.kernel.accounts.public import Bearer

from .door import bearer
from .schemas import Said

# A parameter of every operation that opens or acts.
Key = Annotated[
    str,
    Said(_("调用方自定的唯一键；网络中断后用同一键重发，只办理一次")),
    Header("", alias="Idempotency-Key", min_length=8, max_length=200, pattern=r"^[\x21-\x7e]+$"),
]


def kept(request: HttpRequest, key: str) -> str:
    """The key as the kernel knows it: two systems never share one.  Without a key of the caller's, one for this time."""
    return of_token(bearer(request), key or uuid4().hex)


def of_token(sender: Bearer, key: str) -> str:
    """The key of one sender as the kernel knows it."""
    own = f"{sender.token.pk}:{key}"
    return f"api:{hashlib.sha256(own.encode()).hexdigest()[:48]}"
