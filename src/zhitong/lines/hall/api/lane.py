"""Taking in applications in the fast lane: the operation of ``routes`` for as many as wait at the same moment."""

from collections.abc import Sequence
from datetime import datetime

from zhitong.apikit.lane import Lane
from zhitong.kernel.accounts.public import Actor

from ..actions.cases import Submission
from ..actions.counter import accept_many
from .routes import TAKES
from .schemas import Take, Taken, receipt, said


def write(saids: Sequence[Submission], by: Actor, at: datetime) -> list[Taken]:
    """Take them in; the receipts."""
    return [receipt(done) for done in accept_many(saids, by=by, at=at)]


LANES = (Lane("/api/v1/applications", TAKES, Take, said, write),)
