"""Addresses that open without signing in, to whoever has them: screens, ticket machines, tickets, appointments."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.core.signing import Signer
from django.db.models import Model, QuerySet
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound

M = TypeVar("M", bound=Model)
HEX = 32


def link_token(purpose: str, pk: UUID, turn: int = 1) -> str:
    """What stands in the address; another ``turn`` makes the old one worthless."""
    return f"{pk.hex}{_mark(purpose, pk, turn)}"


def opened(purpose: str, token: str, rows: QuerySet[M], turn_of: Callable[[M], int] = lambda _row: 1) -> M:
    """The row the address names; the same ``NotFound`` for one that never was and one that is worthless now."""
    try:
        pk = UUID(hex=token[:HEX])
    except ValueError:
        pk = None
    row = rows.filter(pk=pk).first() if pk else None
    if row is None or not constant_time_compare(token[HEX:], _mark(purpose, row.pk, turn_of(row))):
        raise NotFound("no_such_link", _("这个地址已失效，请向大厅工作人员索取新的地址。"))
    return row


def _mark(purpose: str, pk: UUID, turn: int) -> str:
    return Signer(salt=f"hall.{purpose}").signature(f"{pk.hex}:{turn}")[:24]
