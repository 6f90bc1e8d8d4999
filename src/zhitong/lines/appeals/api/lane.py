"""Raising appeals in the fast lane: the operation of ``routes`` for as many as wait at the same moment."""

from collections.abc import Sequence
from datetime import datetime

from zhitong.apikit.lane import Lane
from zhitong.kernel.accounts.public import Actor

from ..actions import Said
from ..actions.raising import raise_appeals
from .routes import RAISES
from .schemas import Raise, Receipt, receipt, said


def read(sent: Raise, key: str) -> Said | None:
    """What was sent; None where files come with it, which are taken one by one."""
    return None if sent.files else said(sent, key)


def write(saids: Sequence[Said], by: Actor, at: datetime) -> list[Receipt]:
    """Raise them; the receipts."""
    return [receipt(raised) for raised in raise_appeals(saids, by=by, at=at)]


LANES = (Lane("/api/v1/appeals", RAISES, Raise, read, write),)
