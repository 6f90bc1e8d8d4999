"""Homes and firms as tables to take away: masked for whoever may see them; in full by a permission, with a reason, told person by person."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, record, record_many

from ..permissions import EXPORT_FULL, VIEW_FIRMS, VIEW_HOMES
from ..queries.firm_rows import firm_rows
from ..queries.firms import firms_matching
from ..queries.home_rows import home_rows
from .revealing import checked_reason

MOST_ROWS, MOST_IN_FULL = 20_000, 5_000
T = TypeVar("T")


@transaction.atomic
def export_homes(
    division_id: UUID | None, *, by: Actor, at: datetime, in_full: bool = False, reason: str = ""
) -> list[list[str]]:
    """The rows of a division and all below it, as far as ``by`` reaches, in the order of their divisions.

    Needs ``register.view_homes``; ``in_full`` also ``register.export_full`` and a reason, which stands with each of the people in their
    own log, as when one number is shown.  Raises ``Refused`` for more than ``MOST_ROWS``, in full ``MOST_IN_FULL``: then by smaller
    divisions.
    """
    by.demand(VIEW_HOMES)
    reason = _reason(by, in_full, reason)
    words = _("一次最多导出%(most)d行，请选择下级区划分别导出。")
    rows = _no_more(home_rows(by, division_id, in_full=in_full), in_full, words)
    people = [person for person, _row in rows if person]
    _told("homes", people, len(rows), {"division": division_id}, in_full, reason, by, at)
    return [row for _person, row in rows]


@transaction.atomic
def export_firms(
    *,
    by: Actor,
    at: datetime,
    words: str = "",
    kind: str = "",
    state: str = "",
    in_full: bool = False,
    reason: str = "",
) -> list[list[str]]:
    """The firms of a search as ``search_firms`` takes it, by code.  Needs ``register.view_firms``; otherwise as ``export_homes``."""
    by.demand(VIEW_FIRMS)
    reason = _reason(by, in_full, reason)
    found = firms_matching(words=words, kind=kind, state=state)
    rows = _no_more(firm_rows(found, in_full=in_full), in_full, _("一次最多导出%(most)d行，请用条件缩小范围后再导出。"))
    people = [person.pk for named, _row in rows for person in named]
    facts = {"words": clean(words), "kind": kind, "state": state}
    _told("firms", people, len(rows), facts, in_full, reason, by, at)
    return [row for _named, row in rows]


def _reason(by: Actor, in_full: bool, reason: str) -> str:
    if not in_full:
        return ""
    by.demand(EXPORT_FULL)
    return checked_reason(reason)


def _no_more(rows: Iterator[T], in_full: bool, words: Any) -> list[T]:
    most = MOST_IN_FULL if in_full else MOST_ROWS
    found = list(islice(rows, most + 1))
    if len(found) > most:
        raise Refused("too_many_rows", words % {"most": most}, "division")
    return found


def _told(
    what: str, people: Iterable[UUID], rows: int, facts: dict[str, Any], in_full: bool, reason: str, by: Actor, at: datetime
) -> None:  # fmt: skip
    """One line for the whole, and in full one in the log of everybody whose numbers it holds."""
    export_id = uuid7()
    data = {**facts, "rows": rows, "in_full": in_full, "reason": reason}
    record(f"{what}.exported", export_id, stream_kind=f"{what}_export", at=at, by=by, data=data)
    if in_full:
        told = {"what": "export", "reason": reason, "export": export_id}
        record_many([Happening("person.revealed", one, "person", at, by, told) for one in dict.fromkeys(people)])
